package render

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Milestones shows a list of milestones.
func (v *View) Milestones(doc jsonv1.Milestones) error { return show(v, doc, v.milestonesForm) }

func (v *View) milestonesForm(doc jsonv1.Milestones) (body, func(*page)) {
	s := sheet{Columns: milestoneColumns(), None: "No milestones in " + words.Where(doc.Target), Rows: form.Rows(doc.Milestones, milestoneRow)}
	return body{Sheet: s}, nil
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

// daysLeft is a number for programs. For people it has a unit, and text in addition to the color once the day has passed.
func daysLeft(n *int) cell {
	c := optional(n)
	if n == nil {
		return c
	}
	switch {
	case *n < 0:
		c.Span = as(bad, words.Count(-*n, "day")+" overdue")
	case *n == 0:
		c.Span = as(warn, "today")
	default:
		c.Span = t(words.Count(*n, "day"))
	}
	return c
}

// Milestone shows one milestone with its issues by column. In a pipe it is one line: the columns of the list, the counts and the
// description.
func (v *View) Milestone(doc jsonv1.Milestone) error { return show(v, doc, v.milestoneForm) }

func (v *View) milestoneForm(doc jsonv1.Milestone) (body, func(*page)) {
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
	b := body{Sheet: s}
	if len(doc.Columns) > 0 {
		b.Post = s.Markdown(nil) + "\n### Issues\n\n" + contents(doc).Markdown(nil)
	}
	return b, func(p *page) { milestone(p, doc) }
}

func milestone(p *page, m jsonv1.Milestone) {
	state := m.State
	if m.Role != "" {
		state += ", " + m.Role
	}
	p.Line(0, as(strong, m.Title), t(" ("+state+")"))
	owner := words.Where(m.Target)
	if m.Group && m.Target.Kind == "project" {
		owner = "a parent group of " + owner
	}
	list := []layout.Fact{fact("In", t(owner)), fact("Dates"), fact("Issues", counted(m.Issues)...), fact("Weight", counted(m.Weight)...),
		fact("URL", t(m.WebURL))}
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
	for _, c := range m.Columns {
		p.Gap()
		p.Line(0, as(strong, cmp.Or(c.Title, "No column")), t(fmt.Sprintf(" (%s, weight %d)", words.Count(len(c.Issues), "issue"), c.Weight)))
		for _, i := range c.Issues {
			p.Lines([]line{below(2, plannedLine(m.Target, i)...)})
		}
	}
}

// contents is a table of the issues of a milestone.
func contents(m jsonv1.Milestone) sheet {
	s := sheet{Columns: []column{{Name: "Column"}, {Name: "Issue"}, {Name: "Title"}, {Name: "Weight", Right: true},
		{Name: "Days", Right: true}, {Name: "Assignees"}}}
	for _, c := range m.Columns {
		for _, i := range c.Issues {
			s.Rows = append(s.Rows, []cell{text(cmp.Or(c.Title, "No column")), text(i.Ref), form.Secret(i.Title, i.Confidential, i.Withheld),
				optional(i.Weight), optional(i.AgeDays), form.People(i.Assignees)})
		}
	}
	return s
}

func counted(c *jsonv1.Count) []span {
	if c == nil {
		return nil
	}
	return []span{t(fmt.Sprintf("%d open, %d closed", c.Open, c.Closed))}
}

// Velocity shows what was finished in each timebox, and on a page also a bar with the scheduled share.
func (v *View) Velocity(doc jsonv1.Velocity) error { return show(v, doc, v.velocityForm) }

func (v *View) velocityForm(doc jsonv1.Velocity) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Field: "id"},
		{Name: "Milestone", Field: "title", Min: 16},
		{Name: "Start", Field: "start", Drop: 5},
		{Name: "Due", Field: "due", Drop: 4},
		{Name: "Done", Field: "issues", Right: true},
		{Name: "Weight", Field: "weight", Right: true},
		{Name: "Total", Field: "total", Right: true, Drop: 3},
		{Field: "scheduled"}, {Field: "unscheduled"}, {Field: "toil"},
		{Name: "Scheduled", Field: "scheduled_percent", Right: true},
		{Name: "Unscheduled", Field: "unscheduled_percent", Right: true, Drop: 2},
		{Name: "Toil", Field: "toil_percent", Right: true, Drop: 1},
		{Name: "Carried", Field: "carried", Right: true},
		{Field: "without_weight"},
	}, None: "No finished milestones in " + words.Where(doc.Target)}
	for _, box := range doc.Timeboxes {
		s.Rows = append(s.Rows, []cell{
			text(fmt.Sprint(box.ID)), text(box.Title), text(box.Start), text(box.Due),
			number(box.Issues), optional(box.Weight), number(box.Total),
			number(box.Scheduled), number(box.Unscheduled), number(box.Toil),
			percent(box.ScheduledPercent), percent(box.UnscheduledPercent), percent(box.ToilPercent),
			number(box.Carried), number(box.WithoutWeight),
		})
	}
	b := body{Sheet: s, Tail: mean(doc), Notes: doc.Notes}
	return b, func(p *page) {
		p.Sheet(s)
		velocityBars(p, doc)
		p.Tail(b.Sentences())
	}
}

