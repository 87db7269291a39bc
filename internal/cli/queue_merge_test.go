package cli_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

const databases = "acme/database"

// databaseTracker adds the tracker of the database team, which the team takes over.
func databaseTracker(s *fakegitlab.Seed) {
	created := time.Date(2018, 8, 2, 9, 0, 0, 0, time.UTC)
	s.Projects[0].Labels = append(s.Projects[0].Labels, fakegitlab.SeedLabel{Name: "outage"}, fakegitlab.SeedLabel{Name: "oncall"})
	p := fakegitlab.SeedProject{
		Path:       databases,
		Labels:     []fakegitlab.SeedLabel{{Name: "postgres", Color: "#336791", Description: "PostgreSQL itself"}, {Name: "Outage"}, {Name: "db on-call"}},
		Milestones: []fakegitlab.SeedMilestone{{Title: "Current Milestone"}, {Title: "Sprint 34"}},
	}
	add := func(i fakegitlab.SeedIssue) {
		i.Author, i.CreatedAt = "dev", created.Add(time.Duration(len(p.Issues))*time.Hour)
		p.Issues = append(p.Issues, i)
	}
	add(fakegitlab.SeedIssue{Title: "Lag", Labels: []string{"postgres", "db on-call"}, Milestone: "Current Milestone", Assignees: []string{"dev"},
		Description: "Follows from #2.", Notes: []fakegitlab.SeedNote{{Author: "rep", Body: "See #2", CreatedAt: created.Add(time.Hour)}}})
	add(fakegitlab.SeedIssue{Title: "Partitions", Labels: []string{"Outage"}, Milestone: "Sprint 34"})
	add(fakegitlab.SeedIssue{Title: "Done", Labels: []string{"postgres"}, Closed: true, ClosedAt: created.Add(48 * time.Hour)})
	add(fakegitlab.SeedIssue{Title: "Password in a dump", Labels: []string{"database"}, Confidential: true})
	add(fakegitlab.SeedIssue{Title: "Try it", Type: "task"})
	p.Issues[0].Links = []fakegitlab.SeedLink{{IID: 2}}
	s.Projects = append(s.Projects, p)
}

// mergeWorld has the tracker in the configuration, with a label that is called otherwise in the other one.
var mergeWorld = setup{seed: databaseTracker, config: "  database: acme/database\nqueue: {labels: {db on-call: oncall}}\n"}

// publicMerge is the same without a confidential issue.
func publicMerge() setup {
	s := mergeWorld
	s.seed = func(seed *fakegitlab.Seed) {
		databaseTracker(seed)
		seed.Projects[2].Issues[3].Confidential = false
	}
	return s
}

// labeledMerge is the same with issues that have their labels already, so that each step is one request.
func labeledMerge() setup {
	s := publicMerge()
	public := s.seed
	s.seed = func(seed *fakegitlab.Seed) {
		public(seed)
		for n := range seed.Projects[2].Issues {
			seed.Projects[2].Issues[n].Labels = []string{"postgres", "database"}
		}
	}
	return s
}

var mergeLine = []string{"queue", "merge", "--from", "database", "--yes"}

