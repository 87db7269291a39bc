package cli_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// open counts the open milestones of the lab by title, and lists the milestones of its issues.
func (l *lab) open(group bool) (titles map[string]int, placed []string) {
	shot := l.server.Snapshot()
	titles = map[string]int{}
	for _, at := range append(shot.Groups, shot.Projects...) {
		for _, m := range at.Milestones {
			if m.State == "active" && (at.Path == "acme") == group {
				titles[m.Title]++
			}
		}
		for _, i := range at.Issues {
			if i.Milestone != "" {
				placed = append(placed, i.Title)
			}
		}
	}
	slices.Sort(placed)
	return titles, placed
}

// TestDuplicateMilestones starts with several milestones of one title, as simultaneous creates leave them: `ensure` and `roll` merge them, or
// refuse before the first write and say why. They never make another one.
func TestDuplicateMilestones(t *testing.T) {
	t.Parallel()
	dates := map[string][2]string{"Current Milestone": {"2018-08-13", "2018-08-24"}, "Next Milestone": {"2018-08-27", "2018-09-07"}}
	kinds := map[string]struct {
		change  func(*fakegitlab.SeedMilestone)
		refused bool // by both commands
	}{
		"alike":               {func(*fakegitlab.SeedMilestone) {}, false},
		"without description": {func(m *fakegitlab.SeedMilestone) { m.Description = "" }, false},
		"edited":              {func(m *fakegitlab.SeedMilestone) { m.Description = "Our own words." }, false},
		"other dates":         {func(m *fakegitlab.SeedMilestone) { m.StartDate, m.DueDate = "2018-08-14", "2018-09-10" }, true},
		"without dates":       {func(m *fakegitlab.SeedMilestone) { m.StartDate, m.DueDate = "", "" }, true},
	}
	for title, box := range dates {
		for kind, k := range kinds {
			for _, copies := range []int{1, 7} {
				for _, group := range []bool{false, true} {
					for _, command := range []string{"ensure", "roll"} {
						t.Run(fmt.Sprintf("%s, %s, %d copies, group %v, %s", title, kind, copies, group, command), func(t *testing.T) {
							t.Parallel()
							l := newLab(t, setup{carried: 2, done: 1, group: group, seed: func(s *fakegitlab.Seed) {
								at := &s.Projects[0].Milestones
								if group {
									at = &s.Groups[0].Milestones
								}
								for range copies {
									m := fakegitlab.SeedMilestone{Title: title, StartDate: box[0], DueDate: box[1]}
									k.change(&m)
									*at = append(*at, m)
								}
							}})
							l.checkDuplicates(t, group, title, copies, k.refused, "milestone", command, "--yes")
						})
					}
				}
			}
		}
	}
}

func (l *lab) checkDuplicates(t *testing.T, group bool, title string, copies int, refused bool, args ...string) {
	t.Helper()
	before, placed := l.open(group)
	if before[title] != copies+1 {
		t.Fatalf("the seed has %v", before)
	}
	picture := l.picture()
	for run := 1; run <= 2; run++ {
		r := l.run(args...)
		after, still := l.open(group)
		switch {
		case r.code == 5:
			if !slices.Equal(picture, l.picture()) || !strings.Contains(r.errors, "hint: ") {
				t.Errorf("run %d: refused after a write, or without a way out: %s", run, r.errors)
			}
		case r.code != 0 || refused:
			t.Errorf("run %d: exit %d\n%s%s", run, r.code, r.out, r.errors)
		case after["Current Milestone"] != 1 || after["Next Milestone"] != 1:
			if !strings.Contains(r.out+r.errors, "Merge them by hand") {
				t.Errorf("run %d: exit 0 with %v\n%s%s", run, after, r.out, r.errors)
			}
		}
		for _, name := range []string{"Current Milestone", "Next Milestone"} {
			if after[name] > max(before[name], 1) {
				t.Errorf("run %d: %d milestones are named %q", run, after[name], name)
			}
		}
		if !slices.Equal(placed, still) {
			t.Errorf("run %d: issues in milestones were %q, are %q", run, placed, still)
		}
	}
}

