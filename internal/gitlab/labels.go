package gitlab

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
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

func (w wireLabel) identity() identity {
	if w.Name == "" {
		return identity{}
	}
	return identity{id: w.ID}
}

func (w wireLabel) value() label.Label {
	return label.Label{
		ID: w.ID, Name: w.Name, Color: strings.ToLower(w.Color), Description: w.Description, Priority: w.Priority,
		FromGroup: w.IsProjectLabel != nil && !*w.IsProjectLabel,
		Open:      w.OpenIssuesCount, Closed: w.ClosedIssuesCount, Requests: w.OpenRequestsCount,
	}
}

// Labels lists all labels that can be set in a project or group, including those of parent groups (FromGroup), by name.
// A subgroup takes a second list, because GitLab does not return which group owns a label.
func (c *Client) Labels(ctx context.Context, in target.Target, withCounts bool) ([]label.Label, error) {
	opt := &client.ListGroupLabelsOptions{WithCounts: optional(withCounts)}
	all, err := list(ctx, c, apiPath(in, "labels"), opt, wireLabel.value)
	if err != nil || in.Kind == target.Project || !strings.Contains(in.Path, "/") {
		return all, err
	}
	own, err := list(ctx, c, apiPath(in, "labels"), &client.ListGroupLabelsOptions{IncludeAncestorGroups: new(false)}, wireLabel.value)
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

// CreateLabel creates a label, or returns the existing one with that name and those properties, in the same place or in a parent group.
// An existing one with other properties is an error that matches [fault.Taken].
func (c *Client) CreateLabel(ctx context.Context, in target.Target, l label.Label) (label.Label, bool, error) {
	if err := errors.Join(usableNames([]string{l.Name}), usablePriority(l.Priority)); err != nil {
		return label.Label{}, false, err
	}
	opt := &client.CreateLabelOptions{Name: &l.Name, Color: &l.Color, Description: &l.Description}
	asked := label.Change{Name: &l.Name, Color: &l.Color, Description: &l.Description}
	if l.Priority != nil && in.Kind == target.Project {
		opt.Priority = client.NewNullableWithValue(int64(*l.Priority))
		asked.SetPriority, asked.Priority = true, l.Priority
	}
	drops := func(got label.Label) []string { return labelDrops(asked, got) }
	post := func() (label.Label, error) {
		is := func(got label.Label) bool { return sameName(l.Name, got.Name) }
		return create(ctx, c, apiPath(in, "labels"), opt, wireLabel.value, is, drops)
	}
	return createNamed(ctx, c, post, func() (label.Label, bool, error) { return c.findLabel(ctx, in, asked) })
}

// usablePriority refuses a priority that GitLab would fail on.
func usablePriority(priority *int) error {
	if priority != nil && *priority < 0 {
		return fault.New(fault.Usage, "Use 0 for the highest priority, or more", "invalid priority %d", *priority)
	}
	return nil
}

// findLabel finds the label of that name. It reads the whole list, because names that begin with digits cannot be
// requested: GitLab takes them for ids.
func (c *Client) findLabel(ctx context.Context, in target.Target, asked label.Change) (label.Label, bool, error) {
	all, err := c.Labels(ctx, in, false)
	if err != nil {
		return label.Label{}, false, err
	}
	for _, l := range all {
		if l.Name != strings.TrimSpace(*asked.Name) {
			continue
		}
		if differs := labelDrops(asked, l); len(differs) > 0 {
			return label.Label{}, false, taken("To compare, run: prodctl label plan",
				"label %q already exists, but differs: %s", l.Name, sentence(differs))
		}
		return l, true, nil
	}
	return label.Label{}, false, nil
}

// UpdateLabel changes a label. A new name that is in use is an error that matches [fault.Taken].
// Labels of the direct parent group can be changed through a project; GitLab then requires the permission in the group.
func (c *Client) UpdateLabel(ctx context.Context, in target.Target, labelID int64, ch label.Change) (label.Label, error) {
	if ch.Name != nil {
		if err := usableNames([]string{*ch.Name}); err != nil {
			return label.Label{}, err
		}
	}
	if err := usablePriority(ch.Priority); err != nil {
		return label.Label{}, err
	}
	if ch.SetPriority && in.Kind == target.Group {
		return label.Label{}, fault.New(fault.Usage, "Set priorities in a project", "group labels have no priority")
	}
	opt := &client.UpdateLabelOptions{NewName: ch.Name, Color: ch.Color, Description: ch.Description}
	if ch.SetPriority {
		opt.Priority = client.NewNullNullable[int64]()
		if ch.Priority != nil {
			opt.Priority = client.NewNullableWithValue(int64(*ch.Priority))
		}
	}
	path := apiPath(in, "labels", id(labelID))
	if ch.IsZero() {
		return read(ctx, c, path, nil, wireLabel.value)
	}
	drops := func(got label.Label) []string { return labelDrops(ch, got) }
	if ch.Name == nil || ch.Before == "" {
		got, err := update(ctx, c, path, opt, wireLabel.value, drops)
		return got, nameTaken(err, ch)
	}
	return c.renameLabel(ctx, path, ch, func(ctx context.Context) (label.Label, error) {
		return update(ctx, c, path, opt, wireLabel.value, drops)
	})
}

// renameLabel reads the label right before each attempt. A name that somebody else has given it since it was read stays: the error matches
// [fault.Outdated].
func (c *Client) renameLabel(ctx context.Context, path string, ch label.Change,
	put func(context.Context) (label.Label, error)) (label.Label, error) {
	for try := 1; ; try++ {
		now, err := read(ctx, c, path, nil, wireLabel.value)
		if err != nil {
			return now, err
		}
		if now.Name != ch.Before && now.Name != strings.TrimSpace(*ch.Name) {
			cause := fmt.Errorf("label %q was renamed to %q in the meantime", ch.Before, now.Name)
			return now, fault.Wrap(fault.Refused, outdated{cause}, "Run the same command again", "")
		}
		got, err := put(transport.WithoutRetry(ctx))
		e, ok := errors.AsType[*Error](err)
		if !ok || !e.Retryable || try == transport.MaxAttempts || e.Class == fault.Unknown && c.wire.Pause(ctx, try, err) != nil {
			return got, nameTaken(err, ch)
		}
	}
}

// nameTaken gives a refused rename its class. GitLab has two messages for it; every message about the title that is not about
// its format means that it is in use.
func nameTaken(err error, ch label.Change) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || ch.Name == nil || e.Status != http.StatusBadRequest || !strings.HasPrefix(e.Message, "title ") {
		return err
	}
	for _, problem := range []string{"is invalid", "too long", "blank", "is missing"} {
		if strings.Contains(e.Message, problem) {
			return err
		}
	}
	e.Class = fault.Taken
	return e
}

// labelDrops are the parts of a change that the label does not show.
func labelDrops(ch label.Change, got label.Label) []string {
	var parts []string
	if ch.Name != nil && strings.TrimSpace(*ch.Name) != got.Name {
		parts = append(parts, fmt.Sprintf("the name is %q, not %q", got.Name, *ch.Name))
	}
	if ch.Color != nil && !strings.EqualFold(*ch.Color, got.Color) {
		parts = append(parts, "the color is "+got.Color+", not "+*ch.Color)
	}
	if ch.Description != nil && !safetext.Same(*ch.Description, got.Description) {
		parts = append(parts, "the description differs")
	}
	if ch.SetPriority && !samePriority(ch.Priority, got.Priority) {
		parts = append(parts, "the priority differs")
	}
	return parts
}

func samePriority(a, b *int) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// DeleteLabel deletes a label, also from all issues. A label that no longer exists counts as deleted.
func (c *Client) DeleteLabel(ctx context.Context, in target.Target, labelID int64) error {
	return c.delete(ctx, apiPath(in, "labels", id(labelID)))
}
