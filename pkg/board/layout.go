package board

import (
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/label"
)

// Column is one column of the team's board.
type Column struct {
	Name  string // the name on screen and in arguments
	Label string // the label of its issues; empty for the closed column
	Limit int    // maximum number of issues; 0: no limit
}

// Closed reports whether the column is the closed state instead of a label.
func (c Column) Closed() bool { return c.Label == "" }

// Layout is the board as the team declares it.
type Layout struct {
	Name    string   // the board's name in GitLab
	Columns []Column // from left to right, each with a label, without the closed column
	Done    string   // name of the closed column
	Ready   string   // name of the column that accepts only ready issues; empty: none
	Start   string   // name of the column in which work starts
	Waiting string   // name of the column of work that waits; empty: none
}

// Builtin returns the handbook's board.
func Builtin() Layout {
	return Layout{
		Name: "Team board",
		Columns: []Column{
			{Name: "Planning", Label: "Planning"},
			{Name: "Ready", Label: "Ready"},
			{Name: "Waiting", Label: "Waiting"},
			{Name: "In Progress", Label: "In Progress"},
		},
		Done:    "Completed",
		Ready:   "Ready",
		Start:   "In Progress",
		Waiting: "Waiting",
	}
}

// All returns the columns, with the closed one at the end.
func (l Layout) All() []Column { return append(slices.Clone(l.Columns), l.closed()) }

func (l Layout) closed() Column { return Column{Name: l.Done} }

// Started returns the columns of work that has started: the one in which it starts, the ones to the right of it, and the one of work that
// waits. The closed column is not one of them.
func (l Layout) Started() []Column {
	at := slices.IndexFunc(l.Columns, func(c Column) bool { return c.Name == l.Start })
	var in []Column
	for n, c := range l.Columns {
		if at >= 0 && n >= at || c.Name == l.Waiting {
			in = append(in, c)
		}
	}
	return in
}

// Names returns the names of all columns, for messages and completion.
func (l Layout) Names() []string {
	var names []string
	for _, c := range l.All() {
		names = append(names, c.Name)
	}
	return names
}

// Find returns the column with a name or label, first by exact match, then ignoring case, spaces, hyphens and underscores.
// "closed" is the closed column unless another column has that name.
func (l Layout) Find(name string) (Column, bool) {
	for _, same := range []func(a, b string) bool{
		func(a, b string) bool { return a == b },
		func(a, b string) bool { return fold(a) == fold(b) && fold(a) != "" },
	} {
		for _, c := range l.All() {
			if same(c.Name, name) || !c.Closed() && same(c.Label, name) {
				return c, true
			}
		}
	}
	if fold(name) == "closed" {
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

// Labels returns the set with a label for every column. Missing ones are added at the end.
func (l Layout) Labels(set label.Set) label.Set {
	out := slices.Clone(set)
	for _, c := range l.Columns {
		if _, ok := out.Find(c.Label); !ok {
			out = append(out, label.Declared{Name: c.Label, Description: "Board: " + c.Name})
		}
	}
	return out
}

// Fault is one error in a layout. Index is the position of the column, or -1 for the board as a whole.
type Fault struct {
	Index int
	Field string // "name", "label", "limit", "done", "ready"
	Text  string // lower case, no full stop
}

// Error returns the text.
func (f Fault) Error() string { return f.Text }

// Validate returns all errors in the layout.
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
			report(i, "name", "two columns are named %s (case, spaces, hyphens and underscores are ignored)", c.Name)
		}
		if problem := label.CheckName(c.Label); problem != "" {
			report(i, "label", "the label %q of column %s %s", c.Label, c.Name, problem)
		} else if labels[c.Label] {
			report(i, "label", "two columns have the label %s", c.Label)
		}
		if c.Limit < 0 {
			report(i, "limit", "the limit of column %s is %d (use 0 for no limit)", c.Name, c.Limit)
		}
		names[fold(c.Name)], labels[c.Label] = true, true
	}
	if c, ok := l.Find(l.Ready); l.Ready != "" && (!ok || c.Closed()) {
		report(-1, "ready", "no column is named %s", l.Ready)
	}
	return faults
}
