package render

import (
	"fmt"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Milestones shows a list of milestones.
func (v *View) Milestones(doc jsonv1.Milestones) error {
	s := sheet{columns: milestoneColumns(), none: "no milestones in " + where(doc.Target)}
	for _, m := range doc.Milestones {
		s.rows = append(s.rows, milestoneRow(m))
	}
	return v.show(doc, body{sheet: s}, nil)
}

func milestoneColumns() []column {
	return []column{
		{field: "id"}, {field: "iid"},
		{name: "Title", field: "title", min: 20},
		{name: "Role", field: "role"},
		{name: "State", field: "state"},
		{name: "Start", field: "start", drop: 1},
		{name: "Due", field: "due"},
		{name: "Left", field: "days_left", right: true, drop: 2},
		{field: "group"}, {field: "web_url"},
	}
}

func milestoneRow(m jsonv1.MilestoneItem) []cell {
	state := text(m.State)
	if m.State == "closed" {
		state = styled(faint, m.State)
	}
	role := text(m.Role)
	if m.Role != "" {
		role = styled(strong, m.Role)
	}
	return []cell{
		text(fmt.Sprint(m.ID)), text(fmt.Sprint(m.IID)), text(m.Title), role, state,
		text(m.Start), text(m.Due), daysLeft(m.DaysLeft), truth(m.Group, "group"), text(m.WebURL),
	}
}

// daysLeft is a number for programs, and says in words and not in colour alone when the day has passed.
func daysLeft(n *int) cell {
	c := optional(n)
	if n == nil {
		return c
	}
	switch {
	case *n < 0:
		c.span = as(bad, "over by "+count(-*n, "day"))
	case *n == 0:
		c.span = as(warn, "today")
	default:
		c.span = t(count(*n, "day"))
	}
	return c
}

// Milestone shows one milestone. In a pipe it is one line: that of the list, the counts and the description.
func (v *View) Milestone(doc jsonv1.Milestone) error {
	s := sheet{columns: append(milestoneColumns(),
		column{name: "Open", field: "open_issues", right: true}, column{name: "Closed", field: "closed_issues", right: true},
		column{name: "Weight open", field: "open_weight", right: true},
		column{name: "Weight closed", field: "closed_weight", right: true}, column{field: "description"})}
	row := milestoneRow(doc.MilestoneItem)
	for _, c := range []*jsonv1.Count{doc.Issues, doc.Weight} {
		if c == nil {
			row = append(row, text(""), text(""))
		} else {
			row = append(row, number(c.Open), number(c.Closed))
		}
	}
	s.rows = [][]cell{append(row, text(doc.Description))}
	return v.show(doc, body{sheet: s}, func(p *page) { p.milestone(doc) })
}

func (p *page) milestone(m jsonv1.Milestone) {
	state := m.State
	if m.Role != "" {
		state += ", " + m.Role
	}
	p.line(0, as(strong, m.Title), t(" ("+state+")"))
	owner := where(m.Target)
	if m.Group && m.Target.Kind == "project" {
		owner = "a group above " + owner
	}
	list := []fact{{"In", []span{t(owner)}}, {"Dates", nil}, {"Issues", counted(m.Issues)}, {"Weight", counted(m.Weight)},
		{"Address", []span{t(m.WebURL)}}}
	if m.Start != "" || m.Due != "" {
		list[1].value = []span{t(fmt.Sprintf("%s to %s", orNone(m.Start), orNone(m.Due)))}
	}
	if m.DaysLeft != nil {
		left := daysLeft(m.DaysLeft).span
		switch {
		case *m.DaysLeft > 0:
			left.text += " left"
		case *m.DaysLeft == 0:
			left.text = "ends today"
		}
		list[1].value = append(list[1].value, t(", "), left)
	}
	p.facts(2, list)
	if m.Description != "" {
		p.gap()
		p.prose(2, m.Description)
	}
}

func counted(c *jsonv1.Count) []span {
	if c == nil {
		return nil
	}
	return []span{t(fmt.Sprintf("%d open, %d closed", c.Open, c.Closed))}
}
