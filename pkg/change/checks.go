package change

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// ReasonKind is what sort of thing stands against a change.
type ReasonKind string

// The kinds of reasons, in the order in which they are told.
const (
	ByState    ReasonKind = "state"    // it is not at the point of its life where it can be started
	ByApproval ReasonKind = "approval" // not enough have approved
	ByWindow   ReasonKind = "window"   // it is not the time it was planned for
	ByLock     ReasonKind = "lock"
	ByIncident ReasonKind = "incident" // an active one, S1 or S2
	ByChange   ReasonKind = "change"   // another one, in progress or in the same window
	ByUnknown  ReasonKind = "unknown"  // something could not be found out
)

var reasonKinds = []ReasonKind{ByState, ByApproval, ByWindow, ByLock, ByIncident, ByChange, ByUnknown}

// Reason is one thing that stands against a change. The text does not hold the title of an issue, which may be confidential.
type Reason struct {
	Kind  ReasonKind
	Issue issue.Issue // which it is about; zero: none
	Text  string      // a sentence without a full stop
	Until time.Time   // when it ends by itself; zero: not known
	Hard  bool        // a lock that holds for every change
}

// Ref is the reference of the issue that the reason is about; empty where it is about none.
func (r Reason) Ref() string {
	if r.Issue.Ref.IID == 0 {
		return ""
	}
	return r.Issue.Ref.String()
}

// Situation is what was found in production, read before.
type Situation struct {
	Now          time.Time
	Locks        []lock.Lock
	Incidents    []Incident // active ones
	Changes      []Change   // those in progress, and those approved
	OverriddenAt time.Time  // when what stood against the change itself was overridden; zero: never
}

// newer is what has come since what was there before was set aside.
func (s Situation) sinceOverride() Situation {
	if s.OverriddenAt.IsZero() {
		return s
	}
	var held []string
	for _, h := range lock.At(s.Locks, s.OverriddenAt) {
		held = append(held, h.Lock.Name)
	}
	s.Locks = slices.DeleteFunc(slices.Clone(s.Locks), func(l lock.Lock) bool { return slices.Contains(held, l.Name) })
	s.Incidents = slices.DeleteFunc(slices.Clone(s.Incidents), func(i Incident) bool { return !i.Issue.CreatedAt.After(s.OverriddenAt) })
	s.Changes = slices.DeleteFunc(slices.Clone(s.Changes), func(c Change) bool {
		return !c.Record.StartedAt.IsZero() && !c.Record.StartedAt.After(s.OverriddenAt)
	})
	return s
}

// Incident is an active incident, as far as it matters to a change.
type Incident struct {
	Issue    issue.Issue
	Severity string // S1 to S4; empty: unknown, which counts as the worst
}

// Pipeline is what a pipeline is about to do that has no change of its own.
type Pipeline struct {
	Criticality Criticality // unknown: it counts as C1
	Services    []string    // none: all
	Environment string
}

// Spared is why a lock does not hold for what is to be done; empty where it does.
func (p Pipeline) Exemption(l lock.Lock) string {
	switch {
	case !p.Criticality.LockedBy(l.Kind):
		return fmt.Sprintf("%s is a soft lock, which does not hold for %s", l.Name, p.Criticality)
	case l.Exempts(p.Services, p.Environment):
		return l.Name + " is not for what this change touches"
	}
	return ""
}

// Locked are the locks that hold for what is to be done within a period, or at the instant of an empty one, the soonest first. Of those
// that do not, though it is their time, spared says why.
func (p Pipeline) Locked(locks []lock.Lock, during lock.Period) (held []lock.Held, spared []string) {
	for _, h := range lock.Overlap(locks, during.From, during.To) {
		if why := p.Exemption(h.Lock); why != "" {
			spared = append(spared, why)
		} else {
			held = append(held, h)
		}
	}
	return held, spared
}

// Pipeline is what the change is, of which criticality and where.
func (c Change) Pipeline() Pipeline {
	return Pipeline{c.Criticality, c.Record.Services, c.Record.Environment}
}

// CheckStart is all that stands against starting a change now; nothing when it may be started.
// The rule is that of its criticality and the verdict what [Judge] says by it.
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

// CheckGate is all that stands against what a pipeline is about to do; nothing when it may go on.
func CheckGate(p Pipeline, s Situation) []Reason {
	return sorted(s.reasons(work{Pipeline: p, period: lock.Period{From: s.Now, To: s.Now}, allChanges: true}, issue.Ref{}))
}

// CheckGateOf is all that stands against the pipeline that carries out a change. The change is in progress, or could be started now.
// That of one in progress was checked when it was started: its approvals are not counted again,
// nor what was overridden then asked for again.
func CheckGateOf(c Change, rule Rule, v Verdict, s Situation) []Reason {
	if c.State != InProgress {
		return CheckStart(c, rule, v, s)
	}
	w := c.work(s.Now)
	var found []Reason
	if slot := c.Window(); slot.From.Before(slot.To) && !s.Now.Before(slot.To) {
		found = c.outOfWindow(s.Now)
	}
	w.period.To = w.period.From // what begins within the slot was seen at the start
	return sorted(append(found, s.sinceOverride().reasons(w, c.Issue.Ref)...))
}

// CheckUnstarted is what stands against the pipeline of a change that is in progress by its label or record,
// where nobody of the team has told that they started it: whoever wrote the issue may have written that too.
// Its approvals are counted as those of any other.
func CheckUnstarted(c Change, rule Rule, v Verdict) []Reason {
	if c.State != InProgress || v.Enough || rule.Free() {
		return nil
	}
	unstarted := Reason{Kind: ByState, Issue: c.Issue, Text: "it is said to be in progress, but nobody of the team has started it"}
	return append([]Reason{unstarted}, notApproved(c, v)...)
}

