package report

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Shared is a [Reader] for several reports of one run. It reads each list once, from the earliest time that any report needs, and each
// issue's comments and events once. So twelve reports take about as many requests as one, and agree with each other.
type Shared struct {
	Reader
	Since time.Time // the earliest time of all reports

	mu    sync.Mutex
	known map[string]*answer
	roles map[int64]instance.Access
}

// answer is what was read for a key, once it was read.
type answer struct {
	once  sync.Once
	value any
	err   error
}

// recall returns what was read for the key before, or reads it.
func recall[T any](s *Shared, key string, read func() (T, error)) (T, error) {
	s.mu.Lock()
	if s.known == nil {
		s.known = map[string]*answer{}
	}
	a := s.known[key]
	if a == nil {
		a = new(answer)
		s.known[key] = a
	}
	s.mu.Unlock()
	a.once.Do(func() { a.value, a.err = read() })
	value, _ := a.value.(T)
	return value, a.err
}

// Issues returns a list as GitLab would. A list since a time is part of the one since the earliest time, which is kept.
func (s *Shared) Issues(ctx context.Context, in target.Target, q issue.Query) iter.Seq2[issue.Issue, error] {
	whole := s.whole(q)
	list, err := recall(s, fmt.Sprintf("%s %+v", in, whole), func() (list []issue.Issue, err error) {
		for i, err := range s.Reader.Issues(ctx, in, whole) {
			if err != nil {
				return nil, err
			}
			list = append(list, i)
		}
		return list, nil
	})
	return func(yield func(issue.Issue, error) bool) {
		if err != nil {
			yield(issue.Issue{}, err)
			return
		}
		for _, i := range list {
			if contains(q, i) && !yield(i, nil) {
				return
			}
		}
	}
}

// whole is the query for the list since the earliest time, of which a list since a time is a part.
func (s *Shared) whole(q issue.Query) issue.Query {
	for _, at := range []*time.Time{&q.UpdatedAfter, &q.CreatedAfter} {
		if !at.IsZero() && at.After(s.Since) {
			*at = s.Since
		}
	}
	return q
}

// contains reports whether a list since a time has an issue of the whole list.
func contains(q issue.Query, i issue.Issue) bool {
	return !i.UpdatedAt.Before(q.UpdatedAfter) && !i.CreatedAt.Before(q.CreatedAfter)
}

// changes returns a list of changes as [readChanges] would. Each is parsed once for all reports, and their descriptions are not kept.
func (s *Shared) changes(ctx context.Context, in target.Target, q issue.Query, labels change.Labels) (list []change.Change, err error) {
	whole := s.whole(q)
	all, err := recall(s, fmt.Sprintf("changes %s %+v", in, whole), func() ([]change.Change, error) {
		return readChanges(ctx, s.Reader, in, whole, labels)
	})
	for _, c := range all {
		if contains(q, c.Issue) {
			list = append(list, c)
		}
	}
	return list, err
}

// Issue returns an issue.
func (s *Shared) Issue(ctx context.Context, ref issue.Ref) (issue.Issue, error) {
	return recall(s, "issue "+ref.String(), func() (issue.Issue, error) { return s.Reader.Issue(ctx, ref) })
}

// Notes returns the comments of an issue.
func (s *Shared) Notes(ctx context.Context, ref issue.Ref) ([]issue.Note, error) {
	return recall(s, "notes "+ref.String(), func() ([]issue.Note, error) { return s.Reader.Notes(ctx, ref) })
}

// LabelEvents returns the label events of an issue.
func (s *Shared) LabelEvents(ctx context.Context, ref issue.Ref) ([]issue.Event, error) {
	return recall(s, "events "+ref.String(), func() ([]issue.Event, error) { return s.Reader.LabelEvents(ctx, ref) })
}

// CurrentUser returns the token's user.
func (s *Shared) CurrentUser(ctx context.Context) (instance.User, error) {
	return recall(s, "user", func() (instance.User, error) { return s.Reader.CurrentUser(ctx) })
}

// AccessOf returns the roles of users in the project of the logs. It asks for those that are not known yet.
func (s *Shared) AccessOf(ctx context.Context, in target.Target, ids []int64) (map[int64]instance.Access, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.roles == nil {
		s.roles = map[int64]instance.Access{}
	}
	missing := slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { _, known := s.roles[id]; return known })
	if len(missing) > 0 {
		found, err := s.Reader.AccessOf(ctx, in, missing)
		if err != nil {
			return nil, err
		}
		for _, id := range missing {
			s.roles[id] = found[id]
		}
	}
	return maps.Clone(s.roles), nil
}

// Approved returns a function that reads the approved downtime of each change once.
func (s *Shared) Approved(read func(context.Context, change.Change) (budget.Exclusion, string, error),
) func(context.Context, change.Change) (budget.Exclusion, string, error) {
	type approval struct {
		budget.Exclusion
		why string
	}
	return func(ctx context.Context, c change.Change) (budget.Exclusion, string, error) {
		a, err := recall(s, "approval "+c.Issue.Ref.String(), func() (a approval, err error) {
			a.Exclusion, a.why, err = read(ctx, c)
			return a, err
		})
		return a.Exclusion, a.why, err
	}
}
