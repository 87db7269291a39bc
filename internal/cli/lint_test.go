package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/lint"
)

// untidy is a team whose trackers break every rule about issues, and whose labels, milestones and board are as configured.
func untidy(t testing.TB, s setup) *lab {
	t.Helper()
	at := func(day, hour int) time.Time { return time.Date(2018, 8, day, hour, 0, 0, 0, time.UTC) }
	more := s.seed
	s.seed = func(seed *fakegitlab.Seed) {
		work, queue := &seed.Projects[0], &seed.Projects[1]
		for n, i := range []fakegitlab.SeedIssue{
			{Title: "Two columns", Labels: []string{"Waiting"}},                                                   // #2
			{Title: "Done long ago", Labels: []string{"Waiting", "In Progress"}, Closed: true},                    // #3
			{Title: "Vague", Labels: []string{"Ready"}},                                                           // #4
			{Title: "Odd", Labels: []string{"weight::4"}},                                                         // #5
			{Title: "Nobody's goal", Labels: []string{"goal"}},                                                    // #6
			{Title: "Unsliced", Labels: []string{"meta"}},                                                         // #7
			{Title: "Somebody's goal", Labels: []string{"goal", "Planning"}, Assignees: []string{"dev"}},          // #8
			{Title: "Two priorities", Labels: []string{"AP1", "S2"}},                                              // #9
			{Title: "Forgotten", Milestone: "2018-08-10 Milestone"},                                               // #10
			{Title: "Stuck", Labels: []string{"In Progress"}},                                                     // #11
			{Title: "Marked", Labels: []string{"Ready_to_Handoff"}},                                               // #12
			{Title: "Rotate the leaked root password", Labels: []string{"goal", "weight::4"}, Confidential: true}, // #13
			{Title: "Cleanup", Description: "Follows from **rotate the leaked** root password!"},                  // #14
			{Title: "Late", Milestone: "Current Milestone", CreatedAt: at(20, 9)},                                 // #15
		} {
			i.Author = "dev"
			if i.CreatedAt.IsZero() {
				i.CreatedAt = at(2, 9).Add(time.Duration(n) * time.Minute)
			}
			work.Issues = append(work.Issues, i)
		}
		for n, i := range []fakegitlab.SeedIssue{
			{Title: "2018-08-20: Somebody opened it by hand", Labels: []string{"incident"}},                                                                                     // #1
			{Title: "2018-08-21: Label and record differ", Labels: []string{"incident", "Incident::Resolved", "S2"}},                                                            // #2
			{Title: "A change", Labels: []string{"change", "change::scheduled", "C2"}, Description: "```yaml prodctl/change\nstart: 2018-08-20T10:00:00Z\nduration: 1h\n```\n"}, // #3
		} {
			i.Author, i.CreatedAt = "dev", at(20, 9).Add(time.Duration(n)*time.Minute)
			queue.Issues = append(queue.Issues, i)
		}
		if more != nil {
			more(seed)
		}
	}
	l := newLab(t, s)
	for _, command := range []string{"label apply", "milestone ensure", "board init"} {
		l.must(t, append(strings.Fields(command), "--yes")...)
	}
	for ref, labels := range map[string][]string{
		"infrastructure/issues/2": {"In Progress", "Ready", "Waiting"}, // the last one that was added stays: Ready
		"infrastructure/issues/9": {"AP2", "S1"}, "production/issues/3": {"C1"},
	} {
		for _, name := range labels {
			l.server.MustDo("dev", "PUT", "/projects/acme%2F"+ref, fmt.Sprintf(`{"add_labels":%q}`, name))
		}
	}
	l.server.MustDo("dev", "PUT", "/projects/acme%2Finfrastructure/issues/2", `{"remove_labels":"Waiting"}`)
	l.server.ResetRequests()
	return l
}

