package manifest_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/internal/manifest"
)

func TestParseSpan(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for in, want := range map[string]time.Duration{
		"30m": 30 * time.Minute, "7d": 7 * day, "1d12h": 36 * time.Hour, "36h": 36 * time.Hour, "0": 0, "0d": 0, "1h30m": 90 * time.Minute,
	} {
		if got, err := manifest.ParseSpan(in); got != want || err != nil {
			t.Errorf("ParseSpan(%q) = %s, %v; want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"", "d", "7", "-7d", "-30m", "1d-2h", "1d+2h", "1.5d", "7 d", "1d1d", "d7", "70000d", "1w", "1mo", "65535d2500000h"} {
		if got, err := manifest.ParseSpan(in); err == nil || got != 0 {
			t.Errorf("ParseSpan(%q) = %s", in, got)
		}
	}
}

func TestSpanRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, 400*24*3600).Draw(t, "seconds")) * time.Second
		if got, err := manifest.ParseSpan(manifest.FormatDuration(d)); got != d || err != nil {
			t.Errorf("%s was read as %s, %v", manifest.FormatDuration(d), got, err)
		}
		n := rapid.IntRange(1, 3660).Draw(t, "days")
		if got, err := manifest.ParseDays(manifest.FormatDays(n)); got != n || err != nil {
			t.Errorf("%d days were read as %d, %v", n, got, err)
		}
	})
}

func TestParseMoment(t *testing.T) {
	t.Parallel()
	berlin, err := manifest.ParseZone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"2018-12-21 17:00":          "2018-12-21T16:00:00Z",
		"2018-07-21T17:00":          "2018-07-21T15:00:00Z",
		"2018-07-21 17:00:30":       "2018-07-21T15:00:30Z",
		"2018-12-21T17:00:00Z":      "2018-12-21T17:00:00Z",
		"2018-12-21T17:00:00+05:30": "2018-12-21T11:30:00Z",
		"2018-10-28 02:30":          "2018-10-28T00:30:00Z", // twice on that night: the first
		"2018-10-28 03:30":          "2018-10-28T02:30:00Z",
	} {
		if got, err := manifest.ParseMoment(in, berlin); err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("ParseMoment(%q) = %s, %v; want %s", in, got.Format(time.RFC3339), err, want)
		}
	}
	for _, in := range []string{"", "2018-12-21", "2018-03-25 02:30", "2018-02-30 10:00", "tomorrow", "10:00", "2018-12-21 25:00", "21.12.2018 17:00"} {
		if got, err := manifest.ParseMoment(in, berlin); err == nil || !got.IsZero() {
			t.Errorf("ParseMoment(%q) = %s", in, got)
		}
	}
}
