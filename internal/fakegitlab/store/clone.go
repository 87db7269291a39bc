package store

import (
	"maps"
	"slices"
)

// Clone returns a deep copy of the state.
func (st *Store) Clone() *Store {
	c := make(cloner, st.size())
	to := new(*st)
	to.Users = copySlice(st.Users, c.user)
	to.Groups = copySlice(st.Groups, c.group)
	to.Projects = copySlice(st.Projects, c.project)
	to.Tokens = copyValues(st.Tokens, c.token)
	to.Todos = copySlice(st.Todos, c.todo)
	to.IssueByID = copyValues(st.IssueByID, c.issue)
	to.UserByID = copyValues(st.UserByID, c.user)
	to.GroupPaths = copyValues(st.GroupPaths, c.group)
	to.ProjPaths = copyValues(st.ProjPaths, c.project)
	return to
}

// size estimates the number of objects.
func (st *Store) size() int {
	n := 100 + 2*len(st.Users)
	for _, i := range st.IssueByID {
		n += 3 + len(i.Notes) + len(i.Awards) + len(i.Links)
	}
	return n
}

// cloner maps each object to its copy. Pointers are identities, so each object is copied only once, and before the
// objects it points to.
type cloner map[any]any

// copyObject returns the copy of an object. A new copy still points to the same objects as the original; fill
// replaces those that must not be shared.
func copyObject[T any](c cloner, from *T, fill func(to *T)) *T {
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

// copySlice copies a list.
func copySlice[T any](list []*T, one func(*T) *T) []*T {
	if list == nil {
		return nil
	}
	to := make([]*T, len(list))
	for n, from := range list {
		to[n] = one(from)
	}
	return to
}

// copyValues copies a map and the objects in it.
func copyValues[K comparable, T any](index map[K]*T, one func(*T) *T) map[K]*T {
	to := maps.Clone(index)
	for key, from := range index {
		to[key] = one(from)
	}
	return to
}

// copyKeys copies a map whose keys are objects.
func copyKeys[T, V any](index map[*T]V, one func(*T) *T) map[*T]V {
	if index == nil {
		return nil
	}
	to := make(map[*T]V, len(index))
	for key, value := range index {
		to[one(key)] = value
	}
	return to
}

// copyFlat copies an object without pointers.
func copyFlat[T any](c cloner, from *T) *T { return copyObject(c, from, func(*T) {}) }

func (c cloner) user(from *User) *User {
	return copyObject(c, from, func(to *User) { to.CreatedBy = c.user(to.CreatedBy) })
}

func (c cloner) token(from *Token) *Token {
	return copyObject(c, from, func(to *Token) {
		to.User, to.Scopes = c.user(to.User), slices.Clone(to.Scopes)
		to.Grants = copySlice(to.Grants, c.grant)
	})
}

func (c cloner) grant(from *Grant) *Grant {
	return copyObject(c, from, func(to *Grant) { to.In, to.Permissions = c.parent(to.In), slices.Clone(to.Permissions) })
}

func (c cloner) member(from *Member) *Member {
	return copyObject(c, from, func(to *Member) { to.User, to.CreatedBy = c.user(to.User), c.user(to.CreatedBy) })
}

func (c cloner) invited(from []Invitation) []Invitation {
	to := slices.Clone(from)
	for n := range to {
		to[n].Group = c.group(to[n].Group)
	}
	return to
}

func (c cloner) parent(from Parent) Parent {
	return Parent{c.project(from.Project), c.group(from.Group)}
}

func (c cloner) group(from *Group) *Group {
	return copyObject(c, from, func(to *Group) {
		to.Parent = c.group(to.Parent)
		to.Members, to.Invited = copySlice(to.Members, c.member), c.invited(to.Invited)
		to.Milestones = copySlice(to.Milestones, c.milestone)
		to.Labels = copySlice(to.Labels, c.label)
		to.Boards = copySlice(to.Boards, c.board)
	})
}

func (c cloner) project(from *Project) *Project {
	return copyObject(c, from, func(to *Project) {
		to.Group, to.Owner, to.Creator = c.group(to.Group), c.user(to.Owner), c.user(to.Creator)
		to.Members, to.Invited = copySlice(to.Members, c.member), c.invited(to.Invited)
		to.Milestones = copySlice(to.Milestones, c.milestone)
		to.Labels = copySlice(to.Labels, c.label)
		to.Priorities = copyKeys(to.Priorities, c.label)
		to.Boards = copySlice(to.Boards, c.board)
		to.Issues = copySlice(to.Issues, c.issue)
		to.IssueByIID = copyValues(to.IssueByIID, c.issue)
		to.MergeRequests = copySlice(to.MergeRequests, c.mergeRequest)
		to.Rules = copySlice(to.Rules, c.rule)
		to.Settings = maps.Clone(to.Settings)
		to.FreezePeriods = copySlice(to.FreezePeriods, func(from *FreezePeriod) *FreezePeriod { return copyFlat(c, from) })
		to.Environments = copySlice(to.Environments, c.environment)
		to.DisabledTypes = slices.Clone(to.DisabledTypes)
		to.Deployments = copySlice(to.Deployments, c.deployment)
		to.Branches = copySlice(to.Branches, func(from *Branch) *Branch {
			return copyObject(c, from, func(to *Branch) { to.Files = maps.Clone(to.Files) })
		})
	})
}

func (c cloner) milestone(from *Milestone) *Milestone {
	return copyObject(c, from, func(to *Milestone) {
		to.Parent, to.CreatedBy, to.StateEvents = c.parent(to.Parent), c.user(to.CreatedBy), c.stateEvents(to.StateEvents)
	})
}

func (c cloner) label(from *Label) *Label {
	return copyObject(c, from, func(to *Label) {
		to.Parent, to.Subscribers = c.parent(to.Parent), slices.Clone(to.Subscribers)
		for n, s := range to.Subscribers {
			to.Subscribers[n] = LabelSubscriber{c.user(s.User), c.project(s.Project)}
		}
	})
}

func (c cloner) issue(from *Issue) *Issue {
	return copyObject(c, from, func(to *Issue) {
		to.Labels, to.Milestone = copySlice(to.Labels, c.label), c.milestone(to.Milestone)
		to.Project, to.Author, to.Assignees = c.project(to.Project), c.user(to.Author), copySlice(to.Assignees, c.user)
		to.DiscussionLocked, to.Weight = copyFlat(c, to.DiscussionLocked), copyFlat(c, to.Weight)
		to.ClosedBy, to.MovedTo, to.Duplicate = c.user(to.ClosedBy), c.issue(to.MovedTo), c.issue(to.Duplicate)
		to.Notes, to.Awards, to.Links = copySlice(to.Notes, c.note), copySlice(to.Awards, c.award), copySlice(to.Links, c.link)
		to.Subscriptions = copyKeys(to.Subscriptions, c.user)
		to.Edited, to.Incident = c.edit(to.Edited), c.incident(to.Incident)
		to.UpdatedBy = c.user(to.UpdatedBy)
		c.events(to)
	})
}

func (c cloner) stateEvents(from []StateEvent) []StateEvent {
	to := slices.Clone(from)
	for n := range to {
		to[n].User = c.user(to[n].User)
	}
	return to
}

// events copies an issue's resource events.
func (c cloner) events(to *Issue) {
	to.LabelEvents, to.MilestoneEvents = slices.Clone(to.LabelEvents), slices.Clone(to.MilestoneEvents)
	to.StateEvents, to.WeightEvents = c.stateEvents(to.StateEvents), slices.Clone(to.WeightEvents)
	for n := range to.LabelEvents {
		e := &to.LabelEvents[n]
		e.User, e.Label = c.user(e.User), c.label(e.Label)
	}
	for n := range to.MilestoneEvents {
		e := &to.MilestoneEvents[n]
		e.User, e.Milestone = c.user(e.User), c.milestone(e.Milestone)
	}
	for n := range to.WeightEvents {
		e := &to.WeightEvents[n]
		e.User, e.Weight = c.user(e.User), copyFlat(c, e.Weight)
	}
}

func (c cloner) note(from *Note) *Note {
	return copyObject(c, from, func(to *Note) {
		to.Author, to.Edited, to.ResolvedBy = c.user(to.Author), c.edit(to.Edited), c.user(to.ResolvedBy)
		to.Mention = c.issue(to.Mention)
		to.Awards = copySlice(to.Awards, c.award)
	})
}

func (c cloner) todo(from *Todo) *Todo {
	return copyObject(c, from, func(to *Todo) {
		to.User, to.Author, to.Issue, to.Note = c.user(to.User), c.user(to.Author), c.issue(to.Issue), c.note(to.Note)
	})
}

func (c cloner) edit(from *Edit) *Edit {
	return copyObject(c, from, func(to *Edit) { to.By = c.user(to.By) })
}

func (c cloner) incident(from *Incident) *Incident {
	return copyObject(c, from, func(to *Incident) { to.Timeline = copySlice(to.Timeline, c.timelineEvent) })
}

func (c cloner) timelineEvent(from *TimelineEvent) *TimelineEvent {
	return copyObject(c, from, func(to *TimelineEvent) { to.Author, to.Tags = c.user(to.Author), slices.Clone(to.Tags) })
}

func (c cloner) award(from *Award) *Award {
	return copyObject(c, from, func(to *Award) { to.User = c.user(to.User) })
}

func (c cloner) link(from *Link) *Link {
	return copyObject(c, from, func(to *Link) { to.Source, to.Target = c.issue(to.Source), c.issue(to.Target) })
}

func (c cloner) board(from *Board) *Board {
	return copyObject(c, from, func(to *Board) {
		to.Parent, to.Milestone, to.Assignee = c.parent(to.Parent), c.milestone(to.Milestone), c.user(to.Assignee)
		to.Labels, to.Weight, to.Lists = copySlice(to.Labels, c.label), copyFlat(c, to.Weight), copySlice(to.Lists, c.boardList)
	})
}

func (c cloner) boardList(from *BoardList) *BoardList {
	return copyObject(c, from, func(to *BoardList) {
		to.Label, to.Assignee, to.Milestone = c.label(to.Label), c.user(to.Assignee), c.milestone(to.Milestone)
	})
}

func (c cloner) mergeRequest(from *MergeRequest) *MergeRequest {
	return copyObject(c, from, func(to *MergeRequest) {
		to.Project, to.Author = c.project(to.Project), c.user(to.Author)
		to.MergedBy, to.Milestone = c.user(to.MergedBy), c.milestone(to.Milestone)
		to.Assignees, to.Reviewers = copySlice(to.Assignees, c.user), copySlice(to.Reviewers, c.user)
		to.ApprovedBy, to.ClosedBy = copySlice(to.ApprovedBy, c.user), c.user(to.ClosedBy)
		to.Notes, to.Awards = copySlice(to.Notes, c.note), copySlice(to.Awards, c.award)
		to.Labels, to.Files = copySlice(to.Labels, c.label), slices.Clone(to.Files)
		to.ApprovedAt, to.Versions = slices.Clone(to.ApprovedAt), slices.Clone(to.Versions)
	})
}

func (c cloner) rule(from *ApprovalRule) *ApprovalRule {
	return copyObject(c, from, func(to *ApprovalRule) {
		to.Users, to.Groups, to.Branches = copySlice(to.Users, c.user), copySlice(to.Groups, c.group), slices.Clone(to.Branches)
	})
}

func (c cloner) environment(from *Environment) *Environment { return copyFlat(c, from) }

func (c cloner) deployment(from *Deployment) *Deployment {
	return copyObject(c, from, func(to *Deployment) {
		to.Environment, to.By = c.environment(to.Environment), c.user(to.By)
		if to.Job != nil {
			to.Job = new(*to.Job)
		}
	})
}
