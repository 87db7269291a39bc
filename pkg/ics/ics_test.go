package ics_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/ics"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

func options() ics.Options {
	return ics.Options{Local: time.UTC, Zone: zone, People: map[string][]string{
		"ana": {"ana.ott@example.com", "Ana Ott"}, "bo": {"bo@example.com", "Bo Li"}}}
}

func zone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("invalid zone %q", name)
	}
	return time.LoadLocation(name)
}

func parsed(t fataler, text string) *ics.Calendar {
	t.Helper()
	c, err := ics.Parse([]byte(text), options())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// around is a calendar with these events.
func around(events ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(events, "") + "END:VCALENDAR\r\n"
}

// event is an event with these lines, of Ana.
func event(lines ...string) string {
	return "BEGIN:VEVENT\r\nUID:one\r\nSUMMARY:Ana Ott\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\n"
}

// people are who is on call at a time; whole days count for the day in UTC.
func people(c *ics.Calendar, at string) string {
	t, err := time.Parse("2006-01-02 15:04", at)
	if err != nil {
		panic(err)
	}
	var names []string
	for _, p := range c.During(t, t.Add(time.Second), calendar.DateOf(t)) {
		names = append(names, p.Person)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// The files have the shape of what these programs publish; the times are those of their own views.
func TestPublishedCalendars(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		events, others int
		problems       []string
		people         map[string]string // by time in UTC
	}{
		"google.ics": {events: 4, others: 1, people: map[string]string{
			"2018-08-06 04:00": "ana", "2018-08-06 03:59": "", "2018-08-06 15:59": "ana", "2018-08-06 16:00": "",
			"2018-08-13 12:00": "bo", "2018-08-20 12:00": "ana", "2018-08-22 12:00": "", // an exception
			"2018-08-24 05:00": "", "2018-08-24 06:00": "bo", // moved to another person and hour
			"2018-08-25 00:00": "ana", "2018-08-26 23:59": "ana", "2018-08-27 00:00": "", // whole days
			"2018-11-02 04:30": "", "2018-11-02 05:00": "ana", // winter
			"2018-12-31 12:00": "bo", "2019-01-14 12:00": "", "2019-01-28 12:00": "", // the end of one series
			"2019-01-07 12:00": "ana", "2019-12-30 12:00": "", "2019-12-23 12:00": "ana",
		}},
		"outlook.ics": {events: 3, problems: []string{`46 Bo Li: report on the month: the rule "FREQ=MONTHLY" is not supported (only daily and weekly ones are)`},
			people: map[string]string{
				"2018-08-06 04:00": "ana", "2018-08-13 03:59": "ana", "2018-08-13 04:00": "bo", "2018-08-24 10:00": "ana",
				"2018-09-05 10:00": "", "2018-09-18 10:00": "", "2018-10-02 10:00": "ana", "2018-11-05 04:59": "ana", "2018-11-05 05:00": "bo",
				"2018-11-12 05:00": "ana", "2019-06-27 10:00": "ana", "2019-07-04 10:00": "bo", "2019-07-11 10:00": "", "2029-07-16 10:00": "bo",
			}},
		"pagerduty.ics": {events: 3, people: map[string]string{
			"2018-08-20 03:59": "", "2018-08-20 04:00": "ana", "2018-08-27 03:59": "ana", "2018-08-27 04:00": "bo", "2018-09-10 04:00": "",
		}},
	} {
		data, err := os.ReadFile(filepath.Join("../../testdata/calendar", name))
		if err != nil {
			t.Fatal(err)
		}
		got := parsed(t, string(data))
		var problems []string
		for _, p := range got.Problems {
			problems = append(problems, fmt.Sprintf("%d %s: %s", p.Line, p.Summary, p.Text))
		}
		if got.Events != c.events || got.Others != c.others || !slices.Equal(problems, c.problems) {
			t.Errorf("%s: %d events, %d others, %q", name, got.Events, got.Others, problems)
		}
		for at, want := range c.people {
			if who := people(got, at); who != want {
				t.Errorf("%s: at %s %q is on call, want %q", name, at, who, want)
			}
		}
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	const eight = "DTSTART:20180824T080000Z"
	for name, c := range map[string]struct {
		lines []string
		on    string // times in UTC at which Ana is on call
		off   string
	}{
		"a duration":                           {[]string{eight, "DURATION:PT90M"}, "08:00 09:29", "07:59 09:30"},
		"days of a duration":                   {[]string{eight, "DURATION:P1W"}, "08:00", "07:59"},
		"one day":                              {[]string{"DTSTART;VALUE=DATE:20180824"}, "00:00 23:59", ""},
		"without a zone":                       {[]string{"DTSTART:20180824T080000", "DURATION:PT1H"}, "08:00", "07:59 09:00"},
		"a zone of Windows":                    {[]string{"DTSTART;TZID=Pacific Standard Time:20180824T010000", "DURATION:PT1H"}, "08:00", "07:59 09:00"},
		"a path to a zone":                     {[]string{"DTSTART;TZID=/example.org/2018/Europe/Berlin:20180824T100000", "DURATION:PT1H"}, "08:00", "07:59 09:00"},
		"a zone in quotes":                     {[]string{`DTSTART;TZID="Europe/Berlin":20180824T100000`, "DURATION:PT1H"}, "08:00", "07:59 09:00"},
		"lower case":                           {[]string{"dtstart;tzid=Europe/Berlin:20180824t100000", "duration:pt1h"}, "08:00", "07:59 09:00"},
		"a day of 24 hours":                    {[]string{"DTSTART;VALUE=DATE:20180824", "DURATION:PT24H"}, "00:00 23:59", ""},
		"an exception at a time of whole days": {[]string{"DTSTART;VALUE=DATE:20180820", "RRULE:FREQ=DAILY", "EXDATE:20180824T000000"}, "", "08:00"},
		"a rule of a canceled event":           {[]string{eight, "DURATION:PT1H", "RRULE:FREQ=MONTHLY", "STATUS:CANCELLED"}, "", "08:00"},
		"canceled":                             {[]string{eight, "DURATION:PT1H", "STATUS:CANCELLED"}, "", "08:00"},
		"a folded line":                        {[]string{"DTSTART:201808", " 24T080", "\t000Z", "DURATION:PT1H"}, "08:00", "09:00"},
		"weekdays of days":                     {[]string{"DTSTART:20180820T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;BYDAY=MO,FR"}, "08:00", "09:00"},
		"not these weekdays":                   {[]string{"DTSTART:20180820T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;BYDAY=MO,TH"}, "", "08:00"},
		"the last of a count":                  {[]string{"DTSTART:20180820T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=5"}, "08:00", "09:00"},
		"after the count":                      {[]string{"DTSTART:20180820T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=4"}, "", "08:00"},
		"the start counts":                     {[]string{"DTSTART:20180822T080000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=TH,FR;COUNT=2"}, "", "08:00"},
		"until this instance":                  {[]string{"DTSTART:20180820T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20180824T080000Z"}, "08:00", "09:00"},
		"until before it":                      {[]string{"DTSTART:20180820T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20180824T075959Z"}, "", "08:00"},
		"until this day":                       {[]string{"DTSTART:20180820T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20180824"}, "08:00", "09:00"},
		"until a local time":                   {[]string{"DTSTART;TZID=Europe/Berlin:20180820T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20180824T100000"}, "08:00", ""},
		"an exception":                         {[]string{"DTSTART:20180820T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", "EXDATE:20180823T080000Z,20180824T080000Z"}, "", "08:00"},
		"an exception's day":                   {[]string{"DTSTART:20180820T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", "EXDATE;VALUE=DATE:20180824"}, "", "08:00"},
		"another exception":                    {[]string{"DTSTART:20180820T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", "EXDATE:20180824T090000Z"}, "08:00", ""},
		"an exception's zone":                  {[]string{"DTSTART:20180820T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", "EXDATE;TZID=Europe/Berlin:20180824T100000"}, "", "08:00"},
		"weeks begin on Monday":                {[]string{"DTSTART:20180805T080000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,FR"}, "", "08:00"},
		"weeks begin on Sunday":                {[]string{"DTSTART:20180805T080000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,FR;WKST=SU"}, "08:00", ""},
		"a night":                              {[]string{"DTSTART:20180801T220000Z", "DTEND:20180802T060000Z", "RRULE:FREQ=DAILY"}, "00:00 05:59 22:00", "06:00 21:59"},
		"whole days":                           {[]string{"DTSTART;VALUE=DATE:20180803", "DTEND;VALUE=DATE:20180805", "RRULE:FREQ=WEEKLY"}, "00:00 23:59", ""},
		"a nested alarm":                       {[]string{eight, "DURATION:PT1H", "BEGIN:VALARM", "DTSTART:20180824T120000Z", "SUMMARY:Bo Li", "END:VALARM"}, "08:00", "12:00"},
		"declined":                             {[]string{eight, "DURATION:PT1H", "ATTENDEE;PARTSTAT=DECLINED:mailto:bo@example.com"}, "08:00", "09:00"},
	} {
		cal := parsed(t, around(event(c.lines...)))
		if len(cal.Problems) > 0 {
			t.Errorf("%s: %v", name, cal.Problems)
		}
		for list, want := range map[string]string{c.on: "ana", c.off: ""} {
			for at := range strings.FieldsSeq(list) {
				if got := people(cal, "2018-08-24 "+at); got != want {
					t.Errorf("%s: at %s %q is on call, want %q", name, at, got, want)
				}
			}
		}
	}
}

// A night shift starts and ends at its hours on the clock, also when clocks change in it.
func TestClockChanges(t *testing.T) {
	t.Parallel()
	night := event("DTSTART;TZID=Europe/Berlin:20180301T220000", "DTEND;TZID=Europe/Berlin:20180302T060000", "RRULE:FREQ=DAILY")
	c := parsed(t, around(night))
	for at, want := range map[string]string{
		"2018-03-24 20:59": "", "2018-03-24 21:00": "ana", "2018-03-25 03:59": "ana", "2018-03-25 04:00": "",
		"2018-10-27 19:59": "", "2018-10-27 20:00": "ana", "2018-10-28 04:59": "ana", "2018-10-28 05:00": "",
	} {
		if got := people(c, at); got != want {
			t.Errorf("at %s %q, want %q", at, got, want)
		}
	}
	hours := event("DTSTART;TZID=Europe/Berlin:20180301T220000", "DURATION:PT8H", "RRULE:FREQ=DAILY")
	if c := parsed(t, around(hours)); people(c, "2018-03-25 04:59") != "ana" || people(c, "2018-03-25 05:00") != "" {
		t.Error("a duration of eight hours does not have eight hours")
	}
}

func TestUnsupportedEvents(t *testing.T) {
	t.Parallel()
	const when = "DTSTART:20180824T080000Z\r\nDTEND:20180824T090000Z"
	for lines, want := range map[string]string{
		when + "\r\nRRULE:FREQ=YEARLY":                                                      `the rule "FREQ=YEARLY" is not supported`,
		when + "\r\nRRULE:FREQ=DAILY;BYHOUR=8":                                              `the rule "BYHOUR=8" is not supported`,
		when + "\r\nRRULE:FREQ=DAILY;INTERVAL=0":                                            `the rule "INTERVAL=0" is not supported`,
		when + "\r\nRRULE:FREQ=DAILY;INTERVAL=99999999999999999999":                         `is not supported`,
		when + "\r\nRRULE:FREQ=DAILY;COUNT=0":                                               `the rule "COUNT=0" is not supported`,
		when + "\r\nRRULE:FREQ=WEEKLY;BYDAY=1MO":                                            `the rule "BYDAY=1MO" is not supported`,
		when + "\r\nRRULE:FREQ=WEEKLY;UNTIL=soon":                                           `the rule "UNTIL=SOON" is not supported`,
		when + "\r\nRRULE:INTERVAL=2":                                                       `the rule "INTERVAL=2" has no FREQ`,
		when + "\r\nRRULE:FREQ=DAILY;INTERVAL=7;BYDAY=MO":                                   `has no days`,
		when + "\r\nRRULE:FREQ=DAILY\r\nRRULE:FREQ=WEEKLY":                                  `several rules of recurrence are not supported`,
		when + "\r\nRDATE:20180825T080000Z":                                                 `RDATE is not supported`,
		when + "\r\nEXRULE:FREQ=DAILY":                                                      `EXRULE is not supported`,
		when + "\r\nRRULE:FREQ=DAILY\r\nEXDATE:never":                                       `invalid time "never"`,
		when + "\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20180824T080000Z":                     `RECURRENCE-ID with RANGE is not supported`,
		when + "\r\nATTENDEE:mailto:bo@example.com\r\nATTENDEE:MAILTO:ANA.OTT@example.com":  `belongs to ana and bo`,
		"DTSTART:20180824T080000Z":                                                          `no end`,
		"DTEND:20180824T080000Z":                                                            `no start`,
		"DTSTART;VALUE=DATE:20180824\r\nDURATION:PT12H":                                     `an event of whole days lasts "PT12H"`,
		when + "\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20180824T080000Z\r\nSTATUS:CANCELLED": `RECURRENCE-ID with RANGE is not supported`,
		"DTSTART:20180230T080000Z\r\nDURATION:PT1H":                                         `invalid time "20180230T080000Z"`,
		"DTSTART:20180824T080000Z\r\nDURATION:-PT1H":                                        `invalid duration "-PT1H"`,
		"DTSTART:20180824T080000Z\r\nDURATION:PT9999999H":                                   `invalid duration`,
		"DTSTART:20180824T080000Z\r\nDTEND:20180824T080000Z":                                `does not end after it starts`,
		"DTSTART:20180824T080000Z\r\nDTEND;VALUE=DATE:20180825":                             `must both be dates`,
		"DTSTART;TZID=Moon/Base:20180824T080000\r\nDURATION:PT1H":                           `unknown time zone "Moon/Base"`,
		"DTSTART;TZID=../../etc/passwd:20180824T080000\r\nDURATION:PT1H":                    `unknown time zone`,
		"DTSTART:20180824T080000Z\r\nDURATION:P63D\r\nRRULE:FREQ=DAILY":                     `each instance lasts longer than 62 days`,
	} {
		cal := parsed(t, around(event(lines)))
		if len(cal.Problems) != 1 || !strings.Contains(cal.Problems[0].Text, want) || cal.Problems[0].Line != 3 || cal.Problems[0].UID != "one" {
			t.Errorf("%q: %v, want %q", lines, cal.Problems, want)
		}
		if who := people(cal, "2018-08-24 08:00"); who != "" {
			t.Errorf("%q: %q is on call", lines, who)
		}
		others := strings.ReplaceAll(strings.ReplaceAll(around(event(lines)), "Ana Ott", "Lunch"), "ATTENDEE", "X-ATTENDEE")
		if cal := parsed(t, others); len(cal.Problems) > 0 || cal.Others != 1 {
			t.Errorf("%q of nobody: %v", lines, cal.Problems)
		}
	}
}

// An instance that is moved, given to somebody else or canceled does not take place as the series says.
func TestReplacedInstances(t *testing.T) {
	t.Parallel()
	series := event("DTSTART;TZID=Europe/Berlin:20180820T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY")
	for name, c := range map[string]struct {
		event string
		want  string // at 08:00 and at 12:00
	}{
		"moved":             {event("RECURRENCE-ID:20180824T080000Z", "DTSTART:20180824T120000Z", "DURATION:PT1H"), "/ana"},
		"canceled":          {event("RECURRENCE-ID;TZID=Europe/Berlin:20180824T100000", "STATUS:CANCELLED"), "/"},
		"of its day":        {event("RECURRENCE-ID;VALUE=DATE:20180824", "STATUS:CANCELLED"), "/"},
		"another instance":  {event("RECURRENCE-ID:20180823T080000Z", "STATUS:CANCELLED"), "ana/"},
		"to somebody else":  {strings.Replace(event("RECURRENCE-ID:20180824T080000Z", "DTSTART:20180824T080000Z", "DURATION:PT1H"), "Ana Ott", "Bo Li", 1), "bo/"},
		"to nobody":         {strings.Replace(event("RECURRENCE-ID:20180824T080000Z", "DTSTART:20180824T080000Z", "DURATION:PT1H"), "Ana Ott", "?", 1), "/"},
		"of another series": {strings.Replace(event("RECURRENCE-ID:20180824T080000Z", "STATUS:CANCELLED"), "UID:one", "UID:two", 1), "ana/"},
		"unreadable":        {event("RECURRENCE-ID:tomorrow", "STATUS:CANCELLED"), "/"},
		"a newer version":   {event("SEQUENCE:2", "DTSTART:20180824T120000Z", "DURATION:PT1H"), "/ana"},
		"an older version":  {event("SEQUENCE:-1", "DTSTART:20180824T120000Z", "DURATION:PT1H"), "ana/"},
	} {
		cal := parsed(t, around(series, c.event))
		if got := people(cal, "2018-08-24 08:00") + "/" + people(cal, "2018-08-24 12:00"); got != c.want {
			t.Errorf("%s: %q, want %q (%v)", name, got, c.want, cal.Problems)
		}
	}
}

// A shorter event of whole days is laid over a longer one, as with events that have hours.
func TestWholeDaysOverWholeDays(t *testing.T) {
	t.Parallel()
	week := event("DTSTART;VALUE=DATE:20180820", "DTEND;VALUE=DATE:20180827")
	series := event("DTSTART;VALUE=DATE:20180806", "DURATION:P1W", "RRULE:FREQ=WEEKLY;INTERVAL=2")
	one := strings.NewReplacer("Ana Ott", "Bo Li", "UID:one", "UID:two")
	day := one.Replace(event("DTSTART;VALUE=DATE:20180824", "DTEND;VALUE=DATE:20180825"))
	first := one.Replace(event("DTSTART;VALUE=DATE:20180820", "DTEND;VALUE=DATE:20180822"))
	hours := one.Replace(event("DTSTART:20180824T100000Z", "DTEND:20180824T120000Z"))
	for name, c := range map[string]struct {
		events []string
		at     string
		want   string
	}{
		"a day of a week":            {[]string{week, day}, "24 08", "bo"},
		"a day, first in the file":   {[]string{day, week}, "24 08", "bo"},
		"a day of a series":          {[]string{series, day}, "24 08", "bo"},
		"the day after":              {[]string{week, day}, "25 08", "ana"},
		"the first days":             {[]string{week, first}, "21 23", "bo"},
		"after the first days":       {[]string{week, first}, "22 08", "ana"},
		"hours of a week":            {[]string{week, hours}, "24 11", "bo"},
		"after these hours":          {[]string{week, hours}, "24 12", "ana"},
		"a night from the last days": {[]string{week, first}, "22 03", "bo"},
	} {
		s := oncall.Default()
		s.Calendar = parsed(t, around(c.events...))
		at, err := time.Parse("2006-01-02 15", "2018-08-"+c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.OnCall(at).Person; got != c.want {
			t.Errorf("%s: %q is on call, want %q", name, got, c.want)
		}
	}
}

// The place of a zone may come before its name, and counts for that zone only.
func TestPlacesOfZones(t *testing.T) {
	t.Parallel()
	zones := "BEGIN:VTIMEZONE\r\nTZID:Here\r\nX-LIC-LOCATION:Europe/Berlin\r\nEND:VTIMEZONE\r\n" +
		"BEGIN:VTIMEZONE\r\nX-LIC-LOCATION:Asia/Tokyo\r\nTZID:There\r\nEND:VTIMEZONE\r\n"
	for name, want := range map[string]string{"Here": "2018-08-24 08:00", "There": "2018-08-24 01:00"} {
		c := parsed(t, around(zones, event("DTSTART;TZID="+name+":20180824T100000", "DURATION:PT1H")))
		if got := people(c, want); got != "ana" || len(c.Problems) > 0 {
			t.Errorf("%s: at %s %q (%v)", name, want, got, c.Problems)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for summary, want := range map[string]string{
		"On Call - Ana Ott - Production": "ana", "ana ott": "ana", "Ana Otter": "", "Banana Ott": "", "Ana\\, Ott": "",
		"Bo Li\\, EMEA": "bo", "(Bo Li)": "bo", "Ana  Ott": "",
	} {
		text := strings.Replace(around(event("DTSTART;VALUE=DATE:20180824")), "SUMMARY:Ana Ott", "SUMMARY:"+summary, 1)
		if got := people(parsed(t, text), "2018-08-24 08:00"); got != want {
			t.Errorf("%q is of %q, want %q", summary, got, want)
		}
	}
}

func TestNotACalendar(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                               "the file is empty",
		"\r\n \r\n":                      "the file is empty",
		"<!DOCTYPE html><title>Log in":   "got a web page instead of a calendar",
		"hello":                          "not a calendar",
		"BEGIN:VCARD\nEND:VCARD\n":       "not a calendar",
		"\xff\xfeB\x00E\x00":             "not a calendar",
		"BEGIN:VCALENDAR\nVERSION:2.0\n": "incomplete",
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n":                                                           "line 3: END without its BEGIN",
		"BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n":                                                          "line 3: END without its BEGIN",
		strings.Repeat("BEGIN:VCALENDAR\n", 100):                                                                   "line 9: components are nested more than 8 deep",
		around(strings.Repeat(strings.Replace(event("DTSTART;VALUE=DATE:20180824"), "UID:one\r\n", "", 1), 20001)): "more than 20000 events of people on call",
		around(event("DTSTART:20180824T080000Z", "EXDATE:"+strings.Repeat("20180824,", 100001))):                   "more than 100000 exceptions",
	} {
		if _, err := ics.Parse([]byte(text), options()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
	manyZones := ""
	for n := range 200 {
		manyZones += strings.Replace(event(fmt.Sprintf("DTSTART;TZID=Zone/%d:20180824T080000", n)), "UID:one", fmt.Sprintf("UID:%d", n), 1)
	}
	if _, err := ics.Parse([]byte(around(manyZones)), options()); err == nil || !strings.Contains(err.Error(), "too many time zones") {
		t.Errorf("200 time zones: %v", err)
	}
}

// Hostile files take a time in proportion to their size: a quadratic reader does not finish with one of these.
func TestHugeCalendars(t *testing.T) {
	t.Parallel()
	const size = 2 << 20
	fill := func(part string) string { return strings.Repeat(part, size/len(part)) }
	forever := strings.Replace(event("DTSTART:00010101T000000Z", "DTEND:00010304T000000Z", "RRULE:FREQ=DAILY"), "UID:one\r\n", "", 1)
	for name, text := range map[string]string{
		"a million empty events": around(fill("BEGIN:VEVENT\nEND:VEVENT\n")),
		"one folded line":        around("X-A:\n" + fill(" \n")),
		"one long line":          around("X-A:" + fill("x") + "\r\n"),
		"one long parameter":     around(event(`DTSTART;A="` + fill("x") + `":20180824T080000Z`)),
		"many parameters":        around(event("DTSTART" + fill(";A=b") + ":20180824T080000Z")),
		"a long summary":         around(event("SUMMARY:" + fill("Ana Otto "))),
		"many attendees":         around(event("DTSTART;VALUE=DATE:20180824", fill("ATTENDEE:mailto:x\r\n"))),
		"endless series":         around(strings.Repeat(forever, 2000)),
	} {
		c, err := ics.Parse([]byte(text), options())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		people(c, "2018-08-24 08:00")
		people(c, "9999-12-31 23:59")
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("../../testdata/calendar/*.ics")
	if err != nil || len(files) == 0 {
		f.Fatal(err, files)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(around(event("DTSTART;X=\"", "RRULE:FREQ=WEEKLY;BYDAY=SU;COUNT=1;INTERVAL=1000;;=", "EXDATE:,"))))
	f.Add([]byte("BEGIN:VCALENDAR\nX;=:\n;:\n\x00\\\n \n"))
	from := time.Date(2018, 8, 24, 4, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ics.Parse(data, options())
		if err != nil {
			return
		}
		for _, p := range c.During(from, from.Add(12*time.Hour), calendar.DateOf(from)) {
			if p.Person == "" || !p.From.Before(p.To) {
				t.Errorf("%+v", p)
			}
		}
	})
}

var _ oncall.Calendar = (*ics.Calendar)(nil)

type fataler interface {
	Helper()
	Fatal(args ...any)
}
