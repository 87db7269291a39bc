package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseDateRefusesWhatGitLabWouldStoreAsNoDate(t *testing.T) {
	for _, s := range []string{"", "tomorrow", "2026-02-30", "2026-2-3", "2026-02-03T00:00:00Z", " 2026-02-03", "0000-01-01", "10000-01-01", "2025-02-29"} {
		if d, err := ParseDate(s); err == nil {
			t.Errorf("ParseDate(%q) = %v, want an error", s, d)
		}
	}
	d, err := ParseDate("2024-02-29")
	if err != nil || d != NewDate(2024, time.February, 29) {
		t.Errorf("ParseDate of a leap day = %v, %v", d, err)
	}
}

func TestDateArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := NewDate(rapid.IntRange(1900, 2200).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 31).Draw(t, "day"))
		n := rapid.IntRange(-5000, 5000).Draw(t, "n")
		moved := d.AddDays(n)
		if got := moved.DaysSince(d); got != n {
			t.Fatalf("%v + %d days = %v, which is %d days later", d, n, moved, got)
		}
		if want := (n > 0); moved.After(d) != want {
			t.Fatalf("%v after %v = %v", moved, d, !want)
		}
		if back, err := ParseDate(moved.String()); err != nil || back != moved {
			t.Fatalf("%v read back is %v, %v", moved, back, err)
		}
		if sum := moved.Compare(d) + d.Compare(moved); sum != 0 {
			t.Fatalf("Compare is not antisymmetric for %v and %v", moved, d)
		}
		if (int(d.Weekday())+n%7+7)%7 != int(moved.Weekday()) {
			t.Fatalf("%v is a %v, %d days later %v is a %v", d, d.Weekday(), n, moved, moved.Weekday())
		}
	})
}

func TestMidnightIsTheFirstInstantOfTheDay(t *testing.T) {
	for _, c := range []struct {
		zone string
		day  Date
	}{
		{"UTC", NewDate(2026, 3, 29)},
		{"Europe/Berlin", NewDate(2026, 3, 29)},
		{"America/Sao_Paulo", NewDate(2018, 11, 4)}, // clocks jumped from 24:00 to 01:00
		{"America/Havana", NewDate(2026, 3, 8)},
		{"Asia/Beirut", NewDate(2022, 3, 27)},
		{"Pacific/Apia", NewDate(2011, 12, 31)}, // the 30th was left out
		{"America/Sao_Paulo", NewDate(2018, 2, 18)},
	} {
		loc, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		first := c.day.Midnight(loc)
		if got := DateOf(first); got != c.day {
			t.Errorf("%s: %v begins at %v, which is %v there", c.zone, c.day, first, got)
		}
		if got := DateOf(first.Add(-time.Second)); !got.Before(c.day) {
			t.Errorf("%s: a second before %v is still %v", c.zone, first, got)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2018-08-24", "2026-02-30", "", "9999-12-31", "0001-01-01", "2018-8-24", "２０１８-08-24"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if err == nil && d.String() != s {
			t.Fatalf("ParseDate(%q) prints as %q", s, d)
		}
		if err != nil && !d.IsZero() {
			t.Fatalf("ParseDate(%q) fails and gives %v", s, d)
		}
	})
}
