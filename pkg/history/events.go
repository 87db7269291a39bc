package history

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// The actions of events.
const (
	added   = "add"
	removed = "remove"
	closed  = "closed"
)

// labels restores the labels.
func (r *reconstruction) labels() {
	r.past.Labels = labelsAt(r.now.Labels, r.Labels, r.at)
	nameless := 0
	for _, e := range r.Labels {
		switch {
		case e.Name != "" || r.later(e.At):
		case e.Action == added:
			nameless++
		case e.Action == removed:
			nameless--
		}
	}
	if nameless != 0 {
		r.addUnknown("a label it may have had was deleted later")
	}
}

// labelsAt returns the labels at a point in time: the current ones with later events undone, newest first. Deleted labels have no name in
// events and are left out. The order is GitLab's, by name.
func labelsAt(now []string, events []issue.Event, at time.Time) []string {
	labels := slices.Clone(now)
	for _, e := range slices.Backward(events) {
		if e.Name == "" || !e.At.After(at) {
			continue
		}
		labels = slices.DeleteFunc(labels, func(name string) bool { return name == e.Name })
		if e.Action == removed {
			labels = append(labels, e.Name)
		}
	}
	slices.Sort(labels)
	return labels
}

// state restores the state from the last event before the time, else as the opposite of the first event after it. Old versions of GitLab
// have closed issues without an event; for those the closing time of the issue counts.
func (r *reconstruction) state() {
	before := slices.DeleteFunc(slices.Clone(r.States), func(e issue.Event) bool { return r.later(e.At) })
	isClosed := r.now.State == issue.Closed && !r.later(r.now.ClosedAt)
	since := r.now.ClosedAt
	switch {
	case len(before) > 0:
		last := before[len(before)-1]
		if isClosed = last.Action == closed; len(before) < len(r.States) || since.IsZero() {
			since = last.At
		}
	case len(r.States) > 0:
		isClosed, since = r.States[0].Action != closed, time.Time{}
	}
	r.past.State, r.past.ClosedAt = issue.Opened, time.Time{}
	if isClosed {
		r.past.State, r.past.ClosedAt = issue.Closed, since
	}
}

// milestone restores the milestone from the last event before the time. If a milestone is replaced, GitLab has an event for the new one
// only.
func (r *reconstruction) milestone() {
	before := slices.DeleteFunc(slices.Clone(r.Milestones), func(e issue.Event) bool { return r.later(e.At) })
	if len(before) == len(r.Milestones) {
		return
	}
	last := issue.Event{Action: removed}
	if len(before) > 0 {
		last = before[len(before)-1]
	} else if first := r.Milestones[0]; first.Action == removed { // it had one before GitLab recorded events
		last = issue.Event{Action: added, Name: first.Name, ID: first.ID}
	}
	r.past.MilestoneID, r.past.Milestone = 0, ""
	if last.Action == added {
		r.past.MilestoneID, r.past.Milestone = last.ID, last.Name
	}
}
