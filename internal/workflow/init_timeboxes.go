package workflow

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// timeboxes finds out from the milestones that are there where they live and in which rhythm,
// so that a team which works this way already needs to change nothing.
func (i Init) timeboxes(ctx context.Context, f *Found, infra instance.Project) error {
	seen, err := i.Read.Milestones(ctx, target.ProjectAt(infra.Path), milestone.Query{State: milestone.Active, Ancestors: true})
	if err != nil {
		return err
	}
	names := milestone.HandbookNames()
	current, there := called(seen, names.Current)
	if there {
		next, _ := called(seen, names.Next)
		f.Cadence = rhythm(current, next)
	}
	if f.Cadence != (milestone.Cadence{}) {
		f.Notes = append(f.Notes, fmt.Sprintf("timeboxes of %d days every %d days, as the %s has it", f.Cadence.Length,
			f.Cadence.Every, names.Current))
	}
	if i.Group != "" {
		t, err := target.ParsePath(target.Group, i.Group)
		if err != nil {
			return fault.Wrap(fault.Usage, err, "", "")
		}
		f.Group = t.Path
		return above(f.Group, f.Trackers)
	}
	if there && current.Group {
		return i.findGroup(ctx, f, infra, current)
	}
	return nil
}

// called is the milestone of a title; a project's own before a group's.
func called(all []milestone.Milestone, title string) (milestone.Milestone, bool) {
	for _, group := range []bool{false, true} {
		n := slices.IndexFunc(all, func(m milestone.Milestone) bool { return m.Title == title && m.Group == group })
		if n >= 0 {
			return all[n], true
		}
	}
	return milestone.Milestone{}, false
}

// rhythm is the cadence that the milestones show; zero when it is the handbook's, or none that a file can say.
func rhythm(current, next milestone.Milestone) milestone.Cadence {
	box := current.Box()
	if box.Due.IsZero() || box.Start.IsZero() || box.Start.Weekday() != time.Monday || milestone.Handbook().Fits(box) {
		return milestone.Cadence{}
	}
	c := milestone.Cadence{Anchor: box.Start, Length: box.Due.DaysSince(box.Start) + 1}
	c.Every = (c.Length + 6) / 7 * 7
	if step := next.Start.DaysSince(box.Start); !next.Start.IsZero() && step%7 == 0 && step >= c.Length {
		c.Every = step
	}
	if c.Validate() != nil || c.Every > 364 {
		return milestone.Cadence{}
	}
	return c
}

// findGroup walks up from the tracker to the group that owns the Current Milestone.
func (i Init) findGroup(ctx context.Context, f *Found, infra instance.Project, current milestone.Milestone) error {
	for path := infra.GroupPath; path != ""; path = parent(path) {
		own, err := i.Read.Milestones(ctx, target.GroupAt(path), milestone.Query{Title: current.Title})
		if err != nil {
			return err
		}
		if slices.ContainsFunc(own, func(m milestone.Milestone) bool { return m.ID == current.ID }) {
			f.Group = path
			f.Notes = append(f.Notes, fmt.Sprintf("milestones live on group %s, where the %s is", path, current.Title))
			return above(path, f.Trackers)
		}
	}
	return nil
}

func parent(path string) string {
	n := strings.LastIndexByte(path, '/')
	return path[:max(n, 0)]
}

// above is a fault when a tracker could not use the milestones of the group.
func above(group string, trackers []manifest.Tracker) error {
	for _, t := range trackers {
		if !strings.HasPrefix(strings.ToLower(t.Project.Path), strings.ToLower(group)+"/") {
			return fault.New(fault.Refused, "name another --group, or another --"+t.Name,
				"group %s is not above %s, so that its milestones cannot be used there", group, t.Project)
		}
	}
	return nil
}
