package cli_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

// fillable is a team that finished ten issues of weight 2 in each of three timeboxes, so that there is room for six of weight 12 or so, with
// issues in Ready, not all of which can be planned.
func fillable(s *fakegitlab.Seed) {
	pastTimeboxes(s, 3, 10)
	add := func(title string, weight int, description string, labels ...string) *fakegitlab.SeedIssue {
		issues := &s.Projects[0].Issues
		*issues = append(*issues, fakegitlab.SeedIssue{Title: title, Description: description, Author: "dev", Weight: &weight,
			Labels: append(labels, "Ready"), CreatedAt: time.Date(2018, 8, 1, 9, len(*issues), 0, 0, time.UTC)})
		return &(*issues)[len(*issues)-1]
	}
	const done = "Done when it works on Mondays."
	add("Old", 5, done)
	add("Not ready", 3, "")
	add("Blocked", 2, done, label.Blocked)
	add("Urgent", 3, done, label.Critical)
	add("Large", 5, done, "AP3")
	add("Small", 1, done, "backups")
	add("Taken", 1, done).Milestone = "Current Milestone"
	add("Closed", 1, done).Closed = true
}

var fillWorld = setup{edition: fakegitlab.Premium, seed: fillable}

// inMilestone are the titles of the open issues with label Ready in a milestone.
func (l *lab) inMilestone(title string) (titles []string) {
	for _, p := range l.server.Snapshot().Projects {
		for _, i := range p.Issues {
			if i.Milestone == title && slices.Contains(i.Labels, "Ready") && i.Title != "Taken" {
				titles = append(titles, i.Title)
			}
		}
	}
	slices.Sort(titles)
	return titles
}

// The issues of highest priority that fit are planned, those of the theme first; doing it again changes nothing.
func TestMilestoneFill(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args  []string
		want  string
		notes int
	}{
		"by priority":   {nil, "[Large Small Urgent]", 0},
		"theme first":   {[]string{"--theme", "backups"}, "[Large Small Urgent]", 0},
		"less time":     {[]string{"--days", "4"}, "[Urgent]", 0},
		"less, a theme": {[]string{"--days", "4", "--theme", "backups"}, "[Small]", 0},
		"nobody":        {[]string{"--days", "0"}, "[]", 0},
		"current, late": {[]string{"--current"}, "[Large Small Urgent]", 1},
	} {
		l := newLab(t, fillWorld)
		args := append([]string{"milestone", "plan", "--fill", "--yes"}, c.args...)
		l.must(t, args...)
		if _, writes := l.count(); writes != strings.Count(c.want, " ")+c.notes+1 && c.want != "[]" {
			t.Errorf("%s: %d writes:\n%s", name, writes, strings.Join(l.requests(), "\n"))
		}
		into := "Next Milestone"
		if c.notes > 0 {
			into = "Current Milestone"
		}
		if got := fmt.Sprint(l.inMilestone(into)); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
		l.nothingMore(t, args...)
	}
}

// A plan takes the requests of `milestone plan`, and one for the issues in Ready.
func TestMilestoneFillRequests(t *testing.T) {
	t.Parallel()
	l := newLab(t, fillWorld)
	r := l.must(t, "milestone", "plan", "--fill", "--dry-run")
	if reads, writes := l.count(); reads != 1+3+1+1+1 || writes != 0 { // the last one: the role of the user
		t.Errorf("%d reads, %d writes:\n%s\n%s", reads, writes, strings.Join(l.requests(), "\n"), r.out)
	}
}

// Without a milestone, a history, a Ready column or ready issues there is one sentence, and the exit code is 0.
func TestMilestoneFillEmptyStates(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]setup{
		"No Next Milestone in project acme/infrastructure. To create it: prodctl milestone ensure": {seed: func(s *fakegitlab.Seed) {
			s.Projects[0].Milestones, s.Projects[0].Issues = nil, nil
		}},
		"No finished timeboxes in project acme/infrastructure, so the room is unknown": {seed: func(s *fakegitlab.Seed) { pastTimeboxes(s, 0, 0) }},
		"The board has no Ready column, so nothing can be proposed":                    {seed: fillable, config: "board: {columns: [{name: Doing}]}\n", edition: fakegitlab.Premium},
		"No issues without a milestone are in Ready":                                   {seed: func(s *fakegitlab.Seed) { pastTimeboxes(s, 3, 4) }},
	} {
		l := newLab(t, c)
		if r := l.must(t, "milestone", "plan", "--fill", "--yes"); !strings.Contains(r.errors+r.out, want) {
			t.Errorf("%s%s\nwant %q", r.out, r.errors, want)
		}
		if _, writes := l.count(); writes != 0 {
			t.Errorf("%s: %d writes", want, writes)
		}
	}
}

