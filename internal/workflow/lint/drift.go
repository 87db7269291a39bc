package lint

import (
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/lint"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// drifted returns the finding that a step for milestones or the board fixes. The steps that follow from another one have none.
func drifted(rule lint.Rule, step plan.Step) (lint.Finding, bool) {
	f := lint.Finding{Rule: rule, Fix: &lint.Fix{}}
	switch s := step.(type) {
	case plan.CreateMilestone:
		f.Place, f.Text = lint.Place{In: s.In.Path, Milestone: s.Draft.Title}, "Missing"
	case plan.UpdateMilestone:
		f.Place, f.Text = lint.Place{In: s.In.Path, Milestone: s.Before.Title}, milestoneText(s)
	case plan.DeleteMilestone:
		f.Place, f.Text = lint.Place{In: s.In.Path, Milestone: s.Ref.Title}, "Exists twice with the same dates"
	case plan.CreateBoard:
		f.Place, f.Text = lint.Place{In: s.In.Path, Board: s.Name}, "Missing"
	case plan.DeleteBoard:
		f.Place, f.Text = lint.Place{In: s.In.Path, Board: s.Name}, "Exists twice"
	case plan.CreateBoardList:
		f.Place, f.Text = lint.Place{In: s.In.Path, Label: s.Label}, "Not a column of the board"
	case plan.MoveBoardList:
		f.Place, f.Text = lint.Place{In: s.In.Path, Label: s.Label}, "Its column is not in the configured order"
	default:
		return f, false
	}
	return f, true
}

func milestoneText(s plan.UpdateMilestone) string {
	switch after := s.Change.Of(s.Before); {
	case after.Box() != s.Before.Box() && s.Before.Start.IsZero() && s.Before.Due.IsZero():
		return "Has no dates"
	case after.Box() != s.Before.Box():
		return fmt.Sprintf("Runs %s, which does not fit the cadence (expected %s)", box(s.Before), box(after))
	case after.Title != s.Before.Title:
		return fmt.Sprintf("Has started, but is not called %q", after.Title)
	}
	return "Its description lacks the dated name"
}

// box formats the dates of a milestone, one of which may be missing.
func box(m milestone.Milestone) string {
	switch {
	case m.Start.IsZero():
		return "to " + m.Due.String()
	case m.Due.IsZero():
		return "from " + m.Start.String()
	}
	return m.Box().String()
}

// driftedLabels returns one finding for each place: label plan lists the labels.
func driftedLabels(rule lint.Rule, steps []plan.Step) []lint.Finding {
	var places []string
	names := map[string][]string{}
	add := func(in, name string) {
		if !slices.Contains(places, in) {
			places = append(places, in)
		}
		names[in] = append(names[in], name)
	}
	for _, step := range steps {
		switch s := step.(type) {
		case plan.CreateLabel:
			add(s.In.Path, s.Label.Name)
		case plan.UpdateLabel:
			add(s.In.Path, s.Before.Name)
		}
	}
	var list []lint.Finding
	for _, in := range places {
		list = append(list, lint.Finding{Rule: rule, Place: lint.Place{In: in}, Fix: &lint.Fix{},
			Text: workflow.Count(len(names[in]), "label is missing or differs", "labels are missing or differ") + ": " + first(names[in])})
	}
	return list
}

// swept returns the findings about issues that a sweep labels.
func swept(rule lint.Rule, steps []plan.Step) []lint.Finding {
	var list []lint.Finding
	for _, step := range steps {
		s, ok := step.(plan.UpdateIssue)
		if !ok {
			continue
		}
		i := issue.Issue{Ref: s.Ref, Title: s.Title, MilestoneID: s.Still.Milestone}
		i.Confidential = s.Title == workflow.ShownTitle(issue.Issue{Confidential: true})
		list = append(list, lint.Finding{Rule: rule, Place: lint.Place{Issue: s.Ref, Confidential: i.Confidential},
			Text: "Came into the Current Milestone after its first working days", Fix: &lint.Fix{Issue: i, Add: s.Change.AddLabels}})
	}
	return list
}

// first joins the first names of a list, with the number of the others.
func first(names []string) string {
	const shown = 3
	if len(names) <= shown+1 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}

// sentence begins a text with a capital.
func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
