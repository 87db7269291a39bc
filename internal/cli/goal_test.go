package cli_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// goals is a tracker with a goal, a meta goal, a meta issue and other issues.
func goals() setup {
	return work(
		fakegitlab.SeedIssue{Title: "Restores are tested", Labels: []string{"goal", "weight::3"}, Assignees: []string{"dev"}, Milestone: "Current Milestone", DueDate: "2018-08-24"}, // 2
		fakegitlab.SeedIssue{Title: "Vague", Labels: []string{"goal"}},                                                         // 3
		fakegitlab.SeedIssue{Title: "All backups are automatic", Labels: []string{"goal", "meta"}, Assignees: []string{"rep"}}, // 4
		fakegitlab.SeedIssue{Title: "Another data center", Labels: []string{"meta"}},                                           // 5
		fakegitlab.SeedIssue{Title: "Over", Labels: []string{"goal"}, Closed: true},                                            // 6
		fakegitlab.SeedIssue{Title: "Secret plan", Labels: []string{"goal", "meta"}, Confidential: true},                       // 7
		fakegitlab.SeedIssue{Title: "Work"},                                                                                    // 8
	)
}

// summary is what is listed, with the problems of each.
func summary(doc jsonv1.Goals) (lines []string) {
	for _, g := range doc.Goals {
		line := strings.TrimPrefix(g.Ref, infra) + " " + g.Kind
		if g.Pieces != nil {
			line += fmt.Sprintf(" %d/%d", g.Pieces.Done, g.Pieces.All)
		}
		for _, p := range g.Problems {
			line += " " + p.ID
		}
		lines = append(lines, line)
	}
	return lines
}

// Goals come before meta goals and meta issues; each of these costs one request for its links.
func TestGoalList(t *testing.T) {
	t.Parallel()
	l := newLab(t, goals())
	l.do(http.MethodPost, "/issues/4/links", `{"target_project_id":"acme/infrastructure","target_issue_iid":8}`)
	l.do(http.MethodPost, "/issues/4/links", `{"target_project_id":"acme/infrastructure","target_issue_iid":6}`)
	l.do(http.MethodPost, "/issues/5/links", `{"target_project_id":"acme/infrastructure","target_issue_iid":4}`)
	l.must(t, "incident", "open", "Backups fail", "--link", "infrastructure#4", "-q")
	l.server.ResetRequests()
	doc := document[jsonv1.Goals](t, l, 0, "goal", "list", "--include-confidential")
	want := []string{"#2 goal", "#3 goal weight-missing owner-missing due-missing", "#4 meta goal 1/2", "#7 meta goal 0/0 owner-missing pieces-missing", "#5 meta 0/1"}
	if diff := cmp.Diff(want, summary(doc)); diff != "" || doc.Open != 5 || doc.Problems != 2 || doc.Quarter.To != "2018-09-30" {
		t.Errorf("%+v\n%s", doc, diff)
	}
	if reads, writes := l.count(); reads != 3+3 || writes != 0 {
		t.Errorf("%d reads and %d writes\n%s", reads, writes, strings.Join(l.requests(), "\n"))
	}
}

