// Package budget holds the form of error budgets: tables for people and programs. The rules, and the page for browsers, do not belong here.
package budget

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Form is the table and the page of error budgets.
func Form(doc jsonv1.Budget, in words.Clock) (form.Body, func(*layout.Page)) {
	f := budgets{doc, in}
	b := form.Body{Sheet: f.rows(), Notes: append(slices.Clone([]string(doc.Gaps)), doc.Notes...)}
	if doc.Explain {
		b.Sheet = f.evidence(true)
	}
	if doc.SecondOpinion != nil && doc.SecondOpinion.Error == "" { // an error is printed after the table
		b.Notes = append(b.Notes, words.SecondOpinion(*doc.SecondOpinion)...)
	}
	if len(doc.Outages) == 0 && doc.SecondOpinion == nil {
		b.Tail = []string{Headline(doc)}
		b.Post = Headline(doc) + "\n"
		for _, n := range b.Notes {
			b.Post += "\n- note: " + layout.MarkdownCell(n) + "\n"
		}
		return b, func(p *layout.Page) {
			p.Line(0, layout.T(Headline(doc)))
			p.Tail(layout.Notes(b.Notes))
		}
	}
	r := form.Report{Title: Headline(doc), Facts: f.facts(), Parts: f.parts(), Notes: append(slices.Clone([]string(doc.Gaps)), doc.Notes...)}
	b.Post = r.Markdown()
	return b, r.Write
}

// Headline is the state of the first budget in one sentence. It names what is not counted, because less may be left then.
func Headline(doc jsonv1.Budget) string {
	a := doc.Accounts[0]
	if n := len(a.Unknown); n > 0 {
		return state(doc) + "; not counted: " + words.Count(n, "incident") + " of unknown duration"
	}
	return state(doc)
}

func state(doc jsonv1.Budget) string {
	a := doc.Accounts[0]
	days := form.Days(doc.FirstDay, doc.LastDay, doc.Zone)
	switch over, overspent := strings.CutPrefix(a.Remaining, "-"); {
	case len(doc.Outages) == 0:
		return fmt.Sprintf("No incidents: all %s min of the error budget of %s are left, %s", a.Allowed, a.Name, days)
	case overspent:
		return fmt.Sprintf("Error budget of %s, %s: overspent by %s min", a.Name, days, over)
	default:
		return fmt.Sprintf("Error budget of %s, %s: %s of %s min left", a.Name, days, a.Remaining, a.Allowed)
	}
}

type budgets struct {
	jsonv1.Budget
	in words.Clock
}

// facts are the numbers of the first budget.
func (f budgets) facts() []layout.Fact {
	a := f.Accounts[0]
	fact := func(name, format string, args ...any) layout.Fact {
		return layout.Fact{Name: name, Value: []layout.Span{layout.T(fmt.Sprintf(format, args...))}}
	}
	list := []layout.Fact{fact("Objective", "%s %%", a.SLO), fact("Allowed", "%s min", a.Allowed),
		{Name: "Spent", Value: []layout.Span{spent(a)}}}
	if a.Weighted != a.Spent {
		list = append(list, fact("By impact", "%s min", a.Weighted))
	}
	if a.Excluded != "0" {
		list = append(list, fact("Approved downtime", "%s min, not counted", a.Excluded))
	}
	if a.BurnRate != "" {
		list = append(list, fact("Burn rate", "%s (1 spends the budget exactly)", a.BurnRate))
	}
	if text := f.spentAt(a); text != "" {
		list = append(list, layout.Fact{Name: "Spent by", Value: []layout.Span{layout.T(text)}})
	}
	return list
}

func spent(a jsonv1.BudgetAccount) layout.Span {
	text := a.Spent + " min"
	if a.Percent != "" {
		text += " (" + words.Percent(a.Percent) + ")"
	}
	if a.IsSpent {
		return layout.As(layout.Bad, text)
	}
	return layout.T(text)
}

// spentAt is when nothing remained or will remain.
func (f budgets) spentAt(a jsonv1.BudgetAccount) string {
	switch {
	case a.SpentAt == "":
		return ""
	case a.Projected:
		return words.Moment(a.SpentAt) + " at this rate"
	}
	return words.Moment(a.SpentAt)
}

