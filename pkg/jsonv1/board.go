package jsonv1

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// KindBoard is the kind of [Board].
const KindBoard = "board"

// Board is the team's board: its columns from left to right.
type Board struct {
	Head
	Target    Target       `json:"target"`
	Name      string       `json:"name,omitempty"`
	Milestone string       `json:"milestone,omitempty"` // title of the milestone, if only its issues are shown
	Columns   List[Column] `json:"columns"`
	Notes     List[string] `json:"notes"`
}

// Column is one column of the board.
type Column struct {
	Title     string     `json:"title"`
	Label     string     `json:"label,omitempty"` // absent for the closed column
	Limit     *int       `json:"limit,omitempty"` // of work in progress; absent: none
	Count     int        `json:"count"`
	OverLimit bool       `json:"over_limit"`
	Issues    List[Card] `json:"issues"` // can be fewer than Count
}

// Card is one issue on the board.
type Card struct {
	Ref          string       `json:"ref" withheld:"keep"` // group/project#12
	Title        string       `json:"title"`               // empty if withheld
	Assignees    List[string] `json:"assignees"`           // user names without @
	Weight       *int         `json:"weight,omitempty"`
	AgeDays      *int         `json:"age_days,omitempty"` // whole days in this column; absent: unknown
	Handoff      bool         `json:"handoff"`            // marked for the next shift
	Confidential bool         `json:"confidential" withheld:"keep"`
	Withheld     bool         `json:"withheld" withheld:"keep"`
	OtherColumns []string     `json:"other_columns,omitempty"` // set only if the issue is in several columns, which is an error
	WebURL       string       `json:"web_url,omitempty" withheld:"keep"`
}

// NewBoard returns a board without columns.
func NewBoard(in target.Target, name string) Board {
	return Board{Head: head(KindBoard), Target: TargetOf(in), Name: name}
}

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
