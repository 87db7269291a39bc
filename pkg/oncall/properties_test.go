package oncall_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

var zones = []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "America/Sao_Paulo", "Europe/Paris"}

// turns are times with something unusual: clock changes, a leap day, the end of a year, a day that a time zone skips.
var turns = []time.Time{
	time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2018, 3, 25, 1, 0, 0, 0, time.UTC), time.Date(2018, 10, 28, 1, 0, 0, 0, time.UTC), time.Date(2018, 11, 4, 6, 0, 0, 0, time.UTC),
	time.Date(2018, 3, 11, 7, 0, 0, 0, time.UTC), time.Date(2018, 3, 31, 15, 0, 0, 0, time.UTC), time.Date(2011, 12, 30, 10, 0, 0, 0, time.UTC), time.Date(2020, 2, 29, 12, 0, 0, 0, time.UTC),
	time.Date(2018, 11, 4, 3, 0, 0, 0, time.UTC), time.Date(2044, 12, 31, 12, 0, 0, 0, time.UTC),
}

func anInstant(t *rapid.T, label string) time.Time {
	return rapid.SampledFrom(turns).Draw(t, label).Add(time.Duration(rapid.IntRange(-60*60, 60*60).Draw(t, label+" minutes off")) * time.Minute)
}

// aMinute draws a minute of the day in steps of five, often near clock changes.
func aMinute(t *rapid.T, label string) int {
	return 5 * rapid.OneOf(rapid.IntRange(0, 287), rapid.IntRange(0, 48)).Draw(t, label)
}

// aSchedule draws one to four regions that share the day, mostly in one time zone, with any rotations, overrides and swaps.
func aSchedule(t *rapid.T) oncall.Schedule {
	z := aZone(t, "zone")
	starts := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) int { return aMinute(t, "start") }), 1, 4, rapid.ID[int]).Draw(t, "starts")
	next := func(minute int) int {
		best := minute
		for _, m := range starts {
			if after := (m-minute+1440)%1440 > 0; after && (best == minute || (m-minute+1440)%1440 < (best-minute+1440)%1440) {
				best = m
			}
		}
		return best
	}
	var s oncall.Schedule
	for i, from := range starts {
		r := oncall.Region{Name: string(rune('A' + i)), From: from, To: next(from), Zone: z}
		if rapid.IntRange(0, 7).Draw(t, "other zone") == 0 {
			r.Zone = aZone(t, "its zone")
		}
		if rapid.IntRange(0, 3).Draw(t, "rotates") > 0 {
			r.Rotation = aRotation(t)
		}
		s.Regions = append(s.Regions, r)
	}
	for range rapid.IntRange(0, 3).Draw(t, "overrides") {
		from := anInstant(t, "override")
		s.Overrides = append(s.Overrides, oncall.Override{Region: rapid.SampledFrom(s.Regions).Draw(t, "region").Name, Person: aPerson(t), InsteadOf: rapid.SampledFrom([]string{"", "ana", "bo"}).Draw(t, "instead"),
			From: from, To: from.Add(time.Duration(rapid.IntRange(1, 5000).Draw(t, "long")) * time.Minute), Reason: "holiday"})
	}
	for range rapid.IntRange(0, 2).Draw(t, "swaps") {
		from := anInstant(t, "swap")
		s.Swaps = append(s.Swaps, oncall.Swap{People: [2]string{aPerson(t), aPerson(t)}, From: from, To: from.Add(time.Duration(rapid.IntRange(1, 9000).Draw(t, "long")) * time.Minute)})
	}
	return s
}

func aZone(t *rapid.T, label string) *time.Location {
	z, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, label))
	if err != nil {
		return time.UTC
	}
	return z
}

func aPerson(t *rapid.T) string {
	return rapid.SampledFrom([]string{"ana", "bo", "cid", "dan"}).Draw(t, "person")
}

