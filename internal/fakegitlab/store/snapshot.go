package store

import (
	"cmp"
	"slices"
	"strings"
)

// Snapshot is a copy of the state for comparisons in tests: deep, in one order whatever the order of writes, and
// without times. It shares no memory with the server. Empty lists are nil.
type Snapshot struct {
	Groups   []Contents // by path
	Projects []Contents // by path
}

// Contents is the content of a group or project. A group has no issues of its own.
type Contents struct {
	Path       string
	Milestones []MilestoneState // by id
	Labels     []LabelState     // by name
	Boards     []BoardState     // by id
	Issues     []IssueState     // by iid
	Freezes    []string         // by id: start, end and time zone
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

// Snapshot copies the state into values that tests can compare.
func (s *Store) Snapshot() Snapshot {
	var shot Snapshot
	for _, g := range s.Groups {
		shot.Groups = append(shot.Groups, Parent{Group: g}.contents())
	}
	for _, p := range s.Projects {
		shot.Projects = append(shot.Projects, Parent{Project: p}.contents())
	}
	byPath := func(a, b Contents) int { return strings.Compare(a.Path, b.Path) }
	slices.SortFunc(shot.Groups, byPath)
	slices.SortFunc(shot.Projects, byPath)
	return shot
}

// Project returns the project with that path, empty if there is none.
func (shot Snapshot) Project(path string) Contents { return contentsAt(shot.Projects, path) }

// Group returns the group with that path, empty if there is none.
func (shot Snapshot) Group(path string) Contents { return contentsAt(shot.Groups, path) }

func contentsAt(all []Contents, path string) Contents {
	if i := slices.IndexFunc(all, func(c Contents) bool { return c.Path == path }); i >= 0 {
		return all[i]
	}
	return Contents{}
}

func (o Parent) contents() Contents {
	c := Contents{Path: o.FullPath()}
	for _, m := range o.Milestones() {
		c.Milestones = append(c.Milestones, MilestoneState{m.ID, m.Title, m.State(), m.StartDate, m.DueDate, m.Description})
	}
	slices.SortFunc(c.Milestones, func(a, b MilestoneState) int { return cmp.Compare(a.ID, b.ID) })
	for _, l := range o.Labels() {
		c.Labels = append(c.Labels, LabelState{l.Name, l.Color, l.Description, o.priority(l)})
	}
	slices.SortFunc(c.Labels, func(a, b LabelState) int { return strings.Compare(a.Name, b.Name) })
	for _, b := range *o.BoardsField() {
		c.Boards = append(c.Boards, b.picture())
	}
	if o.Project != nil {
		for _, i := range o.Project.Issues {
			c.Issues = append(c.Issues, i.picture())
		}
		for _, f := range o.Project.FreezePeriods {
			c.Freezes = append(c.Freezes, f.Start+" to "+f.End+" "+f.Zone)
		}
		slices.SortFunc(c.Issues, func(a, b IssueState) int { return cmp.Compare(a.IID, b.IID) })
	}
	return c
}

func (o Parent) priority(l *Label) *int {
	if o.Project == nil {
		return nil
	}
	if n, ok := o.Project.Priorities[l]; ok {
		return &n
	}
	return nil
}

func (b *Board) picture() BoardState {
	state := BoardState{ID: b.ID, Name: b.Name}
	for _, l := range b.Lists {
		switch {
		case l.Label != nil:
			state.Lists = append(state.Lists, l.Label.Name)
		case l.Milestone != nil:
			state.Lists = append(state.Lists, l.Milestone.Title)
		case l.Assignee != nil:
			state.Lists = append(state.Lists, l.Assignee.Username)
		}
	}
	return state
}

func (i *Issue) picture() IssueState {
	state := IssueState{
		IID: i.IID, Title: i.Title, State: i.State(), Description: i.Description,
		DueDate: i.DueDate, Confidential: i.Confidential,
		Author: i.Author.Username, Type: i.Kind, Locked: i.DiscussionLocked != nil && *i.DiscussionLocked,
	}
	if i.Duplicate != nil {
		state.DuplicateOf = i.Duplicate.Reference(nil)
	}
	if i.MovedTo != nil {
		state.MovedTo = i.MovedTo.Reference(nil)
	}
	if i.Milestone != nil {
		state.MilestoneID, state.Milestone = i.Milestone.ID, i.Milestone.Title
	}
	if i.Weight != nil {
		state.Weight = new(*i.Weight)
	}
	for _, l := range i.Labels {
		state.Labels = append(state.Labels, l.Name)
	}
	slices.Sort(state.Labels)
	for _, u := range i.Assignees {
		state.Assignees = append(state.Assignees, u.Username)
	}
	for _, n := range i.Notes {
		state.Notes = append(state.Notes, NoteState{n.Author.Username, n.Body, n.System, n.Internal})
	}
	for _, l := range i.Links {
		state.Links = append(state.Links, l.picture(i))
	}
	return state
}

func (l *Link) picture(from *Issue) LinkState {
	kind, other := l.Kind, l.Target
	if from == l.Target {
		other = l.Source
		if kind == Blocks {
			kind = IsBlockedBy
		}
	}
	return LinkState{kind, other.Reference(nil)}
}
