package cli_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

// pastTimeboxes adds finished timeboxes, each with as many closed issues of weight 2, spread over its ten days.
func pastTimeboxes(s *fakegitlab.Seed, timeboxes, issues int) {
	p, list := &s.Projects[0], &s.Projects[0].Milestones
	if len(s.Groups[0].Milestones) > 0 {
		list = &s.Groups[0].Milestones
	}
	*list = slices.DeleteFunc(*list, func(m fakegitlab.SeedMilestone) bool { return m.Closed })
	for n := range timeboxes {
		due := time.Date(2018, 8, 10-14*n, 0, 0, 0, 0, time.UTC)
		title := due.Format(time.DateOnly) + " Milestone"
		*list = append(*list, fakegitlab.SeedMilestone{Title: title, Closed: true, DueDate: due.Format(time.DateOnly),
			StartDate: due.AddDate(0, 0, -11).Format(time.DateOnly)})
		for k := range issues {
			p.Issues = append(p.Issues, fakegitlab.SeedIssue{Title: fmt.Sprintf("Done %d in %d", k, n), Milestone: title, Closed: true, Weight: new(2),
				CreatedAt: due.AddDate(0, 0, -20), ClosedAt: due.AddDate(0, 0, -k%12).Add(9 * time.Hour), Author: "dev"})
		}
	}
}

// prepared is a planning session: four finished timeboxes of ten issues, and a Next Milestone with something of everything.
func prepared(s *fakegitlab.Seed) {
	pastTimeboxes(s, 4, 10)
	ready := func(title string, weight int, labels ...string) fakegitlab.SeedIssue {
		return fakegitlab.SeedIssue{Title: title, Description: "Done when it works on Mondays.", Author: "dev", Weight: &weight, Labels: labels,
			Milestone: "Next Milestone", CreatedAt: time.Date(2018, 8, 6, 9, 0, 0, 0, time.UTC)}
	}
	stale := ready("Stale", 1, label.CarriedOver)
	stale.CreatedAt = time.Date(2018, 7, 2, 9, 0, 0, 0, time.UTC)
	stale.Events = []fakegitlab.SeedEvent{
		{At: time.Date(2018, 7, 3, 0, 0, 0, 0, time.UTC), AddMilestone: "2018-07-13 Milestone"},
		{At: time.Date(2018, 7, 13, 18, 0, 0, 0, time.UTC), AddMilestone: "2018-07-27 Milestone"},
		{At: time.Date(2018, 7, 28, 0, 0, 0, 0, time.UTC), AddMilestone: "Next Milestone"}}
	secret := ready("A secret", 13)
	secret.Confidential = true
	s.Projects[0].Issues = append(s.Projects[0].Issues, ready("Goal of it", 3, label.Goal), ready("Blocked", 2, label.Blocked, "backups"), stale, secret)
}

func (l *lab) session(t testing.TB, args ...string) (doc jsonv1.MilestonePlan) {
	t.Helper()
	r := l.must(t, slices.Concat([]string{"milestone", "plan", "-o", "json"}, args)...)
	if err := json.Unmarshal([]byte(r.out), &doc); err != nil {
		t.Fatalf("%v\n%s", err, r.out)
	}
	return doc
}

// problems are the ids of problems by the title of the issue.
func problemsIn(doc jsonv1.MilestonePlan) map[string]string {
	all := map[string]string{}
	for _, f := range doc.Findings {
		var ids []string
		for _, p := range f.Problems {
			ids = append(ids, p.ID)
		}
		all[f.Title] = strings.Join(ids, " ")
	}
	return all
}

// One request for the milestones, one for each timebox, and one for each issue that was carried over.
func TestMilestonePlan(t *testing.T) {
	t.Parallel()
	for _, group := range []bool{false, true} {
		l := newLab(t, setup{edition: fakegitlab.Premium, seed: prepared, group: group})
		doc := l.session(t)
		want := 1 + 4 + 1 + 1
		if reads, writes := l.count(); reads != want || writes != 0 {
			t.Errorf("%d reads and %d writes, want %d:\n%s", reads, writes, want, strings.Join(l.requests(), "\n"))
		}
		if c := doc.Capacity; c.Basis != jsonv1.BasisForecast || len(c.Likely) != 4 || len(c.Timeboxes) != 4 || c.Expected.Issues < 9 || c.Expected.Issues > 11 ||
			c.Likely[2].Issues >= c.Expected.Issues || *c.Likely[2].Weight != 2*c.Likely[2].Issues {
			t.Errorf("capacity: %+v", c)
		}
		if p := *doc.Planned; p != (jsonv1.Planned{Issues: 5, Weight: 19, WithoutWeight: 1}) {
			t.Errorf("planned: %+v", p)
		}
		if left := doc.Room.Left; !doc.Over || left.Issues != doc.Room.All.Issues-5 || *left.Weight >= 0 {
			t.Errorf("over %t, room: %+v", doc.Over, doc.Room)
		}
		if len(doc.Goals) != 1 || doc.Goals[0].Title != "Goal of it" {
			t.Errorf("goals: %+v", doc.Goals)
		}
		got := problemsIn(doc)
		if want := map[string]string{"Planned": "weight-missing criteria-missing", "Blocked": "blocked", "Stale": "carried-over", "": ""}; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("findings: %v, want %v", got, want)
		}
		got = problemsIn(l.session(t, "--theme", "backups", "--include-confidential"))
		if got["A secret"] != "weight-split theme" || got["Goal of it"] != "theme" || got["Blocked"] != "blocked" {
			t.Errorf("findings with a theme: %v", got)
		}
	}
}

