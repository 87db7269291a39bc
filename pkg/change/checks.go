package change

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// ReasonKind is the kind of a [Reason].
type ReasonKind string

// The kinds of reasons, the worst first: in this order they are listed.
const (
	ByState    ReasonKind = "state"    // the change cannot be started in its state
	ByIncident ReasonKind = "incident" // an active S1 or S2 incident
	ByLock     ReasonKind = "lock"
	ByChange   ReasonKind = "change"   // another change, in progress or in the same window
	ByApproval ReasonKind = "approval" // approvals are missing
	ByWindow   ReasonKind = "window"   // outside the planned window
	ByBudget   ReasonKind = "budget"   // the error budget of a service is spent, or an unknown duration blocks
	ByUnknown  ReasonKind = "unknown"  // something could not be checked
)

// NothingRead is the text of the reason of kind [ByUnknown] if GitLab answered nothing at all.
const NothingRead = "GitLab did not answer, so nothing but locks was checked"

var reasonKinds = []ReasonKind{ByState, ByIncident, ByLock, ByChange, ByApproval, ByWindow, ByBudget, ByUnknown}

// Reason is one reason why a change is blocked. Its text has no issue titles, as they may be confidential.
type Reason struct {
	Kind  ReasonKind
	Issue issue.Issue // the issue that blocks the change; zero: none
	Text  string      // lower case, without a full stop; of a lock or a window, with its end
	Until time.Time   // when it ends by itself; zero: unknown
	Hard  bool        // a lock that applies to every change

	Unadopted bool   // the incident is GitLab's own and lacks the label of incidents
	Severity  string // of the incident: S1 to S4; empty: unknown
}

// Ref returns the reference of the reason's issue; empty if it has none.
func (r Reason) Ref() string {
	if r.Issue.Ref.IID == 0 {
		return ""
	}
	return r.Issue.Ref.String()
}

// Situation is what is going on in production.
type Situation struct {
	Now       time.Time
	Locks     []lock.Lock
	Incidents []Incident // active ones
	Changes   []Change   // in progress or approved
}

// since leaves out everything that was there when the checks were overridden, at an instant.
func (s Situation) since(overridden time.Time) Situation {
	var held []string
	for _, h := range lock.At(s.Locks, overridden) {
		held = append(held, h.Lock.Name)
	}
	s.Locks = slices.DeleteFunc(slices.Clone(s.Locks), func(l lock.Lock) bool { return slices.Contains(held, l.Name) })
	s.Incidents = slices.DeleteFunc(slices.Clone(s.Incidents), func(i Incident) bool { return !i.Issue.CreatedAt.After(overridden) })
	s.Changes = slices.DeleteFunc(slices.Clone(s.Changes), func(c Change) bool {
		return !c.Record.StartedAt.IsZero() && !c.Record.StartedAt.After(overridden)
	})
	return s
}

// Incident is an active incident.
type Incident struct {
	Issue    issue.Issue
	Severity string // S1 to S4; empty: unknown, which counts as S1

	Unadopted bool // GitLab's own, without the label of incidents
}

// Pipeline describes what a pipeline without a change of its own is about to do.
type Pipeline struct {
	Criticality Criticality // unknown counts as C1
	Services    []string    // none: all
	Environment string
}

// Exemption returns why a lock does not apply, as a sentence; empty if it applies.
func (p Pipeline) Exemption(l lock.Lock) string {
	switch {
	case !p.Criticality.LockedBy(l.Kind):
		return fmt.Sprintf("Soft lock %q does not apply to %s", l.Name, p.Criticality)
	case l.Exempts(p.Services, p.Environment):
		return fmt.Sprintf("Lock %q does not apply to these services or this environment", l.Name)
	}
	return ""
}

// Locked returns the locks that apply within a period, or at the instant of an empty one, the earliest first. For locks that are active but
// do not apply, exempt has the reasons.
func (p Pipeline) Locked(locks []lock.Lock, during lock.Period) (held []lock.Held, exempt []string) {
	for _, h := range lock.Overlap(locks, during.From, during.To) {
		if reason := p.Exemption(h.Lock); reason != "" {
			exempt = append(exempt, reason)
		} else {
			held = append(held, h)
		}
	}
	return held, exempt
}

// Pipeline returns the criticality, services and environment of the change.
func (c Change) Pipeline() Pipeline {
	return Pipeline{c.Criticality, c.Record.Services, c.Record.Environment}
}

