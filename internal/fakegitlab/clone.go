package fakegitlab

import (
	"maps"
	"slices"
)

// clone copies the state with everything in it.
func (st *store) clone() *store {
	c := cloner{}
	to := new(*st)
	to.users = every(st.users, c.user)
	to.groups = every(st.groups, c.group)
	to.projects = every(st.projects, c.project)
	to.tokens = values(st.tokens, c.token)
	to.issueByID = values(st.issueByID, c.issue)
	to.userByID = values(st.userByID, c.user)
	to.groupPaths = values(st.groupPaths, c.group)
	to.projPaths = values(st.projPaths, c.project)
	return to
}

// cloner holds what became of the objects that were copied: pointers are identities, so each is copied once, and before what it points to.
type cloner map[any]any

// copied is the copy of an object; fill replaces in a new one, which points to the same things still, what must not be shared.
func copied[T any](c cloner, from *T, fill func(to *T)) *T {
	if from == nil {
		return nil
	}
	if to, ok := c[from]; ok {
		return to.(*T)
	}
	to := new(*from)
	c[from] = to
	fill(to)
	return to
}

// every copies a list.
func every[T any](list []*T, one func(*T) *T) []*T {
	if list == nil {
		return nil
	}
	to := make([]*T, len(list))
	for n, from := range list {
		to[n] = one(from)
	}
	return to
}

// values copies what an index leads to.
func values[K comparable, T any](index map[K]*T, one func(*T) *T) map[K]*T {
	to := maps.Clone(index)
	for key, from := range index {
		to[key] = one(from)
	}
	return to
}

// keyed copies what is kept by object.
func keyed[T, V any](index map[*T]V, one func(*T) *T) map[*T]V {
	if index == nil {
		return nil
	}
	to := make(map[*T]V, len(index))
	for key, value := range index {
		to[one(key)] = value
	}
	return to
}

// plainly copies an object that points to nothing.
func plainly[T any](c cloner, from *T) *T { return copied(c, from, func(*T) {}) }

func (c cloner) user(from *user) *user { return plainly(c, from) }

func (c cloner) token(from *token) *token {
	return copied(c, from, func(to *token) { to.user, to.scopes = c.user(to.user), slices.Clone(to.scopes) })
}

func (c cloner) member(from *member) *member {
	return copied(c, from, func(to *member) { to.user, to.createdBy = c.user(to.user), c.user(to.createdBy) })
}

func (c cloner) parent(from parent) parent {
	return parent{c.project(from.project), c.group(from.group)}
}

func (c cloner) group(from *group) *group {
	return copied(c, from, func(to *group) {
		to.parent = c.group(to.parent)
		to.members = every(to.members, c.member)
		to.milestones = every(to.milestones, c.milestone)
		to.labels = every(to.labels, c.label)
		to.boards = every(to.boards, c.board)
	})
}

func (c cloner) project(from *project) *project {
	return copied(c, from, func(to *project) {
		to.group, to.owner = c.group(to.group), c.user(to.owner)
		to.members = every(to.members, c.member)
		to.milestones = every(to.milestones, c.milestone)
		to.labels = every(to.labels, c.label)
		to.priorities = keyed(to.priorities, c.label)
		to.boards = every(to.boards, c.board)
		to.issues = every(to.issues, c.issue)
		to.issueByIID = values(to.issueByIID, c.issue)
		to.mergeRequests = every(to.mergeRequests, c.mergeRequest)
		to.rules = every(to.rules, c.rule)
	})
}

func (c cloner) milestone(from *milestone) *milestone {
	return copied(c, from, func(to *milestone) { to.parent = c.parent(to.parent) })
}

func (c cloner) label(from *label) *label {
	return copied(c, from, func(to *label) { to.parent = c.parent(to.parent) })
}

func (c cloner) issue(from *issue) *issue {
	return copied(c, from, func(to *issue) {
		to.labels, to.milestone = every(to.labels, c.label), c.milestone(to.milestone)
		to.project, to.author, to.assignees = c.project(to.project), c.user(to.author), every(to.assignees, c.user)
		to.discussionLocked, to.weight = plainly(c, to.discussionLocked), plainly(c, to.weight)
		to.closedBy, to.movedTo, to.duplicate = c.user(to.closedBy), c.issue(to.movedTo), c.issue(to.duplicate)
		to.notes, to.awards, to.links = every(to.notes, c.note), every(to.awards, c.award), every(to.links, c.link)
		to.subscriptions = keyed(to.subscriptions, c.user)
		c.events(to)
	})
}

// events copies an issue's audit trail.
func (c cloner) events(to *issue) {
	to.labelEvents, to.milestoneEvents, to.stateEvents = slices.Clone(to.labelEvents), slices.Clone(to.milestoneEvents), slices.Clone(to.stateEvents)
	for n := range to.labelEvents {
		e := &to.labelEvents[n]
		e.user, e.label = c.user(e.user), c.label(e.label)
	}
	for n := range to.milestoneEvents {
		e := &to.milestoneEvents[n]
		e.user, e.milestone = c.user(e.user), c.milestone(e.milestone)
	}
	for n := range to.stateEvents {
		to.stateEvents[n].user = c.user(to.stateEvents[n].user)
	}
}

func (c cloner) note(from *note) *note {
	return copied(c, from, func(to *note) { to.author, to.awards = c.user(to.author), every(to.awards, c.award) })
}

func (c cloner) award(from *award) *award {
	return copied(c, from, func(to *award) { to.user = c.user(to.user) })
}

func (c cloner) link(from *link) *link {
	return copied(c, from, func(to *link) { to.source, to.target = c.issue(to.source), c.issue(to.target) })
}

func (c cloner) board(from *board) *board {
	return copied(c, from, func(to *board) {
		to.parent, to.milestone, to.assignee = c.parent(to.parent), c.milestone(to.milestone), c.user(to.assignee)
		to.labels, to.weight, to.lists = every(to.labels, c.label), plainly(c, to.weight), every(to.lists, c.boardList)
	})
}

func (c cloner) boardList(from *boardList) *boardList {
	return copied(c, from, func(to *boardList) {
		to.label, to.assignee, to.milestone = c.label(to.label), c.user(to.assignee), c.milestone(to.milestone)
	})
}

func (c cloner) mergeRequest(from *mergeRequest) *mergeRequest {
	return copied(c, from, func(to *mergeRequest) {
		to.project, to.author, to.mergedBy, to.milestone = c.project(to.project), c.user(to.author), c.user(to.mergedBy), c.milestone(to.milestone)
		to.assignees, to.reviewers, to.approvedBy = every(to.assignees, c.user), every(to.reviewers, c.user), every(to.approvedBy, c.user)
		to.labels, to.files = every(to.labels, c.label), slices.Clone(to.files)
	})
}

func (c cloner) rule(from *approvalRule) *approvalRule {
	return copied(c, from, func(to *approvalRule) {
		to.users, to.groups, to.branches = every(to.users, c.user), every(to.groups, c.group), slices.Clone(to.branches)
	})
}
