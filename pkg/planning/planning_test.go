package planning_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/forecast"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/planning"
)

func day(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

var august = milestone.Timebox{Start: day("2018-08-13"), Due: day("2018-08-24")}

// Holidays and absences are person-days on which nobody works, each counted once.
func TestPersonDays(t *testing.T) {
	t.Parallel()
	away := func(person, from, to string) planning.Absence {
		return planning.Absence{Person: person, From: day(from), To: day(to)}
	}
	people := []string{"ana", "ben", "cem"}
	for name, c := range map[string]struct {
		team      planning.Team
		box       milestone.Timebox
		available int
		all       int
	}{
		"nobody named":          {planning.Team{}, august, 10, 10},
		"three people":          {planning.Team{People: people}, august, 30, 30},
		"holiday":               {planning.Team{People: people, Holidays: []calendar.Date{day("2018-08-15")}}, august, 27, 30},
		"holiday on a Saturday": {planning.Team{People: people, Holidays: []calendar.Date{day("2018-08-18")}}, august, 30, 30},
		"a week off":            {planning.Team{People: people, Absences: []planning.Absence{away("ben", "2018-08-11", "2018-08-19")}}, august, 25, 30},
		"overlapping": {planning.Team{People: people, Holidays: []calendar.Date{day("2018-08-15")}, Absences: []planning.Absence{
			away("ben", "2018-08-14", "2018-08-16"), away("ben", "2018-08-16", "2018-08-17"), away("zoe", "2018-08-13", "2018-08-24")}}, august, 24, 30},
		"all away":     {planning.Team{People: []string{"ana"}, Absences: []planning.Absence{away("ana", "2018-01-01", "2019-01-01")}}, august, 0, 10},
		"only weekend": {planning.Team{}, milestone.Timebox{Start: day("2018-08-18"), Due: day("2018-08-19")}, 2, 2},
		"no dates":     {planning.Team{People: people}, milestone.Timebox{}, 0, 0},
	} {
		if available, all := c.team.PersonDays(c.box); available != c.available || all != c.all {
			t.Errorf("%s: %d of %d person-days, want %d of %d", name, available, all, c.available, c.all)
		}
	}
}

func closed(at string, weight int) issue.Issue {
	i := issue.Issue{State: issue.Closed, Weight: &weight}
	if at != "" {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			panic(err)
		}
		i.ClosedAt = when
	}
	return i
}

// What was closed on a day without work counts on the nearest working day, in the team's zone.
func TestFinished(t *testing.T) {
	t.Parallel()
	tokyo := time.FixedZone("Tokyo", 9*60*60)
	for _, c := range []struct {
		at   string
		zone *time.Location
		want int // working day, from 0
	}{
		{"2018-08-13T08:00:00Z", time.UTC, 0}, {"2018-08-13T16:00:00Z", tokyo, 1},
		{"2018-08-18T12:00:00Z", time.UTC, 4}, {"2018-08-19T12:00:00Z", time.UTC, 5}, // a Saturday and a Sunday
		{"2018-07-01T12:00:00Z", time.UTC, 0}, {"2018-08-26T12:00:00Z", time.UTC, 9}, {"2019-01-01T00:00:00Z", time.UTC, 9},
		{"2018-08-22T12:00:00Z", time.UTC, 6}, // a holiday: the day before
		{"", time.UTC, 8},
	} {
		team := planning.Team{}
		if c.want == 6 || c.want == 8 {
			team.Holidays = []calendar.Date{day("2018-08-22")}
		}
		got := team.Finished(august, []issue.Issue{closed(c.at, 3), {State: issue.Opened}, {State: issue.Closed, MovedToID: 4}}, c.zone)
		want := make(forecast.Timebox, 10-len(team.Holidays))
		want[c.want] = forecast.Day{Issues: 1, Weight: 3}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want day %d", c.at, got, c.want)
		}
	}
}

func past(n, issues, weight int) (list []planning.Past) {
	for range n {
		days := make(forecast.Timebox, 10)
		for at := range issues {
			days[at%10].Issues++
		}
		days[3].Weight = weight
		list = append(list, planning.Past{Days: days})
	}
	return list
}

