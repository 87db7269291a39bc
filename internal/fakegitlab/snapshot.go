package fakegitlab

import (
	"cmp"
	"slices"
	"strings"
)

// Snapshot is a picture of the state that tests compare, deep and in one order whatever the order of writes, without
// instants. It shares no memory with the server. Empty lists are nil.
type Snapshot struct {
	Groups   []Contents // by path
	Projects []Contents // by path
}

// Contents are what a group or project holds. A group has no issues of its own.
type Contents struct {
	Path       string
	Milestones []MilestoneState // by id
	Labels     []LabelState     // by name
	Boards     []BoardState     // by id
	Issues     []IssueState     // by iid
}

// MilestoneState is one milestone. Dates are YYYY-MM-DD, "" for none.
type MilestoneState struct {
	ID          int
	Title       string
	State       string // active, closed
	StartDate   string
	DueDate     string
	Description string
}

// LabelState is one label. A group label has no priority here.
type LabelState struct {
	Name        string
	Color       string
	Description string
	Priority    *int
}

// BoardState is one board with the names of its lists from left to right.
type BoardState struct {
	ID    int
	Name  string
	Lists []string
}

// IssueState is one issue.
type IssueState struct {
	IID          int
	Title        string
	Author       string   // username
	Type         string   // issue, incident, task ...
	State        string   // opened, closed
	Labels       []string // by name
	MilestoneID  int      // 0 for none
	Milestone    string   // its title
	Description  string
	Assignees    []string // usernames
	DueDate      string
	Weight       *int
	Confidential bool
	Locked       bool        // its discussion
	DuplicateOf  string      // full reference, "" for none
	MovedTo      string      // full reference, "" for none
	Notes        []NoteState // by id
	Links        []LinkState // by id
}

// NoteState is one note.
type NoteState struct {
	Author   string
	Body     string
	System   bool
	Internal bool
}

// LinkState is one link as seen from the issue.
type LinkState struct {
	Type   string // relates_to, blocks, is_blocked_by
	Target string // group/project#12
}

// snapshot takes a picture of the whole state.
func (s *store) snapshot() Snapshot {
	var shot Snapshot
	for _, g := range s.groups {
		shot.Groups = append(shot.Groups, parent{group: g}.contents())
	}
	for _, p := range s.projects {
		shot.Projects = append(shot.Projects, parent{project: p}.contents())
	}
	byPath := func(a, b Contents) int { return strings.Compare(a.Path, b.Path) }
	slices.SortFunc(shot.Groups, byPath)
	slices.SortFunc(shot.Projects, byPath)
	return shot
}

// Project is the project of that path, empty when there is none.
func (shot Snapshot) Project(path string) Contents { return contentsAt(shot.Projects, path) }

// Group is the group of that path, empty when there is none.
func (shot Snapshot) Group(path string) Contents { return contentsAt(shot.Groups, path) }

func contentsAt(all []Contents, path string) Contents {
	if i := slices.IndexFunc(all, func(c Contents) bool { return c.Path == path }); i >= 0 {
		return all[i]
	}
	return Contents{}
}

func (o parent) contents() Contents {
	c := Contents{Path: o.fullPath()}
	for _, m := range o.milestones() {
		c.Milestones = append(c.Milestones, MilestoneState{m.id, m.title, m.state(), m.startDate, m.dueDate, m.description})
	}
	slices.SortFunc(c.Milestones, func(a, b MilestoneState) int { return cmp.Compare(a.ID, b.ID) })
	for _, l := range o.labels() {
		c.Labels = append(c.Labels, LabelState{l.name, l.color, l.description, o.priority(l)})
	}
	slices.SortFunc(c.Labels, func(a, b LabelState) int { return strings.Compare(a.Name, b.Name) })
	for _, b := range *o.boardsKept() {
		c.Boards = append(c.Boards, b.picture())
	}
	if o.project != nil {
		for _, i := range o.project.issues {
			c.Issues = append(c.Issues, i.picture())
		}
		slices.SortFunc(c.Issues, func(a, b IssueState) int { return cmp.Compare(a.IID, b.IID) })
	}
	return c
}

func (o parent) priority(l *label) *int {
	if o.project == nil {
		return nil
	}
	if n, ok := o.project.priorities[l]; ok {
		return &n
	}
	return nil
}

func (b *board) picture() BoardState {
	state := BoardState{ID: b.id, Name: b.name}
	for _, l := range b.lists {
		switch {
		case l.label != nil:
			state.Lists = append(state.Lists, l.label.name)
		case l.milestone != nil:
			state.Lists = append(state.Lists, l.milestone.title)
		case l.assignee != nil:
			state.Lists = append(state.Lists, l.assignee.username)
		}
	}
	return state
}

func (i *issue) picture() IssueState {
	state := IssueState{
		IID: i.iid, Title: i.title, State: i.state(), Description: i.description,
		DueDate: i.dueDate, Confidential: i.confidential,
		Author: i.author.username, Type: i.kind, Locked: i.discussionLocked != nil && *i.discussionLocked,
	}
	if i.duplicate != nil {
		state.DuplicateOf = i.duplicate.reference(nil)
	}
	if i.movedTo != nil {
		state.MovedTo = i.movedTo.reference(nil)
	}
	if i.milestone != nil {
		state.MilestoneID, state.Milestone = i.milestone.id, i.milestone.title
	}
	if i.weight != nil {
		state.Weight = new(*i.weight)
	}
	for _, l := range i.labels {
		state.Labels = append(state.Labels, l.name)
	}
	slices.Sort(state.Labels)
	for _, u := range i.assignees {
		state.Assignees = append(state.Assignees, u.username)
	}
	for _, n := range i.notes {
		state.Notes = append(state.Notes, NoteState{n.author.username, n.body, n.system, n.internal})
	}
	for _, l := range i.links {
		state.Links = append(state.Links, l.picture(i))
	}
	return state
}

func (l *link) picture(from *issue) LinkState {
	kind, other := l.kind, l.target
	if from == l.target {
		other = l.source
		if kind == blocks {
			kind = isBlockedBy
		}
	}
	return LinkState{kind, other.reference(nil)}
}
