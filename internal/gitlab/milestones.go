package gitlab

import (
	"context"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

type wireMilestone struct {
	ID          int64           `json:"id"`
	IID         int64           `json:"iid"`
	GroupID     *int64          `json:"group_id"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	State       milestone.State `json:"state"`
	StartDate   wireDate        `json:"start_date"`
	DueDate     wireDate        `json:"due_date"`
	WebURL      string          `json:"web_url"`
}

func (w wireMilestone) value() milestone.Milestone {
	return milestone.Milestone{
		ID: w.ID, IID: w.IID, Group: w.GroupID != nil, Title: w.Title, Description: w.Description,
		State: w.State, Start: w.StartDate.Date, Due: w.DueDate.Date, WebURL: w.WebURL,
	}
}

// wireDate is a civil date or null.
type wireDate struct{ calendar.Date }

func (d *wireDate) UnmarshalText(text []byte) (err error) {
	d.Date, err = calendar.ParseDate(string(text))
	return err
}

// Milestones lists those of a project or group that the query selects, in GitLab's order (due date, then newest first).
// With Ancestors those of the groups above are among them and have Group set.
func (c *Client) Milestones(ctx context.Context, in target.Target, q milestone.Query) ([]milestone.Milestone, error) {
	opt := &client.ListMilestonesOptions{}
	if q.State != "" {
		opt.State = new(string(q.State))
	}
	if q.Title != "" {
		opt.Title = &q.Title
	}
	if q.Ancestors {
		opt.IncludeAncestors = new(true) // its older name may not be sent along: GitLab refuses both at once
	}
	return list(ctx, c, at(in, "milestones"), opt, wireMilestone.value)
}
