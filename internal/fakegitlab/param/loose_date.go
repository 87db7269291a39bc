package param

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// This file reads dates in all the notations that GitLab's language understands, because fields such as due_date take
// any of them.

// notation is one way to write a date, and the order in which it names the parts: y, m and d.
type notation struct {
	form  *regexp.Regexp
	parts string
}

const monthName = `(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?`

// notations are tried in this order: the first that is found anywhere in the text counts, even if its date does not
// exist.
var notations = sync.OnceValue(func() []notation {
	return []notation{
		{regexp.MustCompile(`('?\d+)(?:st|nd|rd|th)?\b[^\da-z']*` + monthName + `[^\d'-]*('?-?\d+)?`), "dmy"},
		{regexp.MustCompile(`\b` + monthName + `[^\d']*('?\d+)(?:st|nd|rd|th)?\b[^\d'-]*('?-?\d+)?`), "mdy"},
		{regexp.MustCompile(`('?-?\d+)-(\d+)-('?-?\d+)`), "ymd"},
		{regexp.MustCompile(`('?-?\d+)/\s*('?\d+)/\s*('?-?\d+)`), "ymd"},
		{regexp.MustCompile(`('?-?\d+)\.\s*('?\d+)\.\s*('?-?\d+)`), "ymd"},
		{regexp.MustCompile(`\b(\d{4})(\d\d)(\d\d)(?:t?\d+z?)?\b`), "ymd"},
	}
})

// clockTime matches a time of day, which does not belong to the date.
var clockTime = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(\d)t(\d\d:)|\d+:\d+(?::\d+(?:[.,]\d+)?)?(?:\s*(?:z\b|[ap]\.?m\b|(?:utc|gmt)?[+-]\d+(?::?\d+)?))?`)
})

// looseDate finds a date with all three parts. It does not check that the date exists.
func looseDate(text string) (year, month, day int, ok bool) {
	text = clockTime().ReplaceAllString(strings.ToLower(text), "$1 ")
	for _, n := range notations() {
		found := n.form.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		part := map[byte]string{}
		for i := range n.parts {
			part[n.parts[i]] = found[i+1]
		}
		y, d := part['y'], part['d']
		if isYear(d) {
			y, d = d, y
		}
		month, ok := monthOf(part['m'])
		if y == "" || d == "" || !ok {
			return 0, 0, 0, false
		}
		year, yearErr := strconv.Atoi(strings.TrimPrefix(y, "'"))
		day, dayErr := strconv.Atoi(d)
		return year, month, day, yearErr == nil && dayErr == nil
	}
	return 0, 0, 0, false
}

// isYear reports whether a number at the place of a day can only be a year: it has more than two digits or an
// apostrophe.
func isYear(number string) bool {
	return strings.HasPrefix(number, "'") || len(strings.TrimPrefix(number, "-")) > 2
}

func monthOf(text string) (int, bool) {
	if n, err := strconv.Atoi(text); err == nil {
		return n, true
	}
	if len(text) < 3 {
		return 0, false
	}
	at := strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", text[:3])
	return at/3 + 1, at >= 0
}

// maxDate is the length above which a text is not read as a date.
const maxDate = 128

// CastDate returns YYYY-MM-DD, with more digits for a year above 9999, or "" for a text without a year, a month
// and a day, and for a date that does not exist. A time of day is cut off.
func CastDate(s string) string {
	if len(s) > maxDate {
		return ""
	}
	year, month, day, ok := looseDate(s)
	if !ok || year <= 0 {
		return ""
	}
	if d := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC); d.Day() != day || int(d.Month()) != month {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}