// Each open issue moves once, with the labels of the target and the one that says where it came from. Running it again changes nothing.
func TestQueueMerge(t *testing.T) {
	t.Parallel()
	l := newLab(t, mergeWorld)
	r := l.must(t, mergeLine...)
	for _, want := range []string{"3 issues move from acme/database to acme/infrastructure, 1 of them confidential", `Label "Outage" becomes "outage" (1 issue)`,
		`Label "db on-call" becomes "oncall" (1 issue)`, `Milestone "Sprint 34" is lost (1 issue)`, "1 task stays: GitLab moves no tasks"} {
		if !strings.Contains(r.errors, want) {
			t.Errorf("missing %q in\n%s", want, r.errors)
		}
	}
	// two projects, the open issues, two lists of members, two of labels, milestones, the roles of assignees and a search for the record; a look at the issue that has its labels
	// already; two lists for the record, a look for duplicates of it, and one after everything
	// four labels, two changes of labels, three moves and the record
	if reads, writes := l.count(); reads != 2+1+2+2+1+1+1+1+2+1+1 || writes != 4+2+3+1 {
		t.Errorf("%d reads, %d writes:\n%s", reads, writes, strings.Join(l.requests(), "\n"))
	}
	shot := l.server.Snapshot()
	var got []string
	for _, i := range shot.Project(infra).Issues {
		if slices.Contains(i.Labels, "database") {
			got = append(got, fmt.Sprintf("%d %s %q in %q to %q", i.IID, i.Title, i.Labels, i.Milestone, i.Assignees))
		}
	}
	want := []string{`2 Lag ["database" "oncall" "postgres"] in "Current Milestone" to ["dev"]`, `3 Partitions ["database" "outage"] in "" to []`,
		`4 Password in a dump ["database"] in "" to []`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	record := shot.Project(databases).Issues[5]
	if record.Title != "Merged into acme/infrastructure" || record.State != "opened" {
		t.Errorf("record %+v", record)
	}
	for _, row := range []string{"3 issues moved from `acme/database`", "| `acme/database#1` | `acme/infrastructure#2` | Lag |",
		"| `acme/database#4` | `acme/infrastructure#4` | (confidential) |"} {
		if !strings.Contains(record.Description, row) {
			t.Errorf("missing %q in\n%s", row, record.Description)
		}
	}
	l.nothingMore(t, mergeLine...)
	l.server.ResetRequests()
	if r := l.must(t, mergeLine...); !strings.Contains(r.errors, "No change: acme/database has no open issues to move; acme/database#6 says what moved where") {
		t.Error(r.errors)
	}
	if reads, writes := l.count(); reads != 2+1+1+2+1+1 || writes != 0 {
		t.Errorf("run again: %d reads, %d writes:\n%s", reads, writes, strings.Join(l.requests(), "\n"))
	}
}

// Confidential issues stay if somebody can read them in the target who cannot now, and so does everything if the target is public.
func TestQueueMergeToMoreReaders(t *testing.T) {
	t.Parallel()
	world := func(change func(*fakegitlab.Seed)) *lab {
		s := mergeWorld
		s.seed = func(seed *fakegitlab.Seed) {
			databaseTracker(seed)
			change(seed)
		}
		return newLab(t, s)
	}
	confidential := func(l *lab) bool {
		return slices.ContainsFunc(l.server.Snapshot().Project(infra).Issues, func(i fakegitlab.IssueState) bool { return i.Confidential })
	}
	for name, c := range map[string]struct {
		user, role string
		stays      bool
	}{
		"somebody else":            {"stranger", "reporter", true},
		"a guest with more rights": {"guest", "planner", true},
		"another guest":            {"stranger", "guest", false},
		"a member of both":         {"dev", "maintainer", false},
	} {
		l := world(func(s *fakegitlab.Seed) {
			s.Projects[0].Members = []fakegitlab.SeedMember{{User: c.user, Role: c.role}}
		})
		r := l.must(t, mergeLine...)
		if confidential(l) == c.stays || strings.Contains(r.errors, "1 confidential issue stays: 1 more account could read it in acme/infrastructure") != c.stays {
			t.Errorf("%s: moved %v\n%s", name, confidential(l), r.errors)
		}
		if c.stays {
			if l.must(t, append(slices.Clone(mergeLine), "--include-confidential")...); !confidential(l) {
				t.Errorf("%s: it stays with --include-confidential", name)
			}
		}
	}
	l := world(func(s *fakegitlab.Seed) { s.Groups[0].Visibility, s.Projects[0].Visibility = "public", "public" })
	if r := l.run(mergeLine...); r.code != 5 || !strings.Contains(r.errors, "more people can read acme/infrastructure than acme/database: 3 issues are open, 1 of them confidential") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
	if _, writes := l.count(); writes != 0 {
		t.Errorf("%d writes", writes)
	}
	if r := l.must(t, append(slices.Clone(mergeLine), "--include-confidential")...); !strings.Contains(r.errors, "More people can read acme/infrastructure than acme/database") {
		t.Error(r.errors)
	}
	l.nothingMore(t, mergeLine...)
}

// A tracker with hundreds of issues takes a request for each of them, and lists. A table of what moved where has them all.
func TestQueueMergeOfHundreds(t *testing.T) {
	t.Parallel()
	const issues = 230
	s := labeledMerge()
	labeled := s.seed
	s.seed = func(seed *fakegitlab.Seed) {
		labeled(seed)
		p := &seed.Projects[2]
		created := p.Issues[0].CreatedAt
		p.Issues, p.Labels = nil, []fakegitlab.SeedLabel{{Name: "database"}}
		seed.Projects[0].Labels = append(seed.Projects[0].Labels, fakegitlab.SeedLabel{Name: "database"})
		for n := range issues {
			p.Issues = append(p.Issues, fakegitlab.SeedIssue{Title: fmt.Sprintf("Work %d", n+1), Author: "dev", Labels: []string{"database"},
				CreatedAt: created.Add(time.Duration(n) * time.Minute)})
		}
	}
	l := newLab(t, s)
	l.must(t, mergeLine...)
	// two projects, three pages of open issues, labels, milestones, the search; a look at 20 each; three pages of each list for the table
	if reads, writes := l.count(); reads != 2+3+2+1+1+(issues+19)/20+3+3+1+1 || writes != issues+1 {
		t.Errorf("%d reads, %d writes", reads, writes)
	}
	shot := l.server.Snapshot()
	all := shot.Project(databases).Issues
	record := all[len(all)-1].Description
	for n, i := range shot.Project(infra).Issues[1:] {
		if i.Title != fmt.Sprintf("Work %d", n+1) {
			t.Fatalf("%s#%d is %s: not in the order of creation", infra, i.IID, i.Title)
		}
		if row := fmt.Sprintf("| `acme/database#%d` | `acme/infrastructure#%d` | Work %d |", n+1, i.IID, n+1); !strings.Contains(record, row) {
			t.Fatalf("missing %q", row)
		}
	}
	l.nothingMore(t, mergeLine...)
}

// What GitLab refuses for one issue does not stop the others, and a missing role stops all. The next run moves the rest.
func TestQueueMergeRefused(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]struct {
		code, moved int
		says        string
	}{
		"POST /projects/*/issues/1/move status=404 every=1": {3, 2, "acme/database#1"},
		"POST /projects/*/issues/1/move status=403 every=1": {3, 0, "403"},
	} {
		l := newLab(t, mergeWorld)
		l.fault(t, rule)
		r := l.run(mergeLine...)
		moved := 0
		for _, i := range l.server.Snapshot().Project(infra).Issues {
			if slices.Contains(i.Labels, "database") {
				moved++
			}
		}
		if r.code != want.code || moved != want.moved || !strings.Contains(r.errors, want.says) {
			t.Errorf("%s: exit %d, %d moved\n%s", rule, r.code, moved, r.errors)
		}
		l.calm()
		l.must(t, mergeLine...)
		l.nothingMore(t, mergeLine...)
	}
	l := newLab(t, mergeWorld)
	l.user = "guest"
	if r := l.run(mergeLine...); r.code != 4 || !strings.Contains(r.errors, "you need the Planner or Reporter role in acme/database") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
}

