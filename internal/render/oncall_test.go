package render_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// schedules returns the documents about who is on call.
func schedules(f func(string) string) []document {
	now, unknown, weeks, nobody := oncallNow(f), oncallUnknown(f), oncallWeeks(f), jsonv1.NewOncallSchedule("2018-08-20T00:00:00Z", "2018-08-27T00:00:00Z", "UTC", nil)
	nobody.Person = f("zoe")
	check, good := oncallCheck(f), jsonv1.NewOncallCheck("2015-01-01T00:00:00Z", "2060-01-01T00:00:00Z", []string{f("EMEA"), f("AMER")}, nil)
	good.Notes = texts{f("AMER has no rotation: people on call are unknown")}
	return []document{
		{"oncall", now, func(v *render.View) error { return v.Oncall(now) }},
		{"oncall_unknown", unknown, func(v *render.View) error { return v.Oncall(unknown) }},
		{"oncall_schedule", weeks, func(v *render.View) error { return v.OncallSchedule(weeks) }},
		{"oncall_schedule_nobody", nobody, func(v *render.View) error { return v.OncallSchedule(nobody) }},
		{"oncall_check", check, func(v *render.View) error { return v.OncallCheck(check) }},
		{"oncall_check_good", good, func(v *render.View) error { return v.OncallCheck(good) }},
	}
}

func dutyOf(f func(string) string, region, from, to, user, name string) jsonv1.Duty {
	d := jsonv1.Duty{Shift: from[:16] + "Z/" + f(region), Region: f(region), From: from, To: to}
	if user != "" {
		d.Person = &jsonv1.Person{User: f(user), Name: f(name)}
	}
	return d
}

func oncallNow(f func(string) string) jsonv1.Oncall {
	holiday := dutyOf(f, "AMER", "2018-08-20T16:00:00Z", "2018-08-21T04:00:00Z", "cleo", "")
	holiday.Override, holiday.Reason = true, f("Dan's wedding; and more, so it seems")
	doc := jsonv1.NewOncall("2018-08-20T10:00:00Z", "now", dutyOf(f, "EMEA", "2018-08-20T04:00:00Z", "2018-08-20T16:00:00Z", "ana", "Ana Ott"), holiday)
	doc.Notes = texts{f("@bo is not in a rotation")}
	return doc
}

func oncallUnknown(f func(string) string) jsonv1.Oncall {
	return jsonv1.NewOncall("2018-08-20T10:00:00Z", "next", dutyOf(f, "AMER", "2018-08-20T16:00:00Z", "2018-08-21T04:00:00Z", "", ""),
		dutyOf(f, "EMEA", "2018-08-21T04:00:00Z", "2018-08-21T16:00:00Z", "", ""))
}

func oncallWeeks(f func(string) string) jsonv1.OncallSchedule {
	var duties []jsonv1.Duty
	at := time.Date(2018, 8, 19, 16, 0, 0, 0, time.UTC)
	for n := range 14 {
		end := at.Add(12 * time.Hour)
		from, to := at.Format(time.RFC3339), end.Format(time.RFC3339)
		d := dutyOf(f, "AMER", from, to, "", "")
		if n%2 == 1 {
			d = dutyOf(f, "EMEA", from, to, "ana", "Ana Ott")
			if n == 5 || n == 7 {
				d = dutyOf(f, "EMEA", from, to, "bo", "Bo")
				d.Override, d.Reason = true, f("holidays")
			}
		}
		duties, at = append(duties, d), end
	}
	return jsonv1.NewOncallSchedule("2018-08-20T00:00:00Z", "2018-08-27T00:00:00Z", "UTC", duties)
}

func oncallCheck(f func(string) string) jsonv1.OncallCheck {
	doc := jsonv1.NewOncallCheck("2015-01-01T00:00:00Z", "2060-01-01T00:00:00Z", []string{f("EMEA"), f("AMER")}, []jsonv1.ScheduleProblem{
		{Kind: "gap", Text: f("from 2018-03-25 14:00 to 15:00 UTC nobody is on call: EMEA ends before AMER starts"), From: "2018-03-25T14:00:00Z", To: "2018-03-25T15:00:00Z", ConfigKey: f("oncall.regions[0].to")},
		{Kind: "override", Text: f(`region "APAC" not found`), ConfigKey: f("oncall.overrides[2].region")},
	})
	doc.Notes = texts{f("@bo is not in a rotation")}
	return doc
}

