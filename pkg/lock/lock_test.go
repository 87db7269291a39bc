package lock_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/pkg/lock"
)

func on(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Skipf("no zone %s here: %v", name, err)
	}
	return z
}

func point(day time.Weekday, hour, minute int) lock.Point {
	return lock.Point{Day: day, Minute: hour*60 + minute}
}

var weekend = lock.Lock{Name: "weekend", Kind: lock.Soft, Weekly: &lock.Weekly{From: point(time.Saturday, 1, 0), To: point(time.Sunday, 21, 0)}}

func shown(list []lock.Period) []string {
	var out []string
	for _, p := range list {
		out = append(out, p.From.Format("Mon 01-02 15:04")+" - "+p.To.Format("Mon 01-02 15:04"))
	}
	return out
}

func TestWeekly(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]bool{
		"2018-08-25 00:59": false, "2018-08-25 01:00": true, "2018-08-26 20:59": true, "2018-08-26 21:00": false, "2018-08-29 12:00": false,
	} {
		if _, got := weekend.At(on(t, at)); got != want {
			t.Errorf("the weekend's lock at %s: %t, want %t", at, got, want)
		}
	}
	across := lock.Lock{Weekly: &lock.Weekly{From: point(time.Friday, 23, 0), To: point(time.Monday, 6, 0)}}
	if got, want := shown(across.Occurrences(on(t, "2018-08-26 00:00"), on(t, "2018-09-01 00:00"))), []string{"Fri 08-24 23:00 - Mon 08-27 06:00", "Fri 08-31 23:00 - Mon 09-03 06:00"}; !cmp.Equal(got, want) {
		t.Errorf("across the end of the week: %q, want %q", got, want)
	}
	almost := lock.Lock{Weekly: &lock.Weekly{From: point(time.Monday, 10, 0), To: point(time.Monday, 9, 0)}}
	if got, want := shown(almost.Next(on(t, "2018-08-27 09:30"), 2)), []string{"Mon 08-27 10:00 - Mon 09-03 09:00", "Mon 09-03 10:00 - Mon 09-10 09:00"}; !cmp.Equal(got, want) {
		t.Errorf("all of a week but an hour: %q, want %q", got, want)
	}
	if got := weekend.Weekly.String(); got != "Sat 01:00 to Sun 21:00" {
		t.Errorf("the rule is %q", got)
	}
}

func TestNext(t *testing.T) {
	t.Parallel()
	if got, want := shown(weekend.Next(on(t, "2018-08-26 12:00"), 2)), []string{"Sat 08-25 01:00 - Sun 08-26 21:00", "Sat 09-01 01:00 - Sun 09-02 21:00"}; !cmp.Equal(got, want) {
		t.Errorf("from within: %q, want %q", got, want)
	}
	dated := lock.Lock{From: on(t, "2018-12-21 17:00"), To: on(t, "2019-01-02 06:00")}
	for at, want := range map[string]int{"2018-08-01 00:00": 1, "2018-12-21 17:00": 1, "2019-01-02 05:59": 1, "2019-01-02 06:00": 0} {
		if got := dated.Next(on(t, at), 3); len(got) != want {
			t.Errorf("a dated lock has %d periods from %s on, want %d", len(got), at, want)
		}
	}
	if got := (lock.Lock{Weekly: &lock.Weekly{}}).Next(on(t, "2018-08-26 12:00"), 2); got != nil {
		t.Errorf("an empty rule is active in %v", got)
	}
}