func aRotation(t *rapid.T) *oncall.Rotation {
	p := oncall.Period{Days: rapid.IntRange(1, 15).Draw(t, "days")}
	if rapid.Bool().Draw(t, "hours") {
		p = oncall.Period{Hours: rapid.IntRange(1, 200).Draw(t, "hours long")}
	}
	return &oncall.Rotation{Members: rapid.SliceOfN(rapid.Custom(aPerson), 1, 4).Draw(t, "members"), Period: p,
		Start: calendar.NewDate(2018, 1, rapid.IntRange(-1000, 1000).Draw(t, "start")), Handover: aMinute(t, "handover")}
}

// firstAt returns the first time at which the clocks of a time zone show a minute of the day, by trying every five minutes. All zones here
// differ by whole quarters of an hour.
func firstAt(day calendar.Date, minute int, zone *time.Location) time.Time {
	wall := time.Date(day.Year(), day.Month(), day.Day(), 0, minute, 0, 0, time.UTC)
	for t := wall.Add(-15 * time.Hour); ; t = t.Add(5 * time.Minute) {
		local := t.In(zone)
		if shown := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, time.UTC); !shown.Before(wall) {
			return t
		}
	}
}

// regionsAt returns the regions whose configured windows contain a time.
func regionsAt(s oncall.Schedule, t time.Time) []string {
	var list []string
	for _, r := range s.Regions {
		today := calendar.DateOf(t.In(r.Zone))
		for n := -3; n <= 1; n++ {
			day := today.AddDays(n)
			last := day
			if r.To <= r.From {
				last = day.AddDays(1)
			}
			if from, to := firstAt(day, r.From, r.Zone), firstAt(last, r.To, r.Zone); !t.Before(from) && t.Before(to) {
				list = append(list, r.Name)
			}
		}
	}
	return list
}

// Shifts cover the day without gaps and overlaps. In a schedule that Check accepts, each time is in exactly one region.
func TestValidScheduleCoversEveryInstant(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, at := aSchedule(t), anInstant(t, "at")
		sh := s.At(at)
		if at.Before(sh.From) || !at.Before(sh.To) {
			t.Fatalf("%s is not in its shift %s to %s", at, sh.From, sh.To)
		}
		if !covered(s) {
			return
		}
		if got := regionsAt(s, at); len(got) != 1 || got[0] != sh.Region {
			t.Fatalf("at %s it is the shift %s until %s, but by the clocks it is %v", at, sh.ID(), sh.To, got)
		}
	})
}

func covered(s oncall.Schedule) bool {
	for _, f := range s.Check() {
		if f.List == "regions" {
			return false
		}
	}
	return true
}

// A problem that Check reports really exists at the time that it names.
func TestReportedProblemsExist(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := aSchedule(t)
		if len(s.Regions) > 1 {
			s.Regions[0].Zone = aZone(t, "the first zone")
		}
		if rapid.Bool().Draw(t, "spoilt") {
			s.Regions[0].To = (s.Regions[0].To + 5) % 1440
		}
		for _, f := range s.Check() {
			want := map[string]func(int) bool{oncall.KindGap: func(n int) bool { return n == 0 }, oncall.KindOverlap: func(n int) bool { return n > 1 }}[f.Kind]
			if want == nil {
				continue
			}
			for _, at := range []time.Time{f.From, f.To.Add(-time.Minute)} {
				if got := regionsAt(s, at); !want(len(got)) {
					t.Fatalf("%q, but at %s there are %v", f.Text, at, got)
				}
			}
		}
	})
}

// TestGapHasNobodyBefore is a case that the property above found: the window that covers the first hours of the reported gap started more
// than two days before the clock change.
func TestGapHasNobodyBefore(t *testing.T) {
	t.Parallel()
	zone := func(name string) *time.Location {
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Skipf("no zone %s here: %v", name, err)
		}
		return z
	}
	s := oncall.Schedule{Regions: []oncall.Region{
		{Name: "A", From: 755, To: 900, Zone: zone("Pacific/Apia")}, {Name: "B", From: 900, To: 755, Zone: zone("Australia/Lord_Howe")},
	}}
	for _, f := range s.Check() {
		if f.Kind == oncall.KindGap && len(regionsAt(s, f.From)) > 0 {
			t.Errorf("%q, but somebody is on call then", f.Text)
		}
	}
}

