package gitlab

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

type wireMilestone struct {
	ID          int64           `json:"id"`
	IID         int64           `json:"iid"`
	ProjectID   int64           `json:"project_id"`
	GroupID     *int64          `json:"group_id"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	State       milestone.State `json:"state"`
	StartDate   wireDate        `json:"start_date"`
	DueDate     wireDate        `json:"due_date"`
	WebURL      string          `json:"web_url"`
}

func (w wireMilestone) identity() identity {
	if w.Title == "" {
		return identity{}
	}
	if w.GroupID != nil {
		return identity{id: w.ID, owner: owner{id: *w.GroupID, path: placeOf(w.WebURL), group: true}}
	}
	return identity{id: w.ID, owner: projectOwner(w.ProjectID, "", w.WebURL)}
}

func (w wireMilestone) value() milestone.Milestone {
	owner := w.ProjectID
	if w.GroupID != nil {
		owner = *w.GroupID
	}
	return milestone.Milestone{
		ID: w.ID, IID: w.IID, Group: w.GroupID != nil, Owner: owner, Title: w.Title, Description: w.Description,
		State: w.State, Start: w.StartDate.Date, Due: w.DueDate.Date, WebURL: w.WebURL,
	}
}

// Milestones lists the milestones of a project or group that the query selects, in GitLab's order (due date, then newest first).
// With Ancestors it includes those of parent groups, with Group set.
func (c *Client) Milestones(ctx context.Context, in target.Target, q milestone.Query) ([]milestone.Milestone, error) {
	opt := &milestoneOptions{ListMilestonesOptions: client.ListMilestonesOptions{
		State: optional(string(q.State)), Title: optional(q.Title),
		IncludeAncestors: optional(q.Ancestors), // without its older name: GitLab refuses both together
	}, IncludeDescendants: optional(q.Below)}
	return list(ctx, c, apiPath(in, "milestones"), opt, wireMilestone.value)
}

// milestoneOptions has the parameter as GitLab spells it; client-go has it with another spelling, which GitLab ignores.
type milestoneOptions struct {
	client.ListMilestonesOptions
	IncludeDescendants *bool `url:"include_descendants,omitempty"`
}

// CreateMilestone creates a milestone, or returns the existing open one with that title and those dates in the same place.
// When another milestone has the title, the error matches [fault.Taken] and names it.
func (c *Client) CreateMilestone(ctx context.Context, in target.Target, d milestone.Draft) (milestone.Milestone, bool, error) {
	opt := &client.CreateMilestoneOptions{
		Title: &d.Title, Description: &d.Description, StartDate: isoDate(optional(d.Start)), DueDate: isoDate(optional(d.Due)),
	}
	asked := milestone.Change{Title: &d.Title, Description: &d.Description, Start: &d.Start, Due: &d.Due}
	drops := func(got milestone.Milestone) []string { return milestoneDrops(asked, got) }
	post := func() (milestone.Milestone, error) {
		is := func(got milestone.Milestone) bool { return sameName(d.Title, got.Title) }
		return create(ctx, c, apiPath(in, "milestones"), opt, wireMilestone.value, is, drops)
	}
	return createNamed(ctx, c, post, func() (milestone.Milestone, bool, error) { return c.findMilestone(ctx, in, d) })
}

// findMilestone finds the milestone with the draft's title. After a race that created duplicates the oldest wins.
func (c *Client) findMilestone(ctx context.Context, in target.Target, d milestone.Draft) (milestone.Milestone, bool, error) {
	title := strings.TrimSpace(d.Title)
	own, err := c.Milestones(ctx, in, milestone.Query{Title: title})
	if err != nil {
		return milestone.Milestone{}, false, err
	}
	stable.Sort(own, func(a, b milestone.Milestone) int { return cmp.Compare(a.ID, b.ID) })
	for _, m := range own {
		if m.Open() && m.Start == d.Start && m.Due == d.Due {
			return m, true, nil
		}
	}
	if len(own) > 0 {
		return milestone.Milestone{}, false, taken("Rename or delete that milestone, then run the same command again",
			"title %q is already used by %s of %s", title, milestoneSummary(own[0]), in)
	}
	above, err := c.Milestones(ctx, in, milestone.Query{Title: title, Ancestors: true})
	if err != nil {
		return milestone.Milestone{}, false, err
	}
	if len(above) > 0 {
		return milestone.Milestone{}, false, taken("Rename that milestone in its group, or set scope: group in .prodctl.yaml",
			"title %q is already used by %s of a parent group of %s", title, milestoneSummary(above[0]), in)
	}
	return milestone.Milestone{}, false, nil
}

// milestoneSummary is a milestone in a few words: "closed milestone 412 (2018-08-13 to 2018-08-24)".
func milestoneSummary(m milestone.Milestone) string {
	s := "milestone "
	if !m.Open() {
		s = "closed milestone "
	}
	s += id(m.ID)
	if !m.Start.IsZero() || !m.Due.IsZero() {
		s += fmt.Sprintf(" (%s to %s)", cmp.Or(m.Start.String(), "no start"), cmp.Or(m.Due.String(), "no due date"))
	}
	return s
}

// UpdateMilestone changes a milestone. A change of state and other fields together is refused, because GitLab saves the state before it
// checks the rest. A title that is in use is an error that matches [fault.Taken].
func (c *Client) UpdateMilestone(
	ctx context.Context, in target.Target, milestoneID int64, ch milestone.Change,
) (milestone.Milestone, error) {
	path := apiPath(in, "milestones", id(milestoneID))
	if ch == (milestone.Change{}) {
		return read(ctx, c, path, nil, wireMilestone.value)
	}
	opt := &client.UpdateMilestoneOptions{
		Title: ch.Title, Description: ch.Description, StartDate: isoDate(ch.Start), DueDate: isoDate(ch.Due),
	}
	if ch.State != nil {
		if ch != (milestone.Change{State: ch.State}) {
			return milestone.Milestone{}, fault.New(fault.Failed, "",
				"update milestone %d: state and other fields cannot be changed together", milestoneID)
		}
		opt.StateEvent = new("activate")
		if *ch.State == milestone.Closed {
			opt.StateEvent = new("close")
		}
	}
	drops := func(got milestone.Milestone) []string { return milestoneDrops(ch, got) }
	return update(ctx, c, path, opt, wireMilestone.value, drops)
}

// EditMilestone changes title, dates and description of a milestone. Right before each attempt it reads the milestone and makes the change
// from what it is then, so an attempt that failed is never sent again over what somebody wrote in between. GitLab offers no conditional
// request: what is saved between that read and the write is lost. changed reports whether anything was, or may have been, written.
// If somebody else changed the title or the dates, the error matches [fault.Outdated].
func (c *Client) EditMilestone(ctx context.Context, in target.Target, milestoneID int64, e milestone.Edit,
) (m milestone.Milestone, changed bool, err error) {
	var failed error // the last attempt
	for try := 1; ; try++ {
		now, err := c.UpdateMilestone(ctx, in, milestoneID, milestone.Change{})
		if err != nil {
			return m, changed, cmp.Or(failed, err)
		}
		change, err := e.On(now)
		switch {
		case err != nil:
			return now, changed, fault.Wrap(fault.Refused, outdated{err}, "Run the same command again", "")
		case change == (milestone.Change{}):
			return now, changed, nil
		}
		m, err = c.UpdateMilestone(transport.WithoutRetry(ctx), in, milestoneID, change)
		uncertain := errors.Is(err, fault.Unknown)
		changed = changed || err == nil || uncertain || errors.Is(err, fault.Dropped)
		sent, ok := errors.AsType[*Error](err)
		if !ok || !sent.Retryable || try == transport.MaxAttempts || uncertain && c.wire.Pause(ctx, try, err) != nil {
			return m, changed, err
		}
		failed = err
	}
}

// outdated is an error that matches [fault.Outdated].
type outdated struct{ error }

// Is matches [fault.Outdated].
func (outdated) Is(target error) bool { return target == fault.Outdated }

// milestoneDrops are the parts of a change that GitLab's answer does not show.
func milestoneDrops(ch milestone.Change, got milestone.Milestone) []string {
	var parts []string
	if ch.Title != nil && strings.TrimSpace(*ch.Title) != got.Title {
		parts = append(parts, fmt.Sprintf("the title is %q, not %q", got.Title, *ch.Title))
	}
	if ch.Description != nil && !safetext.Same(*ch.Description, got.Description) {
		parts = append(parts, "the description differs")
	}
	if ch.Start != nil && *ch.Start != got.Start {
		parts = append(parts, "the start date is "+cmp.Or(got.Start.String(), "none"))
	}
	if ch.Due != nil && *ch.Due != got.Due {
		parts = append(parts, "the due date is "+cmp.Or(got.Due.String(), "none"))
	}
	if ch.State != nil && *ch.State != got.State {
		parts = append(parts, "the state is "+string(got.State))
	}
	return parts
}

// DeleteMilestone deletes a milestone; its issues lose it. A milestone that no longer exists counts as deleted.
func (c *Client) DeleteMilestone(ctx context.Context, in target.Target, milestoneID int64) error {
	return c.delete(ctx, apiPath(in, "milestones", id(milestoneID)))
}

// rowInBox is an issue with all that GitLab sends about its milestone.
type rowInBox struct {
	wireIssue
	Box *wireMilestone `json:"milestone"`
}

func (r rowInBox) identity() identity { return r.wireIssue.identity() }

// IssuePage is the first page of the issues that the query selects, newest first, with the milestones that they are in. It takes one
// request, however long the list is.
func (c *Client) IssuePage(ctx context.Context, in target.Target, q issue.Query) (out milestone.Page, err error) {
	opt, err := issueOptions(q)
	if err != nil {
		return out, err
	}
	opt.Sort = new("desc")
	p := fetch[rowInBox](ctx, c, apiPath(in, "issues"), opt, span{pageSize, 1})
	if p.err != nil {
		return out, p.err
	}
	known := map[int64]bool{}
	for _, r := range *p.rows.(*[]rowInBox) {
		if r.Box != nil {
			r.Milestone = &wireTitled{ID: r.Box.ID, Title: r.Box.Title}
		}
		if !r.fits(q) {
			continue
		}
		i := r.value(in.Path)
		c.places.Store(place{"project", r.ProjectID}, i.Ref.Project)
		if out.Issues = append(out.Issues, i); r.Box != nil && !known[r.Box.ID] {
			known[r.Box.ID] = true
			out.Milestones = append(out.Milestones, r.Box.value())
		}
	}
	out.More = p.more
	return out, nil
}