// brief are the findings as "rule place", with a mark for those that can be fixed.
func brief(doc jsonv1.Lint) []string {
	var list []string
	for _, f := range doc.Findings {
		text := f.Rule + " " + strings.TrimPrefix(f.Place, "acme/")
		if f.Fixable {
			text += " fix"
		}
		list = append(list, text)
	}
	return list
}

var untidyFindings = []string{
	"two-columns infrastructure#2 fix", "double-severity infrastructure#9 fix", "double-priority infrastructure#9 fix",
	"double-criticality production#3 fix", "incident-state production#1", "confidential-title infrastructure#14",
	"not-ready infrastructure#2", "not-ready infrastructure#4", "weight-scale infrastructure#5", "weight-scale infrastructure#13",
	"goal-owner infrastructure#6", "goal-owner infrastructure#13", "meta-pieces infrastructure#7", "state-record production#2",
	"change-window production#3", "mark-note infrastructure#12", "closed-milestone infrastructure#10 fix",
	"closed-in-column infrastructure#3 fix", "unscheduled infrastructure#15 fix", "stale infrastructure#11",
}

// Every rule about issues finds its issue, with as few requests as the lists take, and no words of a confidential one.
func TestLint(t *testing.T) {
	t.Parallel()
	l := untidy(t, setup{})
	doc := document[jsonv1.Lint](t, l, 0, "lint")
	if diff := cmp.Diff(untidyFindings, brief(doc)); diff != "" {
		t.Error(diff)
	}
	// The lists: 2 of open issues, 4 of closed ones by column, 2 of confidential ones, milestones, labels of two projects, boards,
	// issues of the Current Milestone. Besides: the links of one meta issue, the events of one in the Current Milestone.
	if reads, writes := l.count(); reads != 16 || writes != 0 {
		t.Errorf("%d reads and %d writes, want 16 and 0", reads, writes)
	}
	for _, format := range []string{"table", "json", "yaml", "csv", "md", "sarif"} {
		if r := l.must(t, "lint", "-o", format); strings.Contains(strings.ToLower(r.out+r.errors), "rotate") {
			t.Errorf("-o %s quotes a confidential title:\n%s", format, r.out)
		}
	}
	if r := l.run("lint", "--exit-code"); r.code != 8 {
		t.Errorf("exit code %d, want 8", r.code)
	}
	one := document[jsonv1.Lint](t, l, 0, "lint", "two-columns", "Stale")
	if got, want := brief(one), []string{"two-columns infrastructure#2 fix", "stale infrastructure#11"}; !cmp.Equal(got, want) || len(one.Rules) != 2 {
		t.Errorf("%q by %v", got, one.Rules)
	}
	l.server.ResetRequests()
	l.must(t, "lint", "two-columns", "stale")
	if reads, _ := l.count(); reads != 1 {
		t.Errorf("two rules about one list took %d reads", reads)
	}
	if r := l.run("lint", "two-colums"); r.code != 6 || !strings.Contains(r.errors, "did you mean two-columns?") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
}

// After lint --fix, lint finds nothing that it offered to fix, and everything else as before.
func TestLintFix(t *testing.T) {
	t.Parallel()
	l := untidy(t, setup{})
	dry := l.must(t, "lint", "--fix", "--dry-run")
	if _, writes := l.count(); writes != 0 || !strings.Contains(dry.out, "acme/infrastructure#10") {
		t.Errorf("--dry-run took %d writes: %s", writes, dry.out)
	}
	if r := l.run("lint", "--fix"); r.code != 5 {
		t.Errorf("without a terminal and --yes: exit %d", r.code)
	}
	l.must(t, "lint", "--fix", "--yes")
	var want []string
	for _, f := range untidyFindings {
		if !strings.HasSuffix(f, " fix") {
			want = append(want, f)
		}
	}
	doc := document[jsonv1.Lint](t, l, 0, "lint")
	if diff := cmp.Diff(want, brief(doc)); diff != "" {
		t.Error(diff)
	}
	p := l.server.Snapshot().Project(infra)
	for iid, want := range map[int][]string{2: {"Ready"}, 3: nil, 9: {"AP2", "S1"}} {
		if got := p.Issues[iid-1].Labels; !slices.Equal(got, want) {
			t.Errorf("#%d has %q, want %q", iid, got, want)
		}
	}
	if got := p.Issues[9].Milestone; got != "Current Milestone" {
		t.Errorf("#10 is in %q", got)
	}
	l.server.ResetRequests()
	if r := l.run("lint", "--fix", "--yes", "--exit-code"); r.code != 8 {
		t.Errorf("with findings left: exit %d", r.code)
	}
	if _, writes := l.count(); writes != 0 {
		t.Errorf("nothing to fix took %d writes", writes)
	}
}

