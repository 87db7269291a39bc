package milestone

import (
	"cmp"
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Rules holds a team's settings for its timeboxes.
type Rules struct {
	Cadence Cadence
	Names   Names
	Labels  Labels
	Group   bool           // the milestones belong to a group, not to a project
	Zone    *time.Location // the team's zone, for the instant at which a timebox starts
}

// Refusal is the error of a rule that forbids an action: the reason, and how to fix it.
type Refusal struct {
	Reason string
	Hint   string
}

// Error returns the reason.
func (r *Refusal) Error() string { return r.Reason }

func refuse(hint, format string, args ...any) error {
	return &Refusal{Reason: fmt.Sprintf(format, args...), Hint: hint}
}

// Duplicate is a second open milestone with the same title and dates in the same place. GitLab checks titles before it saves and has
// no unique index behind the check, so two simultaneous creates can make one. The lowest id stays.
type Duplicate struct {
	Keep, Drop Milestone
}

// Survey is the state of the timeboxes.
type Survey struct {
	Current    *Milestone
	Next       *Milestone
	Duplicates []Duplicate
	// Unclosed are finished milestones that were renamed but not closed: a roll was interrupted there, or is in progress.
	Unclosed []Milestone
	// Last is the finished and closed milestone with the latest due date.
	Last *Milestone
}

// Survey sorts the observed milestones by role. It refuses if two milestones could be Current, or Next.
func (r Rules) Survey(list []Milestone) (Survey, error) {
	var s Survey
	var errs [2]error
	s.Current, errs[0] = r.only(list, r.Names.Current, "--from", &s.Duplicates)
	s.Next, errs[1] = r.only(list, r.Names.Next, "--to", &s.Duplicates)
	first := map[string]Milestone{}
	var open []Milestone
	for _, m := range list {
		if _, ok := r.finished(m); !ok {
			continue
		}
		if other, exists := first[m.Title]; exists && other.Box() == m.Box() {
			s.Duplicates = append(s.Duplicates, duplicate(other, m))
			first[m.Title] = duplicate(other, m).Keep
			continue
		}
		first[m.Title] = m
		if m.Open() {
			open = append(open, m)
		}
	}
	s.Last = r.lastFinished(list)
	for _, m := range open { // an earlier one was reopened by somebody, and stays as it is
		if s.Current == nil && (s.Last == nil || m.Due.After(s.Last.Due)) &&
			(s.Next == nil || s.Next.Start.IsZero() || m.Due.Before(s.Next.Start)) {
			s.Unclosed = append(s.Unclosed, m)
		}
	}
	return s, cmp.Or(errs[0], errs[1])
}

// lastFinished returns the finished and closed milestone with the latest due date, or nil.
func (r Rules) lastFinished(list []Milestone) *Milestone {
	var last *Milestone
	for i, m := range list {
		if _, ok := r.finished(m); ok && !m.Open() && (last == nil || m.Due.After(last.Due)) {
			last = &list[i]
		}
	}
	return last
}

func duplicate(a, b Milestone) Duplicate {
	if a.ID < b.ID {
		return Duplicate{Keep: a, Drop: b}
	}
	return Duplicate{Keep: b, Drop: a}
}

// finished reports whether a roll has finished the milestone: it has a roll's record, or the title of a finished timebox with its due
// date (an empty timebox gets no record).
func (r Rules) finished(m Milestone) (Record, bool) {
	if !r.own(m) || m.Due.IsZero() {
		return Record{}, false
	}
	if record, ok := ReadRecord(m.Description, m.Due); ok && m.Title != r.Names.Current && m.Title != r.Names.Next {
		return record, true
	}
	return Record{Due: m.Due, Carry: CarryKeep}, m.Title == r.archiveTitle(m.Box())
}

func (r Rules) archiveTitle(box Timebox) string { return r.Names.Archive.Of(box, r.Cadence) }

// own reports whether the milestone belongs to the team's project or group, not to a parent group.
func (r Rules) own(m Milestone) bool { return m.Group == r.Group && !m.Elsewhere }

// only finds the open milestone with the title. Others with the same dates are duplicates; others with different dates are a refusal.
func (r Rules) only(list []Milestone, title, flag string, duplicates *[]Duplicate) (*Milestone, error) {
	var found []*Milestone
	for i, m := range list {
		if r.own(m) && m.Open() && m.Title == title {
			found = append(found, &list[i])
		}
	}
	if len(found) == 0 {
		return nil, nil
	}
	stable.Sort(found, func(a, b *Milestone) int { return cmp.Compare(a.ID, b.ID) })
	for _, other := range found[1:] {
		if other.Box() != found[0].Box() {
			return nil, refuse(fmt.Sprintf("Close the wrong one, or choose one with %s %d or %s %d", flag, found[0].ID, flag, other.ID),
				"two open milestones are named %q: %d (%s) and %d (%s)", title, found[0].ID, found[0].Box(), other.ID, other.Box())
		}
		*duplicates = append(*duplicates, Duplicate{*found[0], *other})
	}
	return found[0], nil
}

// find returns the team's open milestone that a person named.
func (r Rules) find(list []Milestone, name string) *Milestone {
	for i, m := range list {
		if r.own(m) && m.Open() && m.Named(name) {
			return &list[i]
		}
	}
	return nil
}

// holder returns a milestone other than except that has the title, in this place or in a parent group.
func holder(list []Milestone, title string, except int64) (Milestone, bool) {
	for _, m := range list {
		if m.Title == title && m.ID != except {
			return m, true
		}
	}
	return Milestone{}, false
}

// Observation is the observed state that a rule is applied to.
type Observation struct {
	Milestones []Milestone
	Issues     map[int64][]issue.Issue // by milestone id; those that a [Want] asked for
	Today      calendar.Date           // in the team's zone
}

// Want is a request for the issues of one milestone.
type Want struct {
	Milestone Milestone
	OpenOnly  bool
}
