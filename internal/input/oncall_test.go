package input

import (
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// onDuty is friday with a schedule.
func onDuty() Context {
	c := friday()
	c.Config.Oncall = oncall.Default()
	c.Config.Oncall.Regions[0].Rotation = &oncall.Rotation{Members: []string{"Ana", "bo"}, Period: oncall.Period{Days: 7},
		Start: calendar.NewDate(2018, time.August, 6)}
	return c
}

func TestShift(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ asOf, raw, check, report string }{ // empty: refused
		{"", "", "", "2018-08-24T04:00Z/EMEA"},
		{"", "current", "2018-08-24T16:00Z/AMER", "2018-08-24T16:00Z/AMER"},
		{"", "last", "2018-08-24T04:00Z/EMEA", "2018-08-24T04:00Z/EMEA"},
		{"", "emea@2018-08-22", "2018-08-22T04:00Z/EMEA", "2018-08-22T04:00Z/EMEA"},
		{"", "2018-08-22T16:00Z/AMER", "2018-08-22T16:00Z/AMER", "2018-08-22T16:00Z/AMER"},
		{"", "APAC@2018-08-22", "", ""},
		{"", "x", "", ""},
		{"2018-08-22 05:00", "", "", "2018-08-21T16:00Z/AMER"}, // a moment moves the report's shift alone
		{"2018-08-22 05:00", "current", "2018-08-24T16:00Z/AMER", "2018-08-22T04:00Z/EMEA"},
	} {
		asOf := PastTime{}
		check, report := CurrentShift(), EndingShift(&asOf)
		for _, s := range []struct {
			*Shift
			want string
		}{{&check, tt.check}, {&report, tt.report}} {
			asOf.raw = tt.asOf
			if err := s.Set(tt.raw); err != nil {
				t.Fatal(err)
			}
			err := s.Resolve(onDuty())
			if err == nil && s.ID() != s.want || (err != nil) != (s.want == "") {
				t.Errorf("%+v is %v, %v; want %q", tt, s.Shift.Shift, err, s.want)
			}
		}
	}
}

func TestShiftCandidates(t *testing.T) {
	t.Parallel()
	s, c := CurrentShift(), onDuty()
	list, err := s.Candidates(t.Context(), Source{Config: c.Config, Now: c.Now}, "")
	if err != nil || len(list) < 5 || list[1] != (Candidate{"last", "2018-08-24T04:00Z/EMEA"}) {
		t.Fatal(list, err)
	}
	for _, offered := range list {
		if err := s.Set(offered.Word); err != nil || s.Resolve(c) != nil || s.ID() != offered.Meaning {
			t.Errorf("%v is %s", offered, s.ID())
		}
	}
}

func TestPerson(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]User{"ana": "Ana", "@BO": "bo", " bo ": "bo", "": "", "zed": ""} {
		var p Person
		if err := p.Set(raw); err != nil {
			t.Fatal(err)
		}
		err := p.Resolve(onDuty())
		if (err != nil) != (raw == "zed") || err == nil && p.User != want || err != nil && fault.HintOf(err) != "Use one of Ana, bo" {
			t.Errorf("%q is %q, %v", raw, p.User, err)
		}
	}
}

func TestInstant(t *testing.T) {
	t.Parallel()
	c := friday()
	c.Config.Timezone = time.FixedZone("", 2*60*60)
	for raw, want := range map[string]string{
		"": "2018-08-24T16:00:00Z", "2018-12-25": "2018-12-24T22:00:00Z", "2018-12-25 10:00": "2018-12-25T10:00:00Z",
		"2018-12-25T10:00:00+02:00": "2018-12-25T08:00:00Z", "yesterday": "", "10:00": "2018-08-24T10:00:00Z", "tomorrow 10:00": "2018-08-25T10:00:00Z",
	} {
		var i Instant
		if err := i.Set(raw); err != nil {
			t.Fatal(err)
		}
		if err := i.Resolve(c); err == nil && i.Format(time.RFC3339) != want || (err != nil) != (want == "") {
			t.Errorf("%q is %s, %v; want %q", raw, i.Format(time.RFC3339), err, want)
		}
	}
}

func TestPast(t *testing.T) {
	t.Parallel()
	for raw, wrong := range map[string]bool{"": false, "2h": false, "2018-08-24T16:00:00Z": false, "2018-08-24T16:05:00Z": false, "2018-08-24T16:05:01Z": true, "2018-09-01": true} {
		var p PastTime
		if err := p.Set(raw); err != nil {
			t.Fatal(err)
		}
		if err := p.Resolve(friday()); (err != nil) != wrong {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

func TestFirstDay(t *testing.T) {
	t.Parallel()
	var d FirstDay
	if err := d.Resolve(friday()); err != nil || d.String() != "2018-08-20" {
		t.Error(d, err)
	}
	if err := d.Set("2018-12-18"); err != nil || d.Resolve(friday()) != nil || d.String() != "2018-12-18" {
		t.Error(d, err)
	}
}
