package gitlab

import (
	"cmp"
	"context"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

type wireEvent struct {
	ID        int64       `json:"id"`
	CreatedAt time.Time   `json:"created_at"`
	User      *wireAuthor `json:"user"`
	Action    string      `json:"action"`
	State     string      `json:"state"`
	Label     *wireNamed  `json:"label"`
	Milestone *wireTitled `json:"milestone"`
}

func (w wireEvent) identity() identity { return identity{id: w.ID} }

// value is the event. GitLab sends either a milestone, or a label, or neither, depending on its kind.
func (w wireEvent) value() issue.Event {
	e := issue.Event{At: w.CreatedAt.UTC(), Action: cmp.Or(w.Action, w.State)}
	if w.User != nil {
		e.User = w.User.Username
	}
	switch {
	case w.Milestone != nil:
		e.Name, e.ID = w.Milestone.Title, w.Milestone.ID
	case w.Label != nil:
		e.Name = w.Label.Name
	}
	return e
}

// MilestoneEvents are the issue's moves into ("add") and out of ("remove") milestones, in the order in which they happened.
func (c *Client) MilestoneEvents(ctx context.Context, ref issue.Ref) ([]issue.Event, error) {
	return list(ctx, c, issuePath(ref, "resource_milestone_events"), nil, wireEvent.value)
}

// LabelEvents are the labels set ("add") and removed ("remove"), in the order in which it happened.
func (c *Client) LabelEvents(ctx context.Context, ref issue.Ref) ([]issue.Event, error) {
	return list(ctx, c, issuePath(ref, "resource_label_events"), nil, wireEvent.value)
}

// StateEvents are the times when the issue was closed ("closed") and reopened ("reopened"), in the order in which they happened.
func (c *Client) StateEvents(ctx context.Context, ref issue.Ref) ([]issue.Event, error) {
	return list(ctx, c, issuePath(ref, "resource_state_events"), nil, wireEvent.value)
}
