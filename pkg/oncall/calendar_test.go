package oncall_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// events is a calendar of these periods. Those of whole days are for the days from first to last.
type events []event

type event struct {
	person      string
	from, to    time.Time
	first, last calendar.Date
}

func (list events) During(from, to time.Time, day calendar.Date) (out []oncall.Presence) {
	for _, e := range list {
		switch {
		case !e.first.IsZero() && !day.Before(e.first) && !day.After(e.last):
			out = append(out, oncall.Presence{Person: e.person, From: from, To: to, Days: true})
		case e.first.IsZero() && e.from.Before(to) && e.to.After(from):
			out = append(out, oncall.Presence{Person: e.person, From: e.from, To: e.to})
		}
	}
	return out
}

func august(day, hour int) time.Time {
	return time.Date(2018, time.August, day, hour, 0, 0, 0, time.UTC)
}

// twoRegions has ana and bo in EMEA, cid and dan in AMER; ana and cid are on call in the week of August 20.
func twoRegions(list ...event) oncall.Schedule {
	s := oncall.Default()
	for i, members := range [][]string{{"ana", "bo"}, {"cid", "dan"}} {
		s.Regions[i].Rotation = &oncall.Rotation{Members: members, Period: oncall.Period{Days: 7}, Start: calendar.NewDate(2018, time.August, 20),
			Handover: s.Regions[i].From}
	}
	if len(list) > 0 {
		s.Calendar = events(list)
	}
	return s
}

