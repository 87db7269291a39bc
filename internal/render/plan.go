package render

import (
	"fmt"
	"strconv"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Plan shows what a command would do. Nothing to do is a page of one line, and nothing in a pipe.
func (v *View) Plan(doc jsonv1.Plan) error {
	s := sheet{columns: stepColumns()}
	for _, step := range doc.Steps {
		s.rows = append(s.rows, stepRow(step))
	}
	s.none = "Nothing to do."
	b := body{sheet: s, tail: append(planSum(doc), notes(doc.Notes)...)}
	return v.show(doc, b, func(p *page) { p.plan(doc, b.tail) })
}

func stepColumns() []column {
	return []column{
		{field: "key"},
		{name: "Action", field: "action"},
		{field: "kind"},
		{name: "In", field: "target", min: 12},
		{field: "id"}, {field: "iid"},
		{name: "Object", field: "title", min: 20},
		{name: "Changes", field: "changes", min: 20},
	}
}

func stepRow(s jsonv1.Step) []cell {
	name := object(s)
	if s.Action == jsonv1.IssueUpdate {
		name += " " + s.Object.Title
	}
	return []cell{
		text(s.Key), text(string(s.Action)), text(s.Target.Kind), text(s.Target.Path),
		id(s.Object.ID), id(s.Object.IID), both(name, s.Object.Title), text(changeList(s)),
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
		n[mark(s.Action).text]++
	}
	sum := fmt.Sprintf("Plan: %d to create, %d to change, %d to delete.", n["+"], n["~"], n["-"])
	if doc.Destructive {
		sum += " What is deleted is gone for good."
	}
	return []string{sum}
}

func (p *page) plan(doc jsonv1.Plan, tail []string) {
	if len(doc.Steps) == 0 {
		p.line(0, as(strong, doc.Command), t(": nothing to do."))
		if !p.o.Quiet {
			for _, s := range notes(doc.Notes) {
				p.line(0, t(s))
			}
		}
		return
	}
	p.line(0, as(strong, doc.Command), t(" on "+doc.Host+", "+doc.Today))
	p.steps(doc.Steps)
	p.tail(tail)
}

// steps writes steps under the places they are in, alike ones together.
func (p *page) steps(steps []jsonv1.Step) {
	place := jsonv1.Target{}
	for len(steps) > 0 {
		if steps[0].Target != place {
			place = steps[0].Target
			p.gap()
			p.line(0, t("in "+where(place)+":"))
		}
		n := 1
		for n < len(steps) && alike(steps[0], steps[n]) {
			n++
		}
		if n == 1 {
			p.step(steps[0])
		} else {
			p.crowd(steps[:n])
		}
		steps = steps[n:]
	}
}

func (p *page) step(s jsonv1.Step) {
	head := []span{mark(s.Action), t(" "), as(strong, object(s))}
	if s.Action == jsonv1.IssueUpdate {
		head = append(head, t(" "+s.Object.Title))
	}
	p.line(2, head...)
	p.changes(s)
}

// crowded is how many of alike issues are named.
const crowded = 20

// crowd writes issues that are changed in the same way.
func (p *page) crowd(steps []jsonv1.Step) {
	p.line(2, mark(steps[0].Action), t(" "), as(strong, count(len(steps), "issue")))
	p.changes(steps[0])
	for i, s := range steps {
		if i == crowded {
			p.line(6, as(faint, fmt.Sprintf("… and %d more; -o json has all", len(steps)-i)))
			break
		}
		p.line(6, t("#"+strconv.FormatInt(s.Object.IID, 10)+" "+s.Object.Title))
	}
}

// changes writes the fields of a step below it.
func (p *page) changes(s jsonv1.Step) {
	var list []fact
	for _, c := range changes(s) {
		if !c.long() {
			list = append(list, fact{c.field, []span{t(c.inOne())}})
		}
	}
	p.facts(6, list)
	for _, c := range changes(s) {
		if c.long() {
			p.line(6, as(faint, c.field))
			p.difference(c)
		}
	}
}

// diffLines is how many lines of a text are shown on either side of a change.
const diffLines = 12

func (p *page) difference(c change) {
	gone, come := textDiff(c.before, c.after)
	p.half(as(bad, "- "), gone)
	p.half(as(good, "+ "), come)
}

func (p *page) half(sign span, lines []string) {
	for i, line := range lines {
		if i == diffLines {
			p.line(8, as(faint, fmt.Sprintf("… and %s more", count(len(lines)-i, "line"))))
			return
		}
		p.line(8, sign, t(line))
	}
}
