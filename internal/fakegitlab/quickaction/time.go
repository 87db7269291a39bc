package quickaction

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// HumanTime formats seconds like GitLab, in weeks of five days of eight hours: 1w 2d 3h 30m. Zero is "".
func HumanTime(seconds int) string {
	var parts []string
	for _, unit := range []struct {
		name    string
		seconds int
	}{{"w", 5 * 8 * 3600}, {"d", 8 * 3600}, {"h", 3600}, {"m", 60}, {"s", 1}} {
		if n := seconds / unit.seconds; n > 0 {
			parts = append(parts, strconv.Itoa(n)+unit.name)
			seconds %= unit.seconds
		}
	}
	return strings.Join(parts, " ")
}

// parseDay reads the argument of /due: a date in digits or with the name of the month, today, tomorrow, a weekday
// (the next one), or a number of days, weeks or months from now, as in "in 2 days". GitLab understands more.
func parseDay(text string, now time.Time) (time.Time, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	for _, layout := range []string{
		time.DateOnly, "2006/01/02", "January 2 2006", "Jan 2 2006", "January 2, 2006", "Jan 2, 2006", "2 January 2006", "2 Jan 2006",
	} {
		if day, err := time.Parse(layout, text); err == nil {
			return day, true
		}
	}
	switch text {
	case "today":
		return today, true
	case "tomorrow":
		return today.AddDate(0, 0, 1), true
	case "next week":
		return today.AddDate(0, 0, 7), true
	case "next month":
		return today.AddDate(0, 1, 0), true
	}
	if m := countPattern().FindStringSubmatch(text); m != nil {
		n, err := strconv.Atoi(m[1])
		switch m[2] {
		case "day":
			return today.AddDate(0, 0, n), err == nil
		case "week":
			return today.AddDate(0, 0, 7*n), err == nil
		default:
			return today.AddDate(0, n, 0), err == nil
		}
	}
	name := strings.TrimPrefix(strings.TrimPrefix(text, "this "), "next ")
	for ahead := 1; ahead <= 7; ahead++ {
		day := today.AddDate(0, 0, ahead)
		if strings.ToLower(day.Weekday().String()) == name {
			return day, true
		}
	}
	return time.Time{}, false
}

var countPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:in )?(\d{1,4}) (day|week|month)s?(?: from now)?$`)
})

// durationUnits are GitLab's: a working day has eight hours, a week five days and a month four weeks. Largest first.
var durationUnits = []struct {
	name    string
	seconds int
}{
	{"mo", 4 * 5 * 8 * 3600}, {"w", 5 * 8 * 3600}, {"d", 8 * 3600}, {"h", 3600}, {"m", 60}, {"s", 1},
}

var durationPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\d{1,6})(mo|w|d|h|m|s)\s*`)
})

// ParseDuration reads "1w 2d 3h 30m" as seconds. A minus in front makes it negative.
func ParseDuration(text string) (seconds int, ok bool) {
	text, negative := strings.CutPrefix(strings.TrimSpace(text), "-")
	if text == "" {
		return 0, false
	}
	for text != "" {
		m := durationPattern().FindStringSubmatch(text)
		if m == nil {
			return 0, false
		}
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return 0, false
		}
		for _, unit := range durationUnits {
			if unit.name == m[2] {
				seconds += n * unit.seconds
			}
		}
		text = text[len(m[0]):]
	}
	if negative {
		seconds = -seconds
	}
	return seconds, true
}