// The plan names assignees who cannot see the target.
func TestQueueMergeNamesStrangers(t *testing.T) {
	t.Parallel()
	s := mergeWorld
	s.seed = func(seed *fakegitlab.Seed) {
		databaseTracker(seed)
		seed.Projects[2].Members = []fakegitlab.SeedMember{{User: "stranger", Role: "developer"}}
		seed.Projects[2].Issues[1].Assignees = []string{"stranger"}
	}
	l := newLab(t, s)
	want := "@stranger cannot see acme/infrastructure: GitLab drops the assignment (1 issue)"
	if r := l.must(t, append(slices.Clone(mergeLine), "--dry-run")...); !strings.Contains(r.errors, want) {
		t.Error(r.errors)
	}
	l.must(t, mergeLine...)
}

// Wrong arguments are refused before anything is sent.
func TestQueueMergeArguments(t *testing.T) {
	t.Parallel()
	for line, says := range map[string]string{
		"queue merge":                       "--from is required",
		"queue merge --from nowhere":        `unknown tracker "nowhere"`,
		"queue merge --from infrastructure": "acme/infrastructure cannot be merged into itself",
		"queue merge --from https://gitlab.example.test/acme/infrastructure/-/issues": "cannot be merged into itself",
		"queue merge --from https://elsewhere.example/acme/database":                  "is not a URL of",
		"queue merge --from database --map x":                                         `invalid mapping "x"`,
		"queue merge --from database --map a=b --map b=c":                             `label "b" is mapped, and others are mapped to it`,
		"queue merge --from database --origin a,b":                                    "contains a comma",
		"queue merge --from database --map Database=storage":                          `label "database" is mapped, but it names the tracker that issues came from`,
	} {
		l := newLab(t, mergeWorld)
		if r := l.run(strings.Fields(line)...); r.code != 6 || !strings.Contains(r.errors, says) {
			t.Errorf("%s: exit %d\n%s", line, r.code, r.errors)
		}
		if _, writes := l.count(); writes != 0 {
			t.Errorf("%s: %d writes", line, writes)
		}
	}
}

