package input

import (
	"errors"
	"slices"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// friday is 2018-08-24 in a team whose timeboxes are two weeks long.
func friday() Context {
	cadence := milestone.Cadence{Anchor: calendar.NewDate(2018, time.August, 13), Length: 12, Every: 14}
	cfg := config.Config{Manifest: config.Manifest{Timezone: time.UTC, Milestones: manifest.Milestones{Cadence: cadence}}}
	return Context{Now: time.Date(2018, time.August, 24, 16, 0, 0, 0, time.UTC), Config: cfg}
}

func TestPeriod(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		flags    []string // name and value in turn
		from, to string   // empty: refused
		faults   []string // the flags that tell why
		hint     string
	}{
		{nil, "2018-08-18", "2018-08-24", nil, ""},
		{[]string{PeriodWeek, "current"}, "2018-08-20", "2018-08-26", nil, ""},
		{[]string{PeriodWeek, "last"}, "2018-08-13", "2018-08-19", nil, ""},
		{[]string{PeriodWeek, "2018-w01"}, "2018-01-01", "2018-01-07", nil, ""},
		{[]string{PeriodTimebox, "previous"}, "2018-07-30", "2018-08-10", nil, ""},
		{[]string{PeriodTimebox, "current"}, "2018-08-13", "2018-08-24", nil, ""},
		{[]string{PeriodLast, "4w"}, "2018-07-28", "2018-08-24", nil, ""},
		{[]string{PeriodFrom, "2018-08-01"}, "2018-08-01", "2018-08-24", nil, ""},
		{[]string{PeriodTo, "2018-08-10"}, "2018-08-04", "2018-08-10", nil, ""},
		{[]string{PeriodFrom, "2018-08-01", PeriodTo, "2018-08-01"}, "2018-08-01", "2018-08-01", nil, ""},

		{[]string{PeriodWeek, "next"}, "", "", []string{PeriodWeek}, "2018-W34"},
		{[]string{PeriodWeek, "2018-W54"}, "", "", []string{PeriodWeek}, "2018-W34"},
		{[]string{PeriodWeek, "2018-W40"}, "", "", []string{PeriodWeek}, "Use days up to today, such as --week current"},
		{[]string{PeriodTimebox, "next"}, "", "", []string{PeriodTimebox}, "previous"},
		{[]string{PeriodLast, "90m"}, "", "", []string{PeriodLast}, "28d"},
		{[]string{PeriodLast, "4000d"}, "", "", []string{PeriodLast}, "28d"},
		{[]string{PeriodFrom, "monday"}, "", "", []string{PeriodFrom}, "2018-08-18"},
		{[]string{PeriodTo, "2018-02-30"}, "", "", []string{PeriodTo}, "2018-08-24"},
		{[]string{PeriodFrom, "x", PeriodTo, "y"}, "", "", []string{PeriodFrom, PeriodTo}, ""},
		{[]string{PeriodFrom, "x", PeriodTo, "2018-08-20"}, "", "", []string{PeriodFrom}, "2018-08-14"},
		{[]string{PeriodTo, "2018-09-30"}, "", "", []string{PeriodTo}, "Use days up to today, such as --week current"},
		{[]string{PeriodFrom, "2018-08-24", PeriodTo, "2018-08-20"}, "", "", []string{PeriodFrom}, "Use --from 2018-08-20 --to 2018-08-24"},
		{[]string{PeriodFrom, "1990-01-01"}, "", "", []string{PeriodFrom}, "Use days up to today, such as --week current"},
	} {
		p := LastDays(7)
		for n := 0; n < len(tt.flags); n += 2 {
			if err := p.Flag(tt.flags[n]).Set(tt.flags[n+1]); err != nil {
				t.Fatal(err)
			}
		}
		var faults []string
		for _, name := range []string{PeriodFrom, PeriodLast, PeriodTimebox, PeriodTo, PeriodWeek} {
			err := p.Flag(name).Resolve(friday())
			if err == nil {
				continue
			}
			faults = append(faults, name)
			hint := fault.HintOf(err)
			if wrong, ok := errors.AsType[*Invalid](err); ok {
				hint = wrong.Forms[0]
			}
			if fault.KindOf(err) != fault.Usage || tt.hint != "" && hint != tt.hint {
				t.Errorf("%q: --%s: %v, hint %q, want %q", tt.flags, name, err, hint, tt.hint)
			}
		}
		if !slices.Equal(faults, tt.faults) || faults == nil && (p.From.String() != tt.from || p.To.String() != tt.to) {
			t.Errorf("%q is %s to %s, faults %q; want %s to %s, %q", tt.flags, p.From, p.To, faults, tt.from, tt.to, tt.faults)
		}
	}
}

func TestDayOf(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{"": "", " ": "", "2018-08-24": "2018-08-24", " 2018-08-24T23:50:00Z ": "2018-08-24", "2018-08-24T23:50:00-02:00": "2018-08-25", "yesterday": "error"} {
		var d DayOf
		got := "error"
		if err := d.Set(raw); err == nil {
			if got = ""; d != (DayOf{}) {
				got = d.String()
			}
		}
		if got != want {
			t.Errorf("%q is %q, want %q", raw, got, want)
		}
	}
}
