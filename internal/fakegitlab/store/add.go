package store

import (
	"slices"
	"strings"
	"time"
)

// AddRoot creates the administrator, root, with a token.
func (s *Store) AddRoot() {
	s.AddUser(&User{Username: "root", Name: "Administrator", Email: "root@gitlab.example.test", Admin: true})
	s.AddToken(&Token{Value: "sandbox-root", User: s.Users[0]})
}

// AddUser stores a user and fills in the id and a missing time.
func (s *Store) AddUser(u *User) *User {
	u.ID = Next(&s.Last.User)
	if u.CreatedAt.IsZero() {
		u.CreatedAt = s.Stamp()
	}
	s.Users = append(s.Users, u)
	s.UserByID[u.ID] = u
	return u
}

// AddToken stores a token and fills in the id and the time. Other missing fields default to a personal token with the
// scope api.
func (s *Store) AddToken(t *Token) *Token {
	t.ID, t.CreatedAt = Next(&s.Last.Token), s.Now()
	if t.Name == "" {
		t.Name = "lab"
	}
	if t.Kind == "" {
		t.Kind = PersonalToken
	}
	if t.Scopes == nil {
		t.Scopes = []string{"api"}
		if t.User.Admin {
			t.Scopes = append(t.Scopes, "sudo")
		}
	}
	s.Tokens[t.Value] = t
	return t
}

// AddGroup stores a group and fills in the id and a missing visibility and time. The caller adds its members.
func (s *Store) AddGroup(g *Group) *Group {
	g.ID = Next(&s.Last.Group)
	if g.CreatedAt.IsZero() {
		g.CreatedAt = s.Stamp()
	}
	if g.Visibility == "" {
		g.Visibility = Private
	}
	s.Groups = append(s.Groups, g)
	s.GroupPaths[strings.ToLower(g.FullPath())] = g
	return g
}

// AddProject stores a project, fills in the id and a missing visibility and time, and creates its indexes.
func (s *Store) AddProject(p *Project) *Project {
	p.ID = Next(&s.Last.Project)
	if p.CreatedAt.IsZero() {
		p.CreatedAt = s.Stamp()
	}
	p.LastActivityAt = p.CreatedAt
	if p.Visibility == "" {
		p.Visibility = Private
	}
	p.IssueByIID = map[int]*Issue{}
	p.Priorities = map[*Label]int{}
	s.Projects = append(s.Projects, p)
	s.ProjPaths[strings.ToLower(p.FullPath())] = p
	return p
}

// AddMilestone stores a milestone under its parent and fills in id, iid and missing times.
func (s *Store) AddMilestone(m *Milestone) *Milestone {
	m.ID = Next(&s.Last.Milestone)
	m.CreatedAt, m.UpdatedAt = s.Times(m.CreatedAt, m.UpdatedAt)
	if p := m.Parent.Project; p != nil {
		m.IID = Next(&p.LastMilesIID)
		p.Milestones = append(p.Milestones, m)
	} else {
		m.IID = Next(&m.Parent.Group.LastMilesIID)
		m.Parent.Group.Milestones = append(m.Parent.Group.Milestones, m)
	}
	return m
}

// AddLabel stores a label under its parent and fills in the id and missing times.
func (s *Store) AddLabel(l *Label) *Label {
	l.ID = Next(&s.Last.Label)
	l.CreatedAt, l.UpdatedAt = s.Times(l.CreatedAt, l.UpdatedAt)
	if p := l.Parent.Project; p != nil {
		p.Labels = append(p.Labels, l)
	} else {
		l.Parent.Group.Labels = append(l.Parent.Group.Labels, l)
	}
	return l
}

// Times fills in missing times: created defaults to now, updated to created.
func (s *Store) Times(created, updated time.Time) (time.Time, time.Time) {
	if created.IsZero() {
		created = s.Stamp()
	}
	if updated.IsZero() {
		updated = created
	}
	return created, updated
}

// AddIssue stores an issue under its project and fills in the id and a missing iid and times. It writes no events:
// see SetLabels and the like.
func (s *Store) AddIssue(i *Issue) *Issue {
	i.ID = Next(&s.Last.Issue)
	p := i.Project
	if i.IID == 0 {
		i.IID = p.LastIssueIID + 1
	}
	p.LastIssueIID = max(p.LastIssueIID, i.IID)
	i.CreatedAt, i.UpdatedAt = s.Times(i.CreatedAt, i.UpdatedAt)
	if i.Kind == "" {
		i.Kind = "issue"
	}
	p.FileIssue(i)
	p.IssueByIID[i.IID] = i
	s.IssueByID[i.ID] = i
	if !i.Closed {
		p.OpenIssues++
	}
	return i
}

// AddNote appends a note to the issue and updates the issue's updated_at.
func (s *Store) AddNote(i *Issue, n *Note) *Note {
	n.ID = Next(&s.Last.Note)
	n.CreatedAt, n.UpdatedAt = s.Times(n.CreatedAt, n.UpdatedAt)
	i.Notes = append(i.Notes, n)
	s.Touch(i, n.CreatedAt)
	return n
}

// AddAward gives an issue or a note an emoji.
func (s *Store) AddAward(on Awardable, name string, by *User, at time.Time) *Award {
	a := &Award{ID: Next(&s.Last.Award), Name: name, User: by, CreatedAt: at}
	*on.List() = append(*on.List(), a)
	s.touchAwarded(on, at)
	return a
}

// RemoveAward takes an emoji back.
func (s *Store) RemoveAward(on Awardable, a *Award, at time.Time) {
	*on.List() = slices.DeleteFunc(*on.List(), func(x *Award) bool { return x == a })
	s.touchAwarded(on, at)
}

// touchAwarded updates the updated_at of what was awarded: of a note at once, so that it does not show edits, of
// an issue like any other change.
func (s *Store) touchAwarded(on Awardable, at time.Time) {
	if on.Note != nil {
		on.Note.UpdatedAt = Later(on.Note.UpdatedAt, at)
		return
	}
	s.Touch(on.Issue, at)
}

// SystemNote records a change of an issue for which GitLab writes a note. Label, milestone and state changes are
// events instead.
func (s *Store) SystemNote(i *Issue, by *User, body string) {
	s.AddNote(i, &Note{Body: body, Author: by, System: true})
}

// Touch updates the issue's updated_at because something attached to it changed: a note, a label, an award. GitLab
// does so at most once a minute, and never backwards.
func (s *Store) Touch(i *Issue, at time.Time) {
	if at.Sub(i.UpdatedAt) >= time.Minute {
		i.UpdatedAt = at
	}
}