// CheckStart returns every reason why a change cannot be started now; none if it can.
// rule is the rule for its criticality, and v the verdict of [Judge] under that rule.
func CheckStart(c Change, rule Rule, v Verdict, s Situation) []Reason {
	var found []Reason
	if _, err := Next(c.State, Start, true); err != nil {
		found = append(found, Reason{Kind: ByState, Issue: c.Issue, Text: err.Error()})
	}
	if !v.Enough && !rule.Free() {
		found = append(found, notApproved(c, v)...)
	}
	found = append(found, c.outOfWindow(s.Now)...)
	return sorted(append(found, s.reasons(c.work(s.Now), c.Issue.Ref)...))
}

func notApproved(c Change, v Verdict) []Reason {
	list := []Reason{{Kind: ByApproval, Issue: c.Issue, Text: strings.Join(v.Missing, "; ")}}
	for _, i := range v.Ignored {
		who := account.Name(i.By) + "'s approval"
		if i.By == "" {
			who = "the approval by a deleted user"
		}
		list = append(list, Reason{Kind: ByApproval, Issue: c.Issue, Text: fmt.Sprintf("%s does not count: %s", who, i.Reason)})
	}
	return list
}

// outOfWindow returns a reason if now is outside the window of a change, or if the change requires a window and has none.
func (c Change) outOfWindow(now time.Time) []Reason {
	slot := c.Window()
	reason := Reason{Kind: ByWindow, Issue: c.Issue}
	switch {
	case slot.From.IsZero() && c.Criticality.Grave():
		reason.Text = fmt.Sprintf("no window: criticality %s requires a start and a duration in the record", c.Criticality)
	case slot.From.IsZero() || slot.Contains(now):
		return nil
	case !slot.From.Before(slot.To):
		reason.Text = "the window ends before it starts"
	case now.Before(slot.From):
		reason.Text, reason.Until = "window opens "+clock(slot.From), slot.From
	default:
		reason.Text = "window closed " + clock(slot.To)
	}
	return []Reason{reason}
}

func window(p lock.Period) string { return clock(p.From) + " to " + clock(p.To) }

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// work is what is done in production, and when.
type work struct {
	Pipeline
	period     lock.Period
	allChanges bool // every change in progress conflicts with it, C3 and C4 too
}

// work returns the change as if started now: it may take the rest of its slot.
func (c Change) work(now time.Time) work {
	until := now.Add(2 * c.Record.Duration)
	if slot := c.Window(); slot.Contains(now) && slot.To.After(until) {
		until = slot.To
	}
	return work{Pipeline: c.Pipeline(), period: lock.Period{From: now, To: until}}
}

// reasons returns everything in production that blocks work, except the change own itself.
func (s Situation) reasons(w work, own issue.Ref) []Reason {
	found := w.locked(s.Locks)
	for _, i := range s.Incidents {
		if text := i.reason(); text != "" {
			found = append(found, Reason{Kind: ByIncident, Issue: i.Issue, Text: text, Unadopted: i.Unadopted, Severity: i.Severity})
		}
	}
	for _, c := range s.Changes {
		if own.IID == 0 || c.Issue.Ref != own {
			found = append(found, w.conflict(c)...)
		}
	}
	return found
}

func (w work) locked(locks []lock.Lock) []Reason {
	var found []Reason
	held, _ := w.Locked(locks, w.period)
	for _, h := range held {
		scope := "soft: C1 and C2"
		if h.Lock.Kind != lock.Soft {
			scope = "hard: all changes"
		}
		text := fmt.Sprintf("lock %q (%s)", h.Lock.Name, scope)
		if h.Period.From.After(w.period.From) {
			text += " from " + window(h.Period) + ", before the change must be finished"
		} else {
			text += " until " + clock(h.Period.To)
		}
		if h.Lock.Reason != "" {
			text += ": " + h.Lock.Reason
		}
		found = append(found, Reason{Kind: ByLock, Text: text, Until: h.Period.To, Hard: h.Lock.Kind != lock.Soft})
	}
	return found
}

// reason returns why an active incident blocks changes: S1, S2 and unknown severity do; empty for others.
func (i Incident) reason() string {
	text := "active " + i.Severity + " incident"
	switch i.Severity {
	case "S1", "S2":
	case "S3", "S4":
		return ""
	default:
		text = "active incident of unknown severity (counts as S1)"
	}
	if i.Unadopted {
		text += ", opened in GitLab and not adopted"
	}
	return text
}

