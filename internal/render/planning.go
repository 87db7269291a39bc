package render

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// MilestonePlan shows a planning session. As a table it has a row for each figure, each goal and each finding.
func (v *View) MilestonePlan(doc jsonv1.MilestonePlan) error {
	return show(v, doc, v.milestonePlanForm)
}

func (v *View) milestonePlanForm(doc jsonv1.MilestonePlan) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Part", Field: "part"}, {Name: "Name", Field: "name"},
		{Name: "Issues", Field: "issues", Right: true}, {Name: "Weight", Field: "weight", Right: true},
		{Name: "Title", Field: "title", Min: 16}, {Name: "Problems", Field: "problems", Min: 16},
		{Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}}
	for _, f := range figures(doc) {
		s.Rows = append(s.Rows, []cell{text(f.part), text(f.name), number(f.Issues), optional(f.Weight), text(""), text(""),
			text(""), text(""), text("")})
	}
	for _, i := range doc.Goals {
		s.Rows = append(s.Rows, plannedRow("goal", i))
	}
	for _, i := range doc.Findings {
		s.Rows = append(s.Rows, plannedRow("finding", i))
	}
	b := body{Sheet: s, Notes: doc.Notes}
	if doc.Milestone == nil { // the note is all there is
		b.Sheet.None, b.Notes = strings.Join(doc.Notes, ". "), nil
		return b, nil
	}
	b.Post = planOutline(doc, jsonv1.Target{}).Markdown()
	return b, func(p *page) { p.Outline(planOutline(doc, doc.Target)) }
}

// figure is a row of a table with an amount.
type figure struct {
	part, name string
	jsonv1.Amount
}

func figures(doc jsonv1.MilestonePlan) (list []figure) {
	if c := doc.Capacity; c != nil {
		for _, l := range c.Likely {
			list = append(list, figure{"capacity", fmt.Sprintf("%d %%", l.Percent), l.Amount})
		}
		if c.Basis == jsonv1.BasisMean {
			list = append(list, figure{"capacity", "mean", c.Expected})
		}
		list = append(list, figure{"room", fmt.Sprintf("%d %%", doc.Room.SharePercent), doc.Room.All})
	}
	if n := doc.Planned; n != nil {
		list = append(list, figure{"planned", "", jsonv1.Amount{Issues: n.Issues, Weight: &n.Weight}})
	}
	if doc.Room != nil {
		list = append(list, figure{"left", "", doc.Room.Left})
	}
	return list
}

func plannedRow(part string, i jsonv1.PlannedIssue) []cell {
	return []cell{text(part), text(i.Ref), text(""), optional(i.Weight), form.Secret(i.Title, i.Confidential, i.Withheld),
		text(problemText(i)), truth(i.Confidential, "confidential"), truth(i.Withheld, "withheld"), text(i.WebURL)}
}

func problemText(i jsonv1.PlannedIssue) string {
	var list []string
	for _, p := range i.Problems {
		list = append(list, p.Text)
	}
	return strings.Join(list, "; ")
}

// planOutline is the session as a page and as a text to post. References on a page leave out the project if that is in.
func planOutline(doc jsonv1.MilestonePlan, in jsonv1.Target) outline {
	m := doc.Milestone
	o := outline{Head: []line{unindented(as(strong, m.Title), t(fmt.Sprintf(" (%s to %s)", words.OrNone(m.Start), words.OrNone(m.Due))))},
		Facts: capacityFacts(doc), Notes: doc.Notes}
	var goals, findings []line
	for _, i := range doc.Goals {
		goals = append(goals, unindented(plannedLine(in, i)...))
	}
	for _, i := range doc.Findings {
		findings = append(findings, unindented(plannedLine(in, i)...))
		for _, problem := range i.Problems {
			findings = append(findings, below(2, t(problem.Text)))
		}
	}
	o.Sections = []layout.Section{section(words.Noun(len(goals), "Goal"), goals),
		section(fmt.Sprintf("To fix (%s)", words.Count(len(doc.Findings), "issue")), findings)}
	return o
}

