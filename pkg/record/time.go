package record

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"
)

var timePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(?:(\d{4}-\d{2}-\d{2})(?:T| +|, *))?(\d{1,2}:\d{2})(?::(\d{2})(?:\.\d+)?)?` +
		`(?: *(UTC|GMT|Z|[+-]\d{2}:?\d{2}))?$`)
})

// ParseTime reads a time as people write it into a record: RFC 3339, 2018-08-24 10:02 or 10:02, which is on the given day,
// by its date in UTC. Seconds may be there, and a zone: UTC, Z or +02:00; without one it is UTC. The result is UTC in whole seconds.
func ParseTime(s string, day time.Time) (time.Time, error) {
	m := timePattern().FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return time.Time{}, fmt.Errorf("%q is no time: write 2018-08-24T10:02:00Z, 2018-08-24 10:02 or 10:02, in UTC", s)
	}
	date, clock, second, zone := m[1], m[2], m[3], strings.ToUpper(m[4])
	if date == "" {
		date = day.UTC().Format(time.DateOnly)
	}
	if len(clock) < len("15:04") {
		clock = "0" + clock
	}
	if second == "" {
		second = "00"
	}
	switch zone {
	case "", "UTC", "GMT", "Z":
		zone = "+0000"
	}
	t, err := time.Parse("2006-01-02 15:04:05 -0700", date+" "+clock+":"+second+" "+strings.Replace(zone, ":", "", 1))
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no time: there is no such date or hour", s)
	}
	return t.UTC(), nil
}

// FormatTime is a time as it is written into a record: 2018-08-24T10:02:00Z.
func FormatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