// --exit-code is 8 for too much, and for an issue that needs a fix; without it the exit code is 0.
func TestMilestonePlanExitCode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		issues []fakegitlab.SeedIssue
		want   int
	}{
		"nothing": {nil, 0},
		"fine":    {[]fakegitlab.SeedIssue{{Title: "Fine", Description: "Done when it works.", Weight: new(3)}}, 0},
		"finding": {[]fakegitlab.SeedIssue{{Title: "Unready", Weight: new(3)}}, 8},
		"over":    {slices.Repeat([]fakegitlab.SeedIssue{{Title: "Fine", Description: "Done when it works.", Weight: new(5)}}, 3), 8},
	} {
		l := newLab(t, setup{edition: fakegitlab.Premium, seed: func(s *fakegitlab.Seed) {
			s.Projects[0].Issues = nil
			pastTimeboxes(s, 3, 9)
			for _, i := range c.issues {
				i.Milestone = "Next Milestone"
				s.Projects[0].Issues = append(s.Projects[0].Issues, i)
			}
		}})
		if r := l.run("milestone", "plan", "--exit-code"); r.code != c.want || r.errors != "" {
			t.Errorf("%s: exit %d, want %d\n%s%s", name, r.code, c.want, r.out, r.errors)
		}
		l.must(t, "milestone", "plan")
	}
}

// What is missing is one sentence, and no failure.
func TestMilestonePlanEmptyStates(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		seed func(*fakegitlab.Seed)
		args []string
		want string
	}{
		"no Next": {func(s *fakegitlab.Seed) {
			s.Projects[0].Milestones, s.Projects[0].Issues = s.Projects[0].Milestones[:2], nil
		}, nil,
			"No Next Milestone in project acme/infrastructure. To create it: prodctl milestone ensure"},
		"no Current": {func(s *fakegitlab.Seed) { s.Projects[0].Milestones, s.Projects[0].Issues = nil, nil }, []string{"--current"},
			"No Current Milestone in project acme/infrastructure. To create it: prodctl milestone ensure"},
		"no history": {func(s *fakegitlab.Seed) { pastTimeboxes(s, 0, 0) }, nil, "No finished timeboxes in project acme/infrastructure, so the capacity is unknown"},
		"one timebox": {func(s *fakegitlab.Seed) { pastTimeboxes(s, 1, 4) }, nil,
			"A forecast needs 3 finished timeboxes (found 1), so the capacity is their mean"},
		"no weights": {func(s *fakegitlab.Seed) {
			pastTimeboxes(s, 3, 4)
			for n := range s.Projects[0].Issues {
				s.Projects[0].Issues[n].Weight = nil
			}
		}, nil, "No finished issue has a weight, so only the number of issues counts"},
		"nothing to test": {nil, []string{"--backtest"}, "A backtest needs 4 finished timeboxes (found 1)"},
	} {
		l := newLab(t, setup{edition: fakegitlab.Premium, seed: c.seed})
		r := l.must(t, append([]string{"milestone", "plan"}, c.args...)...)
		if !strings.Contains(r.errors, c.want) || name == "no Next" && strings.Count(r.errors, "\n") != 1 {
			t.Errorf("%s: %s%s, want %q", name, r.out, r.errors, c.want)
		}
		for _, format := range []string{"json", "yaml", "csv", "md"} {
			l.must(t, append([]string{"milestone", "plan", "-o", format}, c.args...)...)
		}
	}
}