func notApproved(c Change, v Verdict) []Reason {
	list := []Reason{{Kind: ByApproval, Issue: c.Issue, Text: "missing: " + strings.Join(v.Missing, "; ")}}
	for _, i := range v.Ignored {
		who := i.By
		if who == "" {
			who = "somebody"
		}
		list = append(list, Reason{Kind: ByApproval, Issue: c.Issue, Text: fmt.Sprintf("the approval of %s does not count: %s", who, i.Reason)})
	}
	return list
}

// outOfWindow is a reason where a change has a window and now is not within it, and where it has none and needs one.
func (c Change) outOfWindow(now time.Time) []Reason {
	slot := c.Window()
	reason := Reason{Kind: ByWindow, Issue: c.Issue}
	switch {
	case slot.From.IsZero() && c.Criticality.Grave():
		reason.Text = fmt.Sprintf("a change of criticality %s needs a window, and its record has no start and duration that can be read",
			c.Criticality)
	case slot.From.IsZero() || slot.Contains(now):
		return nil
	case !slot.From.Before(slot.To):
		reason.Text = "its window ends before it starts"
	case now.Before(slot.From):
		reason.Text, reason.Until = "its window has not begun: it is from "+window(slot), slot.From
	default:
		reason.Text = "its window is over: it was from " + window(slot)
	}
	return []Reason{reason}
}

func window(p lock.Period) string { return clock(p.From) + " to " + clock(p.To) }

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// work is what is to be done in production, and when.
type work struct {
	Pipeline
	period     lock.Period
	allChanges bool // every change in progress stands against it, also of C3 and C4
}

// work is the change when it is started now: it may take its slot.
func (c Change) work(now time.Time) work {
	until := now.Add(2 * c.Record.Duration)
	if slot := c.Window(); slot.Contains(now) && slot.To.After(until) {
		until = slot.To
	}
	return work{Pipeline: c.Pipeline(), period: lock.Period{From: now, To: until}}
}

// against is what of the situation stands against work, leaving out the change that the work is.
func (s Situation) reasons(w work, own issue.Ref) []Reason {
	found := w.locked(s.Locks)
	for _, i := range s.Incidents {
		if text := i.reason(); text != "" {
			found = append(found, Reason{Kind: ByIncident, Issue: i.Issue, Text: text})
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
		keeps := "no C1 and C2"
		if h.Lock.Kind != lock.Soft {
			keeps = "no change at all"
		}
		text := fmt.Sprintf("lock %q (%s)", h.Lock.Name, keeps)
		if h.Period.From.After(w.period.From) {
			text += " begins at " + clock(h.Period.From) + ", before the change need be over"
		}
		if h.Lock.Reason != "" {
			text += ": " + h.Lock.Reason
		}
		found = append(found, Reason{Kind: ByLock, Text: text, Until: h.Period.To, Hard: h.Lock.Kind != lock.Soft})
	}
	return found
}

// against is why an active incident keeps changes back: S1 and S2, and what nobody has judged yet.
func (i Incident) reason() string {
	switch i.Severity {
	case "S1", "S2":
		return "an active incident of severity " + i.Severity
	case "S3", "S4":
		return ""
	}
	return "an active incident of unknown severity, which counts as S1"
}

// clash is why another change stands against work. Two changes clash that are of the same service, one that names none being of all,
// when both are C1 or C2 and one is in progress or their windows overlap.
func (w work) conflict(c Change) []Reason {
	if !shareService(w.Services, c.Record.Services) {
		return nil
	}
	both := w.Criticality.Grave() && c.Criticality.Grave()
	slot := c.Window()
	r := Reason{Kind: ByChange, Issue: c.Issue}
	switch {
	case c.State == InProgress && (both || w.allChanges):
		r.Text = fmt.Sprintf("a change of criticality %s is in progress", c.Criticality)
	case c.State == Approved && both && slot.From.Before(slot.To) && slot.Overlaps(w.instant()):
		r.Text = fmt.Sprintf("a change of criticality %s has the window from %s", c.Criticality, window(slot))
		r.Until = slot.To
	default:
		return nil
	}
	return []Reason{r}
}

// instant is the period of the work, which is not empty.
func (w work) instant() lock.Period {
	if w.period.From.Before(w.period.To) {
		return w.period
	}
	return lock.Period{From: w.period.From, To: w.period.From.Add(time.Nanosecond)}
}

// Clashes are the changes whose windows overlap that of a change, for showing before it is due:
// both C1 or C2, of the same service, not over. Windows are half open: one that begins as the other ends does not clash.
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
	slices.SortFunc(list, func(a, b Change) int {
		return cmp.Or(a.Window().From.Compare(b.Window().From), cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	return list
}

// meet reports whether two lists of services have one in common; none named is all.
func shareService(a, b []string) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(s string) bool {
		return slices.ContainsFunc(b, func(t string) bool { return strings.EqualFold(strings.TrimSpace(s), strings.TrimSpace(t)) })
	})
}

// sorted puts reasons into the order of their kinds, and those of a kind by issue, end and text.
func sorted(list []Reason) []Reason {
	slices.SortStableFunc(list, func(a, b Reason) int {
		return cmp.Or(
			cmp.Compare(slices.Index(reasonKinds, a.Kind), slices.Index(reasonKinds, b.Kind)),
			cmp.Compare(a.Issue.Ref.Project, b.Issue.Ref.Project), cmp.Compare(a.Issue.Ref.IID, b.Issue.Ref.IID),
			a.Until.Compare(b.Until), cmp.Compare(a.Text, b.Text),
		)
	})
	return list
}