// Findings give 8 with --exit-code, and 0 without; no goals and no problems are one sentence.
func TestGoalCheck(t *testing.T) {
	t.Parallel()
	l := newLab(t, goals())
	doc := document[jsonv1.Goals](t, l, 8, "goal", "check", "--exit-code")
	want := []string{"#3 goal weight-missing owner-missing due-missing", "#4 meta goal 0/0 pieces-missing", "#7 ", "#5 meta 0/0 pieces-missing"}
	if diff := cmp.Diff(want, summary(doc)); diff != "" {
		t.Error(diff)
	}
	if r := l.run("goal", "check"); r.code != 0 || !strings.Contains(r.out, infra+"#3") {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
	fine := newLab(t, work(fakegitlab.SeedIssue{Title: "Restores", Labels: []string{"goal", "weight::3"}, Assignees: []string{"dev"}, DueDate: "2018-08-30"}))
	for args, says := range map[string]string{"goal check --exit-code": "No problems found in 1 goal"} {
		if r := fine.run(strings.Fields(args)...); r.code != 0 || r.errors != "prodctl: "+says+"\n" {
			t.Errorf("%s: exit %d %q", args, r.code, r.errors)
		}
	}
	for _, args := range []string{"goal list", "goal check --exit-code"} {
		if r := newLab(t, setup{}).run(strings.Fields(args)...); r.code != 0 || r.errors != "prodctl: No open goals in project "+infra+"\n" {
			t.Errorf("%s: exit %d %q", args, r.code, r.errors)
		}
	}
}

// The quarters of the configuration count.
func TestGoalQuarterOfTheTeam(t *testing.T) {
	t.Parallel()
	s := goals()
	s.config = "planning: {quarter_start: 2}\n"
	if doc := document[jsonv1.Goals](t, newLab(t, s), 0, "goal", "list"); doc.Quarter.From != "2018-08-01" || doc.Quarter.To != "2018-10-31" {
		t.Errorf("%+v", doc.Quarter)
	}
}

// The content of a confidential goal is only on a terminal, and with --include-confidential.
func TestGoalsWithhold(t *testing.T) {
	t.Parallel()
	l := newLab(t, goals())
	for _, line := range []string{"goal list", "goal list -o json", "goal check -o md", "goal check -o csv"} {
		if r := l.must(t, strings.Fields(line)...); strings.Contains(r.out, "Secret") || !strings.Contains(r.out, infra+"#7") {
			t.Errorf("%s:\n%s", line, r.out)
		}
		if r := l.must(t, append(strings.Fields(line), "--include-confidential")...); !strings.Contains(r.out, "Secret plan") {
			t.Errorf("%s --include-confidential:\n%s", line, r.out)
		}
	}
}

// titlesOf are the titles and the links of the issues after the seven of the seed.
func titlesOf(l *lab) (titles []string) {
	for _, i := range l.server.Snapshot().Project(infra).Issues {
		if i.IID > 8 {
			titles = append(titles, fmt.Sprintf("%s %q %v", i.Title, i.Labels, i.Confidential))
		}
	}
	return titles
}

// Each piece is created and linked once, whatever people did with it since.
func TestGoalSlice(t *testing.T) {
	t.Parallel()
	for _, noLinks := range []bool{false, true} {
		s := goals()
		s.noLinks = noLinks
		l := newLab(t, s)
		l.must(t, "goal", "slice", "4", "Back up the registry", "Test the restore", "back up  the REGISTRY", "-q")
		want := []string{`Back up the registry ["Planning"] false`, `Test the restore ["Planning"] false`}
		if diff := cmp.Diff(want, titlesOf(l)); diff != "" {
			t.Fatalf("without links %v: %s", noLinks, diff)
		}
		if doc := document[jsonv1.Goals](t, l, 0, "goal", "list"); !slices.Contains(summary(doc), "#4 meta goal 0/2") {
			t.Errorf("without links %v: %q", noLinks, summary(doc))
		}
		if text := l.at(t, infra, 9).Description; !strings.HasPrefix(text, "Piece of "+infra+"#4.") {
			t.Error(text)
		}
		l.do(http.MethodPut, "/issues/9", `{"title":"Back up everything","state_event":"close","remove_labels":"Planning"}`)
		before := l.picture()
		r := l.must(t, "goal", "slice", "4", "Back up the registry", "Test the restore")
		if diff := cmp.Diff(before, l.picture()); diff != "" || !strings.Contains(r.errors, infra+"#9 is already a piece of "+infra+"#4") {
			t.Errorf("without links %v: %s%s", noLinks, r.errors, diff)
		}
		l.must(t, "goal", "slice", "4", "Test the restore", "Encrypt it", "-q")
		if got := titlesOf(l); len(got) != 3 || got[2] != `Encrypt it ["Planning"] false` {
			t.Errorf("without links %v: %q", noLinks, got)
		}
		if doc := document[jsonv1.Goals](t, l, 0, "goal", "list"); !slices.Contains(summary(doc), "#4 meta goal 1/3") {
			t.Errorf("without links %v: %q", noLinks, summary(doc))
		}
	}
}

// The same title is another piece of another issue, and a piece of a confidential issue is confidential.
func TestGoalSliceOfOthers(t *testing.T) {
	t.Parallel()
	l := newLab(t, goals())
	for _, of := range []string{"4", "5", "7"} {
		if r := l.must(t, "goal", "slice", of, "Write it down"); of == "7" && strings.Contains(r.out+r.errors, "Write it down") {
			t.Errorf("confidential:\n%s%s", r.out, r.errors)
		}
	}
	want := []string{`Write it down ["Planning"] false`, `Write it down ["Planning"] false`, `Write it down ["Planning"] true`}
	if diff := cmp.Diff(want, titlesOf(l)); diff != "" {
		t.Error(diff)
	}
}

func TestGoalSliceRefusals(t *testing.T) {
	t.Parallel()
	l := newLab(t, goals())
	l.do(http.MethodPut, "/issues/5", `{"state_event":"close"}`)
	for _, c := range []struct {
		user string
		args []string
		code int
		says string
	}{
		{"mara", []string{"2", "x"}, 5, `has no pieces: it has no label "meta"`},
		{"mara", []string{"8", "x"}, 5, `it has no label "meta"`},
		{"mara", []string{"5", "x"}, 5, "is closed"},
		{"mara", []string{"99", "x"}, 1, "not found"},
		{"mara", []string{"4"}, 6, "missing argument <piece>"},
		{"mara", []string{"4", "x", " "}, 6, "<piece> is empty"},
		{"guest", []string{"4", "x"}, 4, "you need the Planner or Reporter role"},
	} {
		own := l.copy()
		own.user = c.user
		own.server.ResetRequests()
		r := own.run(append([]string{"goal", "slice"}, c.args...)...)
		if _, writes := own.count(); r.code != c.code || !strings.Contains(r.errors, c.says) || writes > 0 {
			t.Errorf("%v: exit %d, %d writes: %s", c.args, r.code, writes, r.errors)
		}
	}
}

// A run that is killed after any of its requests is completed by the next one, also from a saved plan.
func TestGoalSliceResumes(t *testing.T) {
	t.Parallel()
	s := goals()
	s.config = oneAtATime
	start := newLab(t, s)
	words := []string{"goal", "slice", "4", "First", "Second", "Third", "-q"}
	whole := start.copy()
	whole.server.ResetRequests()
	whole.must(t, words...)
	want, requests := whole.picture(), len(whole.requests())
	file := saved(t, start, words...)
	for way, args := range [][]string{words, {"apply", file, "--yes", "-q"}} {
		for nth := 1; nth <= requests; nth++ {
			if !sampled(3, "goal slice", way, nth) {
				continue
			}
			l := start.copy()
			own := *l
			own.wire = leg{&troubled{inner: l.wire, t: troubles()[3], nth: nth}, new(bool)} // killed after it
			own.run(args...)
			l.must(t, args...)
			if diff := cmp.Diff(want, l.picture()); diff != "" {
				t.Errorf("%s, killed after request %d: %s", args[0], nth, diff)
			}
		}
	}
}