func TestCalendarReplacesTheRotation(t *testing.T) {
	t.Parallel()
	days := func(person string, day int) event {
		d := calendar.NewDate(2018, time.August, day)
		return event{person: person, first: d, last: d}
	}
	for name, c := range map[string]struct {
		list []event
		want string // the duties of the two shifts that start on August 24
	}{
		"none":                   {nil, "EMEA 4-16 ana; AMER 16-4 cid"},
		"another period":         {[]event{{person: "bo", from: august(1, 0), to: august(24, 4)}}, "EMEA 4-16 ana; AMER 16-4 cid"},
		"a part of a shift":      {[]event{{person: "bo", from: august(24, 8), to: august(24, 10)}}, "EMEA 4-8 ana, 8-10 bo*, 10-16 ana; AMER 16-4 cid"},
		"across shifts":          {[]event{{person: "bo", from: august(24, 10), to: august(24, 20)}}, "EMEA 4-10 ana, 10-16 bo*; AMER 16-20 bo*, 20-4 cid"},
		"the same person":        {[]event{{person: "ana", from: august(24, 8), to: august(24, 10)}}, "EMEA 4-16 ana; AMER 16-4 cid"},
		"not in a rotation":      {[]event{{person: "eve", from: august(20, 0), to: august(28, 0)}}, "EMEA 4-16 eve*; AMER 16-4 eve*"},
		"the member of two":      {[]event{{person: "eve", from: august(24, 6), to: august(25, 0)}, {person: "bo", from: august(24, 4), to: august(25, 0)}}, "EMEA 4-16 bo*; AMER 16-0 eve*, 0-4 cid"},
		"the later of two":       {[]event{{person: "bo", from: august(24, 0), to: august(25, 0)}, {person: "ana", from: august(24, 10), to: august(24, 12)}}, "EMEA 4-10 bo*, 10-12 ana, 12-16 bo*; AMER 16-0 bo*, 0-4 cid"},
		"a whole day":            {[]event{days("bo", 24)}, "EMEA 4-16 bo*; AMER 16-4 cid"},
		"a whole day of AMER":    {[]event{days("dan", 24)}, "EMEA 4-16 ana; AMER 16-4 dan*"},
		"a whole day of a guest": {[]event{days("eve", 24)}, "EMEA 4-16 eve*; AMER 16-4 eve*"},
		"the day before":         {[]event{days("dan", 23)}, "EMEA 4-16 ana; AMER 16-4 cid"},
		"hours over a whole day": {[]event{days("bo", 24), {person: "ana", from: august(24, 10), to: august(24, 12)}}, "EMEA 4-10 bo*, 10-12 ana, 12-16 bo*; AMER 16-4 cid"},
	} {
		s := twoRegions(c.list...)
		var shifts []string
		for _, sh := range s.Between(august(24, 4), august(24, 17)) {
			var duties []string
			for _, d := range s.Duties(sh) {
				duties = append(duties, fmt.Sprintf("%d-%d %s%s", d.From.Hour(), d.To.Hour(), d.Person, map[bool]string{true: "*"}[d.Override]))
			}
			shifts = append(shifts, sh.Region+" "+strings.Join(duties, ", "))
		}
		if got := strings.Join(shifts, "; "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestDrift(t *testing.T) {
	t.Parallel()
	s := twoRegions(event{person: "bo", from: august(24, 8), to: august(24, 12)}, event{person: "ana", from: august(24, 12), to: august(24, 20)},
		event{person: "cid", from: august(24, 20), to: august(25, 4)})
	var got []string
	for _, d := range s.Drift(august(24, 4), august(25, 4)) {
		got = append(got, fmt.Sprintf("%s %d-%d %s/%s", d.Shift.Region, d.From.Hour(), d.To.Hour(), d.Calendar, d.File))
	}
	if want := []string{"EMEA 4-8 /ana", "EMEA 8-12 bo/ana", "AMER 16-20 ana/cid"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	s.Regions[0].Rotation, s.Regions[1].Rotation = nil, nil
	for _, d := range s.Drift(august(24, 4), august(25, 4)) {
		if d.Calendar != "" {
			t.Errorf("a region without a rotation: %+v", d)
		}
	}
}

func TestCalendarPeopleAreMembers(t *testing.T) {
	t.Parallel()
	s := twoRegions()
	s.Attendees = map[string][]string{"Ana": {"a"}, "eve": {"e"}}
	if got := s.Members(); !slices.Equal(got, []string{"ana", "bo", "cid", "dan", "eve"}) || len(s.Substitutes()) != 0 {
		t.Errorf("members %q, substitutes %q", got, s.Substitutes())
	}
}

// With any calendar, a shift has its duties one after the other; where the calendar has somebody, one of these people is on call, and
// elsewhere who the file has. A drift is where these differ.
func TestCalendarCoversWhatItHas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := aSchedule(t)
		file := s
		var list events
		for range rapid.IntRange(1, 6).Draw(t, "events") {
			from := anInstant(t, "event")
			list = append(list, event{person: aPerson(t), from: from, to: from.Add(time.Duration(rapid.IntRange(1, 5000).Draw(t, "long")) * time.Minute)})
		}
		s.Calendar = list
		at := anInstant(t, "at")
		sh := s.At(at)
		end := sh.From
		for _, d := range s.Duties(sh) {
			if !d.From.Equal(end) || !d.From.Before(d.To) {
				t.Fatalf("duties of %+v: %+v", sh, s.Duties(sh))
			}
			end = d.To
		}
		if !end.Equal(sh.To) {
			t.Fatalf("duties of %+v end at %s", sh, end)
		}
		got, planned := s.OnCall(at).Person, file.OnCall(at).Person
		var present []string
		for _, e := range list {
			if !at.Before(e.from) && at.Before(e.to) {
				present = append(present, e.person)
			}
		}
		if len(present) == 0 && got != planned || len(present) > 0 && !slices.Contains(present, got) {
			t.Fatalf("at %s %q is on call; the calendar has %q, the file %q", at, got, present, planned)
		}
		drifts := slices.ContainsFunc(s.Drift(sh.From, sh.To), func(d oncall.Drift) bool { return !at.Before(d.From) && at.Before(d.To) })
		if want := len(present) == 0 || planned != "" && got != planned; drifts != want {
			t.Fatalf("at %s drift %v, want %v: %q, %q, %q", at, drifts, want, got, present, planned)
		}
	})
}