// A plan is stale when somebody else planned one of its issues for another timebox.
func TestMilestoneFillStale(t *testing.T) {
	t.Parallel()
	l := newLab(t, fillWorld)
	file := filepath.Join(t.TempDir(), "plan.json")
	l.must(t, "milestone", "plan", "--fill", "--plan-file", file)
	urgent := l.numberOf(t, "Urgent")
	l.do("PUT", fmt.Sprintf("/issues/%d", urgent), `{"milestone_id": %d}`, l.milestoneID(t, "Current Milestone"))
	if r := l.run("apply", file, "--yes"); r.code != 5 || !strings.Contains(r.errors, "has changed") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
}

func (l *lab) milestoneID(t *testing.T, title string) int {
	t.Helper()
	for _, p := range l.server.Snapshot().Projects {
		for _, m := range p.Milestones {
			if m.Title == title {
				return m.ID
			}
		}
	}
	t.Fatalf("no milestone %q", title)
	return 0
}

func (l *lab) numberOf(t *testing.T, title string) int {
	t.Helper()
	for _, p := range l.server.Snapshot().Projects {
		for _, i := range p.Issues {
			if i.Title == title {
				return i.IID
			}
		}
	}
	t.Fatalf("no issue %q", title)
	return 0
}

// part writes a copy of a plan file without the steps for which keep is false.
func part(t *testing.T, file string, keep func(n int, step jsonv1.Step) bool) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var doc jsonv1.Plan
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	var steps jsonv1.List[jsonv1.Step]
	for n, step := range doc.Steps {
		if keep(n, step) {
			steps = append(steps, step)
		}
	}
	doc.Steps = steps
	if data, err = jsonv1.Marshal(doc); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "part.json")
	if err := os.WriteFile(out, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}

// Any part of a plan can be applied, if it has what its steps need: exactly its steps are done, applying it again changes nothing, and the
// whole plan does the rest. Otherwise the missing step is named, and nothing is done.
func TestApplyEveryPartOfAPlan(t *testing.T) {
	t.Parallel()
	start := newLab(t, fillWorld)
	file := filepath.Join(t.TempDir(), "plan.json")
	start.must(t, "milestone", "plan", "--fill", "--current", "--plan-file", file)
	whole := start.copy()
	whole.must(t, "apply", file, "--yes")
	for mask := 1; mask < 1<<4; mask++ {
		if !sampled(2, "part", mask) {
			continue
		}
		l := start.copy()
		want, missing := []string{}, false
		own := part(t, file, func(n int, step jsonv1.Step) bool {
			keep := mask>>n&1 == 1
			if len(step.Needs) > 0 && keep {
				want = append(want, step.Object.Title)
				missing = missing || mask&1 == 0
			}
			return keep
		})
		slices.Sort(want)
		r := l.run("apply", own, "--yes")
		if missing {
			if _, writes := l.count(); r.code != 6 || writes != 0 || !strings.Contains(r.errors, "/record") {
				t.Errorf("%04b: exit %d, %d writes: %s", mask, r.code, writes, r.errors)
			}
			continue
		}
		if got := append([]string{}, l.inMilestone("Current Milestone")...); r.code != 0 || !slices.Equal(got, want) {
			t.Errorf("%04b: exit %d, %q, want %q\n%s", mask, r.code, got, want, r.errors)
		}
		l.nothingMore(t, "apply", own, "--yes")
		l.must(t, "apply", file, "--yes")
		if got, all := l.inMilestone("Current Milestone"), whole.inMilestone("Current Milestone"); !slices.Equal(got, all) {
			t.Errorf("%04b, then the rest: %q, want %q", mask, got, all)
		}
	}
}

// --except leaves out issues and steps, by any name; what others need cannot be left out, and a name that is not in the plan is an error.
func TestApplyExcept(t *testing.T) {
	t.Parallel()
	start := newLab(t, fillWorld)
	file := filepath.Join(t.TempDir(), "plan.json")
	start.must(t, "milestone", "plan", "--fill", "--current", "--plan-file", file)
	urgent, small := start.numberOf(t, "Urgent"), start.numberOf(t, "Small")
	for except, c := range map[string]struct {
		code int
		want string
	}{
		fmt.Sprint(urgent):                                 {0, "[Large Small]"},
		fmt.Sprintf("%d,#%d", urgent, small):               {0, "[Large]"},
		fmt.Sprintf("infrastructure#%d", small):            {0, "[Large Urgent]"},
		fmt.Sprintf("%s#%d", infra, small):                 {0, "[Large Urgent]"},
		fmt.Sprintf("fill/2018-08-24/%s#%d", infra, small): {0, "[Large Urgent]"},
		"fill/2018-08-24/record":                           {6, "[]"},
		"9999":                                             {6, "[]"},
		fmt.Sprintf("production#%d", small):                {6, "[]"},
		fmt.Sprint(urgent % 10):                            {6, "[]"},
	} {
		l := start.copy()
		r := l.run("apply", file, "--except", except, "--yes")
		if got := fmt.Sprint(l.inMilestone("Current Milestone")); r.code != c.code || got != c.want {
			t.Errorf("--except %s: exit %d, %s, want %d, %s\n%s", except, r.code, got, c.code, c.want, r.errors)
		}
		if c.code == 0 {
			if !strings.Contains(r.errors, "left out") {
				t.Errorf("--except %s: %s", except, r.errors)
			}
			l.nothingMore(t, "apply", file, "--except", except, "--yes")
		}
	}
}