func (f budgets) parts() (parts []form.Part) {
	if len(f.Accounts) > 1 {
		parts = append(parts, form.Part{Name: "Budgets, in minutes", Sheet: f.accounts()})
	}
	if s := f.large(); len(s.Rows) > 0 {
		parts = append(parts, form.Part{Name: "Incidents above 20 % of a budget", Sheet: s})
	}
	if f.Explain {
		parts = append(parts, form.Part{Name: "Evidence", Sheet: f.evidence(false),
			Tail: []string{"Evidence: record; text or timeline of the description; label events; opened, gitlab (the issue); ongoing (up to now)"}})
	}
	if p, ok := f.secondOpinion(); ok {
		parts = append(parts, p)
	}
	if s := f.unknown(); len(s.Rows) > 0 {
		parts = append(parts, form.Part{Name: "Unknown duration, not counted", Sheet: s})
	}
	if s := f.exclusions(); len(s.Rows) > 0 {
		parts = append(parts, form.Part{Name: "Approved downtime", Sheet: s})
	}
	return parts
}

// accounts compares the budgets.
func (f budgets) accounts() layout.Sheet {
	s := layout.Sheet{Columns: []layout.Column{
		{Name: "Budget", Field: "name", Min: 10}, {Name: "Of", Field: "scope", Drop: 3}, {Name: "Objective", Field: "slo", Right: true, Drop: 4},
		{Name: "Allowed", Field: "allowed", Right: true, Drop: 2}, {Name: "Spent", Field: "spent", Right: true},
		{Name: "Left", Field: "remaining", Right: true}, {Name: "Share", Field: "percent", Right: true, Drop: 1},
		{Name: "By impact", Field: "weighted", Right: true, Drop: 8}, {Name: "Burn rate", Field: "burn", Right: true, Drop: 6},
		{Name: "Unknown", Field: "unknown", Right: true, Drop: 7}, {Name: "Spent by", Field: "spent_at", Drop: 5},
	}, Compact: true}
	for _, a := range f.Accounts {
		scope := a.Scope
		if a.Team != "" {
			scope = a.Team
		}
		left := layout.Text(a.Remaining)
		if a.IsSpent {
			left = layout.Styled(layout.Bad, a.Remaining)
		}
		percent := ""
		if a.Percent != "" {
			percent = words.Percent(a.Percent)
		}
		unknown := ""
		if len(a.Unknown) > 0 {
			unknown = fmt.Sprint(len(a.Unknown))
		}
		s.Rows = append(s.Rows, []layout.Cell{layout.Text(a.Name), layout.Text(scope), layout.Text(a.SLO + " %"), layout.Text(a.Allowed),
			layout.Text(a.Spent), left, layout.Text(percent), layout.Text(a.Weighted), layout.Text(a.BurnRate), layout.Text(unknown),
			layout.Text(f.spentAt(a))})
	}
	return s
}

// large lists the incidents that spent a large part of a budget.
func (f budgets) large() layout.Sheet {
	s := layout.Sheet{Columns: []layout.Column{{Name: "Incident", Field: "ref"}, {Name: "Severity", Field: "severity"},
		{Name: "Minutes", Field: "minutes", Right: true}, {Name: "Budgets", Field: "budgets", Min: 12},
		{Name: "Title", Field: "title", Min: 16, Drop: 1}}}
	for _, o := range f.Outages {
		var names []string
		for _, a := range f.Accounts {
			for _, ref := range a.Large {
				if ref == o.Ref {
					names = append(names, a.Name)
				}
			}
		}
		if len(names) > 0 {
			s.Rows = append(s.Rows, []layout.Cell{layout.Text(o.Ref), severity(o), layout.Text(o.Minutes), form.Listed(names),
				form.Secret(o.Title, o.Confidential, o.Withheld)})
		}
	}
	return s
}

func severity(o jsonv1.BudgetOutage) layout.Cell {
	return layout.Cell{Span: words.Severity(o.Severity), Data: o.Severity}
}

