package manifest

import (
	"fmt"
	"time"
)

// clockForms are the ways to write a point in time without saying its zone.
var clockForms = []string{"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05"}

// ParseMoment reads a point in time: 2018-12-21 17:00 on clocks of a zone, or with its own offset as in RFC 3339.
// A time that those clocks jump over in spring is refused; of one that they show twice in autumn the first is meant.
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
			return time.Time{}, fmt.Errorf("there is no %s in %s: the clocks are put forward over it", s, zone)
		}
		if before := t.Add(-time.Hour); before.Format(form) == s {
			t = before
		}
		return t.UTC(), nil
	}
	if _, err := time.Parse(time.DateOnly, s); err == nil {
		return time.Time{}, fmt.Errorf("%s is a day: say the time too, such as %s 17:00", s, s)
	}
	return time.Time{}, fmt.Errorf("%s is no time: write it as 2018-12-21 17:00, or 2018-12-21T17:00:00Z", quote(s))
}
