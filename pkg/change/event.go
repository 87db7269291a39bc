package change

import (
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// NewEvent returns an event to write: a verb, its time, values by record key, and the text as entered.
func NewEvent(v Verb, at time.Time, fields map[string]string, text string) eventlog.Event {
	return eventlog.Event{Kind: Kind, Verb: string(v), At: at.UTC().Truncate(time.Second), Fields: fields, Text: eventlog.Sanitize(text)}
}

// Heading returns the first line of an event's comment, such as "10:30 UTC, finished: success". It has a date unless that is today.
func Heading(e eventlog.Event, today calendar.Date) string {
	parts := []string{summary(e)}
	if !e.At.Equal(eventlog.Undated) {
		when := e.At.UTC().Format("15:04 UTC")
		if calendar.DateOf(e.At.UTC()) != today {
			when = clock(e.At)
		}
		parts = []string{when, summary(e)}
	}
	if reason := safetext.Cell(e.Fields[FieldOverride]); reason != "" && Verb(e.Verb) != Override {
		parts = append(parts, "overridden: "+reason)
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
