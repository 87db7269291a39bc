package render

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// This file has what pages and tables of all issues share.

// lastUpdate is the last update, or an empty one.
func lastUpdate(u *jsonv1.Update) jsonv1.Update {
	if u == nil {
		return jsonv1.Update{}
	}
	return *u
}

// secret is a title. The mark of a confidential one comes first, where it is not cut.
func secret(title string, confidential, withheld bool) cell {
	switch {
	case withheld:
		return both(words.HiddenTitle, "")
	case confidential:
		return both(words.HiddenTitle+" "+title, title)
	}
	return text(title)
}

// titled is an issue at the start of a line.
func titled(ref, title string, confidential, withheld bool) line {
	spans := []span{as(strong, ref)}
	if confidential || withheld {
		spans = append(spans, t(" "), as(warn, words.HiddenTitle))
	}
	if title != "" && !withheld {
		spans = append(spans, t(" "+title))
	}
	return unindented(spans...)
}

func relatedLines(list []jsonv1.Related) []line {
	var lines []line
	for _, r := range list {
		lines = append(lines, titled(r.Ref, r.Title, r.Confidential, false))
	}
	return lines
}

func relatedRefs(list []jsonv1.Related) []string {
	var refs []string
	for _, r := range list {
		refs = append(refs, r.Ref)
	}
	return refs
}

// problems are sentences with line and column.
func problems(list []jsonv1.Problem) []string {
	var sentences []string
	for _, p := range list {
		sentences = append(sentences, fmt.Sprintf("line %d, column %d: %s", p.Line, p.Column, p.Text))
	}
	return sentences
}

// issueState is whether the issue is open, which differs from the state of its incident or change.
func issueState(open bool) []span {
	if open {
		return []span{t("open")}
	}
	return []span{t("closed")}
}

func listed(list []string) cell { return text(strings.Join(list, ", ")) }

func people(users []string) cell {
	return both(words.Mentions(users), strings.Join(users, " "))
}

// counting is the number of sentences for people, who read them elsewhere, and the sentences themselves for programs.
func counting(list []string) cell {
	if len(list) == 0 {
		return text("")
	}
	return cellOf(as(warn, fmt.Sprint(len(list))), strings.Join(list, "; "))
}

// maybe is empty if unknown.
func maybe(b *bool) cell {
	if b == nil {
		return text("")
	}
	return text(fmt.Sprint(*b))
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
	}, None: noGoals(doc), Rows: rows(doc.Goals, goalRow)}
	return body{sheet: s, tail: goalCounts(doc), notes: doc.Notes}, nil
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
	return []cell{text(g.Ref), text(g.Kind), people(g.Owners), text(g.Due), text(pieces), text(g.Forecast),
		secret(g.Title, g.Confidential, g.Withheld), text(unmet(g.Problems)), optional(g.Weight), text(g.Milestone), listed(g.Columns),
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
