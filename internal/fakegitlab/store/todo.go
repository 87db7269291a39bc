package store

import "time"

// Todo is an entry in a user's to-do list: something about an issue that somebody wants of the user.
type Todo struct {
	ID        int
	User      *User
	Author    *User
	Issue     *Issue
	Note      *Note  // in which the user is mentioned, nil for the issue itself
	Action    string // assigned, mentioned, directly_addressed, marked
	Done      bool
	CreatedAt time.Time
	UpdatedAt time.Time
}

// PendingTodo returns the entry about an issue in a user's list that is not done, nil without one.
func (s *Store) PendingTodo(i *Issue, u *User) *Todo {
	for _, t := range s.Todos {
		if t.Issue == i && t.User == u && !t.Done {
			return t
		}
	}
	return nil
}

// AddTodo stores an entry unless the user still has something to do on that issue; then it returns nil.
func (s *Store) AddTodo(t *Todo) *Todo {
	if s.PendingTodo(t.Issue, t.User) != nil {
		return nil
	}
	t.ID = Next(&s.Last.Todo)
	t.CreatedAt, t.UpdatedAt = s.Times(t.CreatedAt, t.UpdatedAt)
	s.Todos = append(s.Todos, t)
	return t
}

// FinishTodos marks what a user had to do on an issue as done.
func (s *Store) FinishTodos(i *Issue, u *User, at time.Time) {
	if t := s.PendingTodo(i, u); t != nil {
		t.Done, t.UpdatedAt = true, at
	}
}
