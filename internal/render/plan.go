package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// planSheet has a row for each step.
func planSheet(doc jsonv1.Plan) sheet {
	s := sheet{columns: stepColumns(), none: doc.Command + ": nothing to do."}
	for _, step := range doc.Steps {
		s.rows = append(s.rows, stepRow(step))
	}
	return s
}

// stepColumns end with the key, which only programs need to read.
func stepColumns() []column {
	return []column{
		{name: "Action", field: "action"},
		{field: "kind"},
		{name: "In", field: "target", min: 12},
		{field: "id"}, {field: "iid"},
		{name: "Object", field: "title", min: 20},
		{name: "Changes", field: "changes", min: 20},
		{field: "key"},
	}
}

func stepRow(s jsonv1.Step) []cell {
	return []cell{
		both(deedOf(s).verb, string(s.Action)), text(s.Target.Kind), text(s.Target.Path),
		id(s.Object.ID), id(s.Object.IID), both(object(s), s.Object.Title), text(changeList(s)), text(s.Key),
	}
}

func id(n int64) cell {
	if n == 0 {
		return text("")
	}
	return text(strconv.FormatInt(n, 10))
}

// planSum counts the steps by what they do.
func planSum(doc jsonv1.Plan) []string {
	if len(doc.Steps) == 0 {
		return nil
	}
	n := map[string]int{}
	for _, s := range doc.Steps {
		n[mark(s).text]++
	}
	sum := fmt.Sprintf("Plan: %d to create, %d to change, %d to delete.", n["+"], n["~"], n["-"])
	if doc.Destructive {
		sum += " What is deleted is gone for good."
	}
	return []string{sum}
}

func (p *page) plan(doc jsonv1.Plan) {
	if len(doc.Steps) == 0 {
		p.line(0, as(strong, doc.Command), t(": nothing to do."))
		if !p.quiet {
			for _, s := range notes(doc.Notes) {
				p.line(0, t(s))
			}
		}
		return
	}
	p.line(0, as(strong, doc.Command), t(" on "+doc.Host+", "+doc.Today))
	itself := func(s jsonv1.Step) jsonv1.Step { return s }
	tell(p, doc.Steps, itself, alike, func(steps []jsonv1.Step) { p.planned(steps) })
	p.tail(append(planSum(doc), notes(doc.Notes)...))
}

// planned writes a step, or several issues that are changed in the same way.
func (p *page) planned(steps []jsonv1.Step) {
	first := steps[0]
	list := untold(first)
	p.headline(first, []span{t(deedOf(first).verb)}, len(steps), "", list)
	for _, c := range list {
		if c.long() {
			p.line(6, as(faint, c.field))
			p.difference(c)
		}
	}
	p.crowd(len(steps), func(i int) jsonv1.Step { return steps[i] })
}

// ownMark holds for the lines by which prodctl finds its part of a text again, and which GitLab does not show.
func ownMark(line string) bool {
	return strings.HasPrefix(line, "<!-- prodctl:") || strings.HasPrefix(line, "<!-- /prodctl:")
}

// diffLines is how many lines of a text are shown on either side of a change.
const diffLines = 12

func (p *page) difference(c change) {
	gone, come := textDiff(c.before, c.after)
	p.half(as(bad, "- "), gone)
	p.half(as(good, "+ "), come)
}

func (p *page) half(sign span, lines []string) {
	lines = slices.DeleteFunc(lines, ownMark)
	for i, line := range lines {
		if i == diffLines {
			p.line(8, as(faint, "… and "+count(len(lines)-i, "more line")))
			return
		}
		p.hang(8, []span{sign}, 10, t(line))
	}
}
