package gitlab

import (
	"context"
	"time"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

type wireEvent struct {
	CreatedAt time.Time   `json:"created_at"`
	User      *wireAuthor `json:"user"`
	Action    string      `json:"action"`
	State     string      `json:"state"`
	Label     *struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	} `json:"label"`
	Milestone *struct {
		ID    int64  `json:"id"`
		Title string `json:"title"`
	} `json:"milestone"`
}

// event has what all kinds share.
func (w wireEvent) event() issue.Event {
	e := issue.Event{At: w.CreatedAt.UTC(), Action: w.Action}
	if w.User != nil {
		e.User = w.User.Username
	}
	return e
}

// MilestoneEvents are the issue's moves into ("add") and out of ("remove") milestones, in the order they happened.
func (c *Client) MilestoneEvents(ctx context.Context, ref issue.Ref) ([]issue.Event, error) {
	return list(ctx, c, of(ref, "resource_milestone_events"), nil, func(w wireEvent) issue.Event {
		e := w.event()
		if w.Milestone != nil {
			e.Name, e.ID = w.Milestone.Title, w.Milestone.ID
		}
		return e
	})
}

// LabelEvents are the labels set ("add") and taken away ("remove"), in the order it happened.
func (c *Client) LabelEvents(ctx context.Context, ref issue.Ref) ([]issue.Event, error) {
	return list(ctx, c, of(ref, "resource_label_events"), nil, func(w wireEvent) issue.Event {
		e := w.event()
		if w.Label != nil {
			e.Name = w.Label.Name
		}
		return e
	})
}

// StateEvents are the closings ("closed") and reopenings ("reopened"), in the order they happened.
func (c *Client) StateEvents(ctx context.Context, ref issue.Ref) ([]issue.Event, error) {
	return list(ctx, c, of(ref, "resource_state_events"), nil, func(w wireEvent) issue.Event {
		e := w.event()
		e.Action = w.State
		return e
	})
}

type wireNote struct {
	ID        int64      `json:"id"`
	Body      string     `json:"body"`
	Author    wireAuthor `json:"author"`
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"`
	System    bool       `json:"system"`
	Internal  bool       `json:"internal"`
}

func (w wireNote) value() issue.Note {
	return issue.Note{
		ID: w.ID, Body: w.Body, Author: w.Author.Username, AuthorID: w.Author.ID,
		CreatedAt: w.CreatedAt.UTC(), UpdatedAt: w.UpdatedAt.UTC(), System: w.System, Internal: w.Internal,
	}
}

// Notes are the issue's comments, GitLab's own remarks among them, oldest first.
func (c *Client) Notes(ctx context.Context, ref issue.Ref) ([]issue.Note, error) {
	opt := &client.ListIssueNotesOptions{OrderBy: new("created_at"), Sort: new("asc")}
	return list(ctx, c, of(ref, "notes"), opt, wireNote.value)
}
