package fakegitlab

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/seed"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func seeded(t *testing.T, opts Options, seed func(time.Time) seed.Seed) *Server {
	t.Helper()
	s := newTestServer(t, opts)
	if err := s.Apply(seed(opts.clock())); err != nil {
		t.Fatal(err)
	}
	return s
}

// clock returns the time of the options' clock, by default the usual time of the tests.
func (o Options) clock() time.Time {
	if o.Now == nil {
		return at
	}
	return o.Now()
}

func TestHandbookMilestones(t *testing.T) {
	t.Parallel()
	// The handbook's own example: the timebox that ends on 2018-08-24.
	s := seeded(t, Options{}, seed.Handbook)
	p := s.store.FindProject("acme/infrastructure")
	var got []string
	for _, m := range p.Milestones {
		got = append(got, m.Title+" | "+m.StartDate+" | "+m.DueDate+" | "+m.Description)
	}
	want := []string{
		"2018-06-01 Milestone | 2018-05-21 | 2018-06-01 | June Milestone 1 - ending 2018-06-01",
		"2018-06-15 Milestone | 2018-06-04 | 2018-06-15 | June Milestone 2 - ending 2018-06-15",
		"2018-06-29 Milestone | 2018-06-18 | 2018-06-29 | June Milestone 3 - ending 2018-06-29",
		"2018-07-13 Milestone | 2018-07-02 | 2018-07-13 | July Milestone 1 - ending 2018-07-13",
		"2018-07-27 Milestone | 2018-07-16 | 2018-07-27 | July Milestone 2 - ending 2018-07-27",
		"2018-08-10 Milestone | 2018-07-30 | 2018-08-10 | August Milestone 1 - ending 2018-08-10",
		"Current Milestone | 2018-08-13 | 2018-08-24 | August Milestone 2 - ending 2018-08-24",
		"Next Milestone | 2018-08-27 | 2018-09-07 | September Milestone 1 - ending 2018-09-07",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestHandbookCounts(t *testing.T) {
	t.Parallel()
	s := seeded(t, Options{}, seed.Handbook)
	p := s.store.FindProject("acme/infrastructure")
	open, inCurrent, doneInCurrent := 0, 0, 0
	columns := map[string]int{}
	for _, i := range p.Issues {
		current := i.Milestone != nil && i.Milestone.Title == "Current Milestone"
		switch {
		case current && i.Closed:
			doneInCurrent++
		case current:
			inCurrent++
		}
		if i.Closed {
			continue
		}
		open++
		for _, l := range i.Labels {
			columns[l.Name]++
		}
	}
	if open != p.OpenIssues || open < 40 || open > 50 {
		t.Errorf("%d open issues, counted by the project as %d; want about 40", open, p.OpenIssues)
	}
	if inCurrent < 3 || inCurrent > 6 || doneInCurrent < 10 {
		t.Errorf("Current has %d open and %d done issues", inCurrent, doneInCurrent)
	}
	for _, column := range []string{"Planning", "Ready", "Waiting", "In Progress"} {
		if columns[column] < 3 {
			t.Errorf("column %s has %d issues", column, columns[column])
		}
	}
	if n := slices.IndexFunc(p.Issues, func(i *store.Issue) bool { return i.Title == "All backups are automatic and tested" }); len(p.Issues[n].Links) != 1 {
		t.Error("the quarter's goal is not linked to its slice")
	}
	for _, name := range []string{"oncall", "critical", "Incident::Active"} {
		if p.LabelNamed(name) != nil {
			t.Errorf("label %s exists, but should be missing", name)
		}
	}
}

// TestHandbookHistoryIsConsistent checks at many times that the history of each issue leads to its state, and that
// nothing is in the future.
func TestHandbookHistoryIsConsistent(t *testing.T) {
	t.Parallel()
	for day := range 40 {
		now := time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, day*9)
		opts := Options{Now: func() time.Time { return now }, Edition: store.Ultimate}
		s := seeded(t, opts, seed.Handbook)
		for _, p := range s.store.Projects {
			for _, i := range p.Issues {
				if problem := badHistory(i, now); problem != "" {
					t.Fatalf("%s: %s: %s", now.Format(time.DateOnly), i.Title, problem)
				}
			}
		}
		current := s.store.FindProject("acme/infrastructure").Milestones[6]
		due, err := time.Parse(time.DateOnly, current.DueDate)
		if err != nil || due.Weekday() != time.Friday || due.After(now) || now.Sub(due) >= 7*24*time.Hour {
			t.Fatalf("%s: Current is due %s", now.Format(time.DateOnly), current.DueDate)
		}
	}
}

// badHistory replays the events of an issue and returns what does not fit.
func badHistory(i *store.Issue, now time.Time) string {
	var labels []*store.Label
	for _, ev := range i.LabelEvents {
		has := slices.Contains(labels, ev.Label)
		switch {
		case ev.At.After(now), ev.At.Before(i.CreatedAt):
			return "label event out of time"
		case has == ev.Added:
			return "label " + ev.Label.Name + " added or removed twice"
		case ev.Added:
			labels = append(labels, ev.Label)
		default:
			labels = slices.DeleteFunc(labels, func(l *store.Label) bool { return l == ev.Label })
		}
	}
	var m *store.Milestone
	for _, ev := range i.MilestoneEvents {
		if ev.At.After(now) || ev.At.Before(i.CreatedAt) {
			return "milestone event out of time"
		}
		m = ev.Milestone
	}
	closed := false
	for _, ev := range i.StateEvents {
		if ev.At.After(now) || !ev.At.Equal(i.ClosedAt) {
			return "state event out of time"
		}
		closed = ev.Closed
	}
	for _, n := range i.Notes {
		if n.CreatedAt.After(i.UpdatedAt) || n.CreatedAt.Before(i.CreatedAt) {
			return "note out of time"
		}
	}
	switch {
	case len(labels) != len(i.Labels), slices.ContainsFunc(labels, func(l *store.Label) bool { return !slices.Contains(i.Labels, l) }):
		return "labels do not follow from the events"
	case m != i.Milestone:
		return "milestone does not follow from the events"
	case closed != i.Closed:
		return "state does not follow from the events"
	case i.UpdatedAt.After(now):
		return "updated in the future"
	}
	return ""
}

func TestSeedsAreRepeatable(t *testing.T) {
	t.Parallel()
	if !reflect.DeepEqual(seed.Handbook(at), seed.Handbook(at)) {
		t.Error("two handbook seeds of the same moment differ")
	}
	a, b := seeded(t, Options{}, seed.Handbook), seeded(t, Options{}, seed.Handbook)
	if !reflect.DeepEqual(a.Snapshot(), b.Snapshot()) {
		t.Error("two instances of the same seed differ")
	}
}

func TestSeedSurvivesJSON(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(seed.Handbook(at))
	if err != nil {
		t.Fatal(err)
	}
	var back seed.Seed
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	s := newTestServer(t, Options{})
	if err := s.Apply(back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(s.Snapshot(), seeded(t, Options{}, seed.Handbook).Snapshot()) {
		t.Error("the seed differs after a round trip through JSON")
	}
}

func TestApplyRefuses(t *testing.T) {
	t.Parallel()
	seed := seed.Seed{
		Users:  []seed.User{{Username: "a"}, {Username: "A"}, {Username: "b", Token: "sandbox-a"}},
		Groups: []seed.Group{{Path: "g", Members: []seed.Member{{User: "nobody", Role: "guest"}, {User: "a", Role: "king"}}}, {Path: "g"}, {Path: "x/y"}},
		Projects: []seed.Project{
			{Path: "x/p"},
			{Path: "g/p", Issues: []seed.Issue{
				{IID: 3, Author: "ghost", Milestone: "none"}, {IID: 3},
				{Events: []seed.Event{{State: "gone"}}, Links: []seed.Link{{IID: 77}}},
			}, Boards: []seed.Board{{Name: "b", Lists: []string{"none"}}}},
		},
	}
	err := newTestServer(t, Options{}).Apply(seed)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`seed users[1]: username "A"`, "seed users[2]: token", `seed groups[0]: user "nobody" not found`, `unknown role "king"`,
		`seed groups[1]: path "g"`, `seed groups[2]: path "x/y"`, `seed projects[0]: path "x/p"`,
		`seed projects[1].issues[0]: user "ghost" not found`, `seed projects[1].issues[0]: milestone "none" not found`,
		"seed projects[1].issues[1]: iid 3 is taken", "seed projects[1].issues[2]: empty event",
		"seed projects[1].issues[2]: link to #77", `board b: label "none" not found`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no error with %q in:\n%v", want, err)
		}
	}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	s := seeded(t, Options{}, seed.Empty)
	got := map[string]access.Account{}
	for _, a := range s.Accounts() {
		got[a.Username] = a
	}
	for _, want := range []access.Account{
		{Username: "root", Name: "Administrator", Token: "sandbox-root", Role: "administrator"},
		{Username: "maria", Name: "Maria Lindqvist", Token: "sandbox-maria", Role: "maintainer of acme"},
		{Username: "petra", Name: "Petra Vogel", Token: "sandbox-petra", Role: "planner of acme"},
		{Username: "oskar", Name: "Oskar Stranger", Token: "sandbox-oskar", Role: ""},
		{Username: "project_31_bot_5f2c9a1e", Name: "prodctl", Token: "sandbox-bot", Role: "maintainer of acme/infrastructure"},
	} {
		if got[want.Username] != want {
			t.Errorf("got %+v, want %+v", got[want.Username], want)
		}
	}
}