// On a team that prodctl has not set up, the fixes are those of label apply, milestone ensure and board init.
func TestLintFixesDrift(t *testing.T) {
	t.Parallel()
	for _, group := range []bool{false, true} {
		l := newLab(t, setup{group: group, seed: func(s *fakegitlab.Seed) {
			for _, list := range []*[]fakegitlab.SeedMilestone{&s.Projects[0].Milestones, &s.Groups[0].Milestones} {
				if len(*list) > 0 {
					(*list)[2].StartDate, (*list)[2].DueDate = "2018-08-28", "2018-09-08"
				}
			}
		}})
		want := l.copy()
		for _, command := range []string{"label apply", "milestone ensure --realign", "board init"} {
			want.must(t, append(strings.Fields(command), "--yes")...)
		}
		doc := document[jsonv1.Lint](t, l, 0, "lint")
		rules := map[string]bool{}
		for _, f := range doc.Findings {
			rules[f.Rule] = f.Fixable
		}
		if diff := cmp.Diff(map[string]bool{"label-drift": true, "milestone-dates": true, "board-drift": true}, rules); diff != "" {
			t.Error(diff)
		}
		l.must(t, "lint", "--fix", "--yes")
		if diff := cmp.Diff(want.picture(), l.picture()); diff != "" {
			t.Error(diff)
		}
		if r := l.must(t, "lint", "--exit-code", "-o", "md"); r.out != "No findings\n" {
			t.Error(r.out)
		}
	}
}

// lint.off switches rules off, lint.ignore leaves out findings until a day, and its entries are checked too.
func TestLintConfiguration(t *testing.T) {
	t.Parallel()
	l := untidy(t, setup{config: `lint:
  off: [closed-in-column, weight-scale]
  ignore:
    - {rule: stale, issue: "11", until: 2018-08-24}
    - {rule: two-columns, issue: "infrastructure#2", until: 2018-08-23}
    - {rule: not-ready, issue: "acme/infrastructure#6", until: 2018-12-31}
  stale: 14d
`})
	doc := document[jsonv1.Lint](t, l, 0, "lint")
	got := brief(doc)
	for _, f := range []string{"ignore-entry .prodctl.yaml:10:7", "ignore-entry .prodctl.yaml:11:7", "two-columns infrastructure#2 fix"} {
		if !slices.Contains(got, f) {
			t.Errorf("%s is missing in %q", f, got)
		}
	}
	if slices.ContainsFunc(got, func(f string) bool { return strings.HasPrefix(f, "closed-in") || strings.HasPrefix(f, "stale") }) || doc.Ignored != 1 {
		t.Errorf("%d ignored: %q", doc.Ignored, got)
	}
	named := document[jsonv1.Lint](t, l, 0, "lint", "weight-scale")
	if len(named.Findings) != 2 {
		t.Errorf("a rule that is off and named found %q", brief(named))
	}
	var report []struct {
		Check    string `json:"check_name"`
		Location struct {
			Path  string
			Lines struct{ Begin int }
		}
	}
	if err := json.Unmarshal([]byte(l.must(t, "lint", "-o", "codequality").out), &report); err != nil {
		t.Fatal(err)
	}
	if len(report) != 2 || report[0].Check != "ignore-entry" || report[0].Location.Path != ".prodctl.yaml" || report[0].Location.Lines.Begin != 10 {
		t.Errorf("%+v", report)
	}
}

