package milestone

import (
	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// PlanEnsure decides what is missing or wrong so that there is one open Current and one open Next with the cadence's dates
// and their dated names (handbook: "There will always be a Current Milestone and a Next Milestone").
// It finishes no timebox: where a roll was interrupted it refuses and names the roll.
func PlanEnsure(rules Rules, seen Observation) (Roll, error) {
	r := newRoller(rules, seen)
	s, err := r.Survey(r.ms)
	if err != nil {
		return Roll{}, err
	}
	r.deleteDuplicates(s.Duplicates)
	if len(r.out.Wants) > 0 {
		return Roll{Wants: r.out.Wants}, nil
	}
	if s.Current == nil && (len(s.Unclosed) > 0 || s.Next != nil && s.Last != nil && r.following(s.Last.Box()) == s.Next.Box()) {
		return Roll{}, refuse("prodctl milestone roll finishes it", "a roll was interrupted before %q was named", r.Names.Current)
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
		due := slot{box: r.currentBox(*s.Next), m: s.Next} // its time has come
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
	want := r.Cadence.Next(current.Box())
	if next == nil || next.ID == current.ID {
		return r.create(&slot{box: want}, r.Names.Next)
	}
	r.repair(*next, want)
	return nil
}

// repair gives m the dates and the dated name of box, and does nothing when it has them.
func (r *roller) repair(m Milestone, box Timebox) *Milestone {
	var change Change
	if m.Box() != box {
		change.Start, change.Due = &box.Start, &box.Due
	}
	if d := r.Names.Describe(m.Description, box, r.Cadence); d != m.Description {
		change.Description = &d
	}
	if change == (Change{}) {
		return &m
	}
	return r.update("repair", box, m, change)
}

// currentBox is the timebox that Current should have: its own where it fits, else the cadence's around its end or begin,
// else the one that is running.
func (r *roller) currentBox(m Milestone) Timebox {
	switch {
	case r.Cadence.Fits(m.Box()):
		return m.Box()
	case !m.Due.IsZero():
		return r.Cadence.Nearest(m.Box())
	case !m.Start.IsZero():
		return r.Cadence.At(m.Start)
	}
	return r.running(nil)
}

// running is the timebox that today falls in; on the days between two the coming one; never one that was finished already.
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

// DaysLeft counts the days from today to the end of the timebox, its last day not included; negative when it is over.
func (t Timebox) DaysLeft(today calendar.Date) int { return t.Due.DaysSince(today) }