// With three finished timeboxes there is a forecast, with fewer their mean, and with none nothing; fewer person-days mean less.
func TestCapacity(t *testing.T) {
	t.Parallel()
	few := planning.CapacityOf(august, past(2, 21, 45), 15, 30)
	if few.Levels != nil || few.Expected != (forecast.Day{Issues: 10, Weight: 22}) {
		t.Errorf("two timeboxes: %+v", few)
	}
	if none := planning.CapacityOf(august, nil, 30, 30); none.Known() || none.Expected != (forecast.Day{}) {
		t.Errorf("no timebox: %+v", none)
	}
	full, half := planning.CapacityOf(august, past(5, 20, 40), 30, 30), planning.CapacityOf(august, past(5, 20, 40), 15, 30)
	if again := planning.CapacityOf(august, past(5, 20, 40), 30, 30); !slices.Equal(full.Levels, again.Levels) {
		t.Errorf("not repeatable: %v, %v", full.Levels, again.Levels)
	}
	if len(full.Levels) != 4 || full.Expected != full.Levels[0].Amount || full.Expected.Issues < 17 || full.Expected.Issues > 23 {
		t.Errorf("five timeboxes: %+v", full)
	}
	if got := half.Expected.Issues; got < 8 || got > 12 {
		t.Errorf("half of the person-days: %d", got)
	}
}

func TestRoom(t *testing.T) {
	t.Parallel()
	weight := func(n int, labels ...string) issue.Issue {
		return issue.Issue{State: issue.Opened, Weight: &n, Labels: labels}
	}
	c := planning.Capacity{History: past(1, 11, 34), Expected: forecast.Day{Issues: 11, Weight: 34}}
	in := []issue.Issue{weight(5), weight(3), {State: issue.Opened}, weight(13, "unscheduled"), {State: issue.Closed, MovedToID: 3}}
	r := planning.RoomOf(c, 60, in, "unscheduled")
	want := planning.Room{Percent: 60, All: forecast.Day{Issues: 6, Weight: 20}, Planned: milestone.Tally{Issues: 3, Weight: 8},
		NoWeight: 1, Unscheduled: milestone.Tally{Issues: 1, Weight: 13}, Weighed: true, Known: true}
	if r != want || r.Over() || r.Left() != (forecast.Day{Issues: 3, Weight: 12}) {
		t.Errorf("got %+v, left %+v", r, r.Left())
	}
	for name, more := range map[string][]issue.Issue{"weight": {weight(13)}, "number": {weight(0), weight(0), weight(0), weight(0)}} {
		if r := planning.RoomOf(c, 60, append(slices.Clone(in), more...), "unscheduled"); !r.Over() {
			t.Errorf("not over by %s: %+v", name, r)
		}
	}
	unweighed := planning.Capacity{History: past(1, 11, 0), Expected: forecast.Day{Issues: 11}}
	if planning.RoomOf(unweighed, 60, in, "").Over() {
		t.Error("over by weight, although the team finishes no weight")
	}
	if planning.RoomOf(planning.Capacity{}, 60, in, "").Over() {
		t.Error("over without a history")
	}
}

var labels = planning.Labels{Blocked: "blocked", Goal: "goal", Meta: "meta", CarriedOver: "carried-over", Unscheduled: "unscheduled"}