// plannedLine is an issue with its weight, its age and its assignees.
func plannedLine(in jsonv1.Target, i jsonv1.PlannedIssue) []span {
	name := i.Ref
	if number, own := strings.CutPrefix(name, in.Path+"#"); own {
		name = "#" + number
	}
	spans := form.Titled(name, i.Title, i.Confidential, i.Withheld).Spans
	var list []string
	if i.Weight != nil {
		list = append(list, fmt.Sprintf("weight %d", *i.Weight))
	}
	if i.AgeDays != nil {
		list = append(list, words.Count(*i.AgeDays, "day"))
	}
	if len(i.Assignees) > 0 {
		list = append(list, words.Mentions(i.Assignees))
	}
	if len(list) > 0 {
		spans = append(spans, as(faint, " ("+strings.Join(list, ", ")+")"))
	}
	return spans
}

func capacityFacts(doc jsonv1.MilestonePlan) (list []layout.Fact) {
	if c := doc.Capacity; c != nil {
		from := "from the last timebox"
		if n := len(c.Timeboxes); n > 1 {
			from = fmt.Sprintf("from the last %d timeboxes", n)
		}
		list = append(list, fact("Capacity", t(fmt.Sprintf("%d of %s, %s", c.Available, words.Count(c.PersonDays, "person-day"), from))))
		for _, l := range c.Likely {
			list = append(list, fact(fmt.Sprintf("%d %%", l.Percent), t("at least "+amount(l.Amount))))
		}
		if c.Basis == jsonv1.BasisMean {
			list = append(list, fact("Mean", t(amount(c.Expected))))
		}
		of := "the 50 % figure"
		if c.Basis == jsonv1.BasisMean {
			of = "the mean"
		}
		list = append(list, fact("Room", t(fmt.Sprintf("%s (%d %% of %s)", amount(doc.Room.All), doc.Room.SharePercent, of))))
	}
	list = append(list, fact("Planned", t(plannedAmount(*doc.Planned))))
	if doc.Room != nil {
		list = append(list, fact("Left", leftSpans(doc)...))
	}
	if n := doc.Planned.Unscheduled; n > 0 {
		list = append(list, fact("Unscheduled", t(amount(jsonv1.Amount{Issues: n, Weight: known(doc.Planned.UnscheduledWeight)}))))
	}
	return append(list, fact("Theme", t(doc.Theme)))
}

func amount(a jsonv1.Amount) string {
	s := words.Count(a.Issues, "issue")
	if a.Weight != nil {
		s += fmt.Sprintf(", weight %d", *a.Weight)
	}
	return s
}

func plannedAmount(n jsonv1.Planned) string {
	s := amount(jsonv1.Amount{Issues: n.Issues, Weight: known(n.Weight)})
	if n.WithoutWeight > 0 && n.Weight > 0 {
		s += fmt.Sprintf(" (%d without weight)", n.WithoutWeight)
	}
	return s
}

// known returns nil for a weight that nobody counts.
func known(weight int) *int {
	if weight == 0 {
		return nil
	}
	return &weight
}

// leftSpans says how much can still be planned, or by how much the room is exceeded.
func leftSpans(doc jsonv1.MilestonePlan) []span {
	if !doc.Over {
		return []span{as(good, amount(doc.Room.Left))}
	}
	return []span{as(bad, "over by "+strings.Join(excess(doc.Room.Left), ", "))}
}

// excess is what is planned beyond the room.
func excess(left jsonv1.Amount) (list []string) {
	if left.Issues < 0 {
		list = append(list, words.Count(-left.Issues, "issue"))
	}
	if left.Weight != nil && *left.Weight < 0 {
		list = append(list, fmt.Sprintf("weight %d", -*left.Weight))
	}
	return list
}

// Backtest shows for each finished timebox what would have been forecast, and what was finished.
func (v *View) Backtest(doc jsonv1.Backtest) error { return show(v, doc, v.backtestForm) }

