package gitlab

import (
	"context"
	"strings"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

type wireLabel struct {
	ID                int64  `json:"id"`
	Name              string `json:"name"`
	Color             string `json:"color"`
	Description       string `json:"description"`
	Priority          *int   `json:"priority"`
	IsProjectLabel    *bool  `json:"is_project_label"`
	OpenIssuesCount   int    `json:"open_issues_count"`
	ClosedIssuesCount int    `json:"closed_issues_count"`
	OpenRequestsCount int    `json:"open_merge_requests_count"`
}

func (w wireLabel) value() label.Label {
	return label.Label{
		ID: w.ID, Name: w.Name, Color: strings.ToLower(w.Color), Description: w.Description, Priority: w.Priority,
		FromGroup: w.IsProjectLabel != nil && !*w.IsProjectLabel, Open: w.OpenIssuesCount, Closed: w.ClosedIssuesCount, Requests: w.OpenRequestsCount,
	}
}

// Labels lists all labels that can be set in a project or group, those of the groups above included (FromGroup), by name.
// For a subgroup that takes a second list, because GitLab does not say which group owns a label.
func (c *Client) Labels(ctx context.Context, in target.Target, withCounts bool) ([]label.Label, error) {
	opt := &client.ListGroupLabelsOptions{}
	if withCounts {
		opt.WithCounts = new(true)
	}
	all, err := list(ctx, c, at(in, "labels"), opt, wireLabel.value)
	if err != nil || in.Kind == target.Project || !strings.Contains(in.Path, "/") {
		return all, err
	}
	own, err := list(ctx, c, at(in, "labels"), &client.ListGroupLabelsOptions{IncludeAncestorGroups: new(false)}, wireLabel.value)
	if err != nil {
		return nil, err
	}
	ids := make(map[int64]bool, len(own))
	for _, l := range own {
		ids[l.ID] = true
	}
	for i := range all {
		all[i].FromGroup = !ids[all[i].ID]
	}
	return all, nil
}
