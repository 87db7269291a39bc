package calendar_test

import (
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

func TestClock(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, zone, day string
		minute          int
		first, last     string
	}{
		{"a plain day", "Europe/Berlin", "2018-08-24", 4 * 60, "2018-08-24 02:00", "2018-08-24 02:00"},
		{"skipped in spring", "Europe/Berlin", "2018-03-25", 2*60 + 30, "2018-03-25 01:00", "2018-03-25 01:00"},
		{"shown twice in autumn", "Europe/Berlin", "2018-10-28", 2*60 + 30, "2018-10-28 00:30", "2018-10-28 01:30"},
		{"after the repeated hour", "Europe/Berlin", "2018-10-28", 3 * 60, "2018-10-28 02:00", "2018-10-28 02:00"},
		{"half an hour only", "Australia/Lord_Howe", "2018-04-01", 1*60 + 45, "2018-03-31 14:45", "2018-03-31 15:15"},
		{"midnight is skipped", "America/Sao_Paulo", "2018-11-04", 0, "2018-11-04 03:00", "2018-11-04 03:00"},
		{"a day is left out", "Pacific/Apia", "2011-12-30", 12 * 60, "2011-12-30 10:00", "2011-12-30 10:00"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			first, last := date(t, tc.day).Clock(tc.minute, location(t, tc.zone))
			form := "2006-01-02 15:04"
			if first.Format(form) != tc.first || last.Format(form) != tc.last {
				t.Errorf("%d minutes of %s in %s: %s and %s, want %s and %s", tc.minute, tc.day, tc.zone, first, last, tc.first, tc.last)
			}
			if first.Location() != time.UTC || last.Location() != time.UTC {
				t.Errorf("%s and %s are not in UTC", first, last)
			}
		})
	}
}

func TestExists(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		zone, day string
		want      bool
	}{
		{"UTC", "2011-12-30", true}, {"Pacific/Apia", "2011-12-29", true}, {"Pacific/Apia", "2011-12-30", false}, {"Pacific/Apia", "2011-12-31", true},
		{"America/Sao_Paulo", "2018-11-04", true}, {"Pacific/Kwajalein", "1993-08-21", false},
	} {
		if got := date(t, tc.day).Exists(location(t, tc.zone)); got != tc.want {
			t.Errorf("%s in %s: %t, want %t", tc.day, tc.zone, got, tc.want)
		}
	}
}

func date(t *testing.T, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func location(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Skipf("no zone %s here: %v", name, err)
	}
	return loc
}
