package board

import (
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/label"
)

// Column is one column of the team's board.
type Column struct {
	Name  string // as people call it and type it
	Label string // what its issues carry; empty for the closed column
	Limit int    // most issues in it at once; 0: no limit
}

// Closed reports whether the column is the closed state and no label.
func (c Column) Closed() bool { return c.Label == "" }

// Layout is the board as the team declares it.
type Layout struct {
	Name    string   // of the board in GitLab
	Columns []Column // from left to right, each with a label; the closed column is not among them
	Done    string   // what the closed column is called
	Ready   string   // name of the column that only ready issues may enter; empty: none
}

// Builtin is the handbook's board.
func Builtin() Layout {
	return Layout{
		Name: "Team board",
		Columns: []Column{
			{Name: "Planning", Label: "Planning"},
			{Name: "Ready", Label: "Ready"},
			{Name: "Waiting", Label: "Waiting"},
			{Name: "In Progress", Label: "In Progress"},
		},
		Done:  "Completed",
		Ready: "Ready",
	}
}

// All are the columns with the closed one at the end.
func (l Layout) All() []Column { return append(slices.Clone(l.Columns), l.closed()) }

func (l Layout) closed() Column { return Column{Name: l.Done} }

// Names are the names of all columns, for messages and completion.
func (l Layout) Names() []string {
	var names []string
	for _, c := range l.All() {
		names = append(names, c.Name)
	}
	return names
}

// Find gives the column that a person means: by its name or its label, first as written, then without regard to
// case, spaces, hyphens and underscores. "closed" is the closed column unless another is called so.
func (l Layout) Find(typed string) (Column, bool) {
	for _, same := range []func(a, b string) bool{
		func(a, b string) bool { return a == b },
		func(a, b string) bool { return fold(a) == fold(b) && fold(a) != "" },
	} {
		for _, c := range l.All() {
			if same(c.Name, typed) || !c.Closed() && same(c.Label, typed) {
				return c, true
			}
		}
	}
	if fold(typed) == "closed" {
		return l.closed(), true
	}
	return Column{}, false
}

func fold(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '_' {
			return -1
		}
		return r
	}, s))
}

// Labels is the set with a declaration for every column; those that the set lacks are added at its end.
func (l Layout) Labels(set label.Set) label.Set {
	out := slices.Clone(set)
	for _, c := range l.Columns {
		if _, ok := out.Find(c.Label); !ok {
			out = append(out, label.Declared{Name: c.Label, Description: "Board: " + c.Name})
		}
	}
	return out
}

// Fault is one thing wrong with a layout. Index is the column's place, -1 for the board as a whole.
type Fault struct {
	Index int
	Field string // "name", "label", "limit", "done", "ready"
	Text  string // lower case, no full stop
}

func (f Fault) Error() string { return f.Text }

// Validate lists every fault of the layout.
func (l Layout) Validate() []Fault {
	var faults []Fault
	report := func(i int, field, format string, args ...any) {
		faults = append(faults, Fault{i, field, fmt.Sprintf(format, args...)})
	}
	if strings.TrimSpace(l.Name) == "" {
		report(-1, "name", "the board has no name")
	}
	if strings.TrimSpace(l.Done) == "" {
		report(-1, "done", "the closed column has no name")
	}
	if len(l.Columns) == 0 {
		report(-1, "name", "the board has no columns")
	}
	names, labels := map[string]bool{fold(l.Done): true}, map[string]bool{}
	for i, c := range l.Columns {
		switch {
		case fold(c.Name) == "":
			report(i, "name", "the column has no name")
		case names[fold(c.Name)]:
			report(i, "name", "two columns are called %s, or so alike that they cannot be told apart", c.Name)
		}
		if why := label.CheckName(c.Label); why != "" {
			report(i, "label", "the label %q of column %s %s", c.Label, c.Name, why)
		} else if labels[c.Label] {
			report(i, "label", "two columns have the label %s", c.Label)
		}
		if c.Limit < 0 {
			report(i, "limit", "the limit of column %s is %d: 0 means none", c.Name, c.Limit)
		}
		names[fold(c.Name)], labels[c.Label] = true, true
	}
	if c, ok := l.Find(l.Ready); l.Ready != "" && (!ok || c.Closed()) {
		report(-1, "ready", "no column is called %s", l.Ready)
	}
	return faults
}