// evidence lists every outage with how it is known. For programs it has those of unknown duration too.
func (f budgets) evidence(programs bool) layout.Sheet {
	s := layout.Sheet{Columns: []layout.Column{
		{Name: "Incident", Field: "ref"}, {Name: "Minutes", Field: "minutes", Right: true},
		{Name: "From", Field: "from"}, {Name: "Evidence", Field: "from_evidence"},
		{Name: "To", Field: "to"}, {Name: "Evidence", Field: "to_evidence"},
		{Name: "Impact", Field: "impact", Right: true, Drop: 2}, {Name: "Severity", Field: "severity", Drop: 3},
		{Name: "Not counted", Field: "excluded_minutes", Right: true, Drop: 1}, {Name: "Services", Field: "services", Drop: 4},
		{Name: "Note", Field: "note"}, {Field: "excluded_by"}, {Field: "unknown"}, {Field: "title"}, {Field: "state"},
		{Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}, None: "No incidents"}
	for _, o := range f.Outages {
		if o.Unknown != "" && !programs || o.Withheld && o.Minutes == "" && !programs {
			continue
		}
		s.Rows = append(s.Rows, []layout.Cell{layout.Text(o.Ref), layout.Text(o.Minutes), f.moment(o.From), layout.Text(o.FromEvidence),
			f.moment(o.To), layout.Text(o.ToEvidence), layout.Text(o.Impact), severity(o), layout.Text(o.Excluded), form.Listed(o.Services),
			layout.Text(o.Note), form.Listed(o.Changes), layout.Text(o.Unknown), layout.Text(o.Title), layout.Text(string(o.State)),
			layout.Truth(o.Confidential, "confidential"), layout.Truth(o.Withheld, "withheld"), layout.Text(o.WebURL)})
	}
	return s
}

func (f budgets) moment(at string) layout.Cell {
	if at == "" {
		return layout.Text("")
	}
	return layout.Both(words.Moment(at), at)
}

func (f budgets) unknown() layout.Sheet {
	s := layout.Sheet{Columns: []layout.Column{{Name: "Incident", Field: "ref"}, {Name: "Severity", Field: "severity"},
		{Name: "State", Field: "state"}, {Name: "Why", Field: "unknown", Min: 12}, {Name: "Title", Field: "title", Min: 16, Drop: 1}}}
	missing := map[string]bool{}
	for _, a := range f.Accounts {
		for _, ref := range a.Unknown {
			missing[ref] = true
		}
	}
	for _, o := range f.Outages {
		if missing[o.Ref] {
			s.Rows = append(s.Rows, []layout.Cell{layout.Text(o.Ref), severity(o), {Span: words.IncidentState(o.State), Data: string(o.State)},
				layout.Text(cmp.Or(o.Unknown, "withheld")), form.Secret(o.Title, o.Confidential, o.Withheld)})
		}
	}
	return s
}

func (f budgets) exclusions() layout.Sheet {
	s := layout.Sheet{Columns: []layout.Column{{Name: "Change", Field: "ref"}, {Name: "Window", Field: "window"},
		{Name: "Services", Field: "services"}, {Name: "Approved by", Field: "approved_by"}}}
	for _, e := range f.Excluded {
		period := ""
		if e.From != "" {
			period = f.in.Window(e.From, e.To)
		}
		s.Rows = append(s.Rows, []layout.Cell{layout.Text(e.Ref), layout.Text(period), form.Listed(e.Services), form.People(e.ApprovedBy)})
	}
	return s
}

// rows are the budgets as one table for programs.
func (f budgets) rows() layout.Sheet {
	s := layout.Sheet{}
	for _, name := range []string{"scope", "name", "team", "slo", "allowed_minutes", "spent_minutes", "remaining_minutes", "spent_percent",
		"weighted_minutes", "excluded_minutes", "burn_rate", "is_spent", "spent_at", "projected", "charged", "above_20_percent", "unknown"} {
		s.Columns = append(s.Columns, layout.Column{Field: name})
	}
	for _, a := range f.Accounts {
		s.Rows = append(s.Rows, []layout.Cell{layout.Text(a.Scope), layout.Text(a.Name), layout.Text(a.Team), layout.Text(a.SLO),
			layout.Text(a.Allowed), layout.Text(a.Spent), layout.Text(a.Remaining), layout.Text(a.Percent), layout.Text(a.Weighted),
			layout.Text(a.Excluded), layout.Text(a.BurnRate), layout.Truth(a.IsSpent, "spent"), layout.Text(a.SpentAt),
			layout.Truth(a.Projected, "projected"), form.Listed(a.Charged), form.Listed(a.Large), form.Listed(a.Unknown)})
	}
	return s
}
