package plans

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// PlanSheet returns a row for each step.
func PlanSheet(doc jsonv1.Plan) layout.Sheet {
	s := layout.Sheet{Columns: stepColumns(), None: nothingToDo(doc.Command, doc.Notes)}
	for _, step := range doc.Steps {
		s.Rows = append(s.Rows, stepRow(step))
	}
	return s
}

// noChangePrefix starts the note that says why a plan is empty.
const noChangePrefix = "No change: "

// noChange returns the note that says why a plan is empty; empty if there is none.
func noChange(notes []string) string {
	if len(notes) > 0 && strings.HasPrefix(notes[0], noChangePrefix) {
		return notes[0]
	}
	return ""
}

// nothingToDo is the text for an empty plan: the note that says why, or else the command.
func nothingToDo(command string, notes []string) string {
	return cmp.Or(noChange(notes), command+": nothing to do")
}

// OtherNotes returns the notes of a plan with so many steps, without the one that is shown as its result.
func OtherNotes(notes []string, steps int) []string {
	if steps == 0 && noChange(notes) != "" {
		return notes[1:]
	}
	return notes
}

// stepColumns returns the columns of a step. The last one is the key, which only programs need.
func stepColumns() []layout.Column {
	return []layout.Column{
		{Name: "Action", Field: "action"},
		{Field: "kind"},
		{Name: "In", Field: "target", Min: 12},
		{Field: "id"}, {Field: "iid"},
		{Name: "Object", Field: "title", Min: 20},
		{Name: "Changes", Field: "changes", Min: 20},
		{Field: "key"},
	}
}

func stepRow(s jsonv1.Step) []layout.Cell {
	return []layout.Cell{
		layout.Both(verbOf(s).base, string(s.Action)), layout.Text(s.Target.Kind), layout.Text(s.Target.Path),
		id(s.Object.ID), id(s.Object.IID), layout.Both(object(s), s.Object.Title), layout.Text(changeList(s)), layout.Text(s.Key),
	}
}

func id(n int64) layout.Cell {
	if n == 0 {
		return layout.Text("")
	}
	return layout.Text(strconv.FormatInt(n, 10))
}

// PlanSum counts the steps by their effect.
func PlanSum(doc jsonv1.Plan) []string {
	if len(doc.Steps) == 0 {
		return nil
	}
	n := map[string]int{}
	for _, s := range doc.Steps {
		n[sign(s).Text]++
	}
	sum := fmt.Sprintf("Plan: %d to create, %d to change, %d to delete.", n["+"], n["~"], n["-"])
	if doc.Destructive {
		sum += " Deletions cannot be undone."
	}
	return []string{sum}
}

// WritePlan writes a plan on a page.
func WritePlan(p *layout.Page, doc jsonv1.Plan) {
	if len(doc.Steps) == 0 {
		if unchanged := noChange(doc.Notes); unchanged != "" {
			p.Line(0, layout.T(unchanged))
		} else {
			p.Line(0, layout.As(layout.Strong, doc.Command), layout.T(": nothing to do"))
		}
		if !p.Quiet {
			for _, s := range layout.Notes(OtherNotes(doc.Notes, 0)) {
				p.Sentence(s)
			}
		}
		return
	}
	p.Line(0, layout.As(layout.Strong, doc.Command), layout.T(" on "+doc.Host+", "+doc.Today))
	itself := func(s jsonv1.Step) jsonv1.Step { return s }
	writeSteps(p, doc.Steps, itself, groupKey, func(steps []jsonv1.Step) { writePlanned(p, steps) })
	p.Tail(append(PlanSum(doc), layout.Notes(doc.Notes)...))
}

// writePlanned writes a step, or several issues that are changed in the same way.
func writePlanned(p *layout.Page, steps []jsonv1.Step) {
	first := steps[0]
	list := otherChanges(first)
	headline(p, first, []layout.Span{layout.T(verbOf(first).base)}, len(steps), "", list)
	for _, c := range list {
		if c.long() {
			p.Line(6, layout.As(layout.Faint, c.field))
			writeDiff(p, c)
		}
	}
	writeIssues(p, len(steps), func(i int) jsonv1.Step { return steps[i] })
}

// hiddenLine reports whether a line is one of prodctl's markers, which GitLab does not show.
func hiddenLine(line string) bool {
	return strings.HasPrefix(line, "<!-- prodctl:") || strings.HasPrefix(line, "<!-- /prodctl:")
}

// diffLines is the maximum number of lines on either side of a diff.
const diffLines = 12

func writeDiff(p *layout.Page, c change) {
	removed, added := textDiff(c.before, c.after)
	diffSide(p, layout.As(layout.Bad, "- "), removed)
	diffSide(p, layout.As(layout.Good, "+ "), added)
}

func diffSide(p *layout.Page, sign layout.Span, lines []string) {
	lines = slices.DeleteFunc(lines, hiddenLine)
	for i, line := range lines {
		if i == diffLines {
			p.Line(8, layout.As(layout.Faint, "… and "+words.Count(len(lines)-i, "more line")))
			return
		}
		p.Hang(8, []layout.Span{sign}, 10, layout.T(line))
	}
}
