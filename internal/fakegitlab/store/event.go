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

// StateEvent records that the issue was closed or reopened.
type StateEvent struct {
	ID     int
	User   *User
	At     time.Time
	Closed bool // otherwise reopened
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
	changed := false
	for _, l := range labels {
		if !slices.Contains(i.Labels, l) {
			s.RecordLabel(i, l, true, by, at)
			changed = true
		}
	}
	for _, l := range i.Labels {
		if !slices.Contains(labels, l) {
			s.RecordLabel(i, l, false, by, at)
			changed = true
		}
	}
	i.Labels = labels
	return changed
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
	return true
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
