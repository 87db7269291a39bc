package jsonv1

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// ColumnOf returns a column with its issues. Ages are in whole days up to now; handoff is the label of issues that are marked for the
// next shift.
func ColumnOf(l board.Lane, now time.Time, handoff string) Column {
	doc := Column{Title: l.Name, Label: l.Label, Count: len(l.Cards), OverLimit: l.Over()}
	if l.Limit > 0 {
		doc.Limit = &l.Limit
	}
	for _, c := range l.Cards {
		doc.Issues = append(doc.Issues, cardOf(c, now, handoff))
	}
	return doc
}

func cardOf(c board.Card, now time.Time, handoff string) Card {
	doc := Card{
		Ref: c.Issue.Ref.String(), Title: c.Issue.Title, Assignees: slices.Clone(c.Issue.Assignees), Handoff: c.Issue.Has(handoff),
		Confidential: c.Issue.Confidential, OtherColumns: c.OtherColumns, WebURL: c.Issue.WebURL,
	}
	if weight := milestone.WeightOf(c.Issue); weight > 0 {
		doc.Weight = &weight
	}
	if !c.Since.IsZero() {
		days := max(0, int(now.Sub(c.Since)/(24*time.Hour)))
		doc.AgeDays = &days
	}
	return doc
}
