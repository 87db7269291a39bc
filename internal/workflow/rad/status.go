// Package rad holds the workflows of `prodctl rad`, one file for each verb. Start with [Status], [Open] and [Record].
//
// A workflow reads through the small interfaces it declares, applies the rules of pkg/drill, and returns a plan or a value. It prints
// nothing and has no flags.
package rad

import (
	"context"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/drill"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Schedule is when drills take place, who does them, and what is restored.
type Schedule struct {
	Days    drill.Days
	Rota    drill.Rota
	Targets []drill.Target
	Label   string
	Within  time.Duration // in which every target has to be tested
}

// Status is `rad status`: one list of the drills of the last year.
type Status struct {
	Read     workflow.IssueLister
	In       target.Target
	Schedule Schedule
	Now      time.Time
	Today    calendar.Date
}

// Report is what is known of restore drills.
type Report struct {
	Schedule   Schedule
	Drills     []drill.Drill // the newest first
	States     []drill.State // of the targets, in the order of the configuration
	Readiness  drill.Readiness
	Last, Next Turn // the occurrences before and after now
	Recorded   bool // no target is configured: those are from the records
	Missed     bool // the last occurrence has no issue, although drills began before it
	Due        bool // the same, on its day
}

// Turn is an occurrence with its people.
type Turn struct {
	drill.Occurrence
	People []string
	Absent []string // who would have been in turn
}

// Report reads the drills.
func (s Status) Report(ctx context.Context) (Report, error) {
	drills, err := workflow.Drills(ctx, s.Read, s.In, s.Schedule.Label, s.Now.Add(-workflow.DrillHistory))
	if err != nil {
		return Report{}, err
	}
	undeclared := len(s.Schedule.Targets) == 0
	if undeclared {
		s.Schedule.Targets = recorded(drills)
	}
	r := Report{Schedule: s.Schedule, Drills: drills, States: drill.States(s.Schedule.Targets, drills, s.Now, s.Schedule.Within),
		Readiness: drill.Durable(s.Schedule.Targets, drills, s.Now, s.Schedule.Within), Recorded: undeclared}
	last, next := s.Schedule.Days.Around(s.Today)
	r.Last, r.Next = s.Schedule.turn(last), s.Schedule.turn(next)
	if d, ok := find(drills, last); ok {
		r.Last.People, r.Last.Absent = d.People, nil
	} else {
		began := len(drills) > 0 && drills[len(drills)-1].Day.Before(last.Day)
		r.Missed, r.Due = began && last.Day.Before(s.Today), began && last.Day == s.Today
	}
	if d, ok := find(drills, next); ok { // opened early
		r.Next.People, r.Next.Absent = d.People, nil
	}
	return r, nil
}

// recorded returns the targets in the records of drills, for a team that has configured none.
func recorded(drills []drill.Drill) (list []drill.Target) {
	for _, d := range drills {
		for _, r := range d.Results {
			if !slices.ContainsFunc(list, func(t drill.Target) bool { return t.Name == r.Target }) {
				list = append(list, drill.Target{Name: r.Target})
			}
		}
	}
	return list
}

func (s Schedule) turn(o drill.Occurrence) Turn {
	return Turn{o, s.Rota.InTurn(o), s.Rota.Skipped(o)}
}

func find(drills []drill.Drill, o drill.Occurrence) (drill.Drill, bool) {
	for _, d := range drills {
		if d.Of(o) {
			return d, true
		}
	}
	return drill.Drill{}, false
}
