package oncall_test

import (
	"strconv"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	with := func(change func(*oncall.Schedule)) oncall.Schedule {
		s := oncall.Default()
		s.Regions[0].Rotation = rotation(t, "2018-08-06", oncall.Period{Days: 7}, "ana", "bo")
		change(&s)
		return s
	}
	regions := func(list ...oncall.Region) oncall.Schedule { return oncall.Schedule{Regions: list} }
	xmas := oncall.Override{Region: "EMEA", Person: "bo", From: on(t, "2018-12-24 04:00"), To: on(t, "2018-12-27 04:00")}
	wedding := oncall.Swap{People: [2]string{"ana", "bo"}, From: on(t, "2018-09-03 00:00"), To: on(t, "2018-09-10 00:00")}
	for _, tc := range []struct {
		name     string
		schedule oncall.Schedule
		want     []string // kind, list and field, text
	}{
		{"valid", with(func(*oncall.Schedule) {}), nil},
		{"one region has the day", regions(region(t, "ALL", "04:00-04:00", "Europe/Berlin")), nil},
		{"three regions in two zones of the same offset", regions(region(t, "A", "00:00-08:00", "Europe/Berlin"), region(t, "B", "08:00-16:00", "Europe/Paris"), region(t, "C", "16:00-00:00", "Europe/Berlin")), nil},
		{"no regions", oncall.Schedule{}, []string{"region regions[-1].: no regions: nobody is ever on call"}},
		{"a gap every day", regions(region(t, "EMEA", "04:00-15:30", "UTC"), region(t, "AMER", "16:00-04:00", "UTC")),
			[]string{"gap regions[0].to: every day from 15:30 to 16:00 UTC nobody is on call: EMEA ends before AMER starts @ 2015-01-01 15:30 - 2015-01-01 16:00"}},
		{"an overlap every day", regions(region(t, "EMEA", "04:00-16:00", "UTC"), region(t, "AMER", "16:00-04:30", "UTC")),
			[]string{"overlap regions[1].to: every day from 04:00 to 04:30 UTC both AMER and EMEA are on call @ 2015-01-02 04:00 - 2015-01-02 04:30"}},
		{"one region with half of the day", regions(region(t, "EMEA", "04:00-16:00", "UTC")),
			[]string{"gap regions[0].to: every day from 16:00 to 04:00 UTC nobody is on call: EMEA ends before it starts again @ 2015-01-01 16:00 - 2015-01-02 04:00"}},
		{"two regions at the same time", regions(region(t, "A", "04:00-16:00", "UTC"), region(t, "B", "04:00-16:00", "UTC")), []string{
			"overlap regions[0].to: every day from 04:00 to 16:00 UTC both A and B are on call @ 2015-01-01 04:00 - 2015-01-01 16:00",
			"gap regions[1].to: every day from 16:00 to 04:00 UTC nobody is on call: B ends before A starts @ 2015-01-01 16:00 - 2015-01-02 04:00"}},
		{"overlap that covers the gap", regions(region(t, "A", "00:00-20:00", "UTC"), region(t, "B", "04:00-08:00", "UTC"), region(t, "C", "20:00-00:00", "UTC")),
			[]string{"overlap regions[0].to: every day from 04:00 to 08:00 UTC both A and B are on call @ 2015-01-01 04:00 - 2015-01-01 08:00"}},
		{"two time zones differ in spring", regions(region(t, "EMEA", "04:00-16:00", "Europe/Berlin"), region(t, "AMER", "15:00-03:00", "UTC")), []string{

			"overlap regions[1].to: from 2015-03-29 02:00 to 03:00 UTC both AMER and EMEA are on call",
			"gap regions[0].to: from 2015-03-29 14:00 to 15:00 UTC nobody is on call: EMEA ends before AMER starts @ 2015-03-29 14:00"}},
		{"two time zones differ for three weeks", regions(region(t, "EMEA", "09:00-21:00", "Europe/Berlin"), region(t, "AMER", "15:00-03:00", "America/New_York")), []string{
			"gap regions[1].to: from 2015-03-08 07:00 to 08:00 UTC nobody is on call: AMER ends before EMEA starts",
			"overlap regions[0].to: from 2015-03-08 19:00 to 20:00 UTC both EMEA and AMER are on call"}},
		{"a gap on ordinary days in two zones of the same offset", regions(region(t, "A", "00:00-07:30", "Europe/Berlin"), region(t, "B", "08:00-00:00", "Europe/Paris")),
			[]string{"gap regions[0].to: on ordinary days (2015-01-01 06:30 to 07:00 UTC) nobody is on call: A ends before B starts @ 2015-01-01 06:30"}},
		{"duplicate name", regions(region(t, "A", "04:00-16:00", "UTC"), region(t, "a", "16:00-04:00", "UTC")), []string{`region regions[1].name: duplicate region name "a"`}},
		{"a region without a name", regions(region(t, " ", "04:00-04:00", "UTC")), []string{"region regions[0].name: missing region name"}},
		{"invalid minutes", regions(oncall.Region{Name: "A", From: -1, To: 1440}), []string{"region regions[0].from: invalid minute of the day -1", "region regions[0].to: invalid minute of the day 1440"}},
		{"whole day and another region", regions(region(t, "A", "04:00-04:00", "UTC"), region(t, "B", "04:00-16:00", "UTC")), []string{"region regions[0].to: A covers the whole day"}},
		{"an empty rotation", with(func(s *oncall.Schedule) { s.Regions[1].Rotation = &oncall.Rotation{} }), []string{
			"rotation regions[1].rotation.members: the rotation of AMER has no members", "rotation regions[1].rotation.period: ", "rotation regions[1].rotation.start: "}},
		{"a member without a name", with(func(s *oncall.Schedule) { s.Regions[0].Rotation.Members[1] = "" }), []string{"rotation regions[0].rotation.members: the rotation of EMEA has a member without a user name"}},
		{"invalid hand-over", with(func(s *oncall.Schedule) { s.Regions[0].Rotation.Handover = 1440 }), []string{"rotation regions[0].rotation.handover: "}},
		{"override of an unknown region", with(func(s *oncall.Schedule) { o := xmas; o.Region = "APAC"; s.Overrides = []oncall.Override{o} }),
			[]string{`override overrides[0].region: region "APAC" not found`}},
		{"override without a person", with(func(s *oncall.Schedule) { o := xmas; o.Person = ""; s.Overrides = []oncall.Override{o} }), []string{"override overrides[0].person: missing person: an override has to put somebody on call"}},
		{"override by an access token", with(func(s *oncall.Schedule) {
			o := xmas
			o.Person, o.InsteadOf = "project_31_bot_5f", "project_31_bot_5f"
			s.Overrides = []oncall.Override{o}
		}), []string{"override overrides[0].instead_of: project access token of project 31 cannot replace project access token of project 31: same person"}},
		{"override by the same person", with(func(s *oncall.Schedule) { o := xmas; o.InsteadOf = "BO"; s.Overrides = []oncall.Override{o} }), []string{"override overrides[0].instead_of: @bo cannot replace @BO: same person"}},
		{"empty override", with(func(s *oncall.Schedule) { o := xmas; o.To = o.From; s.Overrides = []oncall.Override{o} }),
			[]string{"override overrides[0].to: the override must end after it starts (2018-12-24 04:00 UTC to 2018-12-24 04:00 UTC)"}},
		{"two overrides at once", with(func(s *oncall.Schedule) {
			o := xmas
			o.Person, o.From, o.To, o.InsteadOf = "cid", on(t, "2018-12-26 04:00"), on(t, "2018-12-30 04:00"), "ana"
			s.Overrides = []oncall.Override{xmas, o}
		}), []string{"override overrides[1].from: two overrides in EMEA from 2018-12-26 04:00 to 2018-12-27 04:00 UTC: @bo and @cid @ 2018-12-26 04:00 - 2018-12-27 04:00"}},
		{"two overrides at once, of different people", with(func(s *oncall.Schedule) {
			a, b := xmas, xmas
			a.Person, a.InsteadOf, b.Person, b.InsteadOf = "cid", "ana", "dan", "bo"
			s.Overrides = []oncall.Override{a, b}
		}), nil},
		{"two overrides one after the other", with(func(s *oncall.Schedule) {
			o := xmas
			o.From, o.To = xmas.To, on(t, "2018-12-30 04:00")
			s.Overrides = []oncall.Override{xmas, o}
		}), nil},
		{"swap with oneself", with(func(s *oncall.Schedule) { w := wedding; w.People[1] = "Ana"; s.Swaps = []oncall.Swap{w} }), []string{"swap swaps[0].people: @ana cannot swap with themselves"}},
		{"swap with nobody", with(func(s *oncall.Schedule) { w := wedding; w.People[1] = ""; s.Swaps = []oncall.Swap{w} }), []string{"swap swaps[0].people: a swap needs two people"}},
		{"empty swap", with(func(s *oncall.Schedule) { w := wedding; w.To = w.From; s.Swaps = []oncall.Swap{w} }), []string{"swap swaps[0].to: the swap must end after it starts ("}},
		{"in two swaps", with(func(s *oncall.Schedule) {
			w := wedding
			w.People = [2]string{"Bo", "cid"}
			s.Swaps = []oncall.Swap{wedding, w}
		}), []string{"swap swaps[1].people: @Bo is in two swaps from 2018-09-03 00:00 to 2018-09-10 00:00 UTC"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range tc.schedule.Check() {
				got = append(got, problemText(f))
			}
			if len(got) != len(tc.want) {
				t.Fatalf("problems:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(tc.want, "\n"))
			}
			for i, want := range tc.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("problem\n%s\nwant\n%s", got[i], want)
				}
			}
		})
	}
}

