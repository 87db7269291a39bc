package ics_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// series is a daily or weekly rule, walked day by day.
type series struct {
	zone            *time.Location
	start           calendar.Date
	from, to        int // minutes of the day
	nights          int // days until the end
	weekly          bool
	interval, count int
	days            []time.Weekday
	begin           time.Weekday // of weeks
	until           calendar.Date
	except          []calendar.Date
}

func aSeries(t *rapid.T) series {
	name := rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"}).Draw(t, "zone")
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	day := func(label string, most int) calendar.Date {
		return calendar.NewDate(2017, time.October, 1).AddDays(rapid.IntRange(0, most).Draw(t, label))
	}
	weekday := rapid.Custom(func(t *rapid.T) time.Weekday { return time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday")) })
	s := series{zone: zone, start: day("start", 400), from: 15 * rapid.IntRange(0, 95).Draw(t, "from"), to: 15 * rapid.IntRange(0, 95).Draw(t, "to"),
		nights: rapid.IntRange(0, 9).Draw(t, "nights"), weekly: rapid.Bool().Draw(t, "weekly"), interval: rapid.IntRange(1, 4).Draw(t, "interval"),
		days: rapid.SliceOfNDistinct(weekday, 0, 4, rapid.ID[time.Weekday]).Draw(t, "days"), begin: weekday.Draw(t, "begin")}
	if s.nights == 0 && s.to <= s.from {
		s.nights = 1
	}
	switch rapid.IntRange(0, 2).Draw(t, "end") {
	case 1:
		s.count = rapid.IntRange(1, 20).Draw(t, "count")
	case 2:
		s.until = s.start.AddDays(rapid.IntRange(0, 200).Draw(t, "until"))
	}
	for range rapid.IntRange(0, 3).Draw(t, "exceptions") {
		s.except = append(s.except, s.start.AddDays(rapid.IntRange(0, 100).Draw(t, "exception")))
	}
	return s
}

func (s series) text() string {
	at := func(d calendar.Date, minute int) string {
		return fmt.Sprintf("%s:%sT%02d%02d00", s.zone, strings.ReplaceAll(d.String(), "-", ""), minute/60, minute%60)
	}
	words := []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}
	rule := "RRULE:FREQ=DAILY"
	if s.weekly {
		rule = "RRULE:FREQ=WEEKLY"
	}
	rule += fmt.Sprintf(";INTERVAL=%d;WKST=%s", s.interval, words[s.begin])
	for n, d := range s.days {
		if n == 0 {
			rule += ";BYDAY="
		} else {
			rule += ","
		}
		rule += words[d]
	}
	if s.count > 0 {
		rule += fmt.Sprintf(";COUNT=%d", s.count)
	}
	if !s.until.IsZero() {
		rule += ";UNTIL=" + strings.ReplaceAll(s.until.String(), "-", "")
	}
	lines := []string{"DTSTART;TZID=" + at(s.start, s.from), "DTEND;TZID=" + at(s.start.AddDays(s.nights), s.to), rule}
	for _, d := range s.except {
		lines = append(lines, "EXDATE;TZID="+at(d, s.from))
	}
	return around(event(lines...))
}

// covers walks over all days before a time.
func (s series) covers(t time.Time) bool {
	week := func(d calendar.Date) int {
		return d.AddDays(-(int(d.Weekday()-s.begin) + 7) % 7).DaysSince(calendar.NewDate(2000, time.January, 1))
	}
	count := 0
	for d := s.start; !d.After(calendar.DateOf(t.In(s.zone))); d = d.AddDays(1) {
		days := s.days
		if s.weekly && len(days) == 0 {
			days = []time.Weekday{s.start.Weekday()}
		}
		on := d.DaysSince(s.start)%s.interval == 0
		if s.weekly {
			on = (week(d)-week(s.start))/7%s.interval == 0
		}
		on = on && (len(days) == 0 || slices.Contains(days, d.Weekday())) || d == s.start
		if !on {
			continue
		}
		if count++; s.count > 0 && count > s.count || !s.until.IsZero() && d.After(s.until) {
			return false
		}
		begin, _ := d.Clock(s.from, s.zone)
		end, _ := d.AddDays(s.nights).Clock(s.to, s.zone)
		if !slices.Contains(s.except, d) && !t.Before(begin) && t.Before(end) {
			return true
		}
	}
	return false
}

// A rule gives the same times as a walk over all days, whatever the zone, also when clocks change.
func TestRulesLikeAWalkOverDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := aSeries(t)
		text := s.text()
		c := parsed(t, text)
		if len(c.Problems) > 0 {
			if strings.Contains(c.Problems[0].Text, "has no days") || strings.Contains(c.Problems[0].Text, "ends before") {
				t.Skip("no instance but the first")
			}
			t.Fatal(c.Problems)
		}
		for range 20 {
			at := time.Date(2017, time.September, 20, 0, 0, 0, 0, time.UTC).Add(15 * time.Minute * time.Duration(rapid.IntRange(0, 96*700).Draw(t, "at")))
			if got, want := people(c, at.Format("2006-01-02 15:04")) != "", s.covers(at); got != want {
				t.Fatalf("at %s: %v, want %v\n%s", at, got, want, text)
			}
		}
	})
}
