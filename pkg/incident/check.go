package incident

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Rule is the id of a rule that incidents are checked by. It is published and never changes.
type Rule string

// The rules, the most urgent first.
const (
	UpdateOverdue    Rule = "update-overdue"    // active, and nobody wrote anything for longer than the severity allows
	Silent           Rule = "silent"            // active, and nobody wrote anything for days: it is forgotten, or over
	NotAdopted       Rule = "not-adopted"       // opened in GitLab, and without the label of incidents: no clock runs for it
	StateMismatch    Rule = "state-mismatch"    // state label and record disagree
	SeverityMismatch Rule = "severity-mismatch" // severity label and record disagree
	ReviewMissing    Rule = "review-missing"    // over, and the review that is due was not held
	CauseMissing     Rule = "cause-missing"     // over, without a cause
	ActionsMissing   Rule = "actions-missing"   // an S1 or S2 that is over, without corrective actions
)

// Rules returns all rules, the most urgent first.
func Rules() []Rule {
	return []Rule{UpdateOverdue, Silent, NotAdopted, StateMismatch, SeverityMismatch, ReviewMissing, CauseMissing, ActionsMissing}
}

// Limits are how long things may take before they are findings. A limit of zero switches its rule off.
type Limits struct {
	UpdateEvery map[Severity]time.Duration // an active incident of the severity needs an update this often
	Silent      time.Duration              // an active incident of any severity is silent after this time
	ReviewAfter time.Duration              // an S1 or S2 that lasted longer needs a review
}

// Finding is what a rule found in one incident. It changes nothing: a person decides.
type Finding struct {
	Rule     Rule
	Incident Incident
	Text     string   // a phrase about the incident
	Fix      []string // the words of the command that fixes it, without the name of the program; words in capitals are to be filled in
}

// Facts are what is known about an incident besides its issue.
type Facts struct {
	Word    Word // the last one; zero: the comments were not read, or have none
	Actions bool // it has corrective actions, or it is unknown whether it has
}

// Word is when a person last wrote something about an incident.
type Word struct {
	At time.Time // UTC
	By string    // user name; empty for the opening of the incident
}

// LastWord returns the newest comment of a person, recorded by prodctl or not. Comments of GitLab itself and of the accounts of access
// tokens are not words of people, and neither are alerts, whoever's token posts them. Without any, it is when the incident was opened.
func (i Incident) LastWord(notes []issue.Note) Word {
	last := Word{At: i.Issue.CreatedAt}
	for _, n := range notes {
		if !n.System && account.IsPerson(n.Author) && n.CreatedAt.After(last.At) && !hasAlerts(n) {
			last = Word{n.CreatedAt, n.Author}
		}
	}
	return last
}

// hasAlerts reports whether a comment was written for alerts of a monitoring system, and not by a person.
func hasAlerts(n issue.Note) bool {
	e, isEvent := eventlog.Read(n)
	return isEvent && e.Kind == Kind && e.Opened().Fields[eventlog.AlertsField] != ""
}

// WordMatters reports whether a rule depends on when people last wrote something, so that the comments have to be read: the incident is
// active, and older than a limit.
func (i Incident) WordMatters(now time.Time, l Limits) bool {
	if i.State != Active {
		return false
	}
	age := now.Sub(i.Issue.CreatedAt)
	every := l.UpdateEvery[i.Severity]
	return every > 0 && age > every || l.Silent > 0 && age > l.Silent
}

// ActionsMatter reports whether a rule depends on the corrective actions of an incident.
func (i Incident) ActionsMatter() bool {
	return i.State.Over() && (i.Severity == S1 || i.Severity == S2)
}

