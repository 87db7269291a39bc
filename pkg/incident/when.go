package incident

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// momentForms are the forms of any time, and whenForms those of something that happened, for errors.
const (
	momentForms = "10:02, yesterday 23:50, 2018-08-24 10:02 or RFC 3339"
	whenForms   = "10m or 1h30m (ago), " + momentForms
)

// ClockSlack is how far a time of something that happened may be ahead of our clock: clocks differ, and people round. It then means now.
const ClockSlack = 5 * time.Minute

var (
	agoPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m(?:in)?)?(?:(\d{1,6})s)?$`)
	})
	hasDate = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d{4}-`) })
)

// FutureError is a time of something that happened which is in the future.
type FutureError struct {
	Text    string
	At, Now time.Time // in the zone of times without an offset
}

// Error is the time, and what is now.
func (e *FutureError) Error() string {
	return fmt.Sprintf("%q is in the future (now: %s)", e.Text, e.Now.Format("2006-01-02 15:04 MST"))
}

// Instead is the same time of yesterday; empty if it is not today's.
func (e *FutureError) Instead() string {
	if e.At.Format(time.DateOnly) != e.Now.Format(time.DateOnly) {
		return ""
	}
	return "yesterday " + e.At.Format("15:04")
}

// ParseWhen parses when something happened: 10m or 1h30m (ago), or a time for [ParseMoment]. The result is UTC in whole seconds. A time of
// up to five minutes ahead of now means now; a later one is a [*FutureError].
func ParseWhen(s string, now time.Time, zone *time.Location) (time.Time, error) {
	now = now.UTC().Truncate(time.Second)
	if ago, ok := parseAgo(s); ok {
		return now.Add(-ago), nil
	}
	t, err := parse(s, now, zone, whenForms)
	switch {
	case err != nil:
		return t, err
	case t.After(now.Add(ClockSlack)):
		return time.Time{}, &FutureError{Text: s, At: t.In(zone), Now: now.In(zone)}
	case t.After(now):
		return now, nil
	}
	return t, nil
}

// ParseMoment parses any time that people type: 10:02 (today), yesterday, today or tomorrow 23:50, 2018-08-24 10:02 or RFC 3339. A time
// without an offset is in the zone. The result is UTC in whole seconds. A time that the zone's clocks show twice or never is a
// [*calendar.ClockError].
func ParseMoment(s string, now time.Time, zone *time.Location) (time.Time, error) {
	return parse(s, now, zone, momentForms)
}

// parse is [ParseMoment] with the forms for its error.
func parse(s string, now time.Time, zone *time.Location, forms string) (time.Time, error) {
	clock, day, named := onDay(strings.Join(strings.Fields(s), " "), now.In(zone))
	t, err := record.ParseTimeIn(clock, day, zone)
	if _, ambiguous := err.(*calendar.ClockError); ambiguous {
		return time.Time{}, err
	}
	if err != nil || t.Year() < 1970 || named && hasDate().MatchString(clock) {
		return time.Time{}, fmt.Errorf("invalid time %q (use %s)", s, forms)
	}
	return t, nil
}

// onDay splits "yesterday 23:50" into a clock time and its day.
func onDay(word string, today time.Time) (clock string, day time.Time, named bool) {
	for name, days := range map[string]int{"yesterday ": -1, "today ": 0, "tomorrow ": 1} {
		if len(word) > len(name) && strings.EqualFold(word[:len(name)], name) {
			return word[len(name):], today.AddDate(0, 0, days), true
		}
	}
	return word, today, false
}

// parseAgo parses a duration: 10m, 1h 30m, 5 min ago.
func parseAgo(s string) (ago time.Duration, ok bool) {
	word := strings.TrimSuffix(strings.ToLower(strings.Join(strings.Fields(s), "")), "ago")
	m := agoPattern().FindStringSubmatch(word)
	if m == nil || word == "" {
		return 0, false
	}
	for n, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second} {
		if count, err := strconv.Atoi(m[n+1]); err == nil {
			ago += time.Duration(count) * unit
		}
	}
	return ago, true
}
