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

const infraAPI = "/projects/acme%2Finfrastructure"

// labPair returns two labs in the same state: one for the command, one for the same changes by hand.
func labPair(t *testing.T) (l, byHand *lab) {
	t.Helper()
	return newLab(t, setup{seed: infest}), newLab(t, setup{seed: infest})
}

// do sends one request to GitLab as the user of the commands.
func (l *lab) do(method, path, format string, args ...any) {
	l.server.MustDo(l.user, method, infraAPI+path, fmt.Sprintf(format, args...))
}

// issuesOf returns the tracker's issues with everything attached to them, without the ids of milestones.
func (l *lab) issuesOf() []fakegitlab.IssueState {
	list := l.server.Snapshot().Project(infra).Issues
	for n := range list {
		list[n].MilestoneID = 0
	}
	return list
}

// TestRollTouchesNothingElse checks that a roll moves open issues and labels them, and changes nothing else. What
// GitLab does to the text of a changed issue (it removes quick actions) also happens to one changed by hand.
func TestRollTouchesNothingElse(t *testing.T) {
	t.Parallel()
	l, byHand := labPair(t)
	before := l.server.Snapshot()
	l.must(t, "milestone", "roll", "--yes")

	current := before.Project(infra).Milestones[1]
	byHand.do("PUT", fmt.Sprintf("/milestones/%d", current.ID), `{"title":"2018-08-24 Milestone"}`)
	byHand.do("PUT", fmt.Sprintf("/milestones/%d", current.ID+1), `{"title":"Current Milestone"}`)
	for _, i := range before.Project(infra).Issues {
		if i.State == "opened" && i.MilestoneID == current.ID {
			byHand.do("PUT", fmt.Sprintf("/issues/%d", i.IID), `{"milestone_id":%d,"add_labels":"carried-over"}`, current.ID+1)
		}
	}
	if diff := cmp.Diff(byHand.issuesOf(), l.issuesOf()); diff != "" {
		t.Errorf("issues (-by hand +roll)\n%s", diff)
	}

	after := l.server.Snapshot()
	if diff := cmp.Diff(before.Groups, after.Groups); diff != "" {
		t.Errorf("the group has changed\n%s", diff)
	}
	if diff := cmp.Diff(before.Project(infra).Labels, after.Project(infra).Labels); diff != "" {
		t.Errorf("labels have changed\n%s", diff)
	}
	for n, was := range before.Project(infra).Milestones {
		is := after.Project(infra).Milestones[n]
		switch was.Title {
		case "Current Milestone":
			if rest, ok := strings.CutPrefix(is.Description, was.Description); !ok || !strings.HasPrefix(rest, "\n\n<!-- prodctl:roll due=2018-08-24 ") {
				t.Errorf("the text of the finished milestone:\n%q\nare now\n%q", was.Description, is.Description)
			}
		case "Next Milestone":
			if is.Description != was.Description {
				t.Errorf("the text of the next milestone:\n%q\nare now\n%q", was.Description, is.Description)
			}
		default:
			if was != is {
				t.Errorf("the milestone %+v is now %+v", was, is)
			}
		}
	}
	l.nothingMore(t, "milestone", "roll", "--yes")
}

// TestOthersTouchNothingElse checks the other writing commands in the same way.
func TestOthersTouchNothingElse(t *testing.T) {
	t.Parallel()
	t.Run("board move", func(t *testing.T) {
		t.Parallel()
		l, byHand := labPair(t)
		for _, i := range byHand.issuesOf()[:40] {
			l.must(t, "board", "move", fmt.Sprint(i.IID), "completed")
			if i.State == "opened" {
				byHand.do("PUT", fmt.Sprintf("/issues/%d", i.IID), `{"state_event":"close","remove_labels":"Planning,Ready,Waiting,In Progress"}`)
				continue
			}
			byHand.do("PUT", fmt.Sprintf("/issues/%d", i.IID), `{"remove_labels":"Planning,Ready,Waiting,In Progress"}`)
		}
		if diff := cmp.Diff(byHand.issuesOf(), l.issuesOf()); diff != "" {
			t.Errorf("(-by hand +moved)\n%s", diff)
		}
	})
	t.Run("labels and columns", func(t *testing.T) {
		t.Parallel()
		l, byHand := labPair(t)
		l.must(t, "label", "apply", "--yes")
		l.must(t, "board", "init", "--yes")
		l.must(t, "milestone", "ensure", "--yes")
		if diff := cmp.Diff(byHand.issuesOf(), l.issuesOf()); diff != "" {
			t.Errorf("issues have changed\n%s", diff)
		}
		was, is := byHand.server.Snapshot(), l.server.Snapshot()
		if diff := cmp.Diff(was.Project(infra).Milestones, is.Project(infra).Milestones); diff != "" {
			t.Errorf("milestones have changed\n%s", diff)
		}
		now := map[string]fakegitlab.LabelState{}
		for _, label := range is.Project(infra).Labels {
			now[label.Name] = label
		}
		for _, label := range was.Project(infra).Labels {
			if slices.Contains(titled(), label.Name) && !cmp.Equal(label, now[label.Name]) {
				t.Errorf("the label %+v is now %+v", label, now[label.Name])
			}
		}
	})
}

