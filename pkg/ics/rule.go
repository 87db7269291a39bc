package ics

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// rule is a daily or weekly recurrence: a pattern of days that repeats. Its instances are numbered from the start of the pattern, so any
// of them is found without counting the ones before.
type rule struct {
	start   calendar.Date // of the series; always an instance
	anchor  calendar.Date // of the pattern
	period  int           // days after which the pattern repeats
	offsets []int         // days of the pattern, in order, at least one
	count   int           // instances; 0: no limit
	until   func(day calendar.Date, begin time.Time) bool
}

const (
	mostInterval = 1000
	mostCount    = 1e6 // as good as no limit
)

// rule interprets a rule of recurrence. The error names what is not supported.
func (r *reader) rule(text string, e event) (*rule, error) {
	out := &rule{start: e.start.day}
	frequency, interval, begin := "", 1, time.Monday
	var days []time.Weekday
	for part := range strings.SplitSeq(strings.ToUpper(strings.TrimSuffix(text, ";")), ";") {
		key, value, _ := strings.Cut(part, "=")
		n, err := strconv.Atoi(value)
		valid := true
		switch key {
		case "FREQ":
			frequency, valid = value, value == "DAILY" || value == "WEEKLY"
		case "INTERVAL":
			interval, valid = n, err == nil && n > 0 && n <= mostInterval
		case "COUNT":
			out.count, valid = min(n, mostCount), err == nil && n > 0
		case "UNTIL":
			valid = r.until(out, value, e)
		case "WKST":
			begin, valid = weekday(value)
		case "BYDAY":
			for word := range strings.SplitSeq(value, ",") {
				d, known := weekday(word)
				days, valid = append(days, d), valid && known
			}
		default:
			valid = false
		}
		if !valid {
			return nil, fmt.Errorf("the rule %q is not supported (only daily and weekly ones are)", short(part))
		}
	}
	if frequency == "" {
		return nil, fmt.Errorf("the rule %q has no FREQ", short(text))
	}
	out.pattern(frequency == "WEEKLY", interval, begin, days)
	if len(out.offsets) == 0 {
		return nil, fmt.Errorf("the rule %q has no days", short(text))
	}
	return out, nil
}

func weekday(word string) (time.Weekday, bool) {
	n := slices.Index([]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}, word)
	return time.Weekday(max(n, 0)), n >= 0
}

// until sets the end of the series; false: the value is invalid. A date includes its whole day.
func (r *reader) until(out *rule, value string, e event) bool {
	m, err := r.moment(property{name: "UNTIL", value: value})
	if err != nil {
		return false
	}
	if !strings.HasSuffix(value, "Z") {
		m.zone = e.zone
	}
	last := m.time()
	out.until = func(day calendar.Date, begin time.Time) bool {
		if m.date || e.days {
			return day.After(m.day)
		}
		return begin.After(last)
	}
	return true
}

// pattern sets the days of the rule.
func (u *rule) pattern(weekly bool, interval int, begin time.Weekday, days []time.Weekday) {
	u.anchor, u.period = u.start, interval
	switch {
	case weekly:
		if len(days) == 0 {
			days = []time.Weekday{u.start.Weekday()}
		}
		u.anchor = u.start.AddDays(-after(begin, u.start.Weekday()))
		u.period = 7 * interval
		for _, d := range days {
			u.offsets = append(u.offsets, after(begin, d))
		}
	case len(days) == 0:
		u.offsets = []int{0}
	default: // the same weekdays come after seven intervals
		u.period = 7 * interval
		for n := range 7 {
			if slices.Contains(days, u.start.AddDays(n*interval).Weekday()) {
				u.offsets = append(u.offsets, n*interval)
			}
		}
	}
	stable.Sort(u.offsets, func(a, b int) int { return a - b })
	u.offsets = slices.Compact(u.offsets)
}

// after is how many days of a week come before a weekday.
func after(begin, d time.Weekday) int { return (int(d-begin) + 7) % 7 }

// each calls do for the instances on days from first to last.
func (u *rule) each(first, last calendar.Date, do func(calendar.Date)) {
	size := len(u.offsets)
	day := func(n int) calendar.Date { return u.anchor.AddDays(n/size*u.period + u.offsets[n%size]) }
	lowest := 0
	for day(lowest).Before(u.start) {
		lowest++
	}
	end := lowest + u.count // after the last one
	if day(lowest) != u.start {
		end-- // the start is an instance, whatever the pattern
		if !u.start.Before(first) && !u.start.After(last) {
			do(u.start)
		}
	}
	for n := max(lowest, first.DaysSince(u.anchor)/u.period*size); u.count == 0 || n < end; n++ {
		switch d := day(n); {
		case d.After(last):
			return
		case !d.Before(first):
			do(d)
		}
	}
}

// over reports whether the series ends before an instance.
func (u *rule) over(day calendar.Date, begin time.Time) bool {
	return u.until != nil && u.until(day, begin)
}
