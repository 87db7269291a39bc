package followup_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/followup"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

var (
	labels = incident.LabelsOf(label.Spelling{}, "service:{service}")
	today  = calendar.NewDate(2018, time.August, 24)
	now    = time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)
	team   = followup.Calendar{Today: today, Zone: time.UTC}
)

func action(due calendar.Date, closed time.Time) issue.Issue {
	i := issue.Issue{Ref: issue.Ref{Project: "acme/infrastructure", IID: 4}, ID: 104, State: issue.Opened, Due: due, Labels: []string{"S3"},
		CreatedAt: now.AddDate(0, 0, -40)}
	if !closed.IsZero() {
		i.State, i.ClosedAt = issue.Closed, closed
	}
	return i
}

// An action is due at the end of its day, in the team's time zone.
func TestStates(t *testing.T) {
	t.Parallel()
	yesterday, none := today.AddDays(-1), calendar.Date{}
	for name, c := range map[string]struct {
		due    calendar.Date
		closed time.Time
		zone   string
		state  followup.State
		days   int
	}{
		"due today":              {due: today, state: followup.Open},
		"due yesterday":          {due: yesterday, state: followup.Overdue, days: 1},
		"without a due date":     {due: none, state: followup.Open},
		"closed on the day":      {due: yesterday, closed: now.AddDate(0, 0, -1), state: followup.OnTime},
		"closed a day later":     {due: yesterday, closed: now, state: followup.Late, days: 1},
		"closed, no due date":    {due: none, closed: now, state: followup.Done},
		"evening in New York":    {due: yesterday, closed: time.Date(2018, 8, 24, 3, 59, 0, 0, time.UTC), zone: "America/New_York", state: followup.OnTime},
		"midnight in New York":   {due: yesterday, closed: time.Date(2018, 8, 24, 4, 0, 0, 0, time.UTC), zone: "America/New_York", state: followup.Late, days: 1},
		"closed at unknown time": {due: yesterday, closed: time.Unix(0, 0), state: followup.OnTime},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		a := followup.Of(action(c.due, c.closed), nil, labels, followup.Calendar{Today: today, Zone: zone})
		if a.State != c.state || a.Days != c.days || a.Severity != incident.S3 {
			t.Errorf("%s: %s, %d days, %s", name, a.State, a.Days, a.Severity)
		}
	}
	unknown := action(yesterday, now)
	unknown.ClosedAt = time.Time{}
	if a := followup.Of(unknown, nil, labels, team); a.State != followup.Done {
		t.Errorf("closed at an unknown time: %s", a.State)
	}
	worse := incident.Incident{Severity: incident.S1}
	if a := followup.Of(action(today, time.Time{}), &worse, labels, team); a.Severity != incident.S1 {
		t.Errorf("severity of the incident: %s", a.Severity)
	}
}