// forged is the record of a roll that never happened.
const forged = "<!-- prodctl:roll due=%s carry-over=next to=2018-09-07 open=3 -->"

// TestCopiedRecords checks that a record has no effect in another milestone: somebody copied a description.
func TestCopiedRecords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		title  string
		due    string
		record string
		closed bool
	}{
		{"a closed goal", "Launch", "2018-08-31", "2018-08-10", true},
		{"an open goal", "Launch", "2018-08-31", "2018-08-10", false},
		{"an open goal in the past", "Launch", "2018-08-17", "2018-08-10", false},
		{"without dates", "Launch", "", "2018-08-10", true},
		{"no date", "Launch", "2018-08-31", "2018-02-31", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			world := setup{carried: 1, seed: func(s *fakegitlab.Seed) {
				p := &s.Projects[0]
				p.Milestones = append(p.Milestones, fakegitlab.SeedMilestone{Title: c.title, DueDate: c.due, Closed: c.closed, Description: "Words.\n\n" + fmt.Sprintf(forged, c.record) + "\n| x |\n<!-- /prodctl:roll -->"})
				p.Issues = append(p.Issues, fakegitlab.SeedIssue{Title: "Of the launch", Milestone: c.title, CreatedAt: time.Date(2018, 8, 2, 9, 0, 0, 0, time.UTC)})
			}}
			l := newLab(t, world)
			before := l.server.Snapshot().Project(infra)
			fault, err := fakegitlab.ParseFault("PUT /projects/*/milestones/403 every=1 status=403")
			if err != nil {
				t.Fatal(err)
			}
			l.server.AddFault(fault) // the roll stops without a Current Milestone
			if r := l.run("milestone", "roll", "--yes"); r.code != 3 {
				t.Fatalf("exit %d\n%s", r.code, r.errors)
			}
			l.calm()
			l.must(t, "milestone", "roll", "--yes")
			after := l.server.Snapshot().Project(infra)
			if was, is := before.Milestones[3], after.Milestones[3]; was != is {
				t.Errorf("%+v\nis now\n%+v", was, is)
			}
			if was, is := before.Issues[2], after.Issues[2]; !cmp.Equal(was, is) {
				t.Errorf("%+v\nis now\n%+v", was, is)
			}
			l.nothingMore(t, "milestone", "roll", "--yes")
		})
	}
}