// A file from which a step was deleted and that was changed in addition, or from which GitLab differs, is stale.
func TestApplyPartRefusesOtherChanges(t *testing.T) {
	t.Parallel()
	start := newLab(t, fillWorld)
	file := filepath.Join(t.TempDir(), "plan.json")
	start.must(t, "milestone", "plan", "--fill", "--plan-file", file)
	own := part(t, file, func(n int, _ jsonv1.Step) bool { return n != 1 })
	for name, change := range map[string]func(l *lab) string{
		"another milestone": func(*lab) string {
			data, err := os.ReadFile(own)
			if err != nil {
				t.Fatal(err)
			}
			edited := filepath.Join(t.TempDir(), "edited.json")
			if err := os.WriteFile(edited, []byte(strings.Replace(string(data), `"title": "Next Milestone"`, `"title": "Other"`, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			return edited
		},
		"a step twice as large": func(l *lab) string {
			l.do("PUT", fmt.Sprintf("/issues/%d", l.numberOf(t, "Small")), `{"weight": 5}`)
			return own
		},
		"another ready issue": func(l *lab) string {
			l.do("POST", "/issues", `{"title": "New", "labels": "Ready"}`)
			return own
		},
		"no step left": func(*lab) string { return part(t, file, func(int, jsonv1.Step) bool { return false }) },
	} {
		l := start.copy()
		if r := l.run("apply", change(l), "--yes"); r.code != 5 || len(l.inMilestone("Next Milestone")) != 0 {
			t.Errorf("%s: exit %d, %v\n%s", name, r.code, l.inMilestone("Next Milestone"), r.errors)
		}
	}
}

// Of a roll, and of a plan that deletes or renames, nothing can be left out.
func TestApplyWholePlans(t *testing.T) {
	t.Parallel()
	for _, e := range plannable() {
		l, file := e.saved(t)
		var steps int
		without := part(t, file, func(n int, step jsonv1.Step) bool {
			steps++
			return len(step.Needs) > 0 || n > 0
		})
		if !strings.HasPrefix(e.name, "roll") && !strings.Contains(e.name, "prune") {
			continue
		}
		if r := l.run("apply", without, "--yes"); r.code != 5 && r.code != 6 {
			t.Errorf("%s without a step: exit %d %s", e.name, r.code, r.errors)
		}
		var doc jsonv1.Plan
		data, err := os.ReadFile(file)
		if err != nil || json.Unmarshal(data, &doc) != nil {
			t.Fatal(err)
		}
		last := doc.Steps[len(doc.Steps)-1].Key
		if r := l.run("apply", file, "--except", last, "--yes"); r.code != 6 || !strings.Contains(r.errors, "nothing can be left out") {
			t.Errorf("%s without %q: exit %d %s", e.name, last, r.code, r.errors)
		}
		if _, writes := l.count(); writes != 0 {
			t.Errorf("%s: %d writes", e.name, writes)
		}
	}
}

// --digest is of the whole file: another file is refused, and nothing can be left out.
func TestApplyDigest(t *testing.T) {
	t.Parallel()
	start := newLab(t, fillWorld)
	file := filepath.Join(t.TempDir(), "plan.json")
	start.must(t, "milestone", "plan", "--fill", "--plan-file", file)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	digest := fmt.Sprintf("%x", sha256.Sum256(data))
	other := part(t, file, func(n int, _ jsonv1.Step) bool { return n > 0 })
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{file, "--digest", digest}, 0}, {[]string{file, "--digest", strings.ToUpper(digest)}, 0},
		{[]string{other, "--digest", digest}, 5}, {[]string{file, "--digest", digest[:16]}, 6}, {[]string{file, "--digest", strings.Repeat("x", 64)}, 6},
		{[]string{file, "--digest", digest, "--except", "12"}, 6},
	} {
		l := start.copy()
		if r := l.run(append([]string{"apply", "--yes"}, c.args...)...); r.code != c.code || (r.code == 0) != (len(l.inMilestone("Next Milestone")) == 3) {
			t.Errorf("%q: exit %d, want %d\n%s", c.args[1:], r.code, c.code, r.errors)
		}
	}
}

// The record of what was planned late stays in the description when the timebox is finished, and nothing else changes.
func TestMilestoneFillRecordSurvivesARoll(t *testing.T) {
	t.Parallel()
	l := newLab(t, fillWorld)
	l.must(t, "milestone", "plan", "--fill", "--current", "--yes")
	l.nothingMore(t, "milestone", "ensure", "--yes")
	l.must(t, "milestone", "roll", "--yes")
	l.nothingMore(t, "milestone", "roll", "--yes")
	for _, p := range l.server.Snapshot().Projects {
		for _, m := range p.Milestones {
			if recorded := strings.Contains(m.Description, "<!-- prodctl:planned "); recorded != (m.Title == "2018-08-24 Milestone") {
				t.Errorf("%s: %q", m.Title, m.Description)
			}
		}
	}
}