func problemText(f oncall.Problem) string {
	text := f.Kind + " " + f.List + "[" + strconv.Itoa(f.Index) + "]." + f.Field + ": " + f.Text
	if !f.From.IsZero() {
		text += " @ " + f.From.Format(form) + " - " + f.To.Format(form)
	}
	return text
}

// Every load of a configuration checks its schedule.
func BenchmarkCheck(b *testing.B) {
	s := oncall.Schedule{Regions: []oncall.Region{region(b, "APAC", "08:00-16:00", "Australia/Sydney"), region(b, "EMEA", "08:00-16:00", "Europe/Berlin"), region(b, "AMER", "08:00-16:00", "America/New_York")}}
	for b.Loop() {
		s.Check()
	}
}

func BenchmarkOnCall(b *testing.B) {
	s := oncall.Schedule{Regions: []oncall.Region{region(b, "A", "00:00-08:00", "Europe/Berlin"), region(b, "B", "08:00-16:00", "Europe/Berlin"), region(b, "C", "16:00-00:00", "Europe/Berlin")}}
	s.Regions[1].Rotation = rotation(b, "2018-08-06", oncall.Period{Days: 7}, "ana", "bo")
	at := on(b, "2026-08-24 12:00")
	for b.Loop() {
		s.OnCall(at)
	}
}