// Check returns what is wrong with an incident, in the order of [Rules].
func (i Incident) Check(now time.Time, l Limits, labels Labels, known Facts) []Finding {
	var list []Finding
	ref := i.Issue.Ref.String()
	add := func(rule Rule, text string, fix ...string) {
		list = append(list, Finding{rule, i, text, append([]string{"incident"}, fix...)})
	}
	if rule, text := i.quiet(now, l, known.Word); rule != "" {
		add(rule, text, "update", ref, "-m", "TEXT")
	}
	text := i.Mismatch(labels)
	switch {
	case i.Unadopted(labels):
		add(NotAdopted, "opened in GitLab, without the label of incidents", "adopt", ref)
	case text != "":
		add(StateMismatch, text, i.restate(labels, ref)...)
	}
	if text := i.severityMismatch(labels); text != "" {
		add(SeverityMismatch, text, "update", ref, "-s", i.Severity.String())
	}
	if due := i.ReviewDue(now, l.ReviewAfter); i.State.Over() && due.Answer == Yes {
		add(ReviewMissing, "review not held: "+due.Reason, "review", ref)
	}
	if i.State.Over() && i.Record.Cause == "" {
		add(CauseMissing, fmt.Sprintf("%s without a cause", i.State), "update", ref, "--cause", "TEXT")
	}
	if i.ActionsMatter() && !known.Actions {
		add(ActionsMissing, fmt.Sprintf("%s %s without corrective actions", i.Severity, i.State), "action", ref, "TITLE", "--owner", "USER")
	}
	return list
}

// Unadopted reports whether an incident is GitLab's own, is not over, and lacks the label of incidents.
func (i Incident) Unadopted(l Labels) bool {
	return i.Issue.Incident && !l.labelled(i.Issue) && !i.State.Over()
}

// quiet returns the rule about an active incident about which nobody writes. Days of silence are one finding, not two.
func (i Incident) quiet(now time.Time, l Limits, last Word) (Rule, string) {
	if i.State != Active || last.At.IsZero() {
		return "", ""
	}
	quiet, every := now.Sub(last.At), l.UpdateEvery[i.Severity]
	since := "nobody has written anything since it was opened " + Span(quiet) + " ago"
	if last.By != "" {
		since = "the last comment is by " + account.Name(last.By) + ", " + Span(quiet) + " ago"
	}
	switch {
	case l.Silent > 0 && quiet > l.Silent:
		return Silent, "active, and " + since
	case every > 0 && quiet > every:
		return UpdateOverdue, fmt.Sprintf("%s needs an update every %s, and %s", i.Severity, Span(every), since)
	}
	return "", ""
}

// restate returns the command that makes label and record agree on the state that counts, or shows the incident if only a person can tell.
func (i Incident) restate(l Labels, ref string) []string {
	at := func(t time.Time) string {
		if t.IsZero() {
			return "TIME"
		}
		return t.UTC().Format(time.RFC3339)
	}
	on := l.statesOn(i.Issue)
	switch {
	case i.Issue.Incident && !l.labelled(i.Issue): // its times are those of GitLab
		return []string{"adopt", ref}
	case i.State == Mitigated:
		return []string{"mitigate", ref, "--at", at(i.Record.MitigatedAt)}
	case i.State == Resolved, i.State == Active && !i.Record.ResolvedAt.IsZero(), i.State == Active && slices.Contains(on, Resolved):
		return []string{"resolve", ref, "--at", at(i.Record.ResolvedAt)}
	case i.State == Active && slices.Contains(on, Mitigated):
		return []string{"mitigate", ref, "--at", at(i.Record.MitigatedAt)}
	}
	return []string{"show", ref}
}

// severityMismatch says how the severity labels and the record disagree; empty if they agree.
func (i Incident) severityMismatch(l Labels) string {
	switch on := l.severitiesOn(i.Issue); {
	case len(on) > 1:
		return "several severity labels: " + listed(on)
	case len(on) > 0 && i.Record.Severity != UnknownSeverity && i.Record.Severity != i.Severity:
		return fmt.Sprintf("the label says %s, the record %s", i.Severity, i.Record.Severity)
	}
	return ""
}

// SortFindings sorts findings by rule, then by severity and age of their incidents.
func SortFindings(list []Finding) {
	order := Rules()
	stable.Sort(list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Rule), slices.Index(order, b.Rule)),
			cmp.Compare(a.Incident.Severity.Rank(), b.Incident.Severity.Rank()),
			a.Incident.Issue.CreatedAt.Compare(b.Incident.Issue.CreatedAt), cmp.Compare(a.Incident.Issue.ID, b.Incident.Issue.ID))
	})
}
