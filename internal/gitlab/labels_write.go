package gitlab

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// CreateLabel makes a label, or adopts the one of that name that looks as asked, be it the place's own or of a group above.
// One that looks different is an error that matches [fault.Taken].
func (c *Client) CreateLabel(ctx context.Context, in target.Target, l label.Label) (label.Label, bool, error) {
	if err := noCommas([]string{l.Name}); err != nil {
		return label.Label{}, false, err
	}
	path := at(in, "labels")
	opt := &client.CreateLabelOptions{Name: &l.Name, Color: &l.Color, Description: &l.Description}
	asked := label.Change{Name: &l.Name, Color: &l.Color, Description: &l.Description}
	if l.Priority != nil && in.Kind == target.Project {
		opt.Priority = client.NewNullableWithValue(int64(*l.Priority))
		asked.SetPriority, asked.Priority = true, l.Priority
	}
	post := func() (label.Label, error) {
		var w wireLabel
		if err := c.do(ctx, http.MethodPost, path, opt, &w); err != nil {
			return label.Label{}, err
		}
		got := w.value()
		return got, dropped(http.MethodPost, path, labelChangeDrops(asked, got))
	}
	return createOnce(ctx, c, post, func() (label.Label, bool, error) { return c.lookForLabel(ctx, in, asked) })
}

// lookForLabel finds the label of that name. It reads the whole list, because names that begin with digits cannot be
// asked for: GitLab takes them for ids.
func (c *Client) lookForLabel(ctx context.Context, in target.Target, asked label.Change) (label.Label, bool, error) {
	all, err := c.Labels(ctx, in, false)
	if err != nil {
		return label.Label{}, false, err
	}
	for _, l := range all {
		if l.Name != strings.TrimSpace(*asked.Name) {
			continue
		}
		if differs := labelChangeDrops(asked, l); len(differs) > 0 {
			return label.Label{}, false, taken("see prodctl label plan", "the label %q is there already and looks different: %s", l.Name, sentence(differs))
		}
		return l, true, nil
	}
	return label.Label{}, false, nil
}

// UpdateLabel changes a label. A new name in use is an error that matches [fault.Taken].
// Labels of a direct group can be reached through a project; GitLab asks for the right in the group then.
func (c *Client) UpdateLabel(ctx context.Context, in target.Target, labelID int64, ch label.Change) (label.Label, error) {
	if ch.Name != nil {
		if err := noCommas([]string{*ch.Name}); err != nil {
			return label.Label{}, err
		}
	}
	if ch.SetPriority && in.Kind == target.Group {
		return label.Label{}, fault.New(fault.Usage, "set priorities in a project", "labels of a group have no priority")
	}
	opt := &client.UpdateLabelOptions{NewName: ch.Name, Color: ch.Color, Description: ch.Description}
	if ch.SetPriority {
		opt.Priority = client.NewNullNullable[int64]()
		if ch.Priority != nil {
			opt.Priority = client.NewNullableWithValue(int64(*ch.Priority))
		}
	}
	path := at(in, "labels", id(labelID))
	var w wireLabel
	if ch.Name == nil && ch.Color == nil && ch.Description == nil && !ch.SetPriority {
		err := c.get(ctx, path, nil, &w)
		return w.value(), err
	}
	if err := c.do(ctx, http.MethodPut, path, opt, &w); err != nil {
		return label.Label{}, nameTaken(err, ch)
	}
	got := w.value()
	return got, dropped(http.MethodPut, path, labelChangeDrops(ch, got))
}

// nameTaken gives a refused rename its class. GitLab has two texts for it; every complaint about the title that is not about
// its form means that it is in use.
func nameTaken(err error, ch label.Change) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || ch.Name == nil || e.Status != http.StatusBadRequest || !strings.HasPrefix(e.Said, "title ") {
		return err
	}
	for _, form := range []string{"is invalid", "too long", "blank", "is missing"} {
		if strings.Contains(e.Said, form) {
			return err
		}
	}
	e.Class = fault.Taken
	return e
}

// labelChangeDrops are the parts of a change that the label does not show.
func labelChangeDrops(ch label.Change, got label.Label) []string {
	var parts []string
	if ch.Name != nil && strings.TrimSpace(*ch.Name) != got.Name {
		parts = append(parts, fmt.Sprintf("the name is %q and not %q", got.Name, *ch.Name))
	}
	if ch.Color != nil && !strings.EqualFold(*ch.Color, got.Color) {
		parts = append(parts, "the color is "+got.Color+" and not "+*ch.Color)
	}
	if ch.Description != nil && !safetext.Same(*ch.Description, got.Description) {
		parts = append(parts, "the description is different")
	}
	if ch.SetPriority && !samePriority(ch.Priority, got.Priority) {
		parts = append(parts, "the priority is different")
	}
	return parts
}

func samePriority(a, b *int) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// DeleteLabel removes a label from the place and from all its issues. One that is gone counts as removed.
func (c *Client) DeleteLabel(ctx context.Context, in target.Target, labelID int64) error {
	return c.delete(ctx, at(in, "labels", id(labelID)))
}