// The strip uses the reader's time zone, and shows clock changes.
func TestScheduleShowsClockChanges(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	var duties []jsonv1.Duty
	for at := time.Date(2018, 10, 26, 4, 0, 0, 0, time.UTC); at.Day() != 30; at = at.Add(12 * time.Hour) {
		region, user := "EMEA", "ana"
		if at.Hour() == 16 {
			region, user = "AMER", "cleo"
		}
		duties = append(duties, dutyOf(same, region, at.Format(time.RFC3339), at.Add(12*time.Hour).Format(time.RFC3339), user, ""))
	}
	doc := jsonv1.NewOncallSchedule("2018-10-26T22:00:00Z", "2018-10-29T23:00:00Z", "Europe/Berlin", duties)
	for _, d := range []struct{ form, from, to string }{{"autumn", doc.From, doc.To}, {"spring", "2018-03-24T23:00:00Z", "2018-03-25T22:00:00Z"}} {
		doc.From, doc.To = d.from, d.to
		var out bytes.Buffer
		v, err := render.New(&out, render.Options{TTY: true, Width: 80, Location: berlin, Now: time.Date(2018, 10, 28, 22, 30, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		if err := v.OncallSchedule(doc); err != nil {
			t.Fatal(err)
		}
		testkit.Golden(t, "render/oncall_schedule."+d.form+".txt", out.String())
	}
}

func calendarOf(t *testing.T, show func(*render.View) error) string {
	t.Helper()
	var out bytes.Buffer
	v, err := render.New(&out, render.Options{Format: render.ICS, Also: []render.Format{render.ICS}, Now: time.Date(2018, 8, 20, 10, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	if err := show(v); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestCalendarGolden(t *testing.T) {
	t.Parallel()
	for _, d := range schedules(same)[:4] {
		testkit.Golden(t, "render/"+d.name+".ics", strings.ReplaceAll(calendarOf(t, d.show), "\r\n", "\n"))
	}
}

// RFC 5545, 3.1 and 3.3.11: lines end in CRLF and have at most 75 octets, characters are not split, and no text ends a line or starts a
// property.
func TestHostileTextInCalendars(t *testing.T) {
	t.Parallel()
	events := map[string]int{}
	for _, d := range schedules(same)[:4] {
		events[d.name] = strings.Count(calendarOf(t, d.show), "BEGIN:VEVENT")
	}
	for _, text := range append(nasty, "END:VEVENT\r\nBEGIN:VALARM\r\n", strings.Repeat("é", 90), strings.Repeat(`\;,`, 60)) {
		for _, d := range schedules(func(string) string { return text })[:4] {
			got := calendarOf(t, d.show)
			if !utf8.ValidString(got) {
				t.Errorf("%s with %q is invalid UTF-8", d.name, text)
			}
			for line := range strings.SplitSeq(strings.TrimSuffix(got, "\r\n"), "\r\n") {
				if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsFunc(line, unicode.IsControl) {
					t.Errorf("%s with %q has the line %q of %d octets", d.name, text, line, len(line))
				}
			}
			whole := strings.ReplaceAll(got, "\r\n ", "")
			for _, property := range []string{"BEGIN:VEVENT", "END:VEVENT", "UID:", "SUMMARY:"} {
				if n := strings.Count("\r\n"+whole, "\r\n"+property); n != events[d.name] {
					t.Errorf("%s with %q has %d of %s in %d events", d.name, text, n, property, events[d.name])
				}
			}
			if strings.Contains("\r\n"+whole, "\r\nBEGIN:VALARM") {
				t.Errorf("%s with %q starts an alarm", d.name, text)
			}
		}
	}
}

// Other documents have no calendar: the format is rejected when the view is created.
func TestCalendarFormatIsRejectedElsewhere(t *testing.T) {
	t.Parallel()
	_, err := render.New(&bytes.Buffer{}, render.Options{Format: render.ICS})
	if fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), "(use table, json, yaml, csv or md)") {
		t.Errorf("got %v", err)
	}
	_, err = render.New(&bytes.Buffer{}, render.Options{Format: "pdf", Also: []render.Format{render.ICS}})
	if err == nil || !strings.Contains(err.Error(), "md or ics") {
		t.Errorf("got %v", err)
	}
	var out bytes.Buffer
	v, err := render.New(&out, render.Options{Format: render.ICS, Also: []render.Format{render.ICS}})
	if err != nil {
		t.Fatal(err)
	}
	if err := calm("labels").show(v); fault.KindOf(err) != fault.Usage || out.Len() > 0 {
		t.Errorf("a document without a calendar: %v and %q", err, out.String())
	}
}

// A shift has the same UID whoever is on call, so that a newer calendar updates events; parts of one shift have their own UIDs.
func TestCalendarUIDsAreStable(t *testing.T) {
	t.Parallel()
	duty := func(from, to, user string) jsonv1.Duty {
		return jsonv1.Duty{Shift: "2018-08-20T04:00Z/EMEA", Region: "EMEA", From: from, To: to, Person: &jsonv1.Person{User: user}}
	}
	uids := func(duties ...jsonv1.Duty) []string {
		doc := jsonv1.NewOncallSchedule("2018-08-20T00:00:00Z", "2018-08-21T00:00:00Z", "UTC", duties)
		text := strings.ReplaceAll(calendarOf(t, func(v *render.View) error { return v.OncallSchedule(doc) }), "\r\n ", "")
		var list []string
		for line := range strings.Lines(text) {
			if uid, ok := strings.CutPrefix(line, "UID:"); ok {
				list = append(list, strings.TrimSpace(uid))
			}
		}
		return list
	}
	const begin, ten, later, end = "2018-08-20T04:00:00Z", "2018-08-20T04:00:10Z", "2018-08-20T04:00:30Z", "2018-08-20T16:00:00Z"
	whole := uids(duty(begin, end, "ana"))
	if other := uids(duty(begin, end, "bo")); !slices.Equal(whole, other) || len(whole) != 1 {
		t.Errorf("%q is %q with another person", whole, other)
	}
	pieces := uids(duty(begin, ten, "ana"), duty(ten, later, "bo"), duty(later, end, "ana"))
	if len(pieces) != 3 || pieces[0] != whole[0] || pieces[1] == pieces[2] || slices.Contains(pieces[1:], pieces[0]) {
		t.Errorf("%q, whole shift %q", pieces, whole)
	}
}

// RFC 5545, 3.6: a calendar has at least one component, also if nobody is on call.
func TestCalendarWithoutEvents(t *testing.T) {
	t.Parallel()
	doc := jsonv1.NewOncallSchedule("2018-08-20T00:00:00Z", "2018-08-21T00:00:00Z", "UTC", nil)
	if got := calendarOf(t, func(v *render.View) error { return v.OncallSchedule(doc) }); strings.Count(got, "BEGIN:") < 2 {
		t.Errorf("no component:\n%s", got)
	}
}
