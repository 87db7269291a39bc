package store

import (
	"slices"
	"strconv"
	"time"
)

// Awarded is an issue or a note on it: where awards hang.
type Awarded struct {
	Issue *Issue
	Note  *Note // nil for the issue itself
}

// Issue is an issue of any kind, with all that hangs on it.
type Issue struct {
	// What lists look at stands first, so that a scan over many issues touches little memory.
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
	Kind             string // issue, incident, task ...
	DiscussionLocked *bool
	DueDate          string
	Weight           *int
	TimeEstimate     int // seconds
	TimeSpent        int // seconds
	Position         int // relative_position

	ClosedAt  time.Time
	ClosedBy  *User
	MovedTo   *Issue
	Duplicate *Issue // closed as duplicate of

	Notes           []*Note // by id
	Awards          []*Award
	Links           []*Link // both ends hold the link
	LabelEvents     []LabelEvent
	MilestoneEvents []MilestoneEvent
	StateEvents     []StateEvent
	Subscriptions   map[*User]bool // explicit ones; author, assignees and commenters are subscribed without
}

// Note is a comment, or with System what GitLab noted down.
type Note struct {
	ID        int
	Body      string
	Author    *User
	System    bool
	Internal  bool
	CreatedAt time.Time
	UpdatedAt time.Time
	Awards    []*Award
}

// Award is an emoji that somebody gave.
type Award struct {
	ID        int
	Name      string
	User      *User
	CreatedAt time.Time
}

// List is where the awards are kept.
func (a Awarded) List() *[]*Award {
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

// Subscribed tells whether the user hears of changes: as author, assignee or commenter unless they said otherwise.
func (i *Issue) Subscribed(u *User) bool {
	if said, ok := i.Subscriptions[u]; ok {
		return said
	}
	if u == nil {
		return false
	}
	wrote := func(n *Note) bool { return n.Author == u && !n.System }
	return i.Author == u || slices.Contains(i.Assignees, u) || slices.ContainsFunc(i.Notes, wrote)
}

// Subscribe notes what a user said about hearing of changes.
func (i *Issue) Subscribe(u *User, yes bool) {
	if i.Subscriptions == nil {
		i.Subscriptions = map[*User]bool{}
	}
	i.Subscriptions[u] = yes
}

// Reference is how the issue is written in a text of the project: #12, or group/project#12 from elsewhere.
func (i *Issue) Reference(from *Project) string {
	if i.Project == from {
		return "#" + strconv.Itoa(i.IID)
	}
	return i.Project.FullPath() + "#" + strconv.Itoa(i.IID)
}

// DeleteIssue removes the issue for good, with its notes and links. Its iid is not given again.
func (s *Store) DeleteIssue(i *Issue) {
	p := i.Project
	p.UnfileIssue(i)
	delete(p.IssueByIID, i.IID)
	delete(s.IssueByID, i.ID)
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
