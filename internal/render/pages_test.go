package render_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

func page(t *testing.T, width int, show func(*render.View) error) string {
	t.Helper()
	return written(t, document{name: "page", show: show}, render.Options{TTY: true, Width: width})
}

// An empty list is a sentence on a page and empty in a pipe.
func TestEmptyPages(t *testing.T) {
	t.Parallel()
	stopped := jsonv1.NewApplied("milestone roll")
	stopped.Retry = "prodctl milestone roll"
	done := stopped
	done.Complete, done.Retry = true, ""
	for _, tt := range []struct {
		name string
		show func(*render.View) error
		want string
	}{
		{"milestones", func(v *render.View) error { return v.Milestones(jsonv1.NewMilestones(tracker, nil, today)) }, "No milestones in project acme/infrastructure\n"},
		{"velocity", func(v *render.View) error { return v.Velocity(jsonv1.NewVelocity(tracker, nil)) }, "No finished milestones in project acme/infrastructure\n"},
		{"labels", func(v *render.View) error { return v.Labels(jsonv1.NewLabels(nil)) }, "No labels found\n"},
		{"board", func(v *render.View) error { return v.Board(jsonv1.NewBoard(tracker, "")) }, "Board in project acme/infrastructure\nNo columns\n"},
		{"applied", func(v *render.View) error { return v.Applied(done) }, "milestone roll: nothing to do\n"},
		{"not applied", func(v *render.View) error { return v.Applied(stopped) }, "milestone roll: nothing was changed\n"},
		{"config", func(v *render.View) error { return v.Config(jsonv1.NewConfig("", nil)) }, "No settings\n"},
		{"auth", func(v *render.View) error { return v.Auth(jsonv1.NewAuth(nil)) }, "No hosts found\n"},
		{"doctor", func(v *render.View) error { return v.Doctor(jsonv1.NewDoctor("", nil)) }, ""},
		{"permissions", func(v *render.View) error { return v.Permissions(jsonv1.NewPermissions(nil)) }, "No commands\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, page(t, 80, tt.show)); diff != "" {
				t.Errorf("page (-want +got):\n%s", diff)
			}
			if got := written(t, document{name: tt.name, show: tt.show}, render.Options{}); got != "" {
				t.Errorf("in a pipe it is %q", got)
			}
		})
	}
}

// Narrower terminals have fewer columns, and the most important ones go last.
func TestTablesFit(t *testing.T) {
	t.Parallel()
	doc := labels(same)
	for _, tt := range []struct {
		width int
		want  string
	}{
		{120, "Label                  State    Color    Priority  Open  Closed  Description"},
		{74, "Label                  State    Color    Priority  Open  Closed"},
		{60, "Label                  State    Color    Priority  Open"},
		{50, "Label                  State    Priority  Open"},
		{40, "Label                  State    Priority"},
		{32, "Label                  State"},
	} {
		head, _, _ := strings.Cut(page(t, tt.width, func(v *render.View) error { return v.Labels(doc) }), "\n")
		if head != tt.want {
			t.Errorf("at %d columns the head is %q, want %q", tt.width, head, tt.want)
		}
	}
	stacked := page(t, 28, func(v *render.View) error { return v.Labels(doc) })
	if want := "(perceived) data loss\n  State ok  Color #8b0000\n  Priority 0  Open 1\n  Closed 4\n"; !strings.HasPrefix(stacked, want) {
		t.Errorf("at 28 columns it starts with\n%.200s\nwant\n%s", stacked, want)
	}
}

// The table names projects only if there are several.
func TestProjectsAreNamedIfSeveral(t *testing.T) {
	t.Parallel()
	doc := labels(same)
	show := func(v *render.View) error { return v.Labels(doc) }
	if got := page(t, 120, show); strings.Contains(got, "acme/infrastructure") {
		t.Errorf("one project is named in each row:\n%s", got)
	}
	doc.Labels[1].Target.Path = "acme/production"
	if got := page(t, 120, show); strings.Count(got, "acme/infrastructure") != 5 || strings.Count(got, "acme/production") != 1 {
		t.Errorf("two projects are not named:\n%s", got)
	}
}

