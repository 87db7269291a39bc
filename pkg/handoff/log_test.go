package handoff_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

func TestWeeks(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]string{ // ISO 8601: around the ends of years
		"2018-08-24": "2018-W34", "2018-12-30": "2018-W52", "2018-12-31": "2019-W01", "2021-01-03": "2020-W53", "2021-01-04": "2021-W01", "2016-01-01": "2015-W53",
	} {
		d, err := calendar.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		if got := handoff.WeekOf(d).String(); got != want {
			t.Errorf("%s is in %s, want %s", day, got, want)
		}
	}
	for _, input := range []string{"", "2018", "2018-W0", "2018-W53", "2018-W54", "0000-W01", "2018-W34x", "18-W34", "current"} {
		if w, err := handoff.ParseWeek(input); err == nil {
			t.Errorf("%q is %v", input, w)
		}
	}
	for _, input := range []string{"2018-W34", "2018W34", "2018-w34"} {
		if w, err := handoff.ParseWeek(input); err != nil || w.String() != "2018-W34" || w.Monday().String() != "2018-08-20" || w.Sunday().String() != "2018-08-26" {
			t.Errorf("%q is %v from %s to %s, %v", input, w, w.Monday(), w.Sunday(), err)
		}
	}
}

// Every day is one of the seven days of its week, and weeks follow each other without gaps.
func TestWeeksAreContiguous(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.NewDate(1970, 1, 1).AddDays(rapid.IntRange(-700_000, 2_900_000).Draw(t, "day"))
		w := handoff.WeekOf(d)
		if w.Monday().Weekday() != time.Monday || w.Sunday().DaysSince(w.Monday()) != 6 || d.Before(w.Monday()) || d.After(w.Sunday()) {
			t.Fatalf("%s is in %s, %s to %s", d, w, w.Monday(), w.Sunday())
		}
		if next := w.Add(1); next.Monday() != w.Sunday().AddDays(1) || next.Add(-1) != w {
			t.Fatalf("after %s comes %s", w, next)
		}
		if parsed, err := handoff.ParseWeek(w.String()); err != nil || parsed != w {
			t.Fatalf("%s reads back as %s, %v", w, parsed, err)
		}
	})
}

func TestLogs(t *testing.T) {
	t.Parallel()
	at := time.Date(2018, 8, 24, 4, 0, 0, 0, time.UTC)
	w := handoff.WeekOf(calendar.DateOf(at))
	for _, c := range []struct {
		log               handoff.Log
		key, title, since string
	}{
		{handoff.WeekLog(w), "oncall-log/2018-W34", "On-call 2018-W34 (2018-08-20 to 2018-08-26)", "2018-08-13T00:00:00Z"},
		{handoff.ShiftLog("2018-08-24T04:00Z/EMEA", oncall.Shift{Region: "EMEA", From: at, To: at.Add(12 * time.Hour)}),
			"oncall-log/2018-08-24T04:00Z/EMEA", "On-call EMEA 2018-08-24 04:00 to 2018-08-24 16:00 UTC", "2018-08-17T04:00:00Z"},
		{handoff.ReportLog(w), "oncall-report/2018-W34", "On-call report 2018-W34 (2018-08-20 to 2018-08-26)", "2018-08-13T00:00:00Z"},
		{handoff.PeriodLog(w.Monday(), w.Monday().AddDays(11)), "oncall-report/2018-08-20_2018-08-31", "On-call report 2018-08-20 to 2018-08-31", "2018-08-13T00:00:00Z"},
	} {
		key, draft := c.log.IdempotencyKey("log"), c.log.Draft("log", true)
		if key.Kind+"/"+key.Name != c.key || draft.Title != c.title || key.Since.Format(time.RFC3339) != c.since || key.Label != "log" ||
			len(draft.Labels) != 1 || draft.Labels[0] != "log" || !draft.Confidential || draft.Description != c.log.Description {
			t.Errorf("%+v, %+v", key, draft)
		}
	}
	// GitLab notifies people who are mentioned in a title, and a region may have any name.
	odd := handoff.ShiftLog("x", oncall.Shift{Region: "@all", From: at, To: at.Add(time.Hour)}).Draft("log", false)
	if strings.Contains(odd.Title, "@all") || !strings.Contains(odd.Title, "all 2018-08-24") {
		t.Errorf("the title %q mentions somebody", odd.Title)
	}
}
