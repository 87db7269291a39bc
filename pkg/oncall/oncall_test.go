package oncall_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

const form = "2006-01-02 15:04"

func on(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(form, s)
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

func day(t testing.TB, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// region returns a region with hours such as "04:00-16:00".
func region(t testing.TB, name, hours, z string) oncall.Region {
	t.Helper()
	minute := func(s string) int {
		at, err := time.Parse("15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return at.Hour()*60 + at.Minute()
	}
	from, to, _ := strings.Cut(hours, "-")
	return oncall.Region{Name: name, From: minute(from), To: minute(to), Zone: zone(t, z)}
}

func rotation(t testing.TB, start string, p oncall.Period, members ...string) *oncall.Rotation {
	t.Helper()
	return &oncall.Rotation{Members: members, Period: p, Start: day(t, start), Handover: 4 * 60}
}

func shiftText(sh oncall.Shift) string {
	return sh.Region + " " + sh.From.Format(form) + " - " + sh.To.Format(form)
}

func duties(list []oncall.Duty) []string {
	var out []string
	for _, d := range list {
		line := d.From.Format("01-02 15:04") + " - " + d.To.Format("01-02 15:04") + " " + d.Person
		if d.Override {
			line += " (" + d.Reason + ")"
		}
		out = append(out, line)
	}
	return out
}

func TestDefaultShifts(t *testing.T) {
	t.Parallel()
	s := oncall.Default()
	for at, want := range map[string]string{
		"2018-08-24 03:59": "AMER 2018-08-23 16:00 - 2018-08-24 04:00",
		"2018-08-24 04:00": "EMEA 2018-08-24 04:00 - 2018-08-24 16:00",
		"2018-08-24 15:59": "EMEA 2018-08-24 04:00 - 2018-08-24 16:00",
		"2018-12-31 23:59": "AMER 2018-12-31 16:00 - 2019-01-01 04:00",
		"2020-02-29 00:00": "AMER 2020-02-28 16:00 - 2020-02-29 04:00",
	} {
		if got := shiftText(s.At(on(t, at))); got != want {
			t.Errorf("at %s it is the shift %s, want %s", at, got, want)
		}
	}
	if problems := s.Check(); len(problems) > 0 {
		t.Errorf("the handbook's schedule has problems: %v", problems)
	}
	if got := (oncall.Schedule{}).At(on(t, "2018-08-24 04:00")); got != (oncall.Shift{}) {
		t.Errorf("without regions there is the shift %v", got)
	}
}

func TestShiftsFollowClockChanges(t *testing.T) {
	t.Parallel()
	s := oncall.Schedule{Regions: []oncall.Region{region(t, "DAY", "02:30-14:30", "Europe/Berlin"), region(t, "NIGHT", "14:30-02:30", "Europe/Berlin")}}
	if problems := s.Check(); len(problems) > 0 {
		t.Fatalf("problems: %v", problems)
	}
	for at, want := range map[string]string{
		"2018-03-25 00:59": "NIGHT 2018-03-24 13:30 - 2018-03-25 01:00", // an hour short, and 02:30 is the jump
		"2018-03-25 01:00": "DAY 2018-03-25 01:00 - 2018-03-25 12:30",
		"2018-10-28 01:00": "DAY 2018-10-28 00:30 - 2018-10-28 13:30", // the first of two 02:30
	} {
		if got := shiftText(s.At(on(t, at))); got != want {
			t.Errorf("at %s it is the shift %s, want %s", at, got, want)
		}
	}
	apia := oncall.Schedule{Regions: []oncall.Region{region(t, "DAY", "04:00-16:00", "Pacific/Apia"), region(t, "NIGHT", "16:00-04:00", "Pacific/Apia")}}
	var got []string
	for _, sh := range apia.Between(on(t, "2011-12-29 14:00"), on(t, "2011-12-31 14:00")) {
		got = append(got, shiftText(sh))
	}
	want := []string{"DAY 2011-12-29 14:00 - 2011-12-30 02:00", "NIGHT 2011-12-30 02:00 - 2011-12-30 14:00", "DAY 2011-12-30 14:00 - 2011-12-31 02:00", "NIGHT 2011-12-31 02:00 - 2011-12-31 14:00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("over a day that the time zone skips:\n%s", diff)
	}
}

func TestEnding(t *testing.T) {
	t.Parallel()
	s := oncall.Default()
	for at, want := range map[string]string{
		"2018-08-24 15:00": "2018-08-24T04:00Z/EMEA", // an hour before the change
		"2018-08-24 16:00": "2018-08-24T04:00Z/EMEA",
		"2018-08-24 16:10": "2018-08-24T04:00Z/EMEA", // ten minutes late
		"2018-08-24 21:59": "2018-08-24T04:00Z/EMEA",
		"2018-08-24 22:00": "2018-08-24T16:00Z/AMER", // exactly in the middle
		"2018-08-25 03:59": "2018-08-24T16:00Z/AMER",
	} {
		if got := s.Ending(on(t, at)).ID(); got != want {
			t.Errorf("at %s the shift %s ends, want %s", at, got, want)
		}
	}
}

func TestParseShift(t *testing.T) {
	t.Parallel()
	s := oncall.Default()
	now := on(t, "2018-08-24 10:00")
	for text, want := range map[string]string{
		"current": "2018-08-24T04:00Z/EMEA", "last": "2018-08-23T16:00Z/AMER",
		"2018-08-24T16:00Z/AMER": "2018-08-24T16:00Z/AMER", "2018-08-24T18:00+02:00/amer": "2018-08-24T16:00Z/AMER", "2018-08-24T16:00:00Z/AMER": "2018-08-24T16:00Z/AMER",
		"AMER@2018-08-23": "2018-08-23T16:00Z/AMER", "emea@2020-02-29": "2020-02-29T04:00Z/EMEA",
	} {
		sh, err := s.ParseShift(text, now)
		if err != nil || sh.ID() != want {
			t.Errorf("%q is the shift %s, %v; want %s", text, sh.ID(), err, want)
		}
	}
	for text, want := range map[string]string{
		"":                       `invalid shift "" (use current, last, 2018-08-24T04:00Z/EMEA or EMEA@2018-08-24)`,
		"next":                   `invalid shift "next"`,
		"2018-08-24T05:00Z/EMEA": "no shift of EMEA starts at 2018-08-24 05:00 UTC: the shift at that time is 2018-08-24T04:00Z/EMEA",
		"2018-08-24T04:00Z/AMER": "the shift at that time is 2018-08-24T04:00Z/EMEA",
		"2018-08-24T04:00Z/APAC": `region "APAC" not found (use EMEA, AMER)`,
		"yesterday/EMEA":         `invalid time "yesterday"`,
		"EMEA@24.8.":             "invalid date",
		"APAC@2018-08-24":        `region "APAC" not found`,
	} {
		if _, err := s.ParseShift(text, now); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	named := oncall.Schedule{Regions: []oncall.Region{region(t, "US/East", "01:00-13:00", ""), region(t, "a@b", "13:00-01:00", "")}}
	for text, want := range map[string]string{
		"us/east@2018-08-24": "2018-08-24T01:00Z/US/East", "2018-08-24T01:00Z/US/East": "2018-08-24T01:00Z/US/East",
		"a@b@2018-08-24": "2018-08-24T13:00Z/a@b", "2018-08-24T13:00Z/a@b": "2018-08-24T13:00Z/a@b",
	} {
		if sh, err := named.ParseShift(text, now); err != nil || sh.ID() != want {
			t.Errorf("%q is the shift %s, %v; want %s", text, sh.ID(), err, want)
		}
	}
	if _, err := (oncall.Schedule{}).ParseShift("current", now); err == nil {
		t.Error("a schedule without regions has a current shift")
	}
	often := oncall.Schedule{Regions: []oncall.Region{region(t, "A", "01:00-13:00", "Europe/London"), region(t, "B", "13:00-01:00", "Europe/London")}}
	for text, want := range map[string]string{ // A starts at 01:00 UTC in winter and at 00:00 UTC in summer
		"A@2018-10-28": "", "A@2018-03-26": "", "A@2018-03-25": "",
	} {
		if _, err := often.ParseShift(text, now); (err == nil) != (want == "") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// A day in UTC can have two starts of a shift, or none, where a clock change moves the start over midnight UTC.
func TestParseShiftWithTwoStartsInADay(t *testing.T) {
	t.Parallel()
	s := oncall.Schedule{Regions: []oncall.Region{region(t, "A", "20:30-08:30", "America/New_York"), region(t, "B", "08:30-20:30", "America/New_York")}}
	now := on(t, "2018-01-01 00:00")
	if _, err := s.ParseShift("A@2018-03-11", now); err != nil {
		t.Errorf("A on the day of the change: %v", err)
	}
	east := oncall.Schedule{Regions: []oncall.Region{region(t, "A", "00:30-12:30", "Europe/London"), region(t, "B", "12:30-00:30", "Europe/London")}}
	if _, err := east.ParseShift("A@2018-03-25", now); err == nil || !strings.Contains(err.Error(), "(use 2018-03-25T00:30Z/A or 2018-03-25T23:30Z/A)") {
		t.Errorf("two starts in one day: %v", err)
	}
	if _, err := east.ParseShift("A@2018-10-28", now); err == nil || !strings.Contains(err.Error(), "no shift of A starts on 2018-10-28 in UTC") {
		t.Errorf("no start in one day: %v", err)
	}
}

func TestDuties(t *testing.T) {
	t.Parallel()
	s := oncall.Default()
	s.Regions[0].Rotation = rotation(t, "2018-08-06", oncall.Period{Days: 7}, "ana", "bo", "cid")
	s.Regions[1].Rotation = rotation(t, "2018-08-06", oncall.Period{Hours: 6}, "dan", "eve")
	s.Overrides = []oncall.Override{
		{Region: "EMEA", Person: "bo", From: on(t, "2018-12-24 04:00"), To: on(t, "2018-12-27 04:00"), Reason: "holidays"},
		{Region: "EMEA", Person: "zoe", InsteadOf: "CID", From: on(t, "2018-08-20 00:00"), To: on(t, "2018-08-25 00:00"), Reason: "ill"},
	}
	s.Swaps = []oncall.Swap{{People: [2]string{"ana", "bo"}, From: on(t, "2018-09-01 00:00"), To: on(t, "2018-09-04 10:00"), Reason: "a wedding"}}
	for _, tc := range []struct {
		name, at string
		want     []string
	}{
		{"the first turn", "2018-08-06 04:00", []string{"08-06 04:00 - 08-06 16:00 ana"}},
		{"the second week", "2018-08-13 04:00", []string{"08-13 04:00 - 08-13 16:00 bo"}},
		{"before the start of the rotation", "2018-08-05 12:00", []string{"08-05 04:00 - 08-05 16:00 cid"}},
		{"turns within a shift", "2018-08-06 20:00", []string{"08-06 16:00 - 08-06 22:00 dan", "08-06 22:00 - 08-07 04:00 eve"}},
		{"override of one person, in any letter case", "2018-08-20 12:00", []string{"08-20 04:00 - 08-20 16:00 zoe (ill)"}},
		{"a swap that ends within the shift", "2018-09-04 12:00", []string{"09-04 04:00 - 09-04 10:00 ana (a wedding)", "09-04 10:00 - 09-04 16:00 bo"}},
		{"a holiday", "2018-12-25 12:00", []string{"12-25 04:00 - 12-25 16:00 bo (holidays)"}},
	} {
		if diff := cmp.Diff(tc.want, duties(s.Duties(s.At(on(t, tc.at))))); diff != "" {
			t.Errorf("%s:\n%s", tc.name, diff)
		}
	}
	if got := s.OnCall(on(t, "2018-08-06 22:00")).Person; got != "eve" {
		t.Errorf("%s is on call at the turn, want eve", got)
	}
	if diff := cmp.Diff([]string{"dan", "eve"}, s.People(s.At(on(t, "2018-08-06 20:00")))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"ana", "bo", "cid", "dan", "eve", "zoe"}, s.Members()); diff != "" {
		t.Error(diff)
	}
}

func TestDutiesWithoutRotation(t *testing.T) {
	t.Parallel()
	s := oncall.Default()
	s.Overrides = []oncall.Override{{Region: "EMEA", Person: "bo", From: on(t, "2018-12-24 06:00"), To: on(t, "2018-12-24 08:00"), Reason: "a trial"}}
	want := []string{"12-24 04:00 - 12-24 06:00 ", "12-24 06:00 - 12-24 08:00 bo (a trial)", "12-24 08:00 - 12-24 16:00 "}
	sh := s.At(on(t, "2018-12-24 06:00"))
	if diff := cmp.Diff(want, duties(s.Duties(sh))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"bo"}, s.People(sh)); diff != "" {
		t.Error(diff)
	}
	if got := s.People(s.Next(sh)); got != nil {
		t.Errorf("%v are on call without a rotation", got)
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	s := oncall.Schedule{Names: map[string]string{"ana": "Ana Ott", "bo": ""}}
	for user, want := range map[string]string{"ana": "Ana Ott", "ANA": "Ana Ott", "bo": "bo", "cid": "cid"} {
		if got := s.Name(user); got != want {
			t.Errorf("%s is called %s, want %s", user, got, want)
		}
	}
}

func TestPeriod(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]oncall.Period{"1w": {Days: 7}, "3d": {Days: 3}, "12h": {Hours: 12}, "2w": {Days: 14}} {
		if got := p.String(); got != want {
			t.Errorf("%+v is written %s, want %s", p, got, want)
		}
	}
}
