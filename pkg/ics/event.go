package ics

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// event is one event or series of a person. Times of a series are those of the clock in its zone, so a duty starts and ends at the same
// hour in summer and winter.
type event struct {
	person   string
	from, to time.Time // of an event without a rule
	days     bool      // of whole days
	zone     *time.Location
	start    wall // of the first instance
	end      wall
	exact    time.Duration // after end: hours of a DURATION always have 60 minutes
	rule     *rule
	except   exceptions
	replaces moment
}

// wall is what a clock shows.
type wall struct {
	day     calendar.Date
	seconds int // of the day
}

func wallOf(t time.Time) wall {
	return wall{calendar.DateOf(t), t.Hour()*3600 + t.Minute()*60 + t.Second()}
}

// in returns when clocks in a zone show it: the first time if they do so twice, and the change if they skip it.
func (w wall) in(zone *time.Location) time.Time {
	at, _ := w.day.Clock(w.seconds/60, zone)
	return at.Add(time.Duration(w.seconds%60) * time.Second)
}

// moment is a date, or a time.
type moment struct {
	wall
	date bool
	zone *time.Location
}

func (m moment) time() time.Time { return m.wall.in(m.zone) }

// exceptions are instances that do not take place.
type exceptions struct {
	times map[int64]bool
	days  map[calendar.Date]bool
}

// add adds exceptions of a series. One of whole days has days only: some programs write a time for them.
func (x *exceptions) add(days bool, list ...moment) {
	if x.times == nil {
		x.times, x.days = map[int64]bool{}, map[calendar.Date]bool{}
	}
	for _, m := range list {
		if m.date || days {
			x.days[m.day] = true
		} else {
			x.times[m.time().Unix()] = true
		}
	}
}

// mostDays is how long one instance of a series can last.
const mostDays = 62

// event interprets an event. The error is what is wrong with it.
func (r *reader) event(e *source) (out event, err error) {
	if e.replace.name != "" {
		if out.replaces, err = r.moment(e.replace); err != nil {
			return out, err
		}
		switch {
		case e.replace.parameter("RANGE") != "": // also if they are canceled, or given to somebody else
			return out, errors.New("RECURRENCE-ID with RANGE is not supported")
		case e.person == "":
			return out, nil
		}
	}
	switch {
	case e.status == "CANCELLED": // nobody is on call because of it, whatever is in it
		return out, nil
	case e.several != "":
		return out, fmt.Errorf("belongs to %s and %s", e.person, e.several)
	case e.unsupported != "":
		return out, fmt.Errorf("%s is not supported", e.unsupported)
	case len(e.rules) > 1 || len(e.rules) > 0 && e.replace.name != "":
		return out, errors.New("several rules of recurrence are not supported")
	}
	out.person = e.person
	if err := r.period(e, &out); err != nil || len(e.rules) == 0 {
		return out, err
	}
	if out.rule, err = r.rule(e.rules[0], out); err != nil {
		return out, err
	}
	if out.end.day.DaysSince(out.start.day) > mostDays || out.exact > mostDays*24*time.Hour {
		return out, fmt.Errorf("each instance lasts longer than %d days", mostDays)
	}
	for _, p := range e.except {
		for value := range strings.SplitSeq(p.value, ",") {
			p.value = value
			m, err := r.moment(p)
			if err != nil {
				return out, err
			}
			out.except.add(out.days, m)
		}
	}
	return out, nil
}

// period sets the start and the end of the first instance.
func (r *reader) period(e *source, out *event) error {
	start, err := r.moment(e.start)
	if err != nil {
		return err
	}
	out.zone, out.start, out.days = start.zone, start.wall, start.date
	switch {
	case e.end.name != "":
		end, err := r.moment(e.end)
		switch {
		case err != nil:
			return err
		case end.date != start.date:
			return errors.New("DTSTART and DTEND must both be dates, or both be times")
		}
		if out.end = end.wall; !end.date {
			out.end, out.to = wallOf(end.time().In(out.zone)), end.time()
		}
	case e.duration.name != "":
		days, exact, err := parseDuration(e.duration.value)
		if err != nil {
			return err
		}
		const day = 24 * time.Hour
		if start.date { // PT24H is what some programs write for a day
			if exact%day != 0 {
				return fmt.Errorf("an event of whole days lasts %q", short(e.duration.value))
			}
			days, exact = days+int(exact/day), 0
		}
		out.end, out.exact = wall{out.start.day.AddDays(days), out.start.seconds}, exact
	case start.date:
		out.end = wall{day: out.start.day.AddDays(1)}
	default:
		return errors.New("no end: DTEND and DURATION are missing")
	}
	out.from = out.start.in(out.zone)
	if out.to.IsZero() {
		out.to = out.end.in(out.zone).Add(out.exact)
	}
	if !out.from.Before(out.to) {
		return errors.New("does not end after it starts")
	}
	return nil
}

