package change

import (
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// NewEntry is an entry that is yet to be written: what happened at a time, what it says of the record by its keys, and what was said,
// as typed.
func NewEvent(v Verb, at time.Time, fields map[string]string, said string) eventlog.Event {
	return eventlog.Event{Kind: Kind, Verb: string(v), At: at.UTC().Truncate(time.Second), Fields: fields, Text: eventlog.Sanitize(said)}
}

// Heading is the first line of an entry's comment, such as "10:30 UTC, finished: success". The date is there when it is not today's.
func Heading(e eventlog.Event, today calendar.Date) string {
	parts := []string{summary(e)}
	if !e.At.Equal(eventlog.Undated) {
		when := e.At.UTC().Format("15:04 UTC")
		if calendar.DateOf(e.At.UTC()) != today {
			when = clock(e.At)
		}
		parts = []string{when, summary(e)}
	}
	if why := safetext.Cell(e.Fields[FieldOverride]); why != "" && Verb(e.Verb) != Override {
		parts = append(parts, "overridden: "+why)
	}
	return strings.Join(parts, ", ")
}

func summary(e eventlog.Event) string {
	outcome, _ := ParseOutcome(e.Fields[keyOutcome])
	switch v := Verb(e.Verb); v {
	case Approve, Start, Finish, Abort:
		if outcome != UnknownOutcome {
			return pastTense(v) + ": " + string(outcome)
		}
		return pastTense(v)
	case Recorded:
		if outcome != UnknownOutcome {
			return "another attempt: " + string(outcome)
		}
		return "another attempt"
	case Override:
		return "overridden: " + safetext.Cell(e.Fields[FieldOverride])
	case Relate:
		return "related: " + safetext.Cell(e.Fields[keyRelated])
	}
	return "update"
}