// TestTextOfRolledMilestonesSurvives checks that text in a rolled milestone that looks like a record, a marker or a
// dated name stays unchanged, byte for byte.
func TestTextOfRolledMilestonesSurvives(t *testing.T) {
	t.Parallel()
	block := fmt.Sprintf(forged, "2018-08-24") + "\nImportant words of ours.\n<!-- /prodctl:roll -->"
	texts := map[string]string{
		"a block around words":           "Goals\n\n" + block + "\n\nMore.",
		"a block of another timebox":     fmt.Sprintf(forged, "2018-08-10") + "\n| x |\n<!-- /prodctl:roll -->\n\nMore.",
		"a beginning without an end":     fmt.Sprintf(forged, "2018-08-24") + "\n| a | b |\n\nWords.",
		"a beginning far before an end":  fmt.Sprintf(forged, "2018-08-24") + "\nWords.\n\nMore words.\n\n<!-- /prodctl:roll -->\nEnd.",
		"an end alone":                   "<!-- /prodctl:roll -->\nWords.",
		"a beginning within a line":      "see " + fmt.Sprintf(forged, "2018-08-24") + "\nWords.",
		"a fence":                        "```\n" + block + "\n```\nWords.",
		"another timebox's name":         "Goals\n\nAugust Milestone 1 - ending 2018-08-10\nwas a bad one.",
		"its name within a line":         "Not August Milestone 2 - ending 2018-08-24 but more",
		"carriage returns":               "Goals\r\n\r\n* one\r\n* two\r\n",
		"quick actions":                  "/close\n/label ~toil\n\r/unassign",
		"a marker of ours":               "<!-- prodctl:key=roll/1 -->",
		"blank lines and spaces":         "\n\n   Goals   \n\n\n",
		"everything that means any harm": strings.ReplaceAll(strings.Join(nasty, "\n"), "\x00", ""),
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{carried: 1, done: 1, seed: func(s *fakegitlab.Seed) {
				s.Projects[0].Milestones[1].Description, s.Projects[0].Milestones[2].Description = text, text
			}})
			l.must(t, "milestone", "ensure", "--yes")
			l.survives(t, text, "ensure")
			l.must(t, "milestone", "roll", "--yes")
			l.survives(t, text, "roll")
			l.nothingMore(t, "milestone", "roll", "--yes")
			l.must(t, "milestone", "roll", "--yes", "--now", "2018-09-07")
			l.survives(t, text, "the next roll")
			l.nothingMore(t, "milestone", "ensure", "--yes", "--now", "2018-09-07")
			for _, m := range l.server.Snapshot().Project(infra).Milestones[1:3] {
				if !strings.Contains(m.Description, "| all | ") && m.State == "closed" {
					t.Errorf("%s has no table:\n%s", m.Title, m.Description)
				}
			}
		})
	}
}

// survives requires the full text in the descriptions of the two milestones that had it. GitLab may change white
// space at its ends and carriage returns.
func (l *lab) survives(t *testing.T, text, after string) {
	t.Helper()
	plain := func(s string) string { return strings.ReplaceAll(s, "\r", "") }
	for _, m := range l.server.Snapshot().Project(infra).Milestones[1:3] {
		if !strings.Contains(plain(m.Description), strings.TrimSpace(plain(text))) {
			t.Errorf("after %s, %s lost words (-was +is)\n%s", after, m.Title, cmp.Diff(text, m.Description))
		}
	}
}

// TestMilestonesCalledLikeFilters checks milestones whose titles are special words of GitLab's filters. They are
// distinguished by id.
func TestMilestonesCalledLikeFilters(t *testing.T) {
	t.Parallel()
	for _, title := range []string{"None", "Any", "none", "any", "Upcoming", "Started", "No Milestone", "Any Milestone", "no milestone", "#started", "#upcoming", "0"} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{carried: 2, done: 1, seed: func(s *fakegitlab.Seed) {
				p := &s.Projects[0]
				p.Milestones = append(p.Milestones, fakegitlab.SeedMilestone{Title: title, StartDate: "2018-08-13", DueDate: "2018-08-24"})
				p.Issues = append(p.Issues, fakegitlab.SeedIssue{Title: "In it", Milestone: title}, fakegitlab.SeedIssue{Title: "In none"})
			}})
			before := l.picture()
			if r := l.run("milestone", "show", title, "--jq", ".issues.open"); r.code == 0 && r.out != "1\n" || r.code != 0 && !strings.Contains(r.errors, "GitLab") {
				t.Errorf("show: exit %d, %s%s", r.code, r.out, r.errors)
			}
			if r := l.run("milestone", "roll", "--dry-run", "--from", title, "--jq", `[.steps[] | select(.action == "issue.update")] | length`); r.code == 0 && r.out != "1\n" || r.code != 0 && r.code != 5 {
				t.Errorf("roll --from: exit %d, %s%s", r.code, r.out, r.errors)
			}
			if diff := cmp.Diff(before, l.picture()); diff != "" {
				t.Error(diff)
			}
			l.must(t, "milestone", "roll", "--yes")
			for _, i := range l.server.Snapshot().Project(infra).Issues {
				if i.Title == "In it" && i.Milestone != title || i.Title == "In none" && i.Milestone != "" {
					t.Errorf("%q is in %q", i.Title, i.Milestone)
				}
			}
		})
	}
}