func TestShiftsAreContiguous(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, from := aSchedule(t), anInstant(t, "from")
		to := from.Add(time.Duration(rapid.IntRange(1, 9000).Draw(t, "minutes")) * time.Minute)
		list := s.Between(from, to)
		if len(list) == 0 || list[0].From.After(from) || list[len(list)-1].To.Before(to) {
			t.Fatalf("%v does not cover %s to %s", list, from, to)
		}
		for n, sh := range list {
			if !sh.From.Before(sh.To) {
				t.Fatalf("an empty shift %v", sh)
			}
			if n > 0 && !list[n-1].To.Equal(sh.From) {
				t.Fatalf("%v does not follow %v", sh, list[n-1])
			}
			if got := s.Next(s.Previous(sh)); got != sh {
				t.Fatalf("after the one before %v comes %v", sh, got)
			}
			if got := s.Previous(s.Next(sh)); got != sh {
				t.Fatalf("before the one after %v comes %v", sh, got)
			}
			if got, err := s.ParseShift(sh.ID(), from); err != nil || got != sh {
				t.Fatalf("%s is read as %v, %v", sh.ID(), got, err)
			}
		}
	})
}

// With rotations exactly one person per region is on call at any time, also with overrides.
func TestExactlyOnePersonIsOnCall(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, at := aSchedule(t), anInstant(t, "at")
		for i := range s.Regions {
			if s.Regions[i].Rotation == nil {
				s.Regions[i].Rotation = aRotation(t)
			}
		}
		sh := s.At(at)
		until, holders := sh.From, 0
		for _, d := range s.Duties(sh) {
			if !d.From.Equal(until) || !d.From.Before(d.To) || d.Person == "" || d.Region != sh.Region {
				t.Fatalf("duties %+v of %v leave a gap", s.Duties(sh), sh)
			}
			until = d.To
			if !at.Before(d.From) && at.Before(d.To) {
				holders++
			}
		}
		if !until.Equal(sh.To) || holders != 1 {
			t.Fatalf("duties %+v of %v: until %s, %d at %s", s.Duties(sh), sh, until, holders, at)
		}
		if got, want := s.OnCall(at).Person, expected(s, sh.Region, at); got != want {
			t.Fatalf("%s is on call at %s, want %s", got, at, want)
		}
	})
}

// expected computes the person on call directly from the schedule, from hand-over to hand-over.
func expected(s oncall.Schedule, region string, at time.Time) string {
	var r oncall.Region
	for _, one := range s.Regions {
		if one.Name == region {
			r = one
		}
	}
	rot := r.Rotation
	origin := firstAt(rot.Start, rot.Handover, r.Zone)
	n := 0
	if rot.Period.Hours > 0 {
		for step := time.Duration(rot.Period.Hours) * time.Hour; origin.After(at) || !origin.Add(step).After(at); {
			if origin.After(at) {
				n, origin = n-1, origin.Add(-step)
			} else {
				n, origin = n+1, origin.Add(step)
			}
		}
	} else {
		n = (calendar.DateOf(at.In(r.Zone)).DaysSince(rot.Start) - 40) / rot.Period.Days // so early that it has begun
		for !firstAt(rot.Start.AddDays((n+1)*rot.Period.Days), rot.Handover, r.Zone).After(at) {
			n++
		}
	}
	who := rot.Members[((n%len(rot.Members))+len(rot.Members))%len(rot.Members)]
	for _, w := range s.Swaps {
		if in := !at.Before(w.From) && at.Before(w.To); in && (who == w.People[0] || who == w.People[1]) {
			if who == w.People[0] {
				who = w.People[1]
			} else {
				who = w.People[0]
			}
			break
		}
	}
	for _, o := range s.Overrides {
		if in := !at.Before(o.From) && at.Before(o.To); in && o.Region == region && (o.InsteadOf == "" || o.InsteadOf == who) {
			return o.Person
		}
	}
	return who
}
