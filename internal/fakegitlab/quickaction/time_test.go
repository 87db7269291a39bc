package quickaction

import (
	"testing"
	"time"
)

func TestParseDay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2018-09-01": "2018-09-01", "today": "2018-08-24", "Tomorrow": "2018-08-25", "in 1 week": "2018-08-31", "3 months from now": "2018-11-24",
		"next month": "2018-09-24", "friday": "2018-08-31", "next monday": "2018-08-27", "September 1, 2018": "2018-09-01", "1 Sep 2018": "2018-09-01",
		"2018-13-01": "", "": "", "soon": "", "in 99999 days": "",
	} {
		day, ok := parseDay(text, time.Date(2018, 8, 24, 15, 0, 0, 0, time.UTC))
		got := ""
		if ok {
			got = day.Format("2006-01-02")
		}
		if got != want {
			t.Errorf("parseDay(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"1h": 3600, "1h30m": 5400, "1d": 8 * 3600, "1w 1d": 6 * 8 * 3600, "1mo": 20 * 8 * 3600, "-30m": -1800, "5s": 5,
	} {
		if got, ok := ParseDuration(text); !ok || got != want {
			t.Errorf("parseDuration(%q) = %d, %v; want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "-", "1", "h", "1x", "one hour", "1h x", "9999999h"} {
		if got, ok := ParseDuration(text); ok {
			t.Errorf("parseDuration(%q) = %d", text, got)
		}
	}
}