// TestEightEnsuresAtOnce lets eight runs create both milestones at the same moment, so that GitLab makes eight of each: in the end there is
// one of each.
func TestEightEnsuresAtOnce(t *testing.T) {
	t.Parallel()
	for _, group := range []bool{false, true} {
		const runs = 8
		m := meetingOf(runs, isCreate("/milestones"))
		l := newLab(t, setup{group: group, between: m.between, seed: func(s *fakegitlab.Seed) {
			s.Projects[0].Milestones, s.Projects[0].Issues, s.Groups[0].Milestones = nil, nil, nil
		}})
		results := make([]ran, runs)
		var all sync.WaitGroup
		for n := range runs {
			all.Go(func() { results[n] = l.run("milestone", "ensure", "--yes", "-q") })
		}
		all.Wait()
		created := 0
		for _, e := range l.server.Requests() {
			if e.Method == "POST" && e.Status == 201 {
				created++
			}
		}
		if created < runs {
			t.Errorf("group %v: only %d were created", group, created)
		}
		for n, r := range results {
			if r.code != 0 {
				t.Errorf("group %v, run %d: exit %d\n%s", group, n, r.code, r.errors)
			}
		}
		l.must(t, "milestone", "ensure", "--yes", "-q")
		if titles, _ := l.open(group); titles["Current Milestone"] != 1 || titles["Next Milestone"] != 1 || len(titles) != 2 {
			t.Errorf("group %v: %v", group, titles)
		}
	}
}

// TestTitlesInProjectsBelow gives a project or a subgroup below the team's group a milestone with a title that the run needs: it is refused
// in the plan, before the first write.
func TestTitlesInProjectsBelow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		title   string
		command []string
		missing string // milestone of the group that does not exist
		refused bool
	}{
		{"2018-08-24 Milestone", []string{"roll"}, "", true},
		{"Current Milestone", []string{"roll"}, "", true},
		{"Next Milestone", []string{"roll"}, "", true},
		{"Next Milestone", []string{"ensure"}, "Next Milestone", true},
		{"Current Milestone", []string{"ensure"}, "Current Milestone", true},
		{"Next Milestone", []string{"ensure"}, "", false},
		{"Release 7", []string{"roll"}, "", false},
	} {
		for _, below := range []string{"project", "subgroup", "project in a subgroup"} {
			for _, state := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s of a %s, closed %v, %s without %s", tt.title, below, state, tt.command[0], tt.missing), func(t *testing.T) {
					t.Parallel()
					l := newLab(t, setup{carried: 1, group: true, seed: func(s *fakegitlab.Seed) {
						s.Groups = append(s.Groups, fakegitlab.SeedGroup{Path: "acme/web"})
						s.Projects = append(s.Projects, fakegitlab.SeedProject{Path: "acme/web/site"})
						m := fakegitlab.SeedMilestone{Title: tt.title, Closed: state}
						s.Groups[0].Milestones = slices.DeleteFunc(s.Groups[0].Milestones, func(m fakegitlab.SeedMilestone) bool { return m.Title == tt.missing })
						if tt.missing != "" {
							s.Projects[0].Issues = nil
						}
						switch below {
						case "project":
							s.Projects[1].Milestones = append(s.Projects[1].Milestones, m)
						case "subgroup":
							s.Groups[1].Milestones = append(s.Groups[1].Milestones, m)
						default:
							s.Projects[2].Milestones = append(s.Projects[2].Milestones, m)
						}
					}})
					l.server.ResetRequests()
					r := l.run(append(append([]string{"milestone"}, tt.command...), "--yes")...)
					_, writes := l.count()
					if tt.refused && (r.code != 5 || writes > 0 || !strings.Contains(r.errors, tt.title) || !strings.Contains(r.errors, "/-/milestones/") || !strings.Contains(r.errors, "hint: ")) {
						t.Errorf("exit %d after %d writes\n%s", r.code, writes, r.errors)
					}
					if !tt.refused && r.code != 0 {
						t.Errorf("exit %d\n%s", r.code, r.errors)
					}
				})
			}
		}
	}
}