// Absences and holidays are taken from the configuration; --days replaces what they leave, and cannot be more than there are.
func TestMilestonePlanPersonDays(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{edition: fakegitlab.Premium, seed: prepared, config: "planning:\n  people: [mara, dev]\n  holidays: [2018-09-03]\n" +
		"  absences: [{person: dev, from: 2018-08-25, to: 2018-08-31}]\n  share: 50\n"})
	whole := l.session(t, "--days", "20")
	for _, c := range []struct {
		args      []string
		available int
	}{{nil, 13}, {[]string{"--days", "20"}, 20}, {[]string{"--days", "0"}, 0}, {[]string{"--current"}, 20}} {
		doc := l.session(t, c.args...)
		if doc.Capacity.PersonDays != 20 || doc.Capacity.Available != c.available || doc.Room.All.Issues != doc.Capacity.Expected.Issues/2 {
			t.Errorf("%v: %+v, room %+v", c.args, doc.Capacity, doc.Room)
		}
		if share := doc.Capacity.Expected.Issues * 20; c.available < 20 && share > whole.Capacity.Expected.Issues*c.available+20 {
			t.Errorf("%v: %d issues", c.args, doc.Capacity.Expected.Issues)
		}
	}
	for _, args := range [][]string{{"--days", "21"}, {"--days", "-1"}, {"--backtest", "--days", "3"}, {"--theme", "a,b"}, {"--dry-run"}, {"--yes"},
		{"--fill", "--exit-code"}} {
		if r := l.run(append([]string{"milestone", "plan"}, args...)...); r.code != 6 {
			t.Errorf("%v: exit %d %s", args, r.code, r.errors)
		}
	}
}

// A backtest reads every finished timebox once, and makes the forecast that the team would have seen.
func TestMilestonePlanBacktest(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{edition: fakegitlab.Premium, seed: func(s *fakegitlab.Seed) { pastTimeboxes(s, 6, 10) }})
	var doc jsonv1.Backtest
	r := l.must(t, "milestone", "plan", "--backtest", "-o", "json")
	if err := json.Unmarshal([]byte(r.out), &doc); err != nil {
		t.Fatal(err)
	}
	if reads, _ := l.count(); reads != 1+6 {
		t.Errorf("%d reads:\n%s", reads, strings.Join(l.requests(), "\n"))
	}
	if len(doc.Trials) != 3 || doc.Trials[2].Due != "2018-08-10" || doc.Trials[2].From != 5 || doc.Trials[2].Issues != 10 {
		t.Fatalf("trials: %+v", doc.Trials)
	}
	if held := doc.Held[2]; held.Percent != 85 || held.Issues != 3 || held.Of != 3 || *held.Weight != 3 {
		t.Errorf("held: %+v", doc.Held)
	}
	if few := l.must(t, "milestone", "plan", "--backtest", "--last", "2"); few.out != "" || !strings.Contains(few.errors, "A forecast needs 3") {
		t.Errorf("from two timeboxes: %s%s", few.out, few.errors)
	}
}

// `milestone show` lists the issues by column, the most urgent first, without further requests, and withholds confidential ones.
func TestMilestoneShowColumns(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{edition: fakegitlab.Premium, seed: func(s *fakegitlab.Seed) {
		add := func(title string, confidential bool, labels ...string) {
			s.Projects[0].Issues = append(s.Projects[0].Issues, fakegitlab.SeedIssue{Title: title, Milestone: "Next Milestone", Weight: new(3), Labels: labels,
				Confidential: confidential, CreatedAt: time.Date(2018, 8, 14, 16, 0, 0, 0, time.UTC), Assignees: []string{"dev"}})
		}
		add("Later", false, "Ready")
		add("Urgent", false, "Ready", label.Goal)
		add("Secret", true, "In Progress")
	}})
	var doc jsonv1.Milestone
	r := l.must(t, "milestone", "show", "next", "-o", "json")
	if err := json.Unmarshal([]byte(r.out), &doc); err != nil {
		t.Fatal(err)
	}
	if reads, _ := l.count(); reads != 2 {
		t.Errorf("%d reads:\n%s", reads, strings.Join(l.requests(), "\n"))
	}
	got := ""
	for _, c := range doc.Columns {
		got += fmt.Sprintf("%q %d:", c.Title, c.Weight)
		for _, i := range c.Issues {
			got += fmt.Sprintf(" %q", i.Title)
		}
		got += "\n"
	}
	if want := "\"\" 0: \"Planned\"\n\"Ready\" 6: \"Urgent\" \"Later\"\n\"In Progress\" 3: \"\"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if i := doc.Columns[1].Issues[0]; *i.AgeDays != 10 || *i.Weight != 3 || !slices.Equal(i.Assignees, []string{"dev"}) {
		t.Errorf("%+v", i)
	}
	if r := l.must(t, "milestone", "show", "next", "-o", "md", "--include-confidential"); !strings.Contains(r.out, "Secret") {
		t.Errorf("with --include-confidential:\n%s", r.out)
	}
}
