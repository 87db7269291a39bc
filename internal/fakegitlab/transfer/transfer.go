// Package transfer moves and clones issues, for requests and quick actions alike. Start with Refusal, Move and Clone. It
// knows nothing about requests.
package transfer

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/markdown"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Refusal says why the user may not move (or clone, as verb and gerund say) an issue to the target, "" if they may: who
// may not plan in both projects, an issue that was already moved, and kinds of issues that stay where they are.
func Refusal(i *store.Issue, target *store.Project, by *store.User, verb, gerund string) string {
	switch {
	case i.MovedTo != nil, !access.MayPlan(by, i.Project), !access.MayPlan(by, target):
		return "Unable to " + verb + ". You have insufficient permissions."
	case i.Kind == "task":
		return "Unable to " + verb + ". " + gerund + " 'Task' is not supported."
	}
	return ""
}

// Move gives another project a copy of an issue with everything attached to it, and closes the source. A move to the
// issue's own project changes nothing.
func Move(s *store.Store, i *store.Issue, target *store.Project, by *store.User) *store.Issue {
	if i.Project == target {
		return i
	}
	moved := newCopy(s, i, target, by)
	moved.move()
	s.SystemNote(moved.fresh, by, "moved from "+i.Reference(target))
	s.SystemNote(i, by, "moved to "+moved.fresh.Reference(i.Project))
	moved.fresh.UpdatedAt = moved.updatedAt
	i.MovedTo = moved.fresh
	s.SetState(i, true, by, s.Stamp())
	return moved.fresh
}

// Clone makes another open issue out of one, by the user. Comments and events go along only on request.
func Clone(s *store.Store, i *store.Issue, target *store.Project, by *store.User, withNotes bool) *store.Issue {
	cloned := newCopy(s, i, target, by)
	cloned.clone(withNotes)
	s.SystemNote(cloned.fresh, by, "cloned from "+i.Reference(target))
	s.SystemNote(i, by, "cloned to "+cloned.fresh.Reference(i.Project))
	return cloned.fresh
}

// issueCopy is a copy of an issue in the making.
type issueCopy struct {
	s             *store.Store
	source, fresh *store.Issue
	by            *store.User
	at            time.Time
	updatedAt     time.Time // of the source, when the copy began
}

// newCopy prepares a copy for the target with what both a move and a clone take along.
func newCopy(s *store.Store, i *store.Issue, target *store.Project, by *store.User) issueCopy {
	k := issueCopy{s: s, source: i, by: by, at: s.Stamp(), updatedAt: i.UpdatedAt}
	k.fresh = &store.Issue{
		Project: target, Title: i.Title, Described: i.Described, Kind: i.Kind, Confidential: i.Confidential,
		DueDate: i.DueDate, Weight: i.Weight, TimeEstimate: i.TimeEstimate, Edited: i.Edited,
	}
	if i.Incident != nil {
		k.fresh.AsIncident().Severity = i.Incident.Severity
	}
	k.fresh.Description = k.rewritten(i.Description)
	for _, u := range i.Assignees {
		if access.MayReadIssues(u, target) {
			k.fresh.Assignees = append(k.fresh.Assignees, u)
		}
	}
	if m := i.Milestone; m != nil {
		k.fresh.Milestone = target.ActiveMilestone(func(x *store.Milestone) bool { return x.Title == m.Title })
	}
	return k
}

// move completes the copy with everything that belongs to the issue, so that the new issue is as old and was changed
// last when the source was.
func (k issueCopy) move() {
	i, fresh := k.source, k.fresh
	fresh.Author, fresh.CreatedAt, fresh.UpdatedAt, fresh.UpdatedBy = i.Author, i.CreatedAt, i.UpdatedAt, i.UpdatedBy
	fresh.Closed, fresh.ClosedAt, fresh.ClosedBy, fresh.Duplicate = i.Closed, i.ClosedAt, i.ClosedBy, i.Duplicate
	fresh.TimeSpent = i.TimeSpent
	k.s.AddIssue(fresh)
	for u, yes := range i.Subscriptions {
		fresh.Subscribe(u, yes)
	}
	fresh.Awards = k.copyAwards(i.Awards)
	k.copyHistory()
	k.copyLabels()
	k.copyLinks()
}

// clone completes the copy as a new issue.
func (k issueCopy) clone(withNotes bool) {
	k.fresh.Author, k.fresh.CreatedAt = k.by, k.at
	k.s.AddIssue(k.fresh)
	if withNotes {
		k.copyHistory()
	}
	k.copyLabels()
	k.fresh.UpdatedAt = k.at
}

