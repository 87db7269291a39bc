package store

import (
	"slices"
	"time"
)

// LabelEvent records that a label was added or removed. LabelEvent, MilestoneEvent and StateEvent are the resource
// events of an issue, in the order of their ids.
type LabelEvent struct {
	ID    int
	User  *User
	At    time.Time
	Label *Label
	Added bool
}

// MilestoneEvent records that a milestone was added or removed.
type MilestoneEvent struct {
	ID        int
	User      *User
	At        time.Time
	Milestone *Milestone
	Added     bool
	Closed    bool // state of the issue at that time
}

// StateEvent records that an issue was closed or reopened, or that a milestone was closed or activated.
type StateEvent struct {
	ID     int
	User   *User
	At     time.Time
	Closed bool // otherwise reopened or activated
}

// WeightEvent records a weight that was set or, with nil, removed.
type WeightEvent struct {
	ID     int
	User   *User
	At     time.Time
	Weight *int
}

// Later returns the later of two instants.
func Later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// SetLabels replaces the issue's labels and records an event for each one added or removed. It does not change
// updated_at.
func (s *Store) SetLabels(i *Issue, labels []*Label, by *User, at time.Time) bool {
	added, removed := i.Relabel(i.Labels, labels)
	s.RecordLabels(i, added, removed, by, at)
	return len(added)+len(removed) > 0
}

// Relabel stores what changes a set of labels into another one: was is what the issue had when it was read, which may
// have changed since. So a label that somebody else added in the meantime stays, and one that both add is there twice.
// Removing a label removes it as often as it is there.
func (i *Issue) Relabel(was, want []*Label) (added, removed []*Label) {
	without := func(labels, others []*Label) (rest []*Label) {
		for _, l := range labels {
			if !slices.Contains(others, l) && !slices.Contains(rest, l) {
				rest = append(rest, l)
			}
		}
		return rest
	}
	added, removed = without(want, was), without(was, want)
	if len(added)+len(removed) > 0 {
		kept := slices.DeleteFunc(slices.Clone(i.Labels), func(l *Label) bool { return slices.Contains(removed, l) })
		i.Labels = append(kept, added...)
	}
	return added, removed
}

// RecordLabels records that labels were added and removed, without changing the labels.
func (s *Store) RecordLabels(i *Issue, added, removed []*Label, by *User, at time.Time) {
	for _, l := range added {
		s.RecordLabel(i, l, true, by, at)
	}
	for _, l := range removed {
		s.RecordLabel(i, l, false, by, at)
	}
}

// SetMilestone sets the issue's milestone, nil for none, and records the event: only one, even if one milestone
// replaces another. It does not change updated_at.
func (s *Store) SetMilestone(i *Issue, m *Milestone, by *User, at time.Time) bool {
	if i.Milestone == m {
		return false
	}
	if m != nil {
		s.recordMilestone(i, m, true, by, at)
	} else {
		s.recordMilestone(i, i.Milestone, false, by, at)
	}
	i.Milestone = m
	return true
}

// SetState closes or reopens the issue and records the event. It does nothing if the issue already has that state.
func (s *Store) SetState(i *Issue, closed bool, by *User, at time.Time) bool {
	if i.Closed == closed {
		return false
	}
	i.Closed = closed
	if closed {
		i.ClosedAt, i.ClosedBy = at, by
		i.Project.OpenIssues--
	} else {
		i.ClosedAt, i.ClosedBy, i.Duplicate = time.Time{}, nil, nil
		i.Project.OpenIssues++
	}
	s.RecordState(i, closed, by, at)
	i.UpdatedAt = Later(i.UpdatedAt, at)
	i.UpdatedBy, i.Version = by, i.Version+1
	return true
}

// SetWeight sets or, with nil, removes the weight, and records that.
func (s *Store) SetWeight(i *Issue, weight *int, by *User, at time.Time) {
	i.Weight = weight
	i.WeightEvents = append(i.WeightEvents, WeightEvent{Next(&s.Last.WeightEvent), by, at, weight})
}

// RecordLabel records that a label was added or removed, without changing the labels.
func (s *Store) RecordLabel(i *Issue, l *Label, added bool, by *User, at time.Time) {
	i.LabelEvents = append(i.LabelEvents, LabelEvent{Next(&s.Last.LabelEvent), by, at, l, added})
}

func (s *Store) recordMilestone(i *Issue, m *Milestone, added bool, by *User, at time.Time) {
	i.MilestoneEvents = append(i.MilestoneEvents, MilestoneEvent{Next(&s.Last.MilestoneEvent), by, at, m, added, i.Closed})
}

// RecordState records that the issue was closed or reopened, without changing its state.
func (s *Store) RecordState(i *Issue, closed bool, by *User, at time.Time) {
	i.StateEvents = append(i.StateEvents, StateEvent{Next(&s.Last.StateEvent), by, at, closed})
}