// moment reads a date or a time.
func (r *reader) moment(p property) (m moment, err error) {
	value := strings.ToUpper(p.value)
	value, utc := strings.CutSuffix(value, "Z")
	layout := "20060102T150405"
	if m.date = len(value) == len("20060102"); m.date {
		layout = "20060102"
	}
	t, err := time.Parse(layout, value)
	switch {
	case p.name == "":
		return m, errors.New("no start: DTSTART is missing")
	case err != nil || t.Year() < 1:
		return m, fmt.Errorf("invalid time %q", short(p.value))
	}
	m.wall, m.zone = wallOf(t), r.options.Local
	if tzid := p.parameter("TZID"); utc {
		m.zone = time.UTC
	} else if tzid != "" && !m.date {
		m.zone, err = r.findZone(tzid)
	}
	return m, err
}

// parseDuration reads a duration such as P7D or PT12H.
func parseDuration(s string) (days int, exact time.Duration, err error) {
	date, clock, _ := strings.Cut(strings.ToUpper(strings.TrimPrefix(s, "+")), "T")
	date, ok := strings.CutPrefix(date, "P")
	units := map[byte]int{'W': 7, 'D': 1, 'H': 3600, 'M': 60, 'S': 1}
	sum := func(s, allowed string) (total int) {
		for s != "" {
			n := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
			if n <= 0 || n > 6 || !strings.Contains(allowed, s[n:n+1]) {
				ok = false
				return 0
			}
			count, err := strconv.Atoi(s[:n])
			ok = ok && err == nil
			total += count * units[s[n]]
			s = s[n+1:]
		}
		return total
	}
	days, exact = sum(date, "WD"), time.Duration(sum(clock, "HMS"))*time.Second
	if !ok || date == "" && clock == "" {
		return 0, 0, fmt.Errorf("invalid duration %q", short(s))
	}
	return days, exact, nil
}

// during adds the instances that cover a part of a period.
func (e *event) during(list []oncall.Presence, from, to time.Time, day calendar.Date) []oncall.Presence {
	add := func(begin, end time.Time, first, after calendar.Date) {
		switch {
		case e.days && !day.Before(first) && day.Before(after):
			list = append(list, oncall.Presence{Person: e.person, From: from.UTC().AddDate(0, 0, first.DaysSince(day)),
				To: to.UTC().AddDate(0, 0, after.DaysSince(day)-1), Days: true})
		case !e.days && begin.Before(to) && from.Before(end):
			list = append(list, oncall.Presence{Person: e.person, From: begin.UTC(), To: end.UTC()})
		}
	}
	if e.rule == nil {
		add(e.from, e.to, e.start.day, e.end.day)
		return list
	}
	span := e.end.day.DaysSince(e.start.day)
	first := calendar.DateOf(from.Add(-e.exact).In(e.zone)).AddDays(-span - 1)
	last := calendar.DateOf(to.In(e.zone)).AddDays(1)
	if e.days {
		first, last = day.AddDays(-span), day
	}
	e.rule.each(first, last, func(d calendar.Date) {
		begin := wall{d, e.start.seconds}.in(e.zone)
		if e.except.days[d] || !e.days && e.except.times[begin.Unix()] || e.rule.over(d, begin) {
			return
		}
		add(begin, wall{d.AddDays(span), e.end.seconds}.in(e.zone).Add(e.exact), d, d.AddDays(span))
	})
	return list
}

// hasWords reports whether a text contains words as they are, not as parts of longer ones.
func hasWords(text, words string) bool {
	if words == "" {
		return false
	}
	letter := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	for at := 0; ; {
		n := strings.Index(text[at:], words)
		if n < 0 {
			return false
		}
		begin, end := at+n, at+n+len(words)
		before, _ := utf8.DecodeLastRuneInString(text[:begin])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !letter(before) && !letter(after) {
			return true
		}
		at = end
	}
}
