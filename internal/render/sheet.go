package render

import (
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/visible"
)

// sheet is a table: the only one there is, whatever form it is written in.
type sheet struct {
	columns []column
	rows    [][]cell
	none    string // what a page says when there are no rows
	compact bool   // rather a table of few columns than stacked, however narrow the terminal
}

// column is one column and what may happen to it where the terminal is too narrow. First the columns with a least
// width are cut, the widest first; when that is not enough the column with the highest drop is left out; when none
// can be left out any more, each row is written below the other in stacked form.
type column struct {
	name  string // header for people; empty: only programs are given this column
	field string // header of CSV: the document's field
	min   int    // cells it may be cut to; 0: never cut
	drop  int    // 0: never left out
	right bool
	once  bool // left out of pages when it says the same in all rows
}

// cell is one value: a span for people, and the same for programs.
type cell struct {
	span
	data string
}

func text(s string) cell               { return cell{t(s), s} }
func styled(st style, s string) cell   { return cell{as(st, s), s} }
func both(people, program string) cell { return cell{t(people), program} }
func number(n int) cell                { return text(strconv.Itoa(n)) }
func truth(b bool, word string) cell {
	if b {
		return both(word, "true")
	}
	return both("", "false")
}

// optional is empty where the number is not known.
func optional(n *int) cell {
	if n == nil {
		return text("")
	}
	return number(*n)
}

// shown are the indices of the columns that a page or a Markdown table has:
// those for people that are not empty throughout, nor the same throughout where that is enough to be said once.
func (s sheet) shown() []int {
	var list []int
	for i, c := range s.columns {
		if c.name != "" && s.tells(i) {
			list = append(list, i)
		}
	}
	return list
}

// without is the table as a page has it when it tells a field elsewhere.
func (s sheet) without(field string) sheet {
	s.columns = slices.Clone(s.columns)
	for i, c := range s.columns {
		if c.field == field {
			s.columns[i].name = ""
		}
	}
	return s
}

func (s sheet) tells(i int) bool {
	same, empty := true, true
	for _, row := range s.rows {
		same = same && row[i].text == s.rows[0][i].text
		empty = empty && row[i].text == ""
	}
	return len(s.rows) == 0 || !empty && (!same || !s.columns[i].once)
}

// gap is the number of blanks between columns.
const gap = 2

// fit chooses among the shown columns and gives their widths; limit is the terminal's width, 0 for unlimited.
// Without a choice that fits it returns nothing.
func (s sheet) fit(limit int) (columns, widths []int) {
	columns = s.shown()
	for {
		widths = s.natural(columns)
		over := gap*(len(columns)-1) - limit
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
func (s sheet) natural(columns []int) []int {
	widths := make([]int, len(columns))
	for i, c := range columns {
		widths[i] = width(s.columns[c].name)
		for _, row := range s.rows {
			widths[i] = max(widths[i], width(oneLine(row[c].text)))
		}
	}
	return widths
}

// cut takes over cells from the columns that have them, always from the widest, and reports whether it could.
func (s sheet) cut(columns, widths []int, over int) bool {
	for ; over > 0; over-- {
		widest := -1
		for i, c := range columns {
			least := max(s.columns[c].min, width(s.columns[c].name)) // headers are never cut
			if s.columns[c].min > 0 && widths[i] > least && (widest < 0 || widths[i] > widths[widest]) {
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

func (s sheet) leastWanted(columns []int) int {
	found, drop := -1, 0
	for i, c := range columns {
		if d := s.columns[c].drop; d > drop {
			found, drop = i, d
		}
	}
	return found
}

// tsv is the form for pipes: one line a row, all columns, nothing cut, no header.
func (s sheet) tsv() string {
	var b strings.Builder
	for _, row := range s.rows {
		for i, c := range row {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(visible.Line(c.data))
		}
		b.WriteByte('\n')
	}
	return b.String()
}