// People do things while the command runs: what is closed stays, what gets a label keeps it, what becomes confidential or is moved elsewhere
// stays as it is, and what is opened moves too.
func TestQueueMergeWithPeople(t *testing.T) {
	t.Parallel()
	place := "/projects/acme%2Fdatabase"
	for name, c := range map[string]struct {
		do   func(l *lab)
		want string // of what was Lag
	}{
		"closed":       {func(l *lab) { l.change("PUT", place+"/issues/1", map[string]any{"state_event": "close"}) }, "closed, not moved"},
		"labeled":      {func(l *lab) { l.change("PUT", place+"/issues/1", map[string]any{"add_labels": "fresh"}) }, "database fresh oncall postgres"},
		"confidential": {func(l *lab) { l.change("PUT", place+"/issues/1", map[string]any{"confidential": true}) }, "database oncall postgres"},
		"moved":        {func(l *lab) { l.change("POST", place+"/issues/1/move", map[string]any{"to_project_id": 31}) }, "postgres"},
		"opened":       {func(l *lab) { l.change("POST", place+"/issues", map[string]any{"title": "Fresh"}) }, "database oncall postgres"},
	} {
		l := newLab(t, mergeWorld)
		own := *l
		own.wire = &byHand{inner: l.wire, nth: 14, do: func() { c.do(l) }} // right before the labels of the first issue are set
		r := own.run(mergeLine...)
		got := "closed, not moved"
		for _, i := range l.server.Snapshot().Project(infra).Issues {
			if i.Title == "Lag" {
				got = strings.Join(i.Labels, " ")
			}
		}
		if r.code != 0 || got != c.want {
			t.Errorf("%s: exit %d, got %q, want %q\n%s\n%s", name, r.code, got, c.want, r.errors, strings.Join(l.requests(), "\n"))
		}
		if name == "opened" && l.numberOf(t, "Fresh") == 0 {
			t.Errorf("%s: it did not move", name)
		}
		l.nothingMore(t, mergeLine...)
	}
}

// An issue that two requests moved at the same moment exists twice. GitLab knows one of them; the other is reported until it is closed.
func TestQueueMergeFindsCopies(t *testing.T) {
	t.Parallel()
	s := mergeWorld
	s.seed = func(seed *fakegitlab.Seed) {
		databaseTracker(seed)
		double := seed.Projects[2].Issues[1]
		double.Labels, double.Milestone = []string{"database"}, ""
		seed.Projects[0].Issues = append(seed.Projects[0].Issues, double)
	}
	l := newLab(t, s)
	for range 2 {
		r := l.run(mergeLine...)
		if r.code != 3 || !strings.Contains(r.errors, "acme/infrastructure#4 and acme/infrastructure#2 are the same issue") {
			t.Errorf("exit %d\n%s", r.code, r.errors)
		}
	}
	l.change("PUT", "/projects/acme%2Finfrastructure/issues/2", map[string]any{"state_event": "close"})
	l.must(t, mergeLine...)
}

// What people do with the issue that has the table stays: they close it, reword it, and write around the table. Later moves are added to it.
func TestQueueMergeKeepsTheRecord(t *testing.T) {
	t.Parallel()
	l := newLab(t, mergeWorld)
	l.must(t, mergeLine...)
	record := "/projects/acme%2Fdatabase/issues/6"
	text := l.field(record, "description")
	l.change("PUT", record, map[string]any{"title": "Where is my issue?", "description": "Ask @dev.\n\n" + text + "\n\nThe end.", "state_event": "close"})
	l.nothingMore(t, mergeLine...)
	l.change("POST", "/projects/acme%2Fdatabase/issues", map[string]any{"title": "One more"})
	l.must(t, mergeLine...)
	all := l.server.Snapshot().Project(databases).Issues
	got := all[5]
	if len(all) != 7 || got.State != "closed" || got.Title != "Where is my issue?" || !strings.HasPrefix(got.Description, "Ask @dev.") {
		t.Errorf("%d issues, %+v", len(all), got)
	}
	if !strings.Contains(got.Description, "4 issues moved") || !strings.Contains(got.Description, "| One more |") {
		t.Errorf("the table was not updated:\n%s", got.Description)
	}
	l.nothingMore(t, mergeLine...)
	// a table that a person changed stays while it has nothing new to say, and then becomes theirs
	l.change("PUT", record, map[string]any{"description": strings.Replace(got.Description, "| Lag |", "| Lag, see the wiki |", 1)})
	l.nothingMore(t, mergeLine...)
	l.change("POST", "/projects/acme%2Fdatabase/issues", map[string]any{"title": "And another"})
	l.must(t, mergeLine...)
	if text := l.field(record, "description"); !strings.Contains(text, "| Lag, see the wiki |") || !strings.Contains(text, "| Lag |") ||
		!strings.Contains(text, "5 issues moved") {
		t.Errorf("what a person wrote is lost:\n%s", text)
	}
	l.nothingMore(t, mergeLine...)
}

