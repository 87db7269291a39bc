// Package layout writes tables, lists and pages of text: to a terminal with colours and within its width, to a pipe,
// as CSV and as Markdown.
//
// A [Sheet] is a table, a [Story] a head with facts and lists; both are made of [Span]s, and a [Page] puts them on a terminal.
// Text may come from anywhere: it is made harmless where it is written, in this package alone. Nothing here knows a document.
package layout

import (
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Sheet is a table: the only one there is, whatever form it is written in.
type Sheet struct {
	Columns []Column
	Rows    [][]Cell
	None    string // what a page says when there are no rows
	Compact bool   // rather a table of few columns than stacked, however narrow the terminal
}

// Column is one column and what may happen to it where the terminal is too narrow. First the columns with a least
// width are cut, the widest first; when that is not enough the column with the highest drop is left out; when none
// can be left out any more, each row is written below the other in stacked form.
type Column struct {
	Name  string // header for people; empty: only programs are given this column
	Field string // header of CSV: the document's field
	Min   int    // cells it may be cut to; 0: never cut
	Drop  int    // 0: never left out
	Right bool
	Once  bool // left out of pages when it says the same in all rows
}

// Cell is one value: a span for people, and the same for programs.
type Cell struct {
	Span
	Data string
}

// Text is a value that people and programs are given alike.
func Text(s string) Cell { return Cell{T(s), s} }

// Styled is Text in a style.
func Styled(st Style, s string) Cell { return Cell{As(st, s), s} }

// Both is a value that people are given in other words than programs.
func Both(people, program string) Cell { return Cell{T(people), program} }

// Number is a whole number.
func Number(n int) Cell { return Text(strconv.Itoa(n)) }

// Truth is a word for people, or nothing, and true or false for programs.
func Truth(b bool, word string) Cell {
	if b {
		return Both(word, "true")
	}
	return Both("", "false")
}

// Optional is empty where the number is not known.
func Optional(n *int) Cell {
	if n == nil {
		return Text("")
	}
	return Number(*n)
}

// shown are the indices of the columns that a page or a Markdown table has:
// those for people that are not empty throughout, nor the same throughout where that is enough to be said once.
func (s Sheet) shown() []int {
	var list []int
	for i, c := range s.Columns {
		if c.Name != "" && s.tells(i) {
			list = append(list, i)
		}
	}
	return list
}

// Without is the table as a page has it when it tells a field elsewhere.
func (s Sheet) Without(field string) Sheet {
	s.Columns = slices.Clone(s.Columns)
	for i, c := range s.Columns {
		if c.Field == field {
			s.Columns[i].Name = ""
		}
	}
	return s
}

func (s Sheet) tells(i int) bool {
	same, empty := true, true
	for _, row := range s.Rows {
		same = same && row[i].Text == s.Rows[0][i].Text
		empty = empty && row[i].Text == ""
	}
	return len(s.Rows) == 0 || !empty && (!same || !s.Columns[i].Once)
}

// Gap is the number of blanks between columns.
const Gap = 2

// fit chooses among the shown columns and gives their widths; limit is the terminal's width, 0 for unlimited.
// Without a choice that fits it returns nothing.
func (s Sheet) fit(limit int) (columns, widths []int) {
	columns = s.shown()
	for {
		widths = s.natural(columns)
		over := Gap*(len(columns)-1) - limit
		for _, w := range widths {
			over += w
		}
		if limit == 0 || over <= 0 || s.cut(columns, widths, over) {
			return columns, widths
		}
		i := s.leastWanted(columns)
		if i < 0 {
			return nil, nil
		}
		columns = append(columns[:i:i], columns[i+1:]...)
	}
}

// natural are the widths at which nothing is cut.
func (s Sheet) natural(columns []int) []int {
	widths := make([]int, len(columns))
	for i, c := range columns {
		widths[i] = Width(s.Columns[c].Name)
		for _, row := range s.Rows {
			widths[i] = max(widths[i], Width(OneLine(row[c].Text)))
		}
	}
	return widths
}

// cut takes over cells from the columns that have them, always from the widest, and reports whether it could.
func (s Sheet) cut(columns, widths []int, over int) bool {
	for ; over > 0; over-- {
		widest := -1
		for i, c := range columns {
			least := max(s.Columns[c].Min, Width(s.Columns[c].Name)) // headers are never cut
			if s.Columns[c].Min > 0 && widths[i] > least && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return false
		}
		widths[widest]--
	}
	return true
}

func (s Sheet) leastWanted(columns []int) int {
	found, drop := -1, 0
	for i, c := range columns {
		if d := s.Columns[c].Drop; d > drop {
			found, drop = i, d
		}
	}
	return found
}

// TSV is the form for pipes: one line a row, all columns, nothing cut, no header.
func (s Sheet) TSV() string {
	var b strings.Builder
	for _, row := range s.Rows {
		for i, c := range row {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(sanitize.Line(c.Data))
		}
		b.WriteByte('\n')
	}
	return b.String()
}
