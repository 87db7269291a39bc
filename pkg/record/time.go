package record

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

var timePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(?:(\d{4}-\d{2}-\d{2})(?:T| +|, *))?(\d{1,2}:\d{2})(?::(\d{2})(?:\.\d+)?)?` +
		`(?: *(UTC|GMT|Z|[+-]\d{2}:?\d{2}))?$`)
})

// ParseTime parses a time as people write it in a record: RFC 3339, 2018-08-24 10:02, or 10:02 on the UTC date of the given day.
// Seconds and a zone are optional: UTC, Z or +02:00; without a zone it is UTC. The result is UTC in whole seconds.
func ParseTime(s string, day time.Time) (time.Time, error) { return ParseTimeIn(s, day, time.UTC) }

// ParseTimeIn is [ParseTime] for a time that is in a zone unless it names another. The error is a [*calendar.ClockError] if the zone's
// clocks show the time twice or never.
func ParseTimeIn(s string, day time.Time, zone *time.Location) (time.Time, error) {
	m := timePattern().FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return time.Time{}, fmt.Errorf("invalid time %q (use 2018-08-24T10:02:00Z, 2018-08-24 10:02 or 10:02, in %s)", s, zone)
	}
	date, clock, second, offset := m[1], m[2], m[3], strings.ToUpper(m[4])
	if date == "" {
		date = day.In(zone).Format(time.DateOnly)
	}
	if len(clock) < len("15:04") {
		clock = "0" + clock
	}
	if second == "" {
		second = "00"
	}
	bare := offset == ""
	switch offset {
	case "", "UTC", "GMT", "Z":
		offset = "+0000"
	}
	t, err := time.Parse("2006-01-02 15:04:05 -0700", date+" "+clock+":"+second+" "+strings.Replace(offset, ":", "", 1))
	if err != nil {
		return time.Time{}, fmt.Errorf("invalid time %q: date or hour out of range", s)
	}
	if bare {
		return calendar.OnClock(t, zone)
	}
	return t.UTC(), nil
}

// FormatTime formats a time as written in a record: 2018-08-24T10:02:00Z.
func FormatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