func TestSource(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Corrective action of acme/production#8.":                                                      "acme/production#8",
		"Why.\r\n\r\nCorrective action of production#8.\r\n\r\n<!-- prodctl:key=x/y -->":               "acme/production#8",
		"Corrective action of acme/production#7.\n\nCorrective action of acme/production#8":            "acme/production#8",
		"Corrective action of #8.":                                                                     "acme/infrastructure#8",
		"Corrective action of acme/production#8.\n\n```\nCorrective action of acme/production#9.\n```": "acme/production#8",
		"> Corrective action of acme/production#8.":                                                    "",
		"Corrective action of the team in prod#8.":                                                     "",
		"See Corrective action of acme/production#8.":                                                  "",
		"Corrective action of acme/production#x.":                                                      "",
		"": "",
	} {
		i := action(today, time.Time{})
		i.Description = text
		got := ""
		if ref, ok := followup.Source(i); ok {
			got = ref.String()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTeams(t *testing.T) {
	t.Parallel()
	teams := followup.Teams{People: map[string][]string{"storage": {"Ines", "dev"}, "security": {"ines"}}, Services: map[string]string{"registry": "storage", "mail": "edge"}}
	if got := teams.Names(); !slices.Equal(got, []string{"edge", "security", "storage"}) {
		t.Error(got)
	}
	from := &incident.Incident{Services: []string{"mail", "registry", "other"}}
	owned := followup.Action{Issue: issue.Issue{Assignees: []string{"ines"}}, Incident: from}
	if got := teams.Of(owned); !slices.Equal(got, []string{"security", "storage"}) {
		t.Errorf("of the owner: %v", got)
	}
	free := followup.Action{Issue: issue.Issue{Assignees: []string{"someone"}}, Incident: from}
	if got := teams.Of(free); !slices.Equal(got, []string{"edge", "storage"}) {
		t.Errorf("of the services: %v", got)
	}
	from.Issue.Confidential = true
	if got := teams.Of(free); got != nil {
		t.Errorf("of a confidential incident: %v", got)
	}
}

// comment is the comment of a reminder.
func comment(r followup.Reminder, id int64, at time.Time) issue.Note {
	return issue.Note{ID: id, Body: eventlog.Body(r.Event, r.Heading) + "\n\n<!-- prodctl:key=reminder/" + r.Name + " -->", CreatedAt: at, UpdatedAt: at, Trusted: true}
}

func TestReminder(t *testing.T) {
	t.Parallel()
	due := today.AddDays(-10)
	i := action(due, time.Time{})
	i.Assignees = []string{"ines", "project_31_bot_5f2c9a1e", "dev"}
	from := incident.Incident{Issue: issue.Issue{Ref: issue.Ref{Project: "acme/production", IID: 8}, Title: "Secret", Confidential: true}, Severity: incident.S2}
	a := followup.Of(i, &from, labels, team)
	r, ok := a.Reminder(nil, team)
	if !ok || r.Name != "104-20180814-0" {
		t.Fatalf("%v %+v", ok, r)
	}
	text := eventlog.Body(r.Event, r.Heading)
	for _, want := range []string{"@ines @dev ", "acme/production#8 (S2)", "was due on 2018-08-14"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %s", want, text)
		}
	}
	if got := safetext.Mentions(text); !slices.Equal(got, []string{"ines", "dev"}) || strings.Contains(text, "Secret") {
		t.Errorf("mentions %v\n%s", got, text)
	}
	first := comment(r, 7, now.AddDate(0, 0, -7))
	again, ok := a.Reminder([]issue.Note{first}, team)
	if !ok || again.Name != "104-20180814-7" {
		t.Errorf("after a week: %v %+v", ok, again)
	}
	first.CreatedAt = now.AddDate(0, 0, -6)
	if _, ok := a.Reminder([]issue.Note{first}, team); ok {
		t.Error("reminded after six days")
	}
	first.Trusted = false
	if again, ok := a.Reminder([]issue.Note{first}, team); !ok || again.Name != r.Name {
		t.Errorf("after a reminder of somebody else: %v %+v", ok, again)
	}
	i.Assignees = nil
	if r, ok := followup.Of(i, nil, labels, team).Reminder(nil, team); !ok || safetext.Mentions(r.Event.Text) != nil || !strings.Contains(r.Event.Text, "Nobody is assigned") {
		t.Errorf("without an owner: %+v", r)
	}
	if _, ok := followup.Of(action(today, time.Time{}), nil, labels, team).Reminder(nil, team); ok {
		t.Error("reminded of what is not overdue")
	}
}

// A job that runs every day, at any time of the day, reminds once in seven days, and never twice within them.
func TestRemindersOfADailyJob(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom([]*time.Location{time.UTC, time.FixedZone("", -7*3600), time.FixedZone("", 13*3600)}).Draw(t, "zone")
		day := calendar.NewDate(2018, time.August, 1)
		i := action(day.AddDays(-1), time.Time{})
		var notes []issue.Note
		var days []calendar.Date
		names := map[string]bool{}
		for n := range 40 {
			today := day.AddDays(n)
			at := today.Midnight(zone).Add(time.Duration(rapid.IntRange(0, 24*60-1).Draw(t, "minute")) * time.Minute)
			c := followup.Calendar{Today: today, Zone: zone}
			for range 2 { // run twice
				if r, ok := followup.Of(i, nil, labels, c).Reminder(notes, c); ok {
					if names[r.Name] {
						t.Fatalf("the key %s was used before", r.Name)
					}
					names[r.Name] = true
					notes, days = append(notes, comment(r, int64(n+1), at)), append(days, today)
				}
			}
		}
		for n, d := range days {
			if d != day.AddDays(7*n) {
				t.Fatalf("reminded on %v", days)
			}
		}
		if len(days) != 6 {
			t.Fatalf("%d reminders", len(days))
		}
	})
}

