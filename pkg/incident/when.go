package incident

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/record"
)

// whenForms are the forms of a time, for errors.
const whenForms = "use 10m or 1h30m (ago), 10:02 (UTC), yesterday 23:50, 2018-08-24 10:02 or RFC 3339"

// clockSlack is how far a time may be ahead of our clock without being in the future.
const clockSlack = time.Minute

var (
	agoPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m(?:in)?)?(?:(\d{1,6})s)?$`)
	})
	hasDate = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d{4}-`) })
)

// ParseWhen parses when something happened: 10m or 1h30m (ago), 10:02 (today in UTC, or yesterday if that is in the future),
// yesterday 23:50, 2018-08-24 10:02 (UTC unless it has an offset) or RFC 3339. The result is UTC in whole seconds.
// A time in the future is an error.
func ParseWhen(s string, now time.Time) (time.Time, error) {
	now = now.UTC().Truncate(time.Second)
	word := strings.Join(strings.Fields(s), " ")
	if ago, ok := parseAgo(word); ok {
		return now.Add(-ago), nil
	}
	t, err := record.ParseTime(onDay(word, now))
	switch future := t.After(now.Add(clockSlack)); {
	case err != nil || t.Year() < 1970:
		return time.Time{}, fmt.Errorf("invalid time %q (%s)", s, whenForms)
	case future && hasDate().MatchString(word):
		return time.Time{}, fmt.Errorf("%q is in the future (now: %s)", s, now.Format("2006-01-02 15:04 UTC"))
	case future:
		return t.AddDate(0, 0, -1), nil
	}
	return t, nil
}

// onDay splits "yesterday 23:50" into a clock time and its day.
func onDay(word string, now time.Time) (clock string, day time.Time) {
	if rest, ok := strings.CutPrefix(strings.ToLower(word), "yesterday "); ok {
		return rest, now.AddDate(0, 0, -1)
	}
	return word, now
}

// parseAgo parses a duration: 10m, 1h 30m, 5 min ago.
func parseAgo(word string) (ago time.Duration, ok bool) {
	word = strings.TrimSuffix(strings.ReplaceAll(strings.ToLower(word), " ", ""), "ago")
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
