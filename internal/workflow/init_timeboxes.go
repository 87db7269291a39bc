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

// timeboxes takes the group and the cadence from the existing milestones, so that a team which already works in timeboxes has
// nothing to change.
func (i Init) timeboxes(ctx context.Context, f *Found, infra instance.Project) error {
	existing, err := i.Read.Milestones(ctx, target.ProjectAt(infra.Path), milestone.Query{State: milestone.Active, Ancestors: true})
	if err != nil {
		return err
	}
	names := milestone.HandbookNames()
	current, exists := titled(existing, names.Current)
	if exists {
		next, _ := titled(existing, names.Next)
		f.Cadence = cadence(current, next)
	}
	if f.Cadence != (milestone.Cadence{}) {
		f.Notes = append(f.Notes, fmt.Sprintf("Timeboxes have %d days and start every %d days (from %s)", f.Cadence.Length,
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
	if exists && current.Group {
		return i.findGroup(ctx, f, infra, current)
	}
	return nil
}

// titled returns the milestone with a title, preferring one of the project to one of a group.
func titled(all []milestone.Milestone, title string) (milestone.Milestone, bool) {
	for _, group := range []bool{false, true} {
		n := slices.IndexFunc(all, func(m milestone.Milestone) bool { return m.Title == title && m.Group == group })
		if n >= 0 {
			return all[n], true
		}
	}
	return milestone.Milestone{}, false
}

// cadence returns the cadence of the milestones. It is zero if it is the handbook's, or one that cannot be configured.
func cadence(current, next milestone.Milestone) milestone.Cadence {
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
			f.Notes = append(f.Notes, fmt.Sprintf("Milestones belong to group %s (where %s is)", path, current.Title))
			return above(path, f.Trackers)
		}
	}
	return nil
}

func parent(path string) string {
	n := strings.LastIndexByte(path, '/')
	return path[:max(n, 0)]
}

// above returns an error if a tracker is outside the group and cannot use its milestones.
func above(group string, trackers []manifest.Tracker) error {
	for _, t := range trackers {
		if !strings.HasPrefix(strings.ToLower(t.Project.Path), strings.ToLower(group)+"/") {
			return fault.New(fault.Refused, "Use another --group or another --"+t.Name,
				"group %s does not contain %s, so its milestones cannot be used there", group, t.Project)
		}
	}
	return nil
}
