package param

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// moment is a point in time as read from a text, not yet checked.
type moment struct {
	year, month, day                 int
	hour, minute, second, nanosecond int
	offset                           int // seconds east of UTC
}

// isDate reports whether the date is in the calendar.
func (m moment) isDate() bool {
	if m.month < 1 || m.month > 12 || m.day < 1 {
		return false
	}
	return m.day <= time.Date(m.year, time.Month(m.month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// fullYear completes a year of two digits.
func (m moment) fullYear() int {
	switch {
	case m.year >= 100 || m.year < 0:
		return m.year
	case m.year >= 69:
		return 1900 + m.year
	}
	return 2000 + m.year
}

// maxMoment is the longest text that is read as a time.
const maxMoment = 128

// notations are the forms of dates and times, in the order in which Ruby tries them. A form may be anywhere in the text.
var notations = sync.OnceValue(func() (n struct {
	clock, dayMonth, monthDay, dashes, slashes, dots, digits *regexp.Regexp
}) {
	const month = `(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[^-\d\s']*`
	n.clock = regexp.MustCompile(`(?i)(\d+)\s*(?::\s*(\d+)(?:\s*:\s*(\d+)(?:[,.](\d*))?)?(?:\s*([ap])(?:m\b|\.m\.))?|([ap])(?:m\b|\.m\.))` +
		`(?:\s*((?:gmt|utc?)?[-+]\d+(?:[,.:]\d+)?|[a-z]+\b))?`)
	n.dayMonth = regexp.MustCompile(`(?i)(\d+)[^-\d\s]*\s*` + month + `(?:\s*('?-?\d+))?`)
	n.monthDay = regexp.MustCompile(`(?i)\b` + month + `\s*('?\d+)[^-\d\s']*(?:\s*,?\s*('?-?\d+))?`)
	n.dashes = regexp.MustCompile(`('?[-+]?\d+)-(\d+)-('?-?\d+)`)
	n.slashes = regexp.MustCompile(`('?-?\d+)/\s*('?\d+)\D\s*('?-?\d+)`)
	n.dots = regexp.MustCompile(`('?-?\d+)\.\s*('?\d+)\.\s*('?-?\d+)`)
	n.digits = regexp.MustCompile(`(?i)([-+]?\d{6,14})(?:\s*t?\s*(\d{2,6})?(?:[,.](\d*))?)?(z\b|[-+]\d{1,4}\b)?`)
	return n
})

// parseMoment reads a date, with or without a time, as leniently as Ruby does.
func parseMoment(s string) (moment, bool) {
	if len(s) > maxMoment {
		return moment{}, false
	}
	var m moment
	n := notations()
	if at := n.clock.FindStringSubmatchIndex(s); at != nil {
		m.setClock(n.clock.FindStringSubmatch(s))
		s = s[:at[0]] + " " + s[at[1]:]
	}
	if f := n.dayMonth.FindStringSubmatch(s); f != nil {
		return m, m.setDate(f[3], monthNumber(f[2]), f[1])
	}
	if f := n.monthDay.FindStringSubmatch(s); f != nil {
		return m, m.setDate(f[3], monthNumber(f[1]), f[2])
	}
	for _, form := range []*regexp.Regexp{n.dashes, n.slashes, n.dots} {
		if f := form.FindStringSubmatch(s); f != nil {
			return m, m.setDate(f[1], f[2], f[3])
		}
	}
	if f := n.digits.FindStringSubmatch(s); f != nil {
		return m, m.setDigits(f)
	}
	return m, false
}

// setDate sets the date from its parts. A part of more than two digits in the place of the day is the year.
func (m *moment) setDate(year, month, day string) bool {
	if year == "" {
		return false
	}
	if len(month) > 2 || month[0] == '\'' {
		year, month, day = month, day, year
	}
	if len(day) > 2 || day[0] == '\'' {
		year, day = day, year
	}
	m.year, m.month, m.day = number(year), number(month), number(day)
	return true
}

func monthNumber(name string) string {
	at := strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", strings.ToLower(name[:3]))
	return strconv.Itoa(at/3 + 1)
}

// setClock sets the time of day and the offset.
func (m *moment) setClock(f []string) {
	m.hour, m.minute, m.second = number(f[1]), number(f[2]), number(f[3])
	m.nanosecond = fraction(f[4])
	if half := strings.ToLower(f[5] + f[6]); half != "" {
		m.hour %= 12
		if half == "p" {
			m.hour += 12
		}
	}
	m.offset = zoneOffset(f[7])
}

// setDigits sets date and time from a text without separators.
func (m *moment) setDigits(f []string) bool {
	date, clock := strings.TrimLeft(f[1], "+-"), f[2]
	switch len(date) {
	case 14:
		date, clock = date[:8], date[8:]
	case 8:
	case 6:
		date = "00" + date
	case 7:
		first := time.Date(number(date[:4]), 1, number(date[4:]), 0, 0, 0, 0, time.UTC)
		date = first.Format("20060102")
	default:
		return false
	}
	m.year, m.month, m.day = number(date[:4]), number(date[4:6]), number(date[6:8])
	clock += "000000"
	if f[2] != "" || len(f[1]) >= 14 {
		m.hour, m.minute, m.second = number(clock[:2]), number(clock[2:4]), number(clock[4:6])
	}
	if f[4] != "" {
		m.offset = zoneOffset(f[4])
	}
	return true
}

// number reads digits, with a sign or with an apostrophe before a year. No text is 0; a number that is too large for a
// date stays too large.
func number(s string) int {
	n, err := strconv.Atoi(strings.TrimLeft(s, "'+"))
	if err != nil && s != "" {
		return 1 << 30
	}
	return n
}

// fraction reads the digits after the decimal point of seconds, as nanoseconds.
func fraction(digits string) int {
	return number((digits + "000000000")[:9])
}

// zones are the names of offsets, in hours.
var zones = []struct {
	name  string
	hours int
}{
	{"est", -5}, {"edt", -4}, {"cst", -6}, {"cdt", -5}, {"mst", -7}, {"mdt", -6}, {"pst", -8}, {"pdt", -7}, {"bst", 1}, {"cet", 1},
	{"cest", 2}, {"eet", 2}, {"eest", 3}, {"msk", 3}, {"jst", 9},
}

// zoneOffset reads an offset such as +02:00, +0200, +2, UTC+2 or CET, in seconds. An unknown name is UTC.
func zoneOffset(zone string) int {
	zone = strings.ToLower(zone)
	for _, z := range zones {
		if z.name == zone {
			return z.hours * 3600
		}
	}
	at := strings.IndexAny(zone, "+-")
	if at < 0 {
		return 0
	}
	digits, minutes, hasMinutes := zone[at+1:], "", false
	if i := strings.IndexAny(digits, ",.:"); i >= 0 {
		digits, minutes, hasMinutes = digits[:i], digits[i+1:], true
	}
	if !hasMinutes && len(digits) > 2 {
		digits, minutes = digits[:len(digits)-2], digits[len(digits)-2:]
	}
	seconds := min(number(digits), 23)*3600 + min(number(minutes), 59)*60
	if zone[at] == '-' {
		return -seconds
	}
	return seconds
}
