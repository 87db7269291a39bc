package planning

import (
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// GraceEnd returns the instant up to which an issue comes into a timebox as scheduled: the end of its first working days, as many as grace
// says, in the team's zone. Without dates it is zero.
func (t Team) GraceEnd(box milestone.Timebox, grace int, zone *time.Location) time.Time {
	work := t.workingDays(box)
	switch {
	case len(work) == 0:
		return time.Time{}
	case grace == 0:
		return box.Start.Midnight(zone)
	}
	return work[min(grace, len(work))-1].AddDays(1).Midnight(zone)
}

// Entry is how an issue came into a timebox.
type Entry string

// The entries. CarriedIn means that it was in another timebox of the team when that one ended.
const (
	InTime    Entry = "in time"
	CameLate  Entry = "late"
	CarriedIn Entry = "carried"
)

// EntryOf returns how an issue that is in the milestone with this id came into it, by its milestone events: whether it was in it at an
// instant, or came from a timebox that had ended. ended holds the last days of the team's other timeboxes by id. An issue without events
// was put into the milestone when it was created.
func EntryOf(id int64, at, created time.Time, events []issue.Event, ended map[int64]calendar.Date, zone *time.Location) Entry {
	if milestone.InAt(id, at, created, events) {
		return InTime
	}
	var previous int64
	entry := CameLate
	for _, e := range events {
		due, ours := ended[previous]
		over := ours && !calendar.DateOf(e.At.In(zone)).Before(due)
		switch {
		case e.Action == "add" && e.ID == id && over:
			entry = CarriedIn
		case e.Action == "add" && e.ID == id && previous != id:
			entry = CameLate
		case e.Action != "add" && (over || e.ID != previous || e.ID == id):
			continue // what is taken out of a timebox after its end was not finished in it
		}
		previous = 0
		if e.Action == "add" {
			previous = e.ID
		}
	}
	return entry
}
