package render

import (
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Milestones shows a list of milestones.
func (v *View) Milestones(doc jsonv1.Milestones) error {
	s := sheet{Columns: milestoneColumns(), None: "no milestones in " + words.Where(doc.Target)}
	for _, m := range doc.Milestones {
		s.Rows = append(s.Rows, milestoneRow(m))
	}
	return v.show(doc, body{sheet: s}, nil)
}

func milestoneColumns() []column {
	return []column{
		{Field: "id"}, {Field: "iid"},
		{Name: "Title", Field: "title", Min: 20},
		{Name: "Role", Field: "role"},
		{Name: "State", Field: "state"},
		{Name: "Start", Field: "start", Drop: 1},
		{Name: "Due", Field: "due"},
		{Name: "Left", Field: "days_left", Right: true, Drop: 2},
		{Field: "group"}, {Field: "web_url"},
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
		c.Span = as(bad, "over by "+words.Count(-*n, "day"))
	case *n == 0:
		c.Span = as(warn, "today")
	default:
		c.Span = t(words.Count(*n, "day"))
	}
	return c
}

// Milestone shows one milestone. In a pipe it is one line: that of the list, the counts and the description.
func (v *View) Milestone(doc jsonv1.Milestone) error {
	s := sheet{Columns: append(milestoneColumns(),
		column{Name: "Open", Field: "open_issues", Right: true}, column{Name: "Closed", Field: "closed_issues", Right: true},
		column{Name: "Weight open", Field: "open_weight", Right: true},
		column{Name: "Weight closed", Field: "closed_weight", Right: true}, column{Field: "description"})}
	row := milestoneRow(doc.MilestoneItem)
	for _, c := range []*jsonv1.Count{doc.Issues, doc.Weight} {
		if c == nil {
			row = append(row, text(""), text(""))
		} else {
			row = append(row, number(c.Open), number(c.Closed))
		}
	}
	s.Rows = [][]cell{append(row, text(doc.Description))}
	return v.show(doc, body{sheet: s}, func(p *page) { milestone(p, doc) })
}

func milestone(p *page, m jsonv1.Milestone) {
	state := m.State
	if m.Role != "" {
		state += ", " + m.Role
	}
	p.Line(0, as(strong, m.Title), t(" ("+state+")"))
	owner := words.Where(m.Target)
	if m.Group && m.Target.Kind == "project" {
		owner = "a group above " + owner
	}
	list := []layout.Fact{fact("In", t(owner)), fact("Dates"), fact("Issues", counted(m.Issues)...), fact("Weight", counted(m.Weight)...),
		fact("Address", t(m.WebURL))}
	if m.Start != "" || m.Due != "" {
		list[1].Value = []span{t(fmt.Sprintf("%s to %s", words.OrNone(m.Start), words.OrNone(m.Due)))}
	}
	if m.DaysLeft != nil {
		left := daysLeft(m.DaysLeft).Span
		switch {
		case *m.DaysLeft > 0:
			left.Text += " left"
		case *m.DaysLeft == 0:
			left.Text = "ends today"
		}
		list[1].Value = append(list[1].Value, t(", "), left)
	}
	p.Facts(2, list)
	if m.Description != "" {
		p.Gap()
		p.Prose(2, m.Description)
	}
}

func counted(c *jsonv1.Count) []span {
	if c == nil {
		return nil
	}
	return []span{t(fmt.Sprintf("%d open, %d closed", c.Open, c.Closed))}
}
