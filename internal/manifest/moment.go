package manifest

import (
	"fmt"
	"time"
)

// clockForms are the layouts of a point in time without a zone.
var clockForms = []string{"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05"}

// ParseMoment parses a point in time: 2018-12-21 17:00 in a zone, or with its own offset as in RFC 3339.
// A time that clocks skip in spring is an error; of a time that they show twice in autumn, the first one is used.
func ParseMoment(s string, zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), nil
	}
	for _, form := range clockForms {
		t, err := time.ParseInLocation(form, s, zone)
		if err != nil {
			continue
		}
		if t.Format(form) != s {
			return time.Time{}, fmt.Errorf("%s does not exist in %s: clocks are set forward over it", s, zone)
		}
		if before := t.Add(-time.Hour); before.Format(form) == s {
			t = before
		}
		return t.UTC(), nil
	}
	if _, err := time.Parse(time.DateOnly, s); err == nil {
		return time.Time{}, fmt.Errorf("%s has no time of day (use %s 17:00)", s, s)
	}
	return time.Time{}, fmt.Errorf("invalid time %s (use 2018-12-21 17:00 or 2018-12-21T17:00:00Z)", quote(s))
}
