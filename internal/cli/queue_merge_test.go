package cli_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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
		`Label "db on-call" becomes "oncall" (1 issue)`, `Milestone "Sprint 34" is lost (1 issue)`, "1 issue that is a task stays"} {
		if !strings.Contains(r.errors, want) {
			t.Errorf("missing %q in\n%s", want, r.errors)
		}
	}
	// two projects, the open issues, two lists of members, two of labels, milestones and a search for the record; a look at the issue that has its labels
	// already; two lists for the record, a look for duplicates of it, and one after everything
	// four labels, two changes of labels, three moves and the record
	if reads, writes := l.count(); reads != 2+1+2+2+1+1+1+2+1+1 || writes != 4+2+3+1 {
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
		if confidential(l) == c.stays || strings.Contains(r.errors, "1 issue confidential stays: more people could read them in acme/infrastructure") != c.stays {
			t.Errorf("%s: moved %v\n%s", name, confidential(l), r.errors)
		}
		if c.stays {
			if l.must(t, append(slices.Clone(mergeLine), "--include-confidential")...); !confidential(l) {
				t.Errorf("%s: it stays with --include-confidential", name)
			}
		}
	}
	l := world(func(s *fakegitlab.Seed) { s.Groups[0].Visibility, s.Projects[0].Visibility = "public", "public" })
	if r := l.run(mergeLine...); r.code != 5 || !strings.Contains(r.errors, "more people can read acme/infrastructure than acme/database") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
	if _, writes := l.count(); writes != 0 {
		t.Errorf("%d writes", writes)
	}
	l.must(t, append(slices.Clone(mergeLine), "--include-confidential")...)
}