// conflict returns a reason if another change conflicts with work. Two changes conflict if they share a service (a change without services
// affects all), both are C1 or C2, and one is in progress or their windows overlap.
func (w work) conflict(c Change) []Reason {
	if !shareService(w.Services, c.Record.Services) {
		return nil
	}
	both := w.Criticality.Grave() && c.Criticality.Grave()
	slot := c.Window()
	r := Reason{Kind: ByChange, Issue: c.Issue}
	switch {
	case c.State == InProgress && (both || w.allChanges):
		r.Text = c.Criticality.change() + " in progress"
	case c.State == Approved && both && slot.From.Before(slot.To) && slot.Overlaps(w.instant()):
		r.Text = c.Criticality.change() + " with an overlapping window (" + window(slot) + ")"
		r.Until = slot.To
	default:
		return nil
	}
	return []Reason{r}
}

// change names a change of this criticality: "C2 change".
func (c Criticality) change() string {
	if c == UnknownCriticality {
		return "change of unknown criticality"
	}
	return string(c) + " change"
}

// instant returns the period of the work, which is never empty.
func (w work) instant() lock.Period {
	if w.period.From.Before(w.period.To) {
		return w.period
	}
	return lock.Period{From: w.period.From, To: w.period.From.Add(time.Nanosecond)}
}

// Conflicts returns the changes that will conflict with a change, to show them before it is due: both are C1 or C2, they share a service,
// they are not over, and their windows overlap. Windows are half-open: one that starts when the other ends does not overlap.
func Conflicts(c Change, others []Change) []Change {
	own := c.Window()
	var list []Change
	for _, o := range others {
		if o.Issue.Ref == c.Issue.Ref || o.State.Over() || !c.Criticality.Grave() || !o.Criticality.Grave() {
			continue
		}
		if slot := o.Window(); own.From.Before(own.To) && slot.From.Before(slot.To) && own.Overlaps(slot) &&
			shareService(c.Record.Services, o.Record.Services) {
			list = append(list, o)
		}
	}
	stable.Sort(list, func(a, b Change) int {
		return cmp.Or(a.Window().From.Compare(b.Window().From), cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	return list
}

// Clashes are warnings about a change that is being planned: the locks that apply during its window, and the changes that conflict with it,
// each a sentence without a full stop. They have no titles, which may be confidential.
func Clashes(c Change, locks []lock.Lock, others []Change) (warnings []string) {
	w := c.Window()
	if !w.From.Before(w.To) {
		return nil
	}
	held, _ := c.Pipeline().Locked(locks, w)
	for _, h := range held {
		warnings = append(warnings, fmt.Sprintf("The window clashes with lock %q (%s)", h.Lock.Name, window(h.Period)))
	}
	for _, o := range Conflicts(c, others) {
		warnings = append(warnings, fmt.Sprintf("The window clashes with %s, a %s (%s)", o.Issue.Ref, o.Criticality.change(), window(o.Window())))
	}
	return warnings
}

// shareService reports whether two lists have a service in common. An empty list means all services.
func shareService(a, b []string) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(s string) bool {
		return slices.ContainsFunc(b, func(t string) bool { return strings.EqualFold(strings.TrimSpace(s), strings.TrimSpace(t)) })
	})
}

// sorted sorts reasons by kind, hard locks and grave incidents first, then by issue, end and text.
func sorted(list []Reason) []Reason {
	stable.Sort(list, func(a, b Reason) int {
		return cmp.Or(
			cmp.Compare(slices.Index(reasonKinds, a.Kind), slices.Index(reasonKinds, b.Kind)),
			hardFirst(a, b), cmp.Compare(rank(a), rank(b)),
			cmp.Compare(a.Issue.Ref.Project, b.Issue.Ref.Project), cmp.Compare(a.Issue.Ref.IID, b.Issue.Ref.IID),
			a.Until.Compare(b.Until), cmp.Compare(a.Text, b.Text),
		)
	})
	return list
}

// rank orders incidents by severity. An unknown one counts as S1, and comes after those that are known to be.
func rank(r Reason) string { return cmp.Or(r.Severity, "S1?") }

func hardFirst(a, b Reason) int {
	switch {
	case a.Hard == b.Hard:
		return 0
	case a.Hard:
		return -1
	}
	return 1
}
