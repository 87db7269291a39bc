package seed

import (
	"cmp"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func (a *planting) issue(p *store.Project, in Issue) {
	if in.IID != 0 && p.IssueByIID[in.IID] != nil {
		a.fail("iid %d is taken", in.IID)
		return
	}
	author := a.username(in.Author, a.s.Users[0])
	i := &store.Issue{
		Project: p, IID: in.IID, Title: in.Title, Description: in.Description, Kind: in.Type, Author: author,
		Assignees: a.usernames(in.Assignees), Labels: a.labelsNamed(p, in.Labels), Milestone: a.milestoneTitled(p, in.Milestone),
		DueDate: param.CastDate(in.DueDate), Weight: in.Weight, Confidential: in.Confidential, Closed: in.Closed,
		CreatedAt: in.CreatedAt.UTC(), UpdatedAt: in.UpdatedAt.UTC(),
	}
	if in.Locked {
		i.DiscussionLocked = &in.Locked
	}
	i.CreatedAt, _ = a.s.Times(in.CreatedAt.UTC(), time.Time{})
	if in.Closed {
		i.ClosedAt, i.ClosedBy = in.ClosedAt.UTC(), a.username(in.ClosedBy, author)
		if in.ClosedAt.IsZero() {
			i.ClosedAt = i.CreatedAt
		}
	}
	a.s.AddIssue(i)
	last := latest(i.CreatedAt, i.ClosedAt, a.events(i, in), a.notes(i, in))
	if in.UpdatedAt.IsZero() {
		i.UpdatedAt = last
	} else {
		i.UpdatedAt = in.UpdatedAt.UTC()
	}
	for _, award := range in.Awards {
		if u := a.username(award.User, nil); u != nil {
			a.s.AddAward(store.Awardable{Issue: i}, award.Name, u, i.UpdatedAt)
		}
	}
	a.linkLater(i, in.Links)
}

// notes adds the comments in the order of their times and returns the last of these.
func (a *planting) notes(i *store.Issue, in Issue) (last time.Time) {
	for _, n := range in.Notes {
		at := n.CreatedAt.UTC()
		if n.CreatedAt.IsZero() {
			at = i.CreatedAt
		}
		last = latest(last, at)
		i.Notes = append(i.Notes, &store.Note{
			Body: n.Body, Author: a.username(n.Author, i.Author), System: n.System, Internal: n.Internal, CreatedAt: at, UpdatedAt: at,
		})
	}
	slices.SortStableFunc(i.Notes, func(x, y *store.Note) int { return x.CreatedAt.Compare(y.CreatedAt) })
	for _, n := range i.Notes {
		n.ID = store.Next(&a.s.Last.Note)
	}
	return last
}

// events adds the events of the seed, and those implied by the rest, in the order of their times. It returns the
// last of these.
func (a *planting) events(i *store.Issue, in Issue) (last time.Time) {
	all := append(a.implied(i, in.Events), in.Events...)
	slices.SortStableFunc(all, func(x, y Event) int { return x.At.Compare(y.At) })
	closed := false
	for _, ev := range all {
		by, at := a.username(ev.By, i.Author), ev.At.UTC()
		last = latest(last, at)
		switch {
		case ev.AddLabel != "":
			a.s.RecordLabel(i, a.labelNamed(i.Project, ev.AddLabel), true, by, at)
		case ev.RemoveLabel != "":
			a.s.RecordLabel(i, a.labelNamed(i.Project, ev.RemoveLabel), false, by, at)
		case ev.AddMilestone != "", ev.RemoveMilestone != "":
			if m := a.milestoneTitled(i.Project, cmp.Or(ev.AddMilestone, ev.RemoveMilestone)); m != nil {
				i.MilestoneEvents = append(i.MilestoneEvents, store.MilestoneEvent{
					ID: store.Next(&a.s.Last.MilestoneEvent), User: by, At: at, Milestone: m, Added: ev.AddMilestone != "", Closed: closed,
				})
			}
		case ev.State == "closed", ev.State == "reopened":
			closed = ev.State == "closed"
			a.s.RecordState(i, closed, by, at)
		default:
			a.fail("empty event, or unknown state %q", ev.State)
		}
	}
	return last
}

// implied returns the events that must have happened, judging by the issue's state, and that are not recorded.
func (a *planting) implied(i *store.Issue, recorded []Event) []Event {
	has := func(what func(Event) bool) bool { return slices.ContainsFunc(recorded, what) }
	var all []Event
	for _, l := range i.Labels {
		if !has(func(ev Event) bool { return ev.AddLabel == l.Name }) {
			all = append(all, Event{At: i.CreatedAt, AddLabel: l.Name})
		}
	}
	if m := i.Milestone; m != nil && !has(func(ev Event) bool { return ev.AddMilestone == m.Title }) {
		all = append(all, Event{At: i.CreatedAt, AddMilestone: m.Title})
	}
	if i.Closed && !has(func(ev Event) bool { return ev.State == "closed" }) {
		all = append(all, Event{At: i.ClosedAt, By: i.ClosedBy.Username, State: "closed"})
	}
	return all
}

// linkLater links the issue after all others were created.
func (a *planting) linkLater(i *store.Issue, links []Link) {
	path := slices.Clone(a.path)
	for _, l := range links {
		a.links = append(a.links, func() {
			a.path = path
			p := a.s.FindProject(cmp.Or(l.Project, i.Project.FullPath()))
			if p == nil || p.IssueByIID[l.IID] == nil || p.IssueByIID[l.IID] == i {
				a.fail("link to %s#%d: issue not found", l.Project, l.IID)
				return
			}
			source, target, kind := i, p.IssueByIID[l.IID], cmp.Or(l.Type, store.RelatesTo)
			if kind == store.IsBlockedBy {
				source, target, kind = target, source, store.Blocks
			}
			if !a.s.NoLinks && store.LinkBetween(source, target) == nil {
				l := &store.Link{ID: store.Next(&a.s.Last.Link), Source: source, Target: target, Kind: kind, CreatedAt: i.CreatedAt}
				source.Links, target.Links = append(source.Links, l), append(target.Links, l)
			}
		})
	}
}
