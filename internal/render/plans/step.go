// Package plans renders the steps of a plan and their outcomes as text.
//
// Start with [WritePlan] and [WriteApplied]. step.go finds the verb and the object of a step, and fields.go its changed fields. Other
// documents, colors and terminal widths do not belong here.
package plans

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// sign is the symbol before a step, which shows its effect without colors.
func sign(s jsonv1.Step) layout.Span {
	switch {
	case creates(s.Action) || (s.Action == jsonv1.NoteUpsert || s.Action == jsonv1.IssueUpsert) && isNew(s):
		return layout.As(layout.Good, "+")
	case strings.HasSuffix(string(s.Action), ".delete"):
		return layout.As(layout.Bad, "-")
	}
	return layout.As(layout.Warn, "~")
}

// isNew reports whether an upserted comment did not exist when the plan was made.
func isNew(s jsonv1.Step) bool { return s.IdempotencyKey != nil && s.IdempotencyKey.Searched }

func creates(a jsonv1.Action) bool { return strings.HasSuffix(string(a), ".create") }

// object names the object of a step. The project or group is shown above it.
func object(s jsonv1.Step) string {
	switch s.Action {
	case jsonv1.IssueUpdate:
		return issueOf(s)
	case jsonv1.BoardListCreate, jsonv1.BoardListMove:
		return "column " + words.Quoted(s.Object.Title)
	case jsonv1.NoteCreate:
		return "a comment to " + issueOf(s)
	case jsonv1.NoteUpsert:
		if isNew(s) {
			return "a comment to " + issueOf(s)
		}
		return "the comment on " + issueOf(s)
	case jsonv1.IssueMove:
		return issueOf(s) + " to " + s.To
	case jsonv1.IssueUpsert:
		if s.Object.IID == 0 {
			return "issue " + words.Quoted(s.Object.Title)
		}
		return issueOf(s)
	case jsonv1.LinkCreate:
		return issueOf(s) + " to " + s.To
	case jsonv1.IssueAssign:
		return issueOf(s)
	case jsonv1.IssueReconcile:
		if s.After != nil {
			return issueOf(s)
		}
		if s.Rules == "handoff" {
			return "label and assignee of " + issueOf(s)
		}
		if s.Rules == "report" {
			return "the report in " + issueOf(s)
		}
		if s.Rules == "id" {
			return "the hidden lines of " + issueOf(s)
		}
		return "the " + s.Rules + " record and labels of " + issueOf(s)
	}
	noun, _, _ := strings.Cut(string(s.Action), ".")
	switch s.Action {
	case jsonv1.FreezeCreate:
		noun = "freeze period"
	case jsonv1.FreezeDelete:
		return "freeze period " + strconv.FormatInt(s.Object.ID, 10)
	}
	return noun + " " + words.Quoted(s.Object.Title)
}

// issueOf names the issue of a step. One that an earlier step creates has no number yet.
func issueOf(s jsonv1.Step) string {
	switch {
	case s.Object.CreatedBy != "":
		return "the new issue"
	case s.Object.Title == "":
		return issueNumber(s)
	}
	return issueNumber(s) + " " + words.Quoted(s.Object.Title)
}

func issueNumber(s jsonv1.Step) string { return "issue #" + strconv.FormatInt(s.Object.IID, 10) }

// verb describes the effect of a step before and after it is done. field is the field whose change the verb includes,
// and value is its new value if the verb alone does not show it.
type verb struct {
	base, past   string
	field, value string
}

func verbOf(s jsonv1.Step) verb {
	switch {
	case s.Action == jsonv1.BoardListCreate:
		return verb{base: "add", past: "added"}
	case s.Action == jsonv1.BoardListMove:
		return verb{base: "move", past: "moved"}
	case s.Action == jsonv1.NoteCreate:
		return verb{base: "add", past: "added"}
	case s.Action == jsonv1.NoteUpsert:
		if isNew(s) {
			return verb{base: "add", past: "added"}
		}
		return verb{base: "edit", past: "edited"}
	case s.Action == jsonv1.IssueMove:
		return verb{base: "move", past: "moved", field: "project"}
	case s.Action == jsonv1.IssueUpsert && s.Object.IID == 0:
		return verb{base: "create", past: "created"}
	case s.Action == jsonv1.IssueUpsert:
		return verb{base: "update", past: "updated"}
	case s.Action == jsonv1.LinkCreate:
		return verb{base: "link", past: "linked"}
	case s.Action == jsonv1.IssueAssign:
		return verb{base: "assign", past: "assigned"}
	case s.Action == jsonv1.IssueReconcile:
		return verb{base: "update", past: "updated"}
	case creates(s.Action):
		return verb{base: "create", past: "created"}
	case strings.HasSuffix(string(s.Action), ".delete"):
		return verb{base: "delete", past: "deleted"}
	case s.After == nil:
		return verb{base: "change", past: "changed"}
	case s.Action == jsonv1.IssueUpdate:
		return issueVerb(s)
	}
	return updateVerb(s)
}