func (v *View) backtestForm(doc jsonv1.Backtest) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Milestone", Field: "title", Min: 12}, {Name: "Due", Field: "due", Drop: 2}, {Field: "from"},
		{Name: "Chance", Field: "percent", Right: true},
		{Name: "Issues", Field: "forecast_issues", Right: true}, {Name: "Done", Field: "issues", Right: true},
		{Name: "Held", Field: "held_issues"},
		{Name: "Weight", Field: "forecast_weight", Right: true}, {Name: "Done", Field: "weight", Right: true},
		{Name: "Held", Field: "held_weight"},
	}, None: "No forecasts to test in " + words.Where(doc.Target)}
	for _, trial := range doc.Trials {
		for _, c := range trial.Likely {
			s.Rows = append(s.Rows, []cell{
				text(trial.Title), text(trial.Due), number(trial.From), percent(&c.Percent), number(c.Issues), number(trial.Issues),
				held(&c.HeldIssues), optional(c.Weight), optional(trial.Weight), held(c.HeldWeight),
			})
		}
	}
	return body{Sheet: s, Tail: heldShares(doc.Held), Notes: doc.Notes}, nil
}

// held is whether a figure held, in words with a color.
func held(b *bool) cell {
	switch {
	case b == nil:
		return text("")
	case *b:
		return cellOf(as(good, "yes"), "true")
	}
	return cellOf(as(bad, "no"), "false")
}

func heldShares(list []jsonv1.Held) (sentences []string) {
	for _, h := range list {
		s := fmt.Sprintf("The %d %% figure held in %d of %s", h.Percent, h.Issues, words.Count(h.Of, "timebox"))
		if h.Weight != nil {
			s += fmt.Sprintf(", by weight in %d", *h.Weight)
		}
		sentences = append(sentences, s+".")
	}
	return sentences
}

// Goals shows open goals, those of the timebox first.
func (v *View) Goals(doc jsonv1.Goals) error { return show(v, doc, goalsForm) }

func goalsForm(doc jsonv1.Goals) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Issue", Field: "ref"},
		{Name: "Kind", Field: "kind"},
		{Name: "Owner", Field: "owners", Min: 6, Drop: 2},
		{Name: "Due", Field: "due"},
		{Name: "Done", Field: "pieces", Right: true},
		{Name: "Forecast", Field: "forecast", Drop: 3},
		{Name: "Title", Field: "title", Min: 18},
		{Field: "problems"}, {Field: "weight"}, {Field: "milestone"}, {Field: "columns"}, {Field: "ok"}, {Field: "confidential"},
		{Field: "withheld"}, {Field: "web_url"},
	}, None: noGoals(doc), Rows: form.Rows(doc.Goals, goalRow)}
	return body{Sheet: s, Tail: goalCounts(doc), Notes: doc.Notes}, nil
}

// noGoals is the sentence for an empty list.
func noGoals(doc jsonv1.Goals) string {
	if doc.Open > 0 {
		return "No problems found in " + words.Count(doc.Open, "goal")
	}
	return "No open goals in " + words.Where(doc.Target)
}

func goalRow(g jsonv1.TeamGoal) []cell {
	pieces := ""
	if g.Pieces != nil {
		pieces = fmt.Sprintf("%d/%d", g.Pieces.Done, g.Pieces.All)
	}
	return []cell{text(g.Ref), text(g.Kind), form.People(g.Owners), text(g.Due), text(pieces), text(g.Forecast),
		form.Secret(g.Title, g.Confidential, g.Withheld), text(unmet(g.Problems)), optional(g.Weight), text(g.Milestone), form.Listed(g.Columns),
		truth(g.OK, "ok"), truth(g.Confidential, "confidential"), truth(g.Withheld, "withheld"), text(g.WebURL)}
}

// goalCounts is the line below the list, and the problems of each goal.
func goalCounts(doc jsonv1.Goals) []string {
	if len(doc.Goals) == 0 {
		return nil
	}
	list := []string{fmt.Sprintf("%s open, %d with problems; the quarter ends on %s", words.Count(doc.Open, "goal"), doc.Problems,
		doc.Quarter.To)}
	for _, g := range doc.Goals {
		if len(g.Problems) > 0 {
			list = append(list, g.Ref+": "+unmet(g.Problems))
		}
	}
	return list
}
