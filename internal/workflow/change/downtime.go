package change

import (
	"context"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/change"
)

// ApprovedDowntime returns the time in which the downtime of a change's services does not spend their error budgets: the window of a change
// that was started, from when it had enough approvals of its present plan, and only for services that the plan names. If the time does not
// count, why is the reason.
func (c Changes) ApprovedDowntime(ctx context.Context, of change.Change) (e budget.Exclusion, why string, err error) {
	slot := of.Window()
	e = budget.Exclusion{Change: of.Issue.Ref.String(), Services: of.Record.Services, Confidential: of.Issue.Confidential}
	switch {
	case of.State != change.InProgress && !of.State.Over() || of.Record.StartedAt.IsZero():
		return e, "the change was not started", nil
	case !slot.From.Before(slot.To):
		return e, "the change has no window", nil
	case len(of.Record.Services) == 0:
		return e, "the change names no services", nil
	}
	notes, err := c.Read.TrustedNotes(ctx, of.Issue.Ref)
	if err != nil {
		return e, "", err
	}
	s, err := c.judge(ctx, of.Issue, notes)
	if err != nil {
		return e, "", err
	}
	at, ok := change.ApprovedAt(s.Rule, s.Votes, s.proposal())
	switch {
	case ok:
	case len(s.Verdict.Doubt) > 0:
		return e, "cannot tell if the approval by @" + strings.Join(s.Verdict.Doubt, " and @") + " was edited after it was written", nil
	case len(s.Verdict.Missing) > 0:
		return e, strings.Join(s.Verdict.Missing, ", "), nil
	default:
		return e, "nobody has approved its present plan", nil
	}
	for _, v := range s.Verdict.Counted {
		e.ApprovedBy = append(e.ApprovedBy, v.By)
	}
	if e.From, e.To = slot.From, slot.To; at.After(e.From.Add(time.Second)) {
		e.From = at.Truncate(time.Second)
	}
	if !e.From.Before(e.To) {
		return e, "it was approved only after its window", nil
	}
	return e, "", nil
}