// copyHistory copies events, comments and system notes, with their authors and times. Milestone events name the target's
// milestone of the same title and are left out if it has none; that one was removed says no more which.
func (k issueCopy) copyHistory() {
	for _, ev := range k.source.LabelEvents {
		ev.ID = store.Next(&k.s.Last.LabelEvent)
		k.fresh.LabelEvents = append(k.fresh.LabelEvents, ev)
	}
	for _, ev := range k.source.MilestoneEvents {
		ev.Milestone = k.milestoneOf(ev)
		if ev.Added && ev.Milestone == nil {
			continue
		}
		ev.ID = store.Next(&k.s.Last.MilestoneEvent)
		k.fresh.MilestoneEvents = append(k.fresh.MilestoneEvents, ev)
	}
	for _, ev := range k.source.StateEvents {
		ev.ID = store.Next(&k.s.Last.StateEvent)
		k.fresh.StateEvents = append(k.fresh.StateEvents, ev)
	}
	k.copyNotes()
}

// copyNotes copies comments and system notes, and keeps the threads together under their new ids.
func (k issueCopy) copyNotes() {
	threads := map[int]int{} // id of the first note, of the source and of the copy
	for _, n := range slices.Clone(k.source.Notes) {
		own := *n
		own.Body, own.Awards = k.rewritten(n.Body), k.copyAwards(n.Awards)
		k.s.AddNote(k.fresh, &own)
		if n.Threaded() {
			threads[n.ID] = own.ID
			own.Thread = threads[n.Thread]
		}
	}
}

// milestoneOf returns the milestone that a copied event names, nil for none.
func (k issueCopy) milestoneOf(ev store.MilestoneEvent) *store.Milestone {
	if !ev.Added || ev.Milestone == nil {
		return nil
	}
	return k.fresh.Project.MilestoneTitled(ev.Milestone.Title)
}

func (k issueCopy) copyAwards(awards []*store.Award) []*store.Award {
	var all []*store.Award
	for _, a := range awards {
		own := *a
		own.ID = store.Next(&k.s.Last.Award)
		all = append(all, &own)
	}
	return all
}

// copyLabels gives the copy the target's labels with the same names, with events for what differs: the labels of the
// source are removed, and those of the target added. Labels that both projects share stay, without events.
func (k issueCopy) copyLabels() {
	var added, removed []*store.Label
	for _, l := range k.source.Labels {
		same := k.fresh.Project.LabelNamed(l.Name)
		if same != nil {
			k.fresh.Labels = append(k.fresh.Labels, same)
		}
		if same == l || slices.Contains(removed, l) {
			continue
		}
		if same != nil {
			added = append(added, same)
		}
		removed = append(removed, l)
	}
	k.s.RecordLabels(k.fresh, added, removed, k.by, k.at)
}

// copyLinks links the copy with everything that the source is linked with, and leaves the source's links.
func (k issueCopy) copyLinks() {
	for _, l := range slices.Clone(k.source.Links) {
		own := *l
		own.ID = store.Next(&k.s.Last.Link)
		if own.Source == k.source {
			own.Source = k.fresh
		} else {
			own.Target = k.fresh
		}
		other, _ := own.Other(k.fresh)
		k.fresh.Links = append(k.fresh.Links, &own)
		other.Links = append(other.Links, &own)
	}
}

// rewritten changes the references in a text so that they mean the same in the target: #1 becomes production#1.
func (k issueCopy) rewritten(text string) string {
	from, to := k.source.Project, k.fresh.Project
	if from == to {
		return text
	}
	return markdown.ReplaceReferences(text, func(r markdown.Reference) string {
		p := k.s.ProjectReferred(from, r.Project)
		if p == nil || p == to || !k.mayRefer(p, r) {
			return r.Text // in the text of the source, a short reference to the target would mean something else
		}
		return strings.Replace((&store.Issue{Project: p, IID: r.Number}).Reference(to), "#", string(r.Sign), 1)
	})
}

// mayRefer reports whether the reference names something that the user may read.
func (k issueCopy) mayRefer(p *store.Project, r markdown.Reference) bool {
	if r.Sign == '#' {
		i := p.IssueByIID[r.Number]
		return i != nil && access.MayReadIssue(k.by, i)
	}
	named := func(mr *store.MergeRequest) bool { return mr.IID == r.Number }
	return access.MayReadProject(k.by, p) && slices.ContainsFunc(p.MergeRequests, named)
}
