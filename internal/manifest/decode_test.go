package manifest_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	const text = `
users: [{username: mara, admin: true}]
projects:
  - path: acme/infrastructure
    group_priorities: {blocked: 2}
    labels: [{name: toil, priority: 0}]
    milestones: [{title: Current Milestone, due_date: 2018-08-24}]
    issues:
      - title: "tab\there"
        description: |
          /close
          @all
        created_at: 2018-08-20T09:00:00Z
`
	var got fakegitlab.Seed
	if err := manifest.Decode("seed.yaml", []byte(text), &got); err != nil {
		t.Fatal(err)
	}
	zero := 0
	want := fakegitlab.Seed{
		Users: []fakegitlab.SeedUser{{Username: "mara", Admin: true}},
		Projects: []fakegitlab.SeedProject{{
			Path: "acme/infrastructure", GroupPriorities: map[string]int{"blocked": 2},
			Labels:     []fakegitlab.SeedLabel{{Name: "toil", Priority: &zero}},
			Milestones: []fakegitlab.SeedMilestone{{Title: "Current Milestone", DueDate: "2018-08-24"}},
			Issues: []fakegitlab.SeedIssue{{Title: "tab\there", Description: "/close\n@all\n",
				CreatedAt: time.Date(2018, 8, 20, 9, 0, 0, 0, time.UTC)}},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Decode reads JSON as encoding/json does.
func TestDecodeReadsWhatJSONWrites(t *testing.T) {
	t.Parallel()
	want := fakegitlab.HandbookSeed(time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC))
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got fakegitlab.Seed
	if err := manifest.Decode("seed.json", data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestDecodeReportsEveryFault(t *testing.T) {
	t.Parallel()
	const text = `users:
  - usrname: mara
    admin: sure
    token: 12
groups: acme
projects:
  - path: [a]
    path: acme/x
    issues:
      - {weight: -1, created_at: yesterday}
`
	want := []string{
		`seed.yaml:2:5: unknown key "usrname"; did you mean username?`,
		`seed.yaml:3:12: users[0].admin must be true or false, not text`,
		`seed.yaml:4:12: users[0].token must be text, not the number 12: write it in quotes, "12"`,
		`seed.yaml:5:9: groups must be a list, not text`,
		`seed.yaml:7:11: projects[0].path must be text, not a list`,
		`seed.yaml:8:5: duplicate key projects[0].path (first on line 7)`,
		`seed.yaml:10:18: projects[0].issues[0].weight: -1 is out of range (0 to 2147483647)`,
		`seed.yaml:10:34: projects[0].issues[0].created_at: invalid time "yesterday" (use 2018-08-24T16:00:00Z)`,
	}
	err := manifest.Decode("seed.yaml", []byte(text), new(fakegitlab.Seed))
	if err == nil {
		t.Fatal("no fault was found")
	}
	if diff := cmp.Diff(strings.Join(want, "\n"), err.Error()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if fault.KindOf(err) != fault.Usage {
		t.Errorf("kind %v", fault.KindOf(err))
	}
}

// Whatever the file holds, Decode ends with a value or with faults.
func FuzzDecode(f *testing.F) {
	f.Add("users: [{username: mara}]")
	f.Add("projects: &p [{path: a/b, issues: [{title: x, created_at: 2018-08-24T16:00:00Z}], group_priorities: {a: 1}}]\ngroups: *p")
	f.Add("users: &u [*u]")
	f.Add("? [a]\n: b\n---\n{}")
	f.Fuzz(func(t *testing.T, text string) {
		var faults manifest.Faults
		if err := manifest.Decode("seed.yaml", []byte(text), new(fakegitlab.Seed)); err != nil && !errors.As(err, &faults) {
			t.Errorf("%T: %v", err, err)
		}
	})
}
