package render

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// HandoffList shows what is ready to be taken. On a page each issue has a paragraph, since its words are longer than a column.
func (v *View) HandoffList(doc jsonv1.HandoffList) error {
	if !v.reveals() {
		doc = doc.Withhold()
	}
	s := sheet{columns: handedOnColumns(), none: "nothing is ready for a hand-off"}
	for _, e := range doc.Entries {
		s.rows = append(s.rows, handedOnRow(e))
	}
	var tail []string
	if n := len(doc.Entries); n > 0 {
		tail = []string{count(n, "issue") + " ready; to take one: prodctl handoff take ISSUE"}
	}
	b := body{sheet: s, tail: tail, notes: doc.Notes}
	if len(doc.Entries) == 0 {
		return v.show(doc, b, nil)
	}
	return v.show(doc, b, func(p *page) {
		p.handedOn(doc.Entries)
		p.tail(b.sentences())
	})
}

// HandoffCheck says whether every issue that has to be handed on has a note of the shift: first the one sentence, then those that lack one, with what to type.
func (v *View) HandoffCheck(doc jsonv1.HandoffCheck) error {
	if !v.reveals() {
		doc = doc.Withhold()
	}
	s := sheet{columns: append([]column{{name: "Note", field: "note"}}, handedOnColumns()...), none: "nothing has to be handed on"}
	for _, e := range doc.Lacking {
		s.rows = append(s.rows, append([]cell{{as(bad, "lacking"), "lacking"}}, handedOnRow(e)...))
	}
	for _, e := range doc.Noted {
		s.rows = append(s.rows, append([]cell{{as(good, "there"), "there"}}, handedOnRow(e)...))
	}
	verdict := notesThere(doc)
	b := body{sheet: s, tail: []string{words(verdict.spans)}, notes: doc.Notes}
	return v.show(doc, b, func(p *page) {
		p.lines([]line{verdict})
		if len(doc.Lacking) > 0 {
			p.gap()
			p.handedOn(doc.Lacking)
		}
		if len(doc.Noted) > 0 {
			p.gap()
			p.line(0, as(strong, "With a note"))
			for _, e := range doc.Noted {
				p.line(2, titled(e.Ref, e.Title, e.Confidential, e.Withheld).spans...)
				p.facts(4, []fact{{"Said", lastSaid(e.LastUpdate)}})
			}
		}
		p.tail(notes(doc.Notes))
	})
}

// notesThere is the sentence before all others.
func notesThere(doc jsonv1.HandoffCheck) line {
	shift := fmt.Sprintf(" in the shift of %s since %s", doc.Shift.Region, moment(doc.Shift.From))
	all := len(doc.Lacking) + len(doc.Noted)
	switch {
	case all == 0:
		return says(as(good, "nothing has to be handed on"), t(shift))
	case doc.Complete && all == 1:
		return says(as(good, "the one issue has a note"), t(shift))
	case doc.Complete:
		return says(as(good, "every one of "+count(all, "issue")+" has a note"), t(shift))
	}
	return says(as(bad, fmt.Sprintf("%d of %s", len(doc.Lacking), count(all, "issue"))), t(" without a full note"+shift))
}

func handedOnColumns() []column {
	return []column{
		{name: "Issue", field: "ref"}, {name: "Title", field: "title", min: 16}, {name: "Left off", field: "left_off", min: 16}, {name: "Next", field: "next_step", min: 16},
		{name: "Marked by", field: "marked_by"}, {name: "Marked", field: "marked_at"}, {name: "Assignees", field: "assignees"}, {name: "Missing", field: "missing"},
		{name: "Type", field: "mend"},
		{field: "kind"}, {field: "severity"}, {field: "state"}, {field: "last_update_at"}, {field: "last_update_by"}, {field: "last_update_text"},
		{field: "confidential"}, {field: "withheld"}, {field: "web_url"},
	}
}

func handedOnRow(e jsonv1.HandoffEntry) []cell {
	said := jsonv1.Update{}
	if e.LastUpdate != nil {
		said = *e.LastUpdate
	}
	by := e.MarkedBy
	if by != "" {
		by = "@" + by
	}
	return []cell{
		text(e.Ref), secret(e.Title, e.Confidential, e.Withheld), text(inOneLine(e.LeftOff)), text(inOneLine(e.NextStep)),
		both(by, e.MarkedBy), both(moment(e.MarkedAt), e.MarkedAt), people(e.Assignees), text(strings.Join(e.Missing, "; ")),
		text(e.Mend),
		text(e.Kind), text(e.Severity), text(e.State), text(said.At), text(said.By), text(said.Text),
		truth(e.Confidential, "confidential"), truth(e.Withheld, "withheld"), text(e.WebURL),
	}
}

// handedOn writes a paragraph for each issue.
func (p *page) handedOn(list []jsonv1.HandoffEntry) {
	for n, e := range list {
		if n > 0 {
			p.gap()
		}
		head := titled(e.Ref, e.Title, e.Confidential, e.Withheld).spans
		p.line(0, head...)
		facts := []fact{
			{"Left off", []span{t(inOneLine(e.LeftOff))}},
			{"Next", []span{t(inOneLine(e.NextStep))}},
			{"Marked", markedBy(e)},
			{"Assignees", []span{t(mentions(e.Assignees))}},
		}
		if e.Kind == "incident" {
			facts = append([]fact{{"Incident", []span{incidentState(jsonv1.IncidentState(e.State)), t(", severity "), severity(e.Severity)}}}, facts...)
		}
		if e.LeftOff == "" {
			facts = append(facts, fact{"Last said", lastSaid(e.LastUpdate)})
		}
		for _, m := range e.Missing {
			facts = append(facts, fact{"Missing", []span{as(warn, m)}})
		}
		p.facts(2, append(facts, fact{"Type", []span{t(e.Mend)}}))
	}
}

func markedBy(e jsonv1.HandoffEntry) []span {
	if e.MarkedAt == "" {
		return nil
	}
	return []span{t(moment(e.MarkedAt) + " by @" + e.MarkedBy)}
}

// inOneLine is a text of several lines on one.
func inOneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
