// Package planning holds the rules of a planning session: the working days of a team, what it finished on them, how much it can plan for a
// timebox, and what is wrong with the issues that it planned.
//
// Start with [Team] for the calendar, [Of] for the room in a timebox and [Check] for the quality of what is in it. The rules take
// finished timeboxes and issues as values; the simulation itself is in package forecast, and the dates of timeboxes are in package
// milestone. Requests, clocks and output do not belong here.
package planning

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/forecast"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// Absence is a period in which a person does not work, first and last day included.
type Absence struct {
	Person   string
	From, To calendar.Date
}

// Team is who works on which days. The working days are Monday to Friday.
type Team struct {
	People   []string        // user names; empty: the team counts as one person
	Absences []Absence       // of people
	Holidays []calendar.Date // on which nobody works
}

// PersonDays returns the person-days of a timebox, and how many of them are neither a holiday nor an absence.
func (t Team) PersonDays(box milestone.Timebox) (available, all int) {
	people := t.People
	if len(people) == 0 {
		people = []string{""}
	}
	for _, day := range weekdays(box) {
		all += len(people)
		if slices.Contains(t.Holidays, day) {
			continue
		}
		for _, person := range people {
			if !t.absent(person, day) {
				available++
			}
		}
	}
	return available, all
}

func (t Team) absent(person string, day calendar.Date) bool {
	return slices.ContainsFunc(t.Absences, func(a Absence) bool {
		return a.Person == person && !day.Before(a.From) && !day.After(a.To)
	})
}

// weekdays returns the days of a timebox from Monday to Friday; all its days if it has no such day.
func weekdays(box milestone.Timebox) []calendar.Date {
	all := days(box)
	week := slices.DeleteFunc(slices.Clone(all), func(d calendar.Date) bool {
		return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
	})
	if len(week) == 0 {
		return all
	}
	return week
}

// maxDays is how many days of a timebox are looked at. People can give a milestone any dates.
const maxDays = 1000

func days(box milestone.Timebox) (list []calendar.Date) {
	if box.Start.IsZero() || box.Due.IsZero() {
		return nil
	}
	for d := box.Start; !d.After(box.Due) && len(list) < maxDays; d = d.AddDays(1) {
		list = append(list, d)
	}
	return list
}

// workingDays returns the weekdays of a timebox without holidays; the weekdays if every one is a holiday.
func (t Team) workingDays(box milestone.Timebox) []calendar.Date {
	week := weekdays(box)
	work := slices.DeleteFunc(slices.Clone(week), func(d calendar.Date) bool { return slices.Contains(t.Holidays, d) })
	if len(work) == 0 {
		return week
	}
	return work
}

// Finished returns what was finished on each working day of a finished timebox. An issue that was closed on another day, such as a
// Saturday or the day after the timebox, counts on the nearest working day, the earlier one of two. One that moved to another project
// counts there.
func (t Team) Finished(box milestone.Timebox, issues []issue.Issue, zone *time.Location) forecast.Timebox {
	work := t.workingDays(box)
	if len(work) == 0 {
		return nil
	}
	out := make(forecast.Timebox, len(work))
	for _, i := range issues {
		if i.Open() || i.MovedToID != 0 {
			continue
		}
		at := len(work) - 1 // old servers leave it out
		if !i.ClosedAt.IsZero() {
			at = nearest(work, calendar.DateOf(i.ClosedAt.In(zone)))
		}
		out[at].Issues++
		out[at].Weight += milestone.WeightOf(i)
	}
	return out
}

func nearest(work []calendar.Date, day calendar.Date) (at int) {
	distance := func(n int) int { return max(day.DaysSince(work[n]), work[n].DaysSince(day)) }
	for n := range work {
		if distance(n) < distance(at) {
			at = n
		}
	}
	return at
}