func percent(n *int) cell {
	c := optional(n)
	if n != nil {
		c.Span = t(strconv.Itoa(*n) + " %")
	}
	return c
}

func mean(doc jsonv1.Velocity) []string {
	m := doc.Mean
	if m == nil {
		return nil
	}
	issues := decimal(m.Issues)
	if issues == "1" {
		issues += " issue"
	} else {
		issues += " issues"
	}
	s := fmt.Sprintf("Mean of %s: %s", words.Count(len(doc.Timeboxes), "milestone"), issues)
	if m.Weight != nil {
		s += ", weight " + decimal(*m.Weight)
	}
	if m.ScheduledPercent != nil {
		s += fmt.Sprintf("; scheduled %d %% (%s)", *m.ScheduledPercent, judge(*m.ScheduledPercent, doc.Goal))
	}
	return []string{s}
}

func decimal(f float64) string { return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0") }

func judge(share int, goal jsonv1.Goal) string {
	switch {
	case share < goal.LowPercent:
		return fmt.Sprintf("below the goal of %d-%d %%", goal.LowPercent, goal.HighPercent)
	case share > goal.HighPercent:
		return fmt.Sprintf("above the goal of %d-%d %%", goal.LowPercent, goal.HighPercent)
	}
	return fmt.Sprintf("within the goal of %d-%d %%", goal.LowPercent, goal.HighPercent)
}

// The lengths of a bar of 100 percent, on wide and on narrow terminals.
const (
	longBar  = 20
	shortBar = 10
)

// velocityBars draws a bar for each timebox with a scheduled share, on a background that shows the goal.
func velocityBars(p *page, doc jsonv1.Velocity) {
	cells := longBar
	if p.Width > 0 && p.Width < layout.Narrow {
		cells = shortBar
	}
	var list []layout.Fact
	for _, box := range doc.Timeboxes {
		if box.ScheduledPercent == nil {
			continue
		}
		share := *box.ScheduledPercent
		word, look := "within", good
		switch {
		case share < doc.Goal.LowPercent:
			word, look = "below", warn
		case share > doc.Goal.HighPercent:
			word, look = "above", warn
		}
		list = append(list, fact(words.OrNone(box.Due),
			as(look, bar(share, cells, doc.Goal)), t(fmt.Sprintf(" %3d %% ", share)), as(look, word),
		))
	}
	if len(list) == 0 {
		return
	}
	p.Gap()
	p.Line(0, as(strong, fmt.Sprintf("Scheduled (goal: %d-%d %%)", doc.Goal.LowPercent, doc.Goal.HighPercent)))
	p.Facts(0, list)
}

// bar is filled up to the share; after it, the cells within the goal are shaded.
func bar(share, cells int, goal jsonv1.Goal) string {
	var b strings.Builder
	for i := range cells {
		middle := (2*i + 1) * 100 / (2 * cells)
		switch {
		case middle < share:
			b.WriteRune('█')
		case middle >= goal.LowPercent && middle < goal.HighPercent:
			b.WriteRune('░')
		default:
			b.WriteRune('·')
		}
	}
	return b.String()
}