func TestClocksArePutForwardAndBack(t *testing.T) {
	t.Parallel()
	night := func(from, to lock.Point, z string) lock.Lock {
		return lock.Lock{Weekly: &lock.Weekly{From: from, To: to}, Zone: zone(t, z)}
	}
	berlin := func(from, to lock.Point) lock.Lock { return night(from, to, "Europe/Berlin") }
	sunday := func(h, m int) lock.Point { return point(time.Sunday, h, m) }
	for _, tc := range []struct {
		name string
		lock lock.Lock
		from string // a day before
		want []string
	}{
		{"spring skips the start", berlin(sunday(2, 30), sunday(4, 0)), "2018-03-24 00:00", []string{"Sun 03-25 01:00 - Sun 03-25 02:00"}},
		{"spring skips the end", berlin(sunday(1, 0), sunday(2, 30)), "2018-03-24 00:00", []string{"Sun 03-25 00:00 - Sun 03-25 01:00"}},
		{"spring skips it all, so that the next is a week later", berlin(sunday(2, 10), sunday(2, 50)), "2018-03-24 00:00", []string{"Sun 04-01 00:10 - Sun 04-01 00:50"}},
		{"autumn has the start twice: the first", berlin(sunday(2, 30), sunday(4, 0)), "2018-10-27 00:00", []string{"Sun 10-28 00:30 - Sun 10-28 03:00"}},
		{"autumn has the end twice: the second", berlin(sunday(1, 0), sunday(2, 30)), "2018-10-27 00:00", []string{"Sat 10-27 23:00 - Sun 10-28 01:30"}},
		{"half an hour, put back", night(sunday(1, 45), sunday(3, 0), "Australia/Lord_Howe"), "2018-03-31 00:00", []string{"Sat 03-31 14:45 - Sat 03-31 16:30"}},
		{"a day that there was not", night(point(time.Friday, 10, 0), point(time.Saturday, 10, 0), "Pacific/Apia"), "2011-12-29 00:00", []string{"Fri 12-30 10:00 - Fri 12-30 20:00"}},
	} {
		if got := shown(tc.lock.Next(on(t, tc.from), 1)); !cmp.Equal(got, tc.want) {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestAtAndOverlap(t *testing.T) {
	t.Parallel()
	holidays := lock.Lock{Name: "holidays", Kind: lock.Hard, From: on(t, "2018-08-24 00:00"), To: on(t, "2018-08-26 00:00")}
	later := lock.Lock{Name: "later", Kind: lock.Hard, From: on(t, "2018-09-10 00:00"), To: on(t, "2018-09-11 00:00")}
	locks := []lock.Lock{later, holidays, weekend}
	names := func(list []lock.Held) string {
		var out []string
		for _, h := range list {
			out = append(out, h.Lock.Name+" until "+h.Period.To.Format("02 15:04"))
		}
		return strings.Join(out, ", ")
	}
	for at, want := range map[string]string{
		"2018-08-24 12:00": "holidays until 26 00:00",
		"2018-08-25 12:00": "weekend until 26 21:00, holidays until 26 00:00",
		"2018-08-26 00:00": "weekend until 26 21:00",
		"2018-08-27 00:00": "",
	} {
		if got := names(lock.At(locks, on(t, at))); got != want {
			t.Errorf("at %s: %q, want %q", at, got, want)
		}
	}
	for _, tc := range []struct{ from, to, want string }{
		{"2018-08-23 00:00", "2018-08-24 00:00", ""}, // half open
		{"2018-08-23 00:00", "2018-08-24 00:01", "holidays until 26 00:00"},
		{"2018-08-23 00:00", "2018-08-30 00:00", "holidays until 26 00:00, weekend until 26 21:00"},
		{"2018-08-26 21:00", "2018-09-01 01:00", ""},
		{"2018-08-26 20:59", "2018-08-26 20:59", "weekend until 26 21:00"}, // an instant
		{"2018-09-09 23:00", "2018-09-12 00:00", "later until 11 00:00"},
	} {
		if got := names(lock.Overlap(locks, on(t, tc.from), on(t, tc.to))); got != tc.want {
			t.Errorf("from %s to %s: %q, want %q", tc.from, tc.to, got, tc.want)
		}
	}
}

func TestExempts(t *testing.T) {
	t.Parallel()
	l := lock.Lock{Exempt: []string{"status-page", "docs", "staging"}}
	for _, tc := range []struct {
		services    []string
		environment string
		want        bool
	}{
		{nil, "", false},
		{nil, "staging", true},
		{nil, "Staging", true},
		{nil, "production", false},
		{[]string{"status-page"}, "production", true},
		{[]string{"status-page", "docs"}, "", true},
		{[]string{"status-page", "api"}, "", false},
		{[]string{"api"}, "staging", true},
	} {
		if got := l.Exempts(tc.services, tc.environment); got != tc.want {
			t.Errorf("services %q in %q: exempt %t, want %t", tc.services, tc.environment, got, tc.want)
		}
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	dated := func(from, to string) lock.Lock {
		return lock.Lock{Name: "x", Kind: lock.Hard, From: on(t, from), To: on(t, to)}
	}
	long := dated("2018-12-01 00:00", "2019-02-01 00:00")
	long.Long = true
	berlin := dated("2018-10-01 00:00", "2018-11-01 00:00") // 31 days on a clock of Berlin, and an hour
	berlin.Zone = zone(t, "Europe/Berlin")
	berlin.From, berlin.To = time.Date(2018, 10, 1, 0, 0, 0, 0, berlin.Zone), time.Date(2018, 11, 1, 0, 0, 0, 0, berlin.Zone)
	both := weekend
	both.From = on(t, "2018-08-24 00:00")
	for _, tc := range []struct {
		name  string
		locks []lock.Lock
		days  int
		want  []string // field: a part of the text
	}{
		{"well", []lock.Lock{weekend, dated("2018-12-21 17:00", "2019-01-02 06:00"), {Name: "y", Kind: lock.Soft, From: on(t, "2018-08-01 00:00"), To: on(t, "2018-09-01 00:00")}}, 31, nil},
		{"start after end", []lock.Lock{dated("2019-01-02 06:00", "2018-12-21 17:00")}, 31, []string{"to: before it starts"}},
		{"start is end", []lock.Lock{dated("2019-01-02 06:00", "2019-01-02 06:00")}, 31, []string{"to: ends when it starts"}},
		{"a mistyped month", []lock.Lock{dated("2025-12-21 00:00", "2026-12-05 00:00")}, 31, []string{"to: lasts 349 days"}},
		{"31 days and a minute", []lock.Lock{dated("2018-08-01 00:00", "2018-09-01 00:01")}, 31, []string{"to: required above 31 days"}},
		{"31 days with the clocks put back", []lock.Lock{berlin}, 31, nil},
		{"long on purpose", []lock.Lock{long}, 31, nil},
		{"no limit", []lock.Lock{dated("2025-12-21 00:00", "2026-12-05 00:00")}, 0, nil},
		{"no name, twice the same", []lock.Lock{{Kind: lock.Soft, Weekly: weekend.Weekly}, weekend, {Name: "Weekend", Kind: lock.Hard, Weekly: weekend.Weekly}}, 31, []string{"name: is required", "name: duplicate lock name"}},
		{"no time", []lock.Lock{{Name: "x", Kind: lock.Soft}}, 31, []string{": the lock has no time"}},
		{"half a time", []lock.Lock{{Name: "x", Kind: "firm", From: on(t, "2018-08-01 00:00")}, {Name: "y", Kind: lock.Soft, To: on(t, "2018-08-01 00:00")}}, 31, []string{"kind: \"firm\"", "to: is required", "from: is required"}},
		{"both", []lock.Lock{both}, 31, []string{"weekly: use either weekly, or from and to"}},
		{"a week of nothing", []lock.Lock{{Name: "x", Kind: lock.Soft, Weekly: &lock.Weekly{From: point(time.Monday, 1, 0), To: point(time.Monday, 1, 0)}}}, 31, []string{"weekly.to: are the same"}},
		{"no such hour", []lock.Lock{{Name: "x", Kind: lock.Soft, Weekly: &lock.Weekly{From: point(time.Monday, 24, 0), To: point(7, 1, 0)}}}, 31, []string{"weekly.from: invalid time of the week"}},
	} {
		faults := lock.Validate(tc.locks, tc.days)
		matches := slices.EqualFunc(faults, tc.want, func(f lock.Fault, want string) bool {
			field, part, _ := strings.Cut(want, ": ")
			return f.Field == strings.TrimSuffix(field, ":") && strings.Contains(f.Text, part)
		})
		if !matches {
			t.Errorf("%s: %+v, want %q", tc.name, faults, tc.want)
		}
	}
}
