package manifest

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ParseSpan parses a duration that may have days of 24 hours: 30m, 36h, 7d, 1d12h. It does not know months and years.
func ParseSpan(s string) (time.Duration, error) {
	invalid := fmt.Errorf("invalid duration %s (use 45m, 36h or 7d)", quote(s))
	days, rest, hasDays := strings.Cut(s, "d")
	if !hasDays {
		days, rest = "0", s
	}
	n, err := strconv.ParseUint(days, 10, 16)
	if err != nil {
		return 0, invalid
	}
	var d time.Duration
	if rest != "" || !hasDays {
		if d, err = time.ParseDuration(rest); err != nil || hasDays && strings.ContainsAny(rest[:1], "+-") {
			return 0, invalid
		}
	}
	whole := time.Duration(n) * 24 * time.Hour
	switch {
	case d < 0:
		return 0, fmt.Errorf("negative duration %s", quote(s))
	case d > math.MaxInt64-whole:
		return 0, invalid
	}
	return whole + d, nil
}

// ParseDays parses a number of calendar days, such as 7d.
func ParseDays(s string) (int, error) {
	const most = 3660
	days, ok := strings.CutSuffix(s, "d")
	n, err := strconv.ParseUint(days, 10, 16)
	switch {
	case !ok || err != nil:
		return 0, fmt.Errorf("invalid number of days %s (use 7d)", quote(s))
	case n == 0 || n > most:
		return 0, fmt.Errorf("%s is out of range (1d to %dd)", quote(s), most)
	}
	return int(n), nil
}

// FormatDays formats a number of days as [ParseDays] reads it.
func FormatDays(n int) string { return strconv.Itoa(n) + "d" }

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
