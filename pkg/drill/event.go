package drill

import (
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// Verb is the verb of the one event of a drill.
const Verb = "restore"

// The fields of an event.
const (
	fieldTarget  = "target"
	fieldStart   = "started_at"
	fieldSize    = "size"
	fieldVerdict = "verdict"
)

// Event returns the event of a result, with its notes as entered.
func Event(r Result, notes string) eventlog.Event {
	fields := map[string]string{fieldTarget: r.Target, fieldStart: record.FormatTime(r.Start), fieldVerdict: r.Verdict()}
	if r.Size > 0 {
		fields[fieldSize] = r.Size.String()
	}
	return eventlog.Event{Kind: Kind, Verb: Verb, At: r.End.UTC().Truncate(time.Second), Fields: fields, Text: eventlog.Sanitize(notes)}
}

// ResultOf returns the result that an event records. ok is false for another event, or one that cannot be read.
func ResultOf(e eventlog.Event) (r Result, ok bool) {
	if e.Kind != Kind || e.Verb != Verb {
		return Result{}, false
	}
	start, err := record.ParseTime(e.Fields[fieldStart], e.At)
	size, sizeErr := ParseSize(e.Fields[fieldSize])
	verdict := e.Fields[fieldVerdict]
	r = Result{Target: e.Fields[fieldTarget], Start: start, End: e.At, Size: size, Verified: verdict == Verified, By: e.Author, Notes: e.Text}
	return r, err == nil && sizeErr == nil && (verdict == Verified || verdict == Failed) && IsName(r.Target) && !r.End.Before(r.Start)
}

// Heading returns the first line of a result's comment, such as "10:42 UTC, db restored and verified in 1h 32m, 412 GiB". It has a date
// unless that is today.
func Heading(r Result, today calendar.Date) string {
	when := r.End.UTC().Format("15:04 UTC")
	if calendar.DateOf(r.End.UTC()) != today {
		when = r.End.UTC().Format("2006-01-02 15:04 UTC")
	}
	s := fmt.Sprintf("%s, %s restored and verified in %s", when, r.Target, Length(r.Duration()))
	if !r.Verified {
		s = fmt.Sprintf("%s, restore of %s failed after %s", when, r.Target, Length(r.Duration()))
	}
	if r.Size > 0 {
		s += ", " + r.Size.Short()
	}
	return s
}

// Length formats a duration in hours and whole minutes: 1h 32m.
func Length(d time.Duration) string {
	minutes := int(d / time.Minute)
	switch {
	case minutes >= 60 && minutes%60 == 0:
		return fmt.Sprintf("%dh", minutes/60)
	case minutes >= 60:
		return fmt.Sprintf("%dh %dm", minutes/60, minutes%60)
	case minutes == 0 && d > 0:
		return "under 1m"
	}
	return fmt.Sprintf("%dm", minutes)
}