// updateVerb returns the verb for a milestone or a label.
func updateVerb(s jsonv1.Step) verb {
	to := s.After
	switch {
	case to.Title != nil:
		return verb{"rename", "renamed", titleField(s.Action), words.Quoted(*to.Title)}
	case value(to.State) == "closed":
		return verb{base: "close", past: "closed", field: "state"}
	case to.State != nil:
		return verb{base: "reopen", past: "reopened", field: "state"}
	}
	return verb{base: "change", past: "changed"}
}

func issueVerb(s jsonv1.Step) verb {
	to := s.After
	switch {
	case value(to.State) == "closed":
		return verb{base: "close", past: "closed", field: "state"}
	case to.State != nil:
		return verb{base: "reopen", past: "reopened", field: "state"}
	case to.Milestone != nil || to.MilestoneID != nil || s.From != "":
		return verb{base: "move", past: "moved"}
	case len(to.AddLabels)+len(to.RemoveLabels) > 0:
		return verb{base: "label", past: "labeled"}
	}
	return verb{base: "change", past: "changed"}
}

func titleField(a jsonv1.Action) string {
	if a == jsonv1.LabelUpdate {
		return "name"
	}
	return "title"
}

// otherChanges returns the changes that the verb of the step does not include.
func otherChanges(s jsonv1.Step) []change {
	included := verbOf(s).field
	return slices.DeleteFunc(changes(s), func(c change) bool { return included != "" && c.field == included })
}

// groupKey is the same for issue steps with the same changes, so that they are written once. Other steps have unique keys.
func groupKey(s jsonv1.Step) string {
	if !grouping(s.Action) {
		return s.Key
	}
	return fmt.Sprintf("%q %q %q", s.From, s.To, changes(s))
}

// grouping reports whether steps of this kind are written together.
func grouping(a jsonv1.Action) bool { return a == jsonv1.IssueUpdate || a == jsonv1.IssueMove }

// writeSteps writes the steps under their projects or groups. Consecutive issue steps of one kind are passed to write together: their
// order does not matter, because no issue waits for another.
func writeSteps[S any](p *layout.Page, steps []S, step func(S) jsonv1.Step, kind func(S) string, write func([]S)) {
	place := jsonv1.Target{}
	for len(steps) > 0 {
		first := step(steps[0])
		if first.Target != place {
			place = first.Target
			p.Gap()
			p.Line(0, layout.T("in "+words.Where(place)+":"))
		}
		n := 1
		for grouping(first.Action) && n < len(steps) && step(steps[n]).Action == first.Action && step(steps[n]).Target == place {
			n++
		}
		for _, group := range grouped(steps[:n], kind) {
			write(group)
		}
		steps = steps[n:]
	}
}

// grouped groups steps by kind, in the order of the first step of each kind.
func grouped[S any](steps []S, kind func(S) string) [][]S {
	var groups [][]S
	place := map[string]int{}
	for _, s := range steps {
		k := kind(s)
		if _, known := place[k]; !known {
			place[k] = len(groups)
			groups = append(groups, nil)
		}
		groups[place[k]] = append(groups[place[k]], s)
	}
	return groups
}

// inlineLines is the maximum number of lines of a step before its changes are listed below each other.
const inlineLines = 2

// headline writes the line of a step: the verb, the object (or the number n of issues), and the new value. The reason, if any, is
// below it. The other changes follow on the same line if they are short, or else on lines of their own.
func headline(p *layout.Page, s jsonv1.Step, done []layout.Span, n int, reason string, list []change) {
	what := object(s)
	if n > 1 {
		what = words.Count(n, "issue")
		if s.Action == jsonv1.IssueMove {
			what += " to " + s.To
		}
	}
	head := slices.Concat([]layout.Span{sign(s), layout.T(" ")}, done, []layout.Span{layout.T(" "), layout.As(layout.Strong, what)})
	if to := verbOf(s).value; to != "" {
		head = append(head, layout.T(" → "), layout.As(layout.Strong, to))
	}
	var inLine []string
	var below []layout.Fact
	for _, c := range list {
		if !c.long() {
			inLine = append(inLine, c.String())
			below = append(below, layout.Fact{Name: c.field, Value: []layout.Span{layout.T(c.values())}})
		}
	}
	if len(below) > 0 {
		all := append(slices.Clone(head), layout.T(": "+strings.Join(inLine, "; ")))
		if p.Width == 0 || len(layout.Wrap(layout.Sanitize(all), p.Width-2, p.Width-4)) <= inlineLines {
			head, below = all, nil
		}
	}
	p.Line(2, head...)
	if reason != "" {
		p.Line(6, layout.As(layout.Bad, reason))
	}
	p.Packed(6, below)
}

// mostIssues is the maximum number of issues that are listed for one change.
const mostIssues = 50

// writeIssues lists the issues that are changed in the same way.
func writeIssues(p *layout.Page, n int, step func(int) jsonv1.Step) {
	if n == 1 {
		return
	}
	for i := range n {
		if i == mostIssues {
			p.Line(6, layout.As(layout.Faint, "… and "+strconv.Itoa(n-i)+" more (-o json lists all)"))
			return
		}
		s := step(i)
		p.Line(6, layout.T("#"+strconv.FormatInt(s.Object.IID, 10)+" "+s.Object.Title))
	}
}
