package change

import (
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// CheckGate returns every reason why a pipeline without a change has to wait; none if it may go on.
func CheckGate(p Pipeline, s Situation) []Reason {
	return sorted(s.reasons(work{Pipeline: p, period: lock.Period{From: s.Now, To: s.Now}, allChanges: true}, issue.Ref{}))
}

// CheckGateOf returns every reason why the pipeline of a change has to wait; none if it may go on. Approvals are counted whatever the label
// says. A change that is not in progress by a [Start] is checked as by [CheckStart]. One that is was checked when it was started, and what
// was overridden then does not count, unless the plan was changed since.
func CheckGateOf(c Change, rule Rule, v Verdict, s Situation, course Course) []Reason {
	began := course.Began
	switch {
	case course.Over != UnknownState && !c.State.Over():
		return []Reason{{Kind: ByState, Issue: c.Issue, Text: "already " + string(course.Over) + " according to its comments"}}
	case c.State == InProgress && began.At.IsZero():
		return c.checkUnstarted(rule, v, s)
	case c.State != InProgress:
		return CheckStart(c, rule, v, s)
	}
	w := c.work(s.Now)
	var found []Reason
	if began.Override != "" && began.Covers(c) {
		s = s.since(began.At)
	} else if !v.Enough && !rule.Free() {
		found = append(began.changed(c), notApproved(c, v)...)
	}
	if slot := c.Window(); slot.From.Before(slot.To) && !s.Now.Before(slot.To) {
		found = append(found, c.outOfWindow(s.Now)...)
	}
	w.period.To = w.period.From // what starts within the slot was checked at the start
	return sorted(append(found, s.reasons(w, c.Issue.Ref)...))
}

// checkUnstarted checks a change that is in progress by its label or record only, as if it had not been started: whoever may edit the issue
// may have written that.
func (c Change) checkUnstarted(rule Rule, v Verdict, s Situation) []Reason {
	started := c
	started.State = Approved
	found := CheckStart(started, rule, v, s)
	if len(found) == 0 {
		return nil
	}
	const text = "marked as in progress, but nobody with the Developer role or above has started it"
	return append([]Reason{{Kind: ByState, Issue: c.Issue, Text: text}}, found...)
}