func TestCheck(t *testing.T) {
	t.Parallel()
	ready := func(labels ...string) issue.Issue {
		three := 3
		return issue.Issue{State: issue.Opened, Weight: &three, Description: "Done when the alert fires", Labels: labels}
	}
	themed := labels
	themed.Theme = "backups"
	for name, c := range map[string]struct {
		issue   issue.Issue
		names   planning.Labels
		carried int
		want    []string
	}{
		"ready":        {ready(), labels, 1, nil},
		"carried":      {ready(), labels, 2, []string{planning.Carried}},
		"blocked":      {ready("blocked"), labels, 0, []string{planning.Blocked}},
		"off theme":    {ready(), themed, 0, []string{planning.OffTheme}},
		"on theme":     {ready("backups"), themed, 0, nil},
		"empty":        {issue.Issue{State: issue.Opened}, labels, 0, []string{planning.NoWeight, "criteria-missing"}},
		"closed":       {issue.Issue{State: issue.Closed}, labels, 0, nil},
		"came later":   {issue.Issue{State: issue.Opened, Labels: []string{"unscheduled"}}, labels, 0, nil},
		"weight label": {issue.Issue{State: issue.Opened, Description: "Done when it works", Labels: []string{"weight::8"}}, labels, 0, []string{planning.TooBig}},
	} {
		var got []string
		for _, f := range planning.Check([]issue.Issue{c.issue}, c.names, func(issue.Issue) int { return c.carried }) {
			for _, p := range f.Problems {
				got = append(got, p.ID)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	if got := planning.Goals([]issue.Issue{ready("goal"), ready("goal", "meta"), ready()}, labels); len(got) != 1 {
		t.Errorf("goals: %v", got)
	}
}

// Only leaving a timebox after its end is a carry-over.
func TestCarriedOver(t *testing.T) {
	t.Parallel()
	all := []milestone.Milestone{{ID: 1, Due: day("2018-07-27")}, {ID: 2, Due: day("2018-08-10")}, {ID: 3, Due: day("2018-08-24")}, {ID: 4}}
	on := func(e issue.Event) calendar.Date { return calendar.DateOf(e.At) }
	event := func(s, action string, id int64) issue.Event {
		return issue.Event{At: day(s).Midnight(time.UTC), Action: action, ID: id}
	}
	for name, c := range map[string]struct {
		events []issue.Event
		want   int
	}{
		"none":  {nil, 1},
		"twice": {[]issue.Event{event("2018-07-20", "add", 1), event("2018-07-27", "add", 2), event("2018-08-13", "add", 3)}, 2},
		"postponed before the end": {[]issue.Event{event("2018-07-20", "add", 1), event("2018-07-26", "add", 2), event("2018-08-09", "remove", 2),
			event("2018-08-10", "add", 3)}, 1},
		"taken out and put in": {[]issue.Event{event("2018-07-20", "add", 1), event("2018-07-28", "remove", 1), event("2018-08-02", "add", 2),
			event("2018-08-11", "add", 3), event("2018-08-11", "add", 3)}, 2},
		"deleted or without dates": {[]issue.Event{event("2018-07-20", "add", 9), event("2018-07-28", "add", 4), event("2018-08-13", "add", 3)}, 1},
	} {
		if got := planning.CarriedOver(c.events, all, on); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func candidate(iid int64, weight int, labels ...string) issue.Issue {
	return issue.Issue{Ref: issue.Ref{Project: "acme/infrastructure", IID: iid}, State: issue.Opened, Weight: &weight, Labels: labels,
		Description: "Done when it works well", CreatedAt: time.Date(2018, 8, 1, 0, int(iid), 0, 0, time.UTC)}
}

func TestFill(t *testing.T) {
	t.Parallel()
	order := issue.Priorities{Labels: []string{"critical", "goal"}, Availability: []string{"AP1"}}
	list := []issue.Issue{candidate(1, 2), candidate(2, 5, "critical"), candidate(3, 5, "AP1"), candidate(4, 3, "goal"), candidate(5, 1, "blocked"),
		candidate(6, 8), candidate(7, 0), candidate(8, 2, "backups"), {Ref: issue.Ref{IID: 9}, State: issue.Opened}}
	taken := candidate(10, 1)
	taken.MilestoneID = 5
	list = append(list, taken)
	room := func(issues, weight int) planning.Room {
		return planning.Room{All: forecast.Day{Issues: issues, Weight: weight}, Weighed: true, Known: true}
	}
	themed := labels
	themed.Theme = "backups"
	for name, c := range map[string]struct {
		room  planning.Room
		names planning.Labels
		want  string
	}{
		"all":       {room(20, 100), labels, "2 4 3 1 8"},
		"by weight": {room(20, 10), labels, "2 4 1"},
		"by number": {room(2, 100), labels, "2 4"},
		"theme":     {room(20, 10), themed, "8 2 4"},
		"over":      {room(-1, 10), labels, ""},
		"unweighed": {planning.Room{All: forecast.Day{Issues: 3}, Known: true}, labels, "2 4 3"},
	} {
		got := ""
		for _, i := range planning.Fill(c.room, list, c.names, order) {
			got += fmt.Sprint(" ", i.Ref.IID)
		}
		if got != "" {
			got = got[1:]
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// Whatever part of a proposal was applied, filling again proposes the rest of it and nothing else.
func TestFillAgain(t *testing.T) {
	t.Parallel()
	for seed := range 200 {
		var list []issue.Issue
		for n := range 8 {
			list = append(list, candidate(int64(n+1), board.Scale[(seed*7+n*n*3+n)%4]))
		}
		room := planning.Room{All: forecast.Day{Issues: 2 + seed%6, Weight: 3 + seed%17}, Weighed: true, Known: true}
		chosen := planning.Fill(room, list, labels, issue.Priorities{})
		for mask := range 1 << len(chosen) {
			after, rest, want := room, slices.Clone(list), []int64(nil)
			for n, i := range chosen {
				if mask>>n&1 == 0 {
					want = append(want, i.Ref.IID)
					continue
				}
				after.Planned.Issues, after.Planned.Weight = after.Planned.Issues+1, after.Planned.Weight+milestone.WeightOf(i)
				rest[i.Ref.IID-1].MilestoneID = 7
			}
			var got []int64
			for _, i := range planning.Fill(after, rest, labels, issue.Priorities{}) {
				got = append(got, i.Ref.IID)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d, applied %b: got %v, want %v", seed, mask, got, want)
			}
		}
	}
}
