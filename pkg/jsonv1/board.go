package jsonv1

import "gitlab.com/prodctl/prodctl/pkg/target"

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