func TestVelocityComparedWithGoal(t *testing.T) {
	t.Parallel()
	for share, want := range map[int]string{
		49: "scheduled 49 % (below the goal of 50-60 %)", 50: "scheduled 50 % (within the goal of 50-60 %)",
		60: "scheduled 60 % (within the goal of 50-60 %)", 61: "scheduled 61 % (above the goal of 50-60 %)",
	} {
		doc := velocity(same)
		doc.Mean.ScheduledPercent = &share
		if got := page(t, 120, func(v *render.View) error { return v.Velocity(doc) }); !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

func TestMilestoneDates(t *testing.T) {
	t.Parallel()
	for left, want := range map[int]string{
		4: "2018-08-13 to 2018-08-24, 4 days left", 1: "2018-08-13 to 2018-08-24, 1 day left",
		0: "2018-08-13 to 2018-08-24, ends today", -1: "2018-08-13 to 2018-08-24, 1 day overdue",
	} {
		doc := oneMilestone(same)
		doc.DaysLeft = &left
		if got := page(t, 80, func(v *render.View) error { return v.Milestone(doc) }); !strings.Contains(got, want+"\n") {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	doc := oneMilestone(same)
	doc.Group, doc.Issues, doc.Weight = true, nil, nil
	got := page(t, 80, func(v *render.View) error { return v.Milestone(doc) })
	if !strings.Contains(got, "a parent group of project acme/infrastructure") || strings.Contains(got, "Issues") {
		t.Errorf("a group's milestone, not counted:\n%s", got)
	}
}

func TestDoctorSummary(t *testing.T) {
	t.Parallel()
	for want, statuses := range map[string][]jsonv1.CheckStatus{
		"All checks passed":         {jsonv1.CheckOK, jsonv1.CheckOK},
		"1 ok, 2 skipped":           {jsonv1.CheckOK, jsonv1.CheckSkip, jsonv1.CheckSkip},
		"1 warning, 1 failed":       {jsonv1.CheckFail, jsonv1.CheckWarn},
		"1 ok, 1 failed, 1 skipped": {jsonv1.CheckFail, jsonv1.CheckOK, jsonv1.CheckSkip},
		"2 ok, 1 warning":           {jsonv1.CheckOK, jsonv1.CheckWarn, jsonv1.CheckOK},
	} {
		var checks []jsonv1.Check
		for _, s := range statuses {
			checks = append(checks, jsonv1.Check{ID: "x", Status: s, Message: "found"})
		}
		got := page(t, 80, func(v *render.View) error { return v.Doctor(jsonv1.NewDoctor("", checks)) })
		if !strings.HasSuffix(got, "\n\n"+want+"\n") {
			t.Errorf("the sum of %v is\n%s\nwant %s", statuses, got, want)
		}
	}
}

// Board columns are side by side while they are wide enough to read. Where the board may be posted, it shows confidential issues by reference
// only.
func TestBoardShapes(t *testing.T) {
	t.Parallel()
	doc := board(same)
	show := func(v *render.View) error { return v.Board(doc) }
	abreast := func(width int) bool { return strings.Contains(page(t, width, show), "Planning (41)  ") }
	if !abreast(100) || abreast(99) {
		t.Error("four columns are side by side from 100 cells on")
	}
	for range 4 {
		doc.Columns = append(doc.Columns, jsonv1.Column{Title: "More"})
	}
	if abreast(140) || !abreast(160) {
		t.Error("eight columns are side by side only where each has its 18 cells")
	}
	post := written(t, document{name: "board", show: show}, render.Options{Format: render.Markdown})
	if strings.Contains(post, "Leaked token") || !strings.Contains(post, "acme/production#55 | (confidential)") {
		t.Errorf("a confidential title is posted:\n%s", post)
	}
}