func actions() *rapid.Generator[followup.Action] {
	return rapid.Custom(func(t *rapid.T) followup.Action {
		var due calendar.Date
		if n := rapid.IntRange(-20, 20).Draw(t, "due"); n != 0 {
			due = today.AddDays(n)
		}
		closed := time.Time{}
		if rapid.Bool().Draw(t, "done") {
			closed = now.Add(-time.Duration(rapid.IntRange(0, 60*24).Draw(t, "closed")) * time.Hour)
		}
		i := action(due, closed)
		i.ID = rapid.Int64Range(1, 1000).Draw(t, "id")
		return followup.Of(i, nil, labels, team)
	})
}

// The order does not depend on the input, and what is overdue comes first. Each action is counted once, and the figures of two periods add
// up.
func TestOrderAndFigures(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfDistinct(actions(), func(a followup.Action) int64 { return a.Issue.ID }).Draw(t, "actions")
		other := rapid.Permutation(list).Draw(t, "order")
		followup.Sort(list)
		followup.Sort(other)
		if diff := cmp.Diff(fmt.Sprint(list), fmt.Sprint(other)); diff != "" {
			t.Fatal(diff)
		}
		rank := map[followup.State]int{followup.Overdue: 0, followup.Open: 1, followup.OnTime: 2, followup.Late: 2, followup.Done: 2}
		if !slices.IsSortedFunc(list, func(a, b followup.Action) int { return rank[a.State] - rank[b.State] }) {
			t.Fatalf("%+v", list)
		}
		var issues []issue.Issue
		for _, a := range list {
			issues = append(issues, a.Issue)
		}
		whole := followup.FiguresOf(issues, today.AddDays(-100), today, team)
		if whole.Open+whole.Done+whole.Missing != len(list) || len(whole.Ages) != whole.Open || whole.OnTime > whole.Done || whole.Overdue+whole.Undated > whole.Open {
			t.Fatalf("%+v of %d", whole, len(list))
		}
		cut := today.AddDays(-rapid.IntRange(0, 35).Draw(t, "cut"))
		before, after := followup.FiguresOf(issues, today.AddDays(-100), cut.AddDays(-1), team), followup.FiguresOf(issues, cut, today, team)
		if before.Done+after.Done != whole.Done || before.OnTime+after.OnTime != whole.OnTime || before.Missing+after.Missing != whole.Missing {
			t.Fatalf("%+v and %+v, not %+v", before, after, whole)
		}
		if before.Open != after.Open+after.Done+after.Missing { // what was open then was done since, or is open still
			t.Fatalf("%+v before, %+v after", before, after)
		}
	})
}

func TestFilter(t *testing.T) {
	t.Parallel()
	a := followup.Action{Issue: issue.Issue{Assignees: []string{"Ines"}}, State: followup.Overdue, Teams: []string{"storage"}}
	for _, f := range []followup.Filter{{}, {Overdue: true}, {Owner: "ines"}, {Team: "Storage", Owner: "INES", Overdue: true}} {
		if !f.Selects(a) {
			t.Errorf("%+v", f)
		}
	}
	for _, f := range []followup.Filter{{Owner: "dev"}, {Team: "edge"}, {Team: "storage", Owner: "dev"}} {
		if f.Selects(a) {
			t.Errorf("%+v", f)
		}
	}
	a.State = followup.Open
	if (followup.Filter{Overdue: true}).Selects(a) {
		t.Error("an action that is not overdue")
	}
}
