package milestone

import (
	"fmt"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// PlanEnsure decides how to get one open Current and one open Next Milestone with the cadence's dates and their dated names
// (handbook: "There will always be a Current Milestone and a Next Milestone").
// Dates that people set stay, unless realign is true; a note says which ones do not fit.
// It never finishes a timebox: if a roll was interrupted, it refuses and points to the roll.
func PlanEnsure(rules Rules, obs Observation, realign bool) (Roll, error) {
	r := newRoller(rules, obs)
	r.keepDates = !realign
	s, err := r.Survey(r.ms)
	if err != nil {
		return Roll{}, err
	}
	r.deleteDuplicates(s.Duplicates)
	if len(r.out.Wants) > 0 {
		return Roll{Wants: r.out.Wants}, nil
	}
	if s.Current == nil && (len(s.Unclosed) > 0 || s.Next != nil && s.Last != nil && r.following(s.Last.Box()) == s.Next.Box()) {
		return Roll{}, refuse("To finish the roll: prodctl milestone roll", "a roll was interrupted before it renamed %q to %q", r.Names.Next,
			r.Names.Current)
	}
	current, err := r.ensureCurrent(s)
	if err != nil {
		return Roll{}, err
	}
	if err := r.ensureNext(s.Next, *current); err != nil {
		return Roll{}, err
	}
	r.out.Current = *current
	return r.out, nil
}

func (r *roller) ensureCurrent(s Survey) (*Milestone, error) {
	switch {
	case s.Current != nil:
		return r.repair(*s.Current, r.currentBox(*s.Current)), nil
	case s.Next != nil && !s.Next.Start.IsZero() && !s.Next.Start.After(r.today):
		due := slot{box: r.currentBox(*s.Next), m: s.Next} // it has started
		err := r.role(&due, r.Names.Current)
		return due.m, err
	}
	box := r.running(s.Last)
	if s.Next != nil && r.Cadence.Fits(s.Next.Box()) {
		box = r.Cadence.Previous(s.Next.Box())
	}
	missing := slot{box: box}
	err := r.create(&missing, r.Names.Current)
	return missing.m, err
}

func (r *roller) ensureNext(next *Milestone, current Milestone) error {
	want := r.following(current.Box())
	if next == nil || next.ID == current.ID {
		return r.create(&slot{box: want}, r.Names.Next)
	}
	r.repair(*next, want)
	return nil
}

// repair sets the dates and the dated name of box, unless m has them.
func (r *roller) repair(m Milestone, box Timebox) *Milestone {
	var change Change
	r.redate(&change, m, box)
	text := r.dated(box)
	if change == (Change{}) && text.Of(m.Description) == m.Description {
		return &m
	}
	return r.update("repair", box, m, change, text)
}

// redate sets the dates of box. If those that people set have to stay, it sets the missing ones.
func (r *roller) redate(c *Change, m Milestone, box Timebox) {
	if m.Box() == box {
		return
	}
	if !r.keepDates {
		c.Start, c.Due = &box.Start, &box.Due
		return
	}
	to := r.completed(m, box)
	if to.Start != m.Start {
		c.Start = &to.Start
	}
	if to.Due != m.Due {
		c.Due = &to.Due
	}
	if to != box {
		r.out.Notes = append(r.out.Notes, fmt.Sprintf("%q runs %s, which does not fit the cadence (expected %s). "+
			"To use the cadence's dates: prodctl milestone ensure --realign", m.Title, to, box))
	}
}

// completed returns the dates that a milestone gets if those that people set stay: the missing one comes from box or, if it is not possible
// with the other, from the timebox around that.
func (r *roller) completed(m Milestone, box Timebox) Timebox {
	to := m.Box()
	switch {
	case to == Timebox{}:
		return box
	case to.Due.IsZero():
		if to.Due = box.Due; !to.Start.Before(to.Due) {
			to.Due = r.Cadence.At(to.Start).Due
		}
		if !to.Start.Before(to.Due) {
			to.Due = r.Cadence.After(to.Start).Due
		}
	case to.Start.IsZero():
		if to.Start = box.Start; !to.Start.Before(to.Due) {
			to.Start = r.Cadence.At(to.Due.AddDays(-1)).Start
		}
	}
	return to
}

// currentBox returns the timebox that Current should have: its own if it fits the cadence, or else the cadence's timebox around its
// end or start, or else the running one.
func (r *roller) currentBox(m Milestone) Timebox {
	switch {
	case r.Cadence.Fits(m.Box()):
		return m.Box()
	case m.Start.IsZero() && m.Due.IsZero():
		return r.running(nil)
	case m.Due.IsZero() && !r.keepDates:
		return r.Cadence.At(m.Start)
	case m.Due.IsZero():
		return r.Cadence.Nearest(r.completed(m, r.Cadence.At(m.Start)))
	case m.Start.IsZero() && r.keepDates:
		return r.Cadence.Nearest(r.completed(m, r.Cadence.At(m.Due)))
	}
	return r.Cadence.Nearest(m.Box())
}

// running returns the timebox of today, or on the days between two timeboxes the next one. It never returns a finished one.
func (r *roller) running(last *Milestone) Timebox {
	box := r.Cadence.At(r.today)
	if r.today.After(box.Due) {
		box = r.Cadence.Next(box)
	}
	if last != nil && !last.Due.Before(box.Start) {
		box = r.Cadence.After(last.Due)
	}
	return box
}

// DaysLeft returns the days from today to the last day of the timebox: 0 on that day, negative after it.
func (t Timebox) DaysLeft(today calendar.Date) int { return t.Due.DaysSince(today) }
