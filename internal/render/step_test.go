package render_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

var place = jsonv1.TargetOf(tracker)

// stepLines returns the lines of a page on the steps, without the head and the sum.
func stepLines(t *testing.T, width int, steps ...jsonv1.Step) string {
	t.Helper()
	doc := jsonv1.NewPlan()
	doc.Command, doc.Steps = "x", steps
	for i := range doc.Steps {
		doc.Steps[i].Target = place
	}
	page := written(t, document{"plan", doc, func(v *render.View) error { return v.Plan(doc) }}, render.Options{TTY: true, Width: width})
	_, lines, _ := strings.Cut(page, ":\n\nin project acme/infrastructure:\n")
	if lines == "" {
		_, lines, _ = strings.Cut(page, "in project acme/infrastructure:\n")
	}
	lines, _, _ = strings.Cut(lines, "\n\nPlan: ")
	return lines
}

// A step says what it does to which object. Its key is for programs.
func TestStepsInWords(t *testing.T) {
	t.Parallel()
	issue := jsonv1.Object{IID: 7, Title: "Drill"}
	for _, tt := range []struct {
		name string
		step jsonv1.Step
		want string
	}{
		{"rename", jsonv1.Step{Action: jsonv1.MilestoneUpdate, Object: jsonv1.Object{Title: "Next"}, Before: &jsonv1.Fields{Title: new("Next")},
			After: &jsonv1.Fields{Title: new("Current")}}, `  ~ rename milestone "Next" → "Current"`},
		{"close", jsonv1.Step{Action: jsonv1.MilestoneUpdate, Object: jsonv1.Object{Title: "Old"}, After: &jsonv1.Fields{State: new("closed")}},
			`  ~ close milestone "Old"`},
		{"reopen", jsonv1.Step{Action: jsonv1.MilestoneUpdate, Object: jsonv1.Object{Title: "Old"}, After: &jsonv1.Fields{State: new("active")}},
			`  ~ reopen milestone "Old"`},
		{"dates", jsonv1.Step{Action: jsonv1.MilestoneUpdate, Object: jsonv1.Object{Title: "Next"}, Before: &jsonv1.Fields{Due: new("2018-09-06")},
			After: &jsonv1.Fields{Start: new("2018-08-27"), Due: new("2018-09-07")}}, `  ~ change milestone "Next": start → 2018-08-27; due 2018-09-06 → 2018-09-07`},
		{"a date is taken away", jsonv1.Step{Action: jsonv1.MilestoneUpdate, Object: jsonv1.Object{Title: "Next"}, Before: &jsonv1.Fields{Due: new("2018-09-06")},
			After: &jsonv1.Fields{Due: new("")}}, `  ~ change milestone "Next": due 2018-09-06 → none`},
		{"new milestone", jsonv1.Step{Action: jsonv1.MilestoneCreate, Object: jsonv1.Object{Title: "Next"}, After: &jsonv1.Fields{Title: new("Next"),
			Start: new("2018-08-27"), Due: new("2018-09-07"), Description: new("")}}, `  + create milestone "Next": dates 2018-08-27 to 2018-09-07`},
		{"new milestone with an end alone", jsonv1.Step{Action: jsonv1.MilestoneCreate, Object: jsonv1.Object{Title: "Next"}, After: &jsonv1.Fields{Due: new("2018-09-07")}},
			`  + create milestone "Next": due 2018-09-07`},
		{"issue to a milestone", jsonv1.Step{Action: jsonv1.IssueUpdate, Object: issue, From: "Old", After: &jsonv1.Fields{Milestone: &jsonv1.Object{ID: 1, Title: "New"}}},
			`  ~ move issue #7 "Drill": milestone "Old" → "New"`},
		{"issue to a milestone known by its id", jsonv1.Step{Action: jsonv1.IssueUpdate, Object: issue, After: &jsonv1.Fields{MilestoneID: new(int64(9))}},
			`  ~ move issue #7 "Drill": milestone → "id 9"`},
		{"issue to a column", jsonv1.Step{Action: jsonv1.IssueUpdate, Object: issue, From: "Ready", After: &jsonv1.Fields{AddLabels: []string{"Doing"}, RemoveLabels: []string{"Ready"}}},
			`  ~ move issue #7 "Drill": labels +"Doing" -"Ready"`},
		{"issue labelled", jsonv1.Step{Action: jsonv1.IssueUpdate, Object: issue, After: &jsonv1.Fields{AddLabels: []string{"toil"}}}, `  ~ label issue #7 "Drill": labels +"toil"`},
		{"issue closed", jsonv1.Step{Action: jsonv1.IssueUpdate, Object: issue, After: &jsonv1.Fields{State: new("closed")}}, `  ~ close issue #7 "Drill"`},
		{"issue reopened", jsonv1.Step{Action: jsonv1.IssueUpdate, Object: issue, After: &jsonv1.Fields{State: new("opened")}}, `  ~ reopen issue #7 "Drill"`},
		{"issue retitled", jsonv1.Step{Action: jsonv1.IssueUpdate, Object: issue, Before: &jsonv1.Fields{Title: new("Drill")}, After: &jsonv1.Fields{Title: new("Restore drill")}},
			`  ~ change issue #7 "Drill": title "Drill" → "Restore drill"`},
		{"label", jsonv1.Step{Action: jsonv1.LabelUpdate, Object: jsonv1.Object{Title: "toil"}, Before: &jsonv1.Fields{Color: new("#000000")},
			After: &jsonv1.Fields{Color: new("#ffffff"), Priority: new(0)}}, `  ~ change label "toil": color #000000 → #ffffff; priority → 0`},
		{"label gone", jsonv1.Step{Action: jsonv1.LabelDelete, Object: jsonv1.Object{Title: "old"}, Before: &jsonv1.Fields{OpenIssues: 1}},
			`  - delete label "old": on 1 open and 0 closed issues`},
		{"without fields", jsonv1.Step{Action: jsonv1.MilestoneUpdate, Object: jsonv1.Object{Title: "Old"}}, `  ~ change milestone "Old"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.step.Key = "roll/2018-08-24/some key"
			if got := stepLines(t, 120, tt.step); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// A table has no room for texts. It has the number of lines, if that changes.
func TestDescriptionsInTables(t *testing.T) {
	t.Parallel()
	for after, want := range map[string]string{"Two": "| description changed |", "One\nTwo": "| description (1 line → 2 lines) |"} {
		doc := jsonv1.NewPlan()
		doc.Steps = []jsonv1.Step{{Action: jsonv1.MilestoneUpdate, Target: place, Object: jsonv1.Object{Title: "Old"}, Before: &jsonv1.Fields{Description: new("One")},
			After: &jsonv1.Fields{Description: &after}}}
		if text := written(t, document{"plan", doc, func(v *render.View) error { return v.Plan(doc) }}, render.Options{Format: render.Markdown}); !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

// Issues with the same change are grouped, wherever they are in the plan, and a long list is not written out.
func TestSameChangesAreGrouped(t *testing.T) {
	t.Parallel()
	carry := func(iid int64, labels ...string) jsonv1.Step {
		return jsonv1.Step{Key: fmt.Sprint(iid), Action: jsonv1.IssueUpdate, Object: jsonv1.Object{IID: iid, Title: fmt.Sprint("Title ", iid)}, From: "Old",
			After: &jsonv1.Fields{Milestone: &jsonv1.Object{Title: "New"}, AddLabels: labels}}
	}
	label := jsonv1.Step{Key: "l", Action: jsonv1.LabelDelete, Object: jsonv1.Object{Title: "toil"}}
	want := `  ~ move 2 issues: milestone "Old" → "New"; labels +"carried-over"
      #1 Title 1
      #3 Title 3
  ~ move issue #2 "Title 2": milestone "Old" → "New"
  - delete label "toil"
  ~ move issue #4 "Title 4": milestone "Old" → "New"; labels +"carried-over"`
	got := stepLines(t, 120, carry(1, "carried-over"), carry(2), carry(3, "carried-over"), label, carry(4, "carried-over"))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var many []jsonv1.Step
	for i := range 60 {
		many = append(many, carry(int64(i)))
	}
	got = stepLines(t, 120, many...)
	if n := strings.Count(got, "\n"); n != 51 || !strings.HasSuffix(got, "\n      … and 10 more (-o json lists all)") {
		t.Errorf("60 issues are %d lines:\n%s", n+1, got)
	}
}

// A changed text is shown by its changed lines, without prodctl's hidden lines, which GitLab does not show either.
func TestChangedTextShowsDiff(t *testing.T) {
	t.Parallel()
	change := func(before, after string) jsonv1.Step {
		return jsonv1.Step{Action: jsonv1.MilestoneUpdate, Object: jsonv1.Object{Title: "Old"}, Before: &jsonv1.Fields{Description: &before}, After: &jsonv1.Fields{Description: &after}}
	}
	for _, tt := range []struct{ name, before, after, want string }{
		{"in the middle", "a\nb\nc", "a\nB\nB2\nc", "        - b\n        + B\n        + B2"},
		{"at the end, with our marks", "a\n", "a\n\n<!-- prodctl:roll due=2018-08-24 -->\n| 3 |\n<!-- /prodctl:roll -->\n", "        +\n        + | 3 |"},
		{"line ends of another kind", "a\r\nb\r\n", "a\nb\nc", "        + c"},
		{"everything", "a\nb", "", "        - a\n        - b"},
		{"somebody's comment stays", "", "a\n<!-- note -->", "        + a\n        + <!-- note -->"},
		{"very long", "", strings.Repeat("x\n", 20), strings.Repeat("        + x\n", 12) + "        … and 8 more lines"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := "  ~ change milestone \"Old\"\n      description\n" + tt.want
			if diff := cmp.Diff(want, stepLines(t, 80, change(tt.before, tt.after))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
