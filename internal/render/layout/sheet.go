// Package layout writes tables, lists and pages of text: to a terminal with colors and within its width, to a pipe, as CSV and as
// Markdown.
//
// Start with [Sheet], which is a table, and [Outline], which is a head with facts and lists. Both are made of [Span]s, and a [Page] writes
// them to a terminal. Text may come from anywhere: it is sanitized where it is written, in this package only. Documents and their wording
// do not belong here.
package layout

import (
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Sheet is a table, in every format.
type Sheet struct {
	Columns []Column
	Rows    [][]Cell
	None    string // text of a page without rows
	Compact bool   // keep the table, with fewer columns, however narrow the terminal is
}

// Column is one column, and what may happen to it if the terminal is too narrow. First the columns with a minimum width are cut, the
// widest first. If that is not enough, the column with the highest Drop is left out, and so on. If no more columns can be left out, the
// rows are stacked.
type Column struct {
	Name  string // header for people; empty: only programs get this column
	Field string // CSV header: the field of the document
	Min   int    // cells that it may be cut to; 0: never cut
	Drop  int    // 0: never left out
	Right bool
	Once  bool // left out of pages if all rows have the same value
}

// Cell is one value: a span for people, and the value for programs.
type Cell struct {
	Span
	Data string
}

// Text returns a value that is the same for people and programs.
func Text(s string) Cell { return Cell{T(s), s} }

// Styled returns a Text cell with a style.
func Styled(st Style, s string) Cell { return Cell{As(st, s), s} }

// Both returns a value with different texts for people and programs.
func Both(people, program string) Cell { return Cell{T(people), program} }

// Number returns a whole number.
func Number(n int) Cell { return Text(strconv.Itoa(n)) }

// Truth returns true or false for programs, and for people a word or nothing.
func Truth(b bool, word string) Cell {
	if b {
		return Both(word, "true")
	}
	return Both("", "false")
}

// Optional returns a number, or an empty cell if it is unknown.
func Optional(n *int) Cell {
	if n == nil {
		return Text("")
	}
	return Number(*n)
}

// shown returns the indices of the columns on a page or in Markdown: those for people, except columns that are empty in all rows, and
// columns with Once that have the same value in all rows.
func (s Sheet) shown() []int {
	var list []int
	for i, c := range s.Columns {
		if c.Name != "" && s.varies(i) {
			list = append(list, i)
		}
	}
	return list
}

// Without returns the table without a column for people, for a page that shows the field elsewhere.
func (s Sheet) Without(field string) Sheet {
	s.Columns = slices.Clone(s.Columns)
	for i, c := range s.Columns {
		if c.Field == field {
			s.Columns[i].Name = ""
		}
	}
	return s
}

// varies reports whether a column has something to show.
func (s Sheet) varies(i int) bool {
	same, empty := true, true
	for _, row := range s.Rows {
		same = same && row[i].Text == s.Rows[0][i].Text
		empty = empty && row[i].Text == ""
	}
	return len(s.Rows) == 0 || !empty && (!same || !s.Columns[i].Once)
}

// Gap is the number of blanks between columns.
const Gap = 2

// fit chooses from the shown columns and returns their widths. limit is the width of the terminal, 0 for unlimited. It returns nothing if
// no choice fits.
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

// natural returns the widths at which nothing is cut.
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

// cut takes over cells from the columns that may be cut, always from the widest, and reports whether that was enough.
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

// TSV returns the table for pipes: one line per row, all columns, nothing cut, no header.
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