// Five runs at once leave what one run leaves.
func TestQueueMergeCrowd(t *testing.T) {
	t.Parallel()
	s := mergeWorld
	s.config += oneAtATime
	start := newLab(t, s)
	l := start.copy()
	l.must(t, mergeLine...)
	want := l.picture()
	for order := range 4 {
		l, draw := start.copy(), drawn(order, len(want))
		results, _ := l.schedule(newTurnstile(l.wire), [][]string{mergeLine, mergeLine, mergeLine, mergeLine, mergeLine},
			func(waiting []int) int { return draw.IntN(len(waiting)) })
		for n, r := range results {
			if r.code != 0 {
				t.Errorf("order %d: run %d: exit %d: %s", order, n, r.code, r.errors)
			}
		}
		if diff := cmp.Diff(want, l.picture()); diff != "" {
			t.Errorf("order %d:\n%s", order, diff)
		}
	}
}

// A project that is archived, or without issues, is refused before anything is written.
func TestQueueMergeOfAProjectThatCannotChange(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*fakegitlab.Seed){
		"acme/database is archived":         func(s *fakegitlab.Seed) { s.Projects[2].Archived = true },
		"acme/infrastructure is archived":   func(s *fakegitlab.Seed) { s.Projects[0].Archived = true },
		"acme/infrastructure has no issues": func(s *fakegitlab.Seed) { s.Projects[0].IssuesDisabled = true },
	} {
		s := mergeWorld
		s.seed = func(seed *fakegitlab.Seed) {
			databaseTracker(seed)
			change(seed)
		}
		l := newLab(t, s)
		if r := l.run(mergeLine...); r.code != 4 || !strings.Contains(r.errors, name) {
			t.Errorf("%s: exit %d\n%s", name, r.code, r.errors)
		}
		if _, writes := l.count(); writes != 0 {
			t.Errorf("%s: %d writes", name, writes)
		}
	}
}

// A label that only a confidential issue has is not created in the other tracker, although the issue moves (promise W7).
func TestQueueMergeCreatesNoLabelOfAConfidentialIssue(t *testing.T) {
	t.Parallel()
	s := mergeWorld
	s.seed = func(seed *fakegitlab.Seed) {
		databaseTracker(seed)
		p := &seed.Projects[2]
		p.Labels = append(p.Labels, fakegitlab.SeedLabel{Name: "breach"})
		p.Issues[3].Labels = append(p.Issues[3].Labels, "breach", "postgres")
	}
	l := newLab(t, s)
	r := l.must(t, append(slices.Clone(mergeLine), "--include-confidential")...)
	if !strings.Contains(r.errors, "1 issue loses labels that only confidential issues have: they are not created in acme/infrastructure") {
		t.Errorf("no note:\n%s", r.errors)
	}
	into := l.server.Snapshot().Project(infra)
	if slices.ContainsFunc(into.Labels, func(l fakegitlab.LabelState) bool { return l.Name == "breach" }) {
		t.Error("the label was created")
	}
	at := slices.IndexFunc(into.Issues, func(i fakegitlab.IssueState) bool { return i.Confidential })
	if at < 0 || !slices.Contains(into.Issues[at].Labels, "postgres") || !slices.Contains(into.Issues[at].Labels, "database") {
		t.Errorf("the confidential issue has not moved with its other labels: %d", at)
	}
	if r := l.must(t, append(slices.Clone(mergeLine), "--include-confidential")...); !strings.Contains(r.errors, "No change") {
		t.Errorf("again:\n%s%s", r.out, r.errors)
	}
}

// Without a configuration both trackers are unknown, and what to do about it is the same.
func TestQueueMergeWithoutConfiguration(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.dir, l.env = t.TempDir(), map[string]string{"PRODCTL_CONFIG": "", "PRODCTL_HOST": "https://gitlab.example.test", "HOME": t.TempDir(), "XDG_CONFIG_HOME": ""}
	r := l.run("queue", "merge", "--from", "database")
	if r.code != 6 || !strings.Contains(r.errors, "--into: no configuration file found") || !strings.Contains(r.errors, "prodctl init") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
}
