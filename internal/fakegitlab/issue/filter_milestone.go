package issue

import (
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// This file has the filters of the issue lists by milestone.

// milestoneWord is a filter by something other than a title.
type milestoneWord int

const (
	aTitle milestoneWord = iota
	noMilestone
	anyMilestone
	upcomingMilestone
	startedMilestone
)

// milestoneAsked returns what a filter asks for: a word, given as milestone or as milestone_id, and the title given. It
// reports false without a filter.
func milestoneAsked(p *param.Params) (word milestoneWord, title string, ok bool) {
	p.Exclusive("milestone", "milestone_id")
	title = p.Str("milestone").Value
	id := strings.ToLower(p.Enum("milestone_id", "Any", "None", "Upcoming", "Started").Value)
	switch {
	case id == "none", isNone(title), title == "No Milestone":
		return noMilestone, title, true
	case id == "any", isAny(title), title == "Any Milestone":
		return anyMilestone, title, true
	case id == "upcoming", title == "#upcoming":
		return upcomingMilestone, title, true
	case id == "started", title == "#started":
		return startedMilestone, title, true
	}
	return aTitle, title, title != ""
}

func (q *query) milestones(c *rest.Call) {
	word, title, ok := milestoneAsked(c.Params)
	if !ok {
		return
	}
	switch word {
	case noMilestone:
		q.add(hasMilestone, true)
	case anyMilestone:
		q.add(hasMilestone, false)
	case upcomingMilestone:
		q.add(upcoming(c.Store.Today()), false)
	case startedMilestone:
		q.add(started(c.Store.Today()), false)
	default:
		q.add(inMilestone(title), false)
	}
}

// notMilestones leaves out a title, also one that is a word for none or any. The other words ask for a milestone that is
// active and not such a one. None and any as milestone_id leave out every milestone.
func (q *query) notMilestones(c *rest.Call, p *param.Params) {
	word, title, ok := milestoneAsked(p)
	if !ok {
		return
	}
	today := c.Store.Today()
	switch word {
	case upcomingMilestone:
		q.add(activeWith(func(m *store.Milestone) bool { return m.DueDate != "" && m.DueDate <= today }), false)
	case startedMilestone:
		q.add(activeWith(func(m *store.Milestone) bool { return m.StartDate > today }), false)
	default:
		q.add(func(i *store.Issue) bool { return i.Milestone != nil && (title == "" || i.Milestone.Title == title) }, true)
	}
}

func hasMilestone(i *store.Issue) bool { return i.Milestone != nil }

func inMilestone(title string) predicate {
	return func(i *store.Issue) bool { return i.Milestone != nil && i.Milestone.Title == title }
}

func activeWith(holds func(m *store.Milestone) bool) predicate {
	return func(i *store.Issue) bool { return i.Milestone != nil && !i.Milestone.Closed && holds(i.Milestone) }
}

func started(today string) predicate {
	return activeWith(func(m *store.Milestone) bool { return m.StartDate != "" && m.StartDate <= today })
}

// upcoming matches issues in the next active milestone of their project or group that is due after today.
func upcoming(today string) predicate {
	nextOf := map[store.Parent]*store.Milestone{}
	return func(i *store.Issue) bool {
		if i.Milestone == nil {
			return false
		}
		o := i.Milestone.Parent
		soonest, known := nextOf[o]
		if !known {
			for _, m := range o.Milestones() {
				if !m.Closed && m.DueDate > today && (soonest == nil || m.DueDate < soonest.DueDate) {
					soonest = m
				}
			}
			nextOf[o] = soonest
		}
		return i.Milestone == soonest
	}
}
