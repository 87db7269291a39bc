package render

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// HandoffList shows what is ready to be taken. On a page each issue has a paragraph, since its words are longer than a column.
func (v *View) HandoffList(doc jsonv1.HandoffList) error {
	doc = revealed(v, doc)
	s := sheet{Columns: handedOnColumns(), None: "nothing is ready for a hand-off", Rows: rows(doc.Entries, handedOnRow)}
	var tail []string
	if n := len(doc.Entries); n > 0 {
		tail = []string{words.Count(n, "issue") + " ready; to take one: prodctl handoff take ISSUE"}
	}
	b := body{sheet: s, tail: tail, notes: doc.Notes}
	if len(doc.Entries) == 0 {
		return v.show(doc, b, nil)
	}
	return v.show(doc, b, func(p *page) {
		readyIssues(p, doc.Entries)
		p.Tail(b.sentences())
	})
}

// HandoffCheck says whether every issue that has to be handed on has a note of the shift:
// first the one sentence, then those that lack one, with what to type.
func (v *View) HandoffCheck(doc jsonv1.HandoffCheck) error {
	doc = revealed(v, doc)
	s := sheet{Columns: append([]column{{Name: "Note", Field: "note"}}, handedOnColumns()...), None: "nothing has to be handed on"}
	for _, e := range doc.Incomplete {
		s.Rows = append(s.Rows, append([]cell{cellOf(as(bad, "lacking"), "lacking")}, handedOnRow(e)...))
	}
	for _, e := range doc.Ready {
		s.Rows = append(s.Rows, append([]cell{cellOf(as(good, "there"), "there")}, handedOnRow(e)...))
	}
	verdict := notesThere(doc)
	b := body{sheet: s, tail: []string{layout.PlainText(verdict.Spans)}, notes: doc.Notes}
	return v.show(doc, b, func(p *page) {
		p.Lines([]line{verdict})
		if len(doc.Incomplete) > 0 {
			p.Gap()
			readyIssues(p, doc.Incomplete)
		}
		if len(doc.Ready) > 0 {
			p.Gap()
			p.Line(0, as(strong, "With a note"))
			for _, e := range doc.Ready {
				p.Line(2, titled(e.Ref, e.Title, e.Confidential, e.Withheld).Spans...)
				p.Facts(4, []layout.Fact{fact("Said", lastUpdateSpans(e.LastUpdate)...)})
			}
		}
		p.Tail(layout.Notes(doc.Notes))
	})
}

// notesThere is the sentence before all others.
func notesThere(doc jsonv1.HandoffCheck) line {
	shift := fmt.Sprintf(" in the shift of %s since %s", doc.Shift.Region, words.Moment(doc.Shift.From))
	all := len(doc.Incomplete) + len(doc.Ready)
	switch {
	case all == 0:
		return says(as(good, "nothing has to be handed on"), t(shift))
	case doc.Complete && all == 1:
		return says(as(good, "the one issue has a note"), t(shift))
	case doc.Complete:
		return says(as(good, "every one of "+words.Count(all, "issue")+" has a note"), t(shift))
	}
	return says(as(bad, fmt.Sprintf("%d of %s", len(doc.Incomplete), words.Count(all, "issue"))), t(" without a full note"+shift))
}

func handedOnColumns() []column {
	return []column{
		{Name: "Issue", Field: "ref"}, {Name: "Title", Field: "title", Min: 16}, {Name: "Left off", Field: "left_off", Min: 16},
		{Name: "Next", Field: "next_step", Min: 16},
		{Name: "Marked by", Field: "marked_by"}, {Name: "Marked", Field: "marked_at"}, {Name: "Assignees", Field: "assignees"},
		{Name: "Missing", Field: "missing"},
		{Name: "Fix", Field: "fix"},
		{Field: "kind"}, {Field: "severity"}, {Field: "state"}, {Field: "last_update_at"}, {Field: "last_update_by"}, {Field: "last_update_text"},
		{Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}
}

func handedOnRow(e jsonv1.HandoffEntry) []cell {
	said := lastUpdate(e.LastUpdate)
	return []cell{
		text(e.Ref), secret(e.Title, e.Confidential, e.Withheld), text(inOneLine(e.LeftOff)), text(inOneLine(e.NextStep)),
		both(by(e.MarkedBy), e.MarkedBy), both(words.Moment(e.MarkedAt), e.MarkedAt), people(e.Assignees), text(strings.Join(e.Missing, "; ")),
		text(e.Fix),
		text(e.Kind), text(e.Severity), text(e.State), text(said.At), text(said.By), text(said.Text),
		truth(e.Confidential, "confidential"), truth(e.Withheld, "withheld"), text(e.WebURL),
	}
}

// readyIssues writes a paragraph for each issue.
func readyIssues(p *page, list []jsonv1.HandoffEntry) {
	for n, e := range list {
		if n > 0 {
			p.Gap()
		}
		head := titled(e.Ref, e.Title, e.Confidential, e.Withheld).Spans
		p.Line(0, head...)
		facts := []layout.Fact{
			fact("Left off", t(inOneLine(e.LeftOff))),
			fact("Next", t(inOneLine(e.NextStep))),
			fact("Marked", markedBy(e)...),
			fact("Assignees", t(words.Mentions(e.Assignees))),
		}
		if e.Kind == "incident" {
			facts = append([]layout.Fact{fact("Incident", words.IncidentState(jsonv1.IncidentState(e.State)), t(", severity "),
				words.Severity(e.Severity))}, facts...)
		}
		if e.LeftOff == "" {
			facts = append(facts, fact("Last said", lastUpdateSpans(e.LastUpdate)...))
		}
		for _, m := range e.Missing {
			facts = append(facts, fact("Missing", as(warn, m)))
		}
		p.Facts(2, append(facts, fact("Type", t(e.Fix))))
	}
}

func markedBy(e jsonv1.HandoffEntry) []span {
	if e.MarkedAt == "" {
		return nil
	}
	return []span{t(words.Moment(e.MarkedAt) + " by @" + e.MarkedBy)}
}

// inOneLine is a text of several lines on one.
func inOneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
