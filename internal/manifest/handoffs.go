package manifest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// The kinds of on-call logs.
const (
	LogWeek  = "week"  // one issue per week
	LogShift = "shift" // one issue per shift
	LogIssue = "issue" // one named issue
)

// Handoff configures the on-call log of the team (handbook, "Issue or Outage Hand-off").
type Handoff struct {
	Log          string // LogWeek, LogShift or LogIssue
	Issue        string // for LogIssue: the issue reference
	Project      string // name of the tracker of the log
	Confidential bool   // create confidential log issues
}

// Budget configures the error budget: how long production may be down.
type Budget struct {
	SLO      string        // percent, an exact decimal such as 99.95
	Window   budget.Period // 28d, month or quarter
	Services map[string]BudgetService
	Unknown  string // UnknownList or UnknownBlock
}

// BudgetService is the budget of one service.
type BudgetService struct {
	Team string // that its minutes are charged to
	SLO  string // empty: that of production
}

// What follows from incidents of unknown duration.
const (
	UnknownList  = "list"  // they are listed
	UnknownBlock = "block" // change gate --budget waits, and budget --exit-code fails
)

func defaultHandoff() Handoff { return Handoff{Log: LogWeek, Project: Production} }

// defaultBudget returns the budget of the handbook ("uptime above 99.95%") over four weeks.
func defaultBudget() Budget { return Budget{SLO: "99.95", Window: "28d", Unknown: UnknownList} }

func (h *Handoff) fields() []field {
	return []field{
		key("log", word(LogWeek, LogShift, LogIssue), &h.Log),
		key("issue", text(trimmed), &h.Issue),
		key("project", text(tracker), &h.Project),
		key("confidential", boolean(), &h.Confidential),
	}
}

func (b *Budget) fields() []field {
	keep := func(_ *reader, _, name string, _ *yaml.Node, s BudgetService) {
		if b.Services == nil {
			b.Services = map[string]BudgetService{}
		}
		b.Services[name] = s
	}
	services := func() pairs {
		return sortedPairs(b.Services, func(s BudgetService) any { return mapped(budgetServiceFields(&s)) })
	}
	return []field{
		key("slo", codec[string]{read: parsePercent, encode: anything[string]}, &b.SLO),
		key("window", parsed("a number of days such as 28d, month or quarter", budget.ParsePeriod, asText), &b.Window),
		namesKey("services", service, mapping(budgetServiceFields), keep, services),
		key("unknown", word(UnknownList, UnknownBlock), &b.Unknown),
	}
}

func budgetServiceFields(s *BudgetService) []field {
	return []field{
		key("team", text(oneWord("a team")), &s.Team), key("slo", codec[string]{read: parsePercent, encode: anything[string]}, &s.SLO),
	}
}

func parseWindow(s string) (time.Duration, error) {
	n, err := ParseDays(s)
	return time.Duration(n) * 24 * time.Hour, err
}

func formatWindow(d time.Duration) string { return FormatDays(int(d / (24 * time.Hour))) }

func tracker(s string) (string, error) {
	if !trackerName(s) {
		return "", fmt.Errorf("invalid tracker name %s (use a key of trackers)", quote(s))
	}
	return s, nil
}

// parsePercent keeps a number exactly as written, since a float cannot represent it.
func parsePercent(r *reader, at string, n *yaml.Node) (string, bool) {
	switch tag := n.ShortTag(); {
	case n.Kind != yaml.ScalarNode || tag != "!!str" && tag != "!!float" && tag != "!!int":
		r.fault(n, "%s must be a percentage such as 99.95, not %s", name(at), kindOf(n))
	case !isPlainPercent(n.Value) || strings.Trim(n.Value, "0.") == "":
		r.fault(n, "%s: invalid percentage %s (use a number between 0 and 100, such as 99.95)", name(at), quote(n.Value))
	default:
		return n.Value, true
	}
	return "", false
}

// isPlainPercent reports whether s has one or two digits, optionally followed by a point and up to nine digits.
func isPlainPercent(s string) bool {
	whole, fraction, point := strings.Cut(s, ".")
	digits := func(s string, most int) bool { return s != "" && len(s) <= most && strings.Trim(s, "0123456789") == "" }
	return digits(whole, 2) && (!point || digits(fraction, 9))
}

// deriveHandoff checks that log, issue and project of the on-call log fit together.
func (f *File) deriveHandoff(r *reader) {
	h := f.Handoff
	reported := r.reported()
	_, given := r.places["handoff.issue"]
	switch {
	case reported("handoff.log", "handoff.issue"):
	case h.Log == LogIssue && !given:
		r.faultAt("handoff.log", "handoff.log is issue, but handoff.issue is missing")
	case h.Log != LogIssue && given:
		r.faultAt("handoff.issue", "handoff.issue is set, but handoff.log is %s (use log: issue)", h.Log)
	case given:
		if _, err := issue.ParseRef(h.Issue, f.path(h.Project), f.paths()); err != nil {
			r.faultAt("handoff.issue", "handoff.issue: %v", err)
		}
	}
	if _, given := r.places["handoff.project"]; given && h.Project != Production && f.path(h.Project) == "" && !reported("handoff.project") {
		var known []string
		for _, t := range f.Trackers {
			known = append(known, t.Name)
		}
		r.faultAt("handoff.project", "handoff.project: tracker %s not found%s", quote(h.Project), didYouMean(h.Project, known))
	}
}

// deriveBudget checks that the services with a budget are known, if the file lists the services.
func (f *File) deriveBudget(r *reader) {
	known := f.Incidents.Services
	for _, name := range slices.Sorted(maps.Keys(f.Budget.Services)) {
		if len(known) > 0 && !slices.ContainsFunc(known, func(s string) bool { return strings.EqualFold(s, name) }) {
			at := "budget.services." + name
			r.faultAt(at, "%s: service %s is not in incidents.services%s", at, quote(name), didYouMean(name, known))
		}
	}
}

// path returns the full path of a tracker; empty if there is none with the name.
func (f *File) path(name string) string { return f.paths()[name] }

func (f *File) paths() map[string]string {
	paths := map[string]string{}
	for _, t := range f.Trackers {
		paths[t.Name] = t.Project.Path
	}
	return paths
}
