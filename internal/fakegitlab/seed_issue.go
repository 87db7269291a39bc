package fakegitlab

import (
	"cmp"
	"slices"
	"time"
)

func (a *planting) issue(p *project, in SeedIssue) {
	if in.IID != 0 && p.issueByIID[in.IID] != nil {
		a.fail("iid %d is taken", in.IID)
		return
	}
	author := a.username(in.Author, a.s.users[0])
	i := &issue{
		project: p, iid: in.IID, title: in.Title, description: in.Description, kind: in.Type, author: author,
		assignees: a.usernames(in.Assignees), labels: a.labelsNamed(p, in.Labels), milestone: a.milestoneTitled(p, in.Milestone),
		dueDate: castDate(in.DueDate), weight: in.Weight, confidential: in.Confidential, closed: in.Closed,
		createdAt: in.CreatedAt.UTC(), updatedAt: in.UpdatedAt.UTC(),
	}
	if in.Locked {
		i.discussionLocked = &in.Locked
	}
	i.createdAt, _ = a.s.times(in.CreatedAt.UTC(), time.Time{})
	if in.Closed {
		i.closedAt, i.closedBy = in.ClosedAt.UTC(), a.username(in.ClosedBy, author)
		if in.ClosedAt.IsZero() {
			i.closedAt = i.createdAt
		}
	}
	a.s.addIssue(i)
	last := latest(i.createdAt, i.closedAt, a.events(i, in), a.notes(i, in))
	if in.UpdatedAt.IsZero() {
		i.updatedAt = last
	} else {
		i.updatedAt = in.UpdatedAt.UTC()
	}
	for _, award := range in.Awards {
		if u := a.username(award.User, nil); u != nil {
			a.s.addAward(awarded{issue: i}, award.Name, u, i.updatedAt)
		}
	}
	a.wait(i, in.Links)
}

// notes files the comments in the order of their times and returns the last
// of these.
func (a *planting) notes(i *issue, in SeedIssue) (last time.Time) {
	for _, n := range in.Notes {
		at := n.CreatedAt.UTC()
		if n.CreatedAt.IsZero() {
			at = i.createdAt
		}
		last = latest(last, at)
		i.notes = append(i.notes, &note{
			body: n.Body, author: a.username(n.Author, i.author), system: n.System, internal: n.Internal, createdAt: at, updatedAt: at,
		})
	}
	slices.SortStableFunc(i.notes, func(x, y *note) int { return x.createdAt.Compare(y.createdAt) })
	for _, n := range i.notes {
		n.id = next(&a.s.last.note)
	}
	return last
}

// events files what the seed tells, and what can be gathered from the rest,
// in the order of their times. It returns the last of these.
func (a *planting) events(i *issue, in SeedIssue) (last time.Time) {
	all := append(a.implied(i, in.Events), in.Events...)
	slices.SortStableFunc(all, func(x, y SeedEvent) int { return x.At.Compare(y.At) })
	closed := false
	for _, ev := range all {
		by, at := a.username(ev.By, i.author), ev.At.UTC()
		last = latest(last, at)
		switch {
		case ev.AddLabel != "":
			a.s.recordLabel(i, a.labelNamed(i.project, ev.AddLabel), true, by, at)
		case ev.RemoveLabel != "":
			a.s.recordLabel(i, a.labelNamed(i.project, ev.RemoveLabel), false, by, at)
		case ev.AddMilestone != "", ev.RemoveMilestone != "":
			if m := a.milestoneTitled(i.project, cmp.Or(ev.AddMilestone, ev.RemoveMilestone)); m != nil {
				i.milestoneEvents = append(i.milestoneEvents, milestoneEvent{
					next(&a.s.last.milestoneEvent), by, at, m, ev.AddMilestone != "", closed,
				})
			}
		case ev.State == "closed", ev.State == "reopened":
			closed = ev.State == "closed"
			a.s.recordState(i, closed, by, at)
		default:
			a.fail("an event says nothing, or has the state %q", ev.State)
		}
	}
	return last
}

// implied are the events without which the issue could not be as it is.
func (a *planting) implied(i *issue, told []SeedEvent) []SeedEvent {
	tells := func(what func(SeedEvent) bool) bool { return slices.ContainsFunc(told, what) }
	var all []SeedEvent
	for _, l := range i.labels {
		if !tells(func(ev SeedEvent) bool { return ev.AddLabel == l.name }) {
			all = append(all, SeedEvent{At: i.createdAt, AddLabel: l.name})
		}
	}
	if m := i.milestone; m != nil && !tells(func(ev SeedEvent) bool { return ev.AddMilestone == m.title }) {
		all = append(all, SeedEvent{At: i.createdAt, AddMilestone: m.title})
	}
	if i.closed && !tells(func(ev SeedEvent) bool { return ev.State == "closed" }) {
		all = append(all, SeedEvent{At: i.closedAt, By: i.closedBy.username, State: "closed"})
	}
	return all
}

// wait links the issue once all others are there.
func (a *planting) wait(i *issue, links []SeedLink) {
	path := slices.Clone(a.path)
	for _, l := range links {
		a.links = append(a.links, func() {
			a.path = path
			p := a.s.findProject(cmp.Or(l.Project, i.project.fullPath()))
			if p == nil || p.issueByIID[l.IID] == nil || p.issueByIID[l.IID] == i {
				a.fail("link to %s#%d: no such issue", l.Project, l.IID)
				return
			}
			source, target, kind := i, p.issueByIID[l.IID], cmp.Or(l.Type, relatesTo)
			if kind == isBlockedBy {
				source, target, kind = target, source, blocks
			}
			if !a.s.noLinks && linkBetween(source, target) == nil {
				l := &link{id: next(&a.s.last.link), source: source, target: target, kind: kind, createdAt: i.createdAt}
				source.links, target.links = append(source.links, l), append(target.links, l)
			}
		})
	}
}
