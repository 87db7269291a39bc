// Package store is the state of the instance: its objects, their indexes, and the invariants between them, such as
// ids, counts and events. Start with Store; each kind of object has its own file. Pointers are identities: a renamed
// label or milestone is renamed everywhere. Instants are UTC; civil dates are YYYY-MM-DD strings, "" for none.
//
// It checks no rights, validates no input and takes no lock: the server holds one around each request.
package store

import "time"

// Edition is the plan the instance claims to run on. It decides which paid features work.
type Edition string

// The editions. The zero value means Free.
const (
	Community Edition = "ce"
	Free      Edition = "free"
	Premium   Edition = "premium"
	Ultimate  Edition = "ultimate"
)

// Paid reports whether scoped labels, weights and several assignees are available.
func (e Edition) Paid() bool { return e == Premium || e == Ultimate }

// Instance describes what kind of GitLab it is.
type Instance struct {
	Edition Edition
	Version string
	Clock   func() time.Time
	Tick    time.Duration // minimum distance between two time stamps
	NoLinks bool          // issue links are not available
}

// Enterprise reports whether this is the Enterprise Edition. It is on every plan, including Free.
func (e Edition) Enterprise() bool { return e != Community }

// Store is the state of the instance with its indexes.
type Store struct {
	Instance
	Users      []*User
	Groups     []*Group
	Projects   []*Project
	Tokens     map[string]*Token
	Todos      []*Todo // by id
	IssueByID  map[int]*Issue
	UserByID   map[int]*User
	Last       counters
	lastStamp  time.Time
	GroupPaths map[string]*Group // full path in lower case
	ProjPaths  map[string]*Project
}

// counters hold the last id assigned, by kind. They start far apart, so that an id mistaken for an iid or for the id
// of another kind is not found.
type counters struct {
	User, Group, Project, Milestone, Label, Issue, Note, Link, Board, List, Award                   int
	LabelEvent, MilestoneEvent, StateEvent, WeightEvent, MergeRequest, Version, Rule, Member, Token int
	FreezePeriod, Environment, Deployment, Todo, TimelineEvent, MilestoneStateEvent                 int
}

// New creates the state of an instance of that kind with nothing in it, not even root.
func New(of Instance) *Store {
	return &Store{
		Instance:   of,
		Tokens:     map[string]*Token{},
		IssueByID:  map[int]*Issue{},
		UserByID:   map[int]*User{},
		GroupPaths: map[string]*Group{},
		ProjPaths:  map[string]*Project{},
		Last: counters{
			Group: 10, Project: 30, Milestone: 400, Label: 2000, Issue: 90000, Note: 700000, Link: 5000,
			Board: 300, List: 3100, Award: 8000, LabelEvent: 11000, MilestoneEvent: 12000, StateEvent: 13000, WeightEvent: 18000,
			MergeRequest: 60000, Version: 65000, Rule: 800, Member: 14000, FreezePeriod: 15000, Environment: 16000, Deployment: 17000,
			Token: 70, Todo: 4000,
		},
	}
}

// Next increments the counter and returns the new id.
func Next(counter *int) int {
	*counter++
	return *counter
}

// Now returns the time in UTC, in the milliseconds that GitLab shows.
func (s *Store) Now() time.Time { return s.Clock().UTC().Truncate(time.Millisecond) }

// Today returns the civil date in the instance's time zone, UTC.
func (s *Store) Today() string { return s.Now().Format(time.DateOnly) }

// Stamp returns the time of a write. No two are closer than Instance.Tick. The write lock must be held.
func (s *Store) Stamp() time.Time {
	t := s.Now()
	if after := s.lastStamp.Add(s.Tick); !s.lastStamp.IsZero() && t.Before(after) {
		t = after
	}
	s.lastStamp = t
	return t
}
