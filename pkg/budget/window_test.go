package budget_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/budget"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func instant(s string) time.Time {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return at
}

func TestParsePeriod(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]budget.Period{"28d": "28d", " 028D": "28d", "Month": budget.Month, "quarter": budget.Quarter, "3660d": "3660d"} {
		if got, err := budget.ParsePeriod(input); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", input, got, err, want)
		}
	}
	for _, input := range []string{"", "28", "0d", "-1d", "3661d", "1.5d", "year", "d", "99999999999d"} {
		if got, err := budget.ParsePeriod(input); err == nil {
			t.Errorf("%q: %q, want an error", input, got)
		}
	}
}

func TestWindow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		period          budget.Period
		zone, at        string
		start           int
		from, to, hours string
	}{
		{"28d", "UTC", "2018-08-24T16:00:00Z", 1, "2018-07-28T00:00:00Z", "2018-08-25T00:00:00Z", "672h0m0s"},
		{"1d", "UTC", "2018-08-24T00:00:00Z", 1, "2018-08-24T00:00:00Z", "2018-08-25T00:00:00Z", "24h0m0s"},
		{"7d", "Europe/Berlin", "2018-10-28T23:30:00Z", 1, "2018-10-22T22:00:00Z", "2018-10-29T23:00:00Z", "169h0m0s"}, // an hour more
		{budget.Month, "Europe/Berlin", "2018-03-31T22:30:00Z", 1, "2018-03-31T22:00:00Z", "2018-04-30T22:00:00Z", "720h0m0s"},
		{budget.Month, "Europe/Berlin", "2018-03-15T12:00:00Z", 1, "2018-02-28T23:00:00Z", "2018-03-31T22:00:00Z", "743h0m0s"}, // an hour less
		{budget.Month, "America/New_York", "2018-03-01T04:59:59Z", 1, "2018-02-01T05:00:00Z", "2018-03-01T05:00:00Z", "672h0m0s"},
		{budget.Quarter, "UTC", "2018-08-24T16:00:00Z", 1, "2018-07-01T00:00:00Z", "2018-10-01T00:00:00Z", "2208h0m0s"},
		{budget.Quarter, "UTC", "2018-01-15T16:00:00Z", 2, "2017-11-01T00:00:00Z", "2018-02-01T00:00:00Z", "2208h0m0s"},
	} {
		w := c.period.Window(instant(c.at), zone(t, c.zone), c.start)
		if w.From.Format(time.RFC3339) != c.from || w.To.Format(time.RFC3339) != c.to || w.Length().String() != c.hours {
			t.Errorf("%s at %s in %s: %s to %s, %s", c.period, c.at, c.zone, w.From.Format(time.RFC3339), w.To.Format(time.RFC3339), w.Length())
		}
	}
}

// A window contains its instant, begins and ends at the start of a day, and months and quarters follow each other without a gap.
func TestWindowsCoverEveryInstant(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{time.UTC, zone(t, "Europe/Berlin"), zone(t, "America/Sao_Paulo"), zone(t, "Australia/Lord_Howe"), zone(t, "Pacific/Apia")}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(1.2e9, 1.8e9).Draw(t, "at"), 0)
		z := rapid.SampledFrom(zones).Draw(t, "zone")
		p := rapid.SampledFrom([]budget.Period{"1d", "28d", "90d", budget.Month, budget.Quarter}).Draw(t, "period")
		start := rapid.IntRange(1, 12).Draw(t, "quarter")
		w := p.Window(at, z, start)
		if at.Before(w.From) || !at.Before(w.To) {
			t.Fatalf("%s is not in %s to %s", at, w.From, w.To)
		}
		if next := p.Window(w.To, z, start); !w.Rolling() && !next.From.Equal(w.To) {
			t.Fatalf("the window after %s begins at %s", w.To, next.From)
		}
		if w.Elapsed() != at.Sub(w.From) || w.Elapsed() > w.Length() {
			t.Fatalf("elapsed %s of %s", w.Elapsed(), w.Length())
		}
	})
}