// Every rule has a page that starts with its id, title and severity, every page has a rule, and docs/lint.md lists all of them.
func TestLintPages(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(testkit.Root(t), "docs", "lint")
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	overview, err := os.ReadFile(folder + ".md")
	if err != nil {
		t.Fatal(err)
	}
	var pages []string
	for _, f := range files {
		pages = append(pages, strings.TrimSuffix(f.Name(), ".md"))
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(lint.IDs())), pages); diff != "" {
		t.Error(diff)
	}
	for _, r := range lint.Rules() {
		page, err := os.ReadFile(filepath.Join(folder, r.ID+".md"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(page), fmt.Sprintf("# %s\n\n%s. Severity: %s.\n", r.ID, r.Title, r.Severity)) {
			t.Errorf("docs/lint/%s.md does not start with the rule's title and severity", r.ID)
		}
		fixes := map[bool]string{true: "yes"}[r.Fixes]
		if row := fmt.Sprintf("| [`%s`](lint/%s.md) | %s | %s | %s |\n", r.ID, r.ID, r.Severity, fixes, r.Title); !strings.Contains(string(overview), row) {
			t.Errorf("docs/lint.md lacks %s", row)
		}
		if strings.Contains(string(page), "`--fix` ") != r.Fixes {
			t.Errorf("docs/lint/%s.md: does --fix fix it or not?", r.ID)
		}
	}
}

// fixable is a team with one finding for each kind of fix but reconciling, and with few labels, so that a run has few requests.
func fixable() setup {
	return setup{config: "labels: {builtin: false}\nboard: {columns: [{name: Ready, label: Ready}, {name: Doing, label: Doing}], start: Doing}\n", seed: func(s *fakegitlab.Seed) {
		p := &s.Projects[0]
		p.Milestones[2].DueDate = "2018-09-08"
		at := time.Date(2018, 8, 2, 9, 0, 0, 0, time.UTC)
		for n, i := range []fakegitlab.SeedIssue{
			{Title: "Two columns in an old milestone", Labels: []string{"Ready", "Doing"}, Milestone: "2018-08-10 Milestone"}, // #2
			{Title: "Two severities", Labels: []string{"S1", "S2"}, Description: "Somebody's words."},                         // #3
			{Title: "Done", Labels: []string{"Doing"}, Closed: true},                                                          // #4
		} {
			i.Author, i.CreatedAt = "dev", at.Add(time.Duration(n)*time.Minute)
			p.Issues = append(p.Issues, i)
		}
	}}
}

var fixLine = []string{"lint", "--fix", "--yes", "-q"}

// A state label that disagrees with the record because GitLab left it out is put right from the event log.
func TestLintReconciles(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "label", "apply", "--yes")
	l.must(t, "incident", "open", "Registry returns 500s", "-s", "S2", "--started", "2h", "-q")
	l.must(t, "incident", "mitigate", "1", "-q")
	l.server.MustDo("dev", "PUT", "/projects/acme%2Fproduction/issues/1", `{"remove_labels":"Incident::Mitigated"}`)
	want := []string{"state-record production#1 fix"}
	if diff := cmp.Diff(want, brief(document[jsonv1.Lint](t, l, 0, "lint", "state-record"))); diff != "" {
		t.Error(diff)
	}
	l.must(t, "lint", "--fix", "state-record", "--yes")
	if diff := cmp.Diff([]string(nil), brief(document[jsonv1.Lint](t, l, 0, "lint", "state-record", "incident-state"))); diff != "" {
		t.Error(diff)
	}
	if labels := l.server.Snapshot().Project(prod).Issues[0].Labels; !slices.Contains(labels, "Incident::Mitigated") {
		t.Errorf("it has %q", labels)
	}
}
