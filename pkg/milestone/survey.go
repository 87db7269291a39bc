package milestone

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Rules are a team's settings for its timeboxes.
type Rules struct {
	Cadence Cadence
	Names   Names
	Labels  Labels
	Group   bool           // milestones live on a group; otherwise on a project
	Zone    *time.Location // the team's, for the instant a timebox begins
}

// Refusal is a rule that forbids to go on: the reason, and what to type or do about it.
type Refusal struct {
	Reason string
	Hint   string
}

func (r *Refusal) Error() string { return r.Reason }

func refuse(wayOut, format string, args ...any) error {
	return &Refusal{Reason: fmt.Sprintf(format, args...), Hint: wayOut}
}

// Twin is a second open milestone of the same title and dates in the same place. GitLab checks titles before it saves and has
// no index behind the check, so two simultaneous creates can make one. The lowest id stays.
type Duplicate struct {
	Keep, Drop Milestone
}

// Survey is where the timeboxes stand.
type Survey struct {
	Current    *Milestone
	Next       *Milestone
	Duplicates []Duplicate
	// Halves are finished milestones that were renamed but are not closed yet: a roll was interrupted there, or is under way.
	Unclosed []Milestone
	// Last is the finished and closed milestone with the latest due date.
	Last *Milestone
}

// Survey sorts the milestones that were seen. It refuses when two milestones could be Current, or Next.
func (r Rules) Survey(seen []Milestone) (Survey, error) {
	var s Survey
	var doubts [2]error
	s.Current, doubts[0] = r.only(seen, r.Names.Current, "--from", &s.Duplicates)
	s.Next, doubts[1] = r.only(seen, r.Names.Next, "--to", &s.Duplicates)
	first := map[string]Milestone{}
	var open []Milestone
	for _, m := range seen {
		if _, ok := r.finished(m); !ok {
			continue
		}
		if other, twin := first[m.Title]; twin && other.Box() == m.Box() {
			s.Duplicates = append(s.Duplicates, duplicate(other, m))
			first[m.Title] = duplicate(other, m).Keep
			continue
		}
		first[m.Title] = m
		if m.Open() {
			open = append(open, m)
		}
	}
	s.Last = r.lastFinished(seen)
	for _, m := range open { // an earlier one was opened again by somebody; that is their business
		if s.Current == nil && (s.Last == nil || m.Due.After(s.Last.Due)) &&
			(s.Next == nil || s.Next.Start.IsZero() || m.Due.Before(s.Next.Start)) {
			s.Unclosed = append(s.Unclosed, m)
		}
	}
	return s, cmp.Or(doubts[0], doubts[1])
}

// lastFinished is the finished and closed milestone with the latest due date; nil when there is none.
func (r Rules) lastFinished(seen []Milestone) *Milestone {
	var last *Milestone
	for i, m := range seen {
		if _, ok := r.finished(m); ok && !m.Open() && (last == nil || m.Due.After(last.Due)) {
			last = &seen[i]
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

// finished reports whether a roll has finished the milestone: its record says so,
// or it has the title that a timebox with its due date gets at the end (an empty timebox gets no record).
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

// own reports whether the milestone lives where the team keeps its timeboxes, not in a group above.
func (r Rules) own(m Milestone) bool { return m.Group == r.Group && !m.Above }

// theOne finds the open milestone with the title. Several with the same dates are twins; with different dates it is a refusal.
func (r Rules) only(seen []Milestone, title, flag string, twins *[]Duplicate) (*Milestone, error) {
	var found []*Milestone
	for i, m := range seen {
		if r.own(m) && m.Open() && m.Title == title {
			found = append(found, &seen[i])
		}
	}
	if len(found) == 0 {
		return nil, nil
	}
	slices.SortFunc(found, func(a, b *Milestone) int { return cmp.Compare(a.ID, b.ID) })
	for _, other := range found[1:] {
		if other.Box() != found[0].Box() {
			return nil, refuse(fmt.Sprintf("say which with %s %d or %s %d, or close the wrong one", flag, found[0].ID, flag, other.ID),
				"two open milestones are called %q: %d (%s) and %d (%s)", title, found[0].ID, found[0].Box(), other.ID, other.Box())
		}
		*twins = append(*twins, Duplicate{*found[0], *other})
	}
	return found[0], nil
}

// find returns the milestone with the id or title that a person named, in this team's place.
func (r Rules) find(seen []Milestone, named string) *Milestone {
	id, err := strconv.ParseInt(named, 10, 64)
	for i, m := range seen {
		if r.own(m) && m.Open() && (m.Title == named || err == nil && m.ID == id) {
			return &seen[i]
		}
	}
	return nil
}

// holder returns a milestone other than except that holds the title, seen in this place or above.
func holder(seen []Milestone, title string, except int64) (Milestone, bool) {
	for _, m := range seen {
		if m.Title == title && m.ID != except {
			return m, true
		}
	}
	return Milestone{}, false
}

// Observation is what a rule is applied to.
type Observation struct {
	Milestones []Milestone
	Issues     map[int64][]issue.Issue // by milestone id; what [Want] asked for
	Today      calendar.Date           // in the team's zone
}

// Want asks for the issues of one milestone.
type Want struct {
	Milestone Milestone
	OpenOnly  bool
}
