package store

import (
	"slices"
	"strconv"
	"time"
)

// Awardable is an issue or a note on it: what can have awards.
type Awardable struct {
	Issue *Issue
	Note  *Note // nil for the issue itself
}

// Issue is an issue of any kind, with everything attached to it.
type Issue struct {
	// Fields that lists read come first, so that a scan over many issues touches little memory.
	ID, IID      int
	Closed       bool
	Confidential bool
	Labels       []*Label
	Milestone    *Milestone
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Project      *Project
	Author       *User
	Assignees    []*User

	Title            string
	Description      string
	Described        bool   // an empty description is "", not null
	Kind             string // issue, incident, task ...
	DiscussionLocked *bool
	DueDate          string
	Weight           *int
	TimeEstimate     int // seconds
	TimeSpent        int // seconds
	Position         int // relative_position, 0 if nobody dragged the issue

	ClosedAt  time.Time
	ClosedBy  *User
	MovedTo   *Issue
	Duplicate *Issue // closed as duplicate of
	Edited    *Edit  // of title or description, nil if they never changed
	Incident  *Incident

	UpdatedBy *User // who last changed a field, nil if nobody did
	Version   int   // counts the changes of fields, so that a save notices one since it has read the issue

	Notes           []*Note // by id
	Awards          []*Award
	Links           []*Link // both ends hold the link
	LabelEvents     []LabelEvent
	MilestoneEvents []MilestoneEvent
	StateEvents     []StateEvent
	WeightEvents    []WeightEvent
	Subscriptions   map[*User]bool // explicit ones; author, assignees and commenters are subscribed by default
}

// Note is a comment or, with System set, a system note.
type Note struct {
	ID        int
	Body      string
	Author    *User
	System    bool
	Internal  bool
	CreatedAt time.Time
	UpdatedAt time.Time
	Edited    *Edit // nil if the text never changed
	Awards    []*Award

	// Mention is the issue whose text wrote this system note by mentioning this one.
	Mention *Issue

	Thread     int // id of the first note of its discussion; 0 for a note without replies
	ResolvedBy *User
	ResolvedAt time.Time
}

// Award is an emoji that a user gave.
type Award struct {
	ID        int
	Name      string
	User      *User
	CreatedAt time.Time
}

// List returns the awards, as a pointer so that they can be changed.
func (a Awardable) List() *[]*Award {
	if a.Note != nil {
		return &a.Note.Awards
	}
	return &a.Issue.Awards
}

// State is opened or closed.
func (i *Issue) State() string {
	if i.Closed {
		return "closed"
	}
	return "opened"
}

// Subscribed reports whether the user gets notifications: authors, assignees and commenters do unless they chose
// otherwise.
func (i *Issue) Subscribed(u *User) bool {
	if subscribed, ok := i.Subscriptions[u]; ok {
		return subscribed
	}
	if u == nil {
		return false
	}
	wrote := func(n *Note) bool { return n.Author == u && !n.System }
	return i.Author == u || slices.Contains(i.Assignees, u) || slices.ContainsFunc(i.Notes, wrote)
}

// Subscribe records the user's choice about notifications.
func (i *Issue) Subscribe(u *User, yes bool) {
	if i.Subscriptions == nil {
		i.Subscriptions = map[*User]bool{}
	}
	i.Subscriptions[u] = yes
}

// Reference returns the shortest reference to the issue in a text of the project: #12, project#12 in the same group,
// or group/project#12. Without a project it is the longest.
func (i *Issue) Reference(from *Project) string {
	short := "#" + strconv.Itoa(i.IID)
	switch p := i.Project; {
	case from == p:
		return short
	case from != nil && from.Group == p.Group && from.Owner == p.Owner:
		return p.Path + short
	default:
		return p.FullPath() + short
	}
}

// DeleteIssue removes the issue permanently, with its notes and links. Its iid is not used again.
func (s *Store) DeleteIssue(i *Issue) {
	p := i.Project
	p.UnfileIssue(i)
	delete(p.IssueByIID, i.IID)
	delete(s.IssueByID, i.ID)
	s.Todos = slices.DeleteFunc(s.Todos, func(t *Todo) bool { return t.Issue == i })
	if !i.Closed {
		p.OpenIssues--
	}
	for _, l := range i.Links {
		for _, end := range []*Issue{l.Source, l.Target} {
			if end != i {
				end.Links = slices.DeleteFunc(end.Links, func(x *Link) bool { return x == l })
			}
		}
	}
}
