package render

import (
	"cmp"
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/handoff"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// HandoffList shows the issues that are ready to hand off. On a page each issue has a paragraph, since its note is longer than a column.
// A long list is cut on a page and in Markdown, unless all is set.
func (v *View) HandoffList(doc jsonv1.HandoffList, all bool) error {
	return show(v, doc, func(doc jsonv1.HandoffList) (body, func(*page)) { return v.handoffListForm(doc, shownOf(all)) })
}

func (v *View) handoffListForm(doc jsonv1.HandoffList, most int) (body, func(*page)) {
	s := sheet{Columns: handoffColumns(), None: "No issues ready to hand off", Rows: form.Rows(doc.Entries, handoffMarkRow)}
	var tail []string
	if n := len(doc.Entries); n > 0 {
		tail = []string{words.Count(n+doc.Omitted, "issue") + " ready. Next: prodctl handoff take ISSUE"}
	}
	shown, more := handoff.Cut(doc.Entries, most)
	if more > 0 {
		tail = append(tail, words.More(more, "prodctl handoff list --all"))
	}
	b := body{Sheet: s, Tail: tail, Notes: doc.Notes}
	if len(doc.Entries) == 0 {
		return b, nil
	}
	b.Post = firstRows(s, most).Markdown(b.Sentences())
	return b, func(p *page) {
		handoffParagraphs(p, shown)
		p.Tail(b.Sentences())
	}
}

// HandoffCheck shows whether every issue is ready for the hand-off: first the verdict, then the issues that are not, with the command to
// fix each.
// Long lists are cut on a page and in Markdown, unless all is set.
func (v *View) HandoffCheck(doc jsonv1.HandoffCheck, all bool) error {
	return show(v, doc, func(doc jsonv1.HandoffCheck) (body, func(*page)) { return v.handoffCheckForm(doc, shownOf(all)) })
}

// firstRows returns a table with its first rows.
func firstRows(s sheet, most int) sheet {
	s.Rows, _ = handoff.Cut(s.Rows, most)
	return s
}

func (v *View) handoffCheckForm(doc jsonv1.HandoffCheck, most int) (body, func(*page)) {
	s := sheet{Columns: append([]column{{Name: "Note", Field: "note"}}, handoffColumns()...), None: "Nothing to hand off"}
	for _, e := range doc.Incomplete {
		s.Rows = append(s.Rows, append([]cell{cellOf(as(bad, "missing"), "missing")}, handoffMarkRow(e)...))
	}
	for _, e := range doc.Ready {
		s.Rows = append(s.Rows, append([]cell{cellOf(as(good, "present"), "present")}, handoffMarkRow(e)...))
	}
	verdict := checkVerdict(doc)
	b := body{Sheet: s, Tail: []string{layout.PlainText(verdict.Spans)}, Notes: doc.Notes}
	all := "prodctl handoff check --all --shift " + doc.Shift.ID
	if _, more := handoff.Cut(s.Rows, most); more > 0 {
		b.Post = firstRows(s, most).Markdown(append(b.Sentences(), words.More(more, all)))
	}
	incomplete, moreIncomplete := handoff.Cut(doc.Incomplete, most)
	ready, moreReady := handoff.Cut(doc.Ready, most)
	rest := func(p *page, indent, more int) {
		if more > 0 {
			p.Line(indent, as(faint, words.More(more, all)))
		}
	}
	return b, func(p *page) {
		p.Lines([]line{verdict})
		if r := doc.Receipt; r != nil {
			p.Line(0, t("Hand-off accepted"+byWhom(r.By)+" at "+words.Moment(r.At)), t(reasoned(inOneLine(r.Text))))
		}
		if len(doc.Incomplete) > 0 {
			p.Gap()
			handoffParagraphs(p, incomplete)
			rest(p, 0, moreIncomplete)
		}
		if len(doc.Ready) > 0 {
			p.Gap()
			p.Line(0, as(strong, "Ready"))
			for _, e := range ready {
				p.Line(2, form.Titled(e.Ref, e.Title, e.Confidential, e.Withheld).Spans...)
				p.Facts(4, []layout.Fact{fact("Last update", lastUpdateSpans(e.LastUpdate)...)})
			}
			rest(p, 2, moreReady)
		}
		p.Tail(layout.Notes(doc.Notes))
	}
}

// byWhom names a person; empty if the name is withheld.
func byWhom(user string) string {
	if user == "" {
		return ""
	}
	return " by " + by(user)
}

// checkVerdict returns the first line of the check.
func checkVerdict(doc jsonv1.HandoffCheck) line {
	shift := fmt.Sprintf(" (%s shift since %s)", doc.Shift.Region, words.Moment(doc.Shift.From))
	all := len(doc.Incomplete) + len(doc.Ready)
	switch {
	case all == 0:
		return unindented(as(good, "Nothing to hand off"), t(shift))
	case doc.Complete && all == 1:
		return unindented(as(good, "1 issue is ready to hand off"), t(shift))
	case doc.Complete:
		return unindented(as(good, "All "+words.Count(all, "issue")+" are ready to hand off"), t(shift))
	}
	return unindented(as(bad, fmt.Sprintf("%d of %s", len(doc.Incomplete), words.Count(all, "issue"))), t(" not ready to hand off"+shift))
}

func handoffColumns() []column {
	return []column{
		{Name: "Issue", Field: "ref"}, {Name: "Title", Field: "title", Min: 16}, {Name: "Left off", Field: "left_off", Min: 16},
		{Name: "Next", Field: "next_step", Min: 16}, {Field: "contingency"},
		{Name: "Marked by", Field: "marked_by"}, {Name: "Marked", Field: "marked_at"}, {Name: "Assignees", Field: "assignees"},
		{Name: "Problems", Field: "missing"},
		{Name: "Fix", Field: "fix"},
		{Field: "kind"}, {Field: "severity"}, {Field: "state"}, {Field: "last_update_at"}, {Field: "last_update_by"}, {Field: "last_update_text"},
		{Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}
}

func handoffMarkRow(e jsonv1.HandoffEntry) []cell {
	update := lastUpdate(e.LastUpdate)
	return []cell{
		text(e.Ref), form.Secret(e.Title, e.Confidential, e.Withheld), text(inOneLine(e.LeftOff)), text(inOneLine(e.NextStep)),
		text(inOneLine(e.Contingency)),
		both(by(e.MarkedBy), e.MarkedBy), both(words.Moment(e.MarkedAt), e.MarkedAt), form.People(e.Assignees),
		text(strings.Join(e.Missing, "; ")),
		text(e.Fix),
		text(e.Kind), text(e.Severity), text(e.State), text(update.At), text(update.By), text(update.Text),
		truth(e.Confidential, "confidential"), truth(e.Withheld, "withheld"), text(e.WebURL),
	}
}

// handoffParagraphs writes a paragraph for each issue.
func handoffParagraphs(p *page, list []jsonv1.HandoffEntry) {
	for n, e := range list {
		if n > 0 {
			p.Gap()
		}
		head := form.Titled(e.Ref, e.Title, e.Confidential, e.Withheld).Spans
		p.Line(0, head...)
		facts := []layout.Fact{
			fact("Left off", t(inOneLine(e.LeftOff))),
			fact("Next", t(inOneLine(e.NextStep))),
			fact("Contingency", t(inOneLine(e.Contingency))),
			fact("Marked", markedBy(e)...),
			fact("Assignees", t(words.Mentions(e.Assignees))),
		}
		if e.Kind == "incident" {
			state := cmp.Or(jsonv1.IncidentState(e.State), jsonv1.IncidentUnknown)
			facts = append([]layout.Fact{fact("Incident", words.IncidentState(state), t(", severity "), words.Severity(e.Severity))}, facts...)
		}
		if e.LeftOff == "" {
			facts = append(facts, fact("Last update", lastUpdateSpans(e.LastUpdate)...))
		}
		for _, m := range e.Missing {
			facts = append(facts, fact("Problem", as(warn, m)))
		}
		p.Facts(2, facts)
		if e.Fix != "" {
			p.Line(2, as(faint, "To fix"))
			p.Command(4, e.Fix)
		}
	}
}

func markedBy(e jsonv1.HandoffEntry) []span {
	if e.MarkedAt == "" {
		return nil
	}
	return []span{t(words.Moment(e.MarkedAt) + " by " + by(e.MarkedBy))}
}

// inOneLine joins the lines of a text.
func inOneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
