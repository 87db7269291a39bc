package record

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// row is one line: text[from:to], and where the next one begins. A carriage return before the line feed is part of the line end.
type row struct{ from, to, next int }

// source is a description, split into lines, with its fences.
type source struct {
	text   string
	rows   []row
	fences []fence
}

// fence is a line that opens a code block, or closes one if it has no info string.
type fence struct {
	row    int
	char   byte
	length int
	info   string
}

func scan(text string) source {
	s := source{text: text}
	for from := 0; from < len(text); {
		next := len(text)
		if i := strings.IndexByte(text[from:], '\n'); i >= 0 {
			next = from + i + 1
		}
		line := strings.TrimRight(strings.TrimSuffix(text[from:next], "\n"), "\r")
		s.rows = append(s.rows, row{from, from + len(line), next})
		if f, ok := fenceOf(line); ok {
			f.row = len(s.rows) - 1
			s.fences = append(s.fences, f)
		}
		from = next
	}
	s.dropQuoted()
	return s
}

// dropQuoted forgets the fences within GitLab's own quotes, which begin and end with a line of three angle brackets: such a record was
// quoted.
func (s *source) dropQuoted() {
	if !strings.Contains(s.text, ">>>") {
		return // the usual case
	}
	from, open, next := -1, fence{}, 0
	for n, r := range s.rows {
		for next < len(s.fences) && s.fences[next].row < n {
			next++
		}
		if next < len(s.fences) && s.fences[next].row == n {
			if f := s.fences[next]; open.length == 0 {
				open = f
			} else if open.closedBy(f) {
				open = fence{}
			}
			continue
		}
		switch quotes := strings.TrimRight(s.line(r), " \t") == ">>>" && open.length == 0; {
		case quotes && from < 0:
			from = n
		case quotes:
			s.fences = slices.DeleteFunc(s.fences, func(f fence) bool { return from < f.row && f.row < n })
			from, next = -1, 0
		}
	}
}

// fenceOf parses a fence as Markdown does: at most three spaces, at least three backticks or tildes, no backtick after backticks.
func fenceOf(line string) (fence, bool) {
	rest := strings.TrimLeft(line, " ")
	if len(line)-len(rest) > 3 || rest == "" || rest[0] != '`' && rest[0] != '~' {
		return fence{}, false
	}
	info := strings.TrimLeft(rest, rest[:1])
	f := fence{char: rest[0], length: len(rest) - len(info), info: strings.Trim(info, " \t")}
	return f, f.length >= 3 && (f.char == '~' || !strings.Contains(info, "`"))
}

// opens reports whether the fence opens a record of the kind.
func (f fence) opens(kind string) bool {
	words := strings.Fields(f.info)
	return len(words) >= 2 && (strings.EqualFold(words[0], "yaml") || strings.EqualFold(words[0], "yml")) &&
		strings.EqualFold(words[1], "prodctl/"+kind)
}

func (f fence) closedBy(g fence) bool {
	return g.info == "" && g.char == f.char && g.length >= f.length
}

// place is where a record is: its opening line, and the line after its last one, which is the closing fence if there is one.
type place struct {
	open, end int
	closed    bool
}

// places returns the records of a kind from top to bottom, and the lines of code blocks that somebody forgot to close.
//
// In GitLab, a block that is not closed extends to the end, or to the end of the next block. If it did so here, a forgotten fence anywhere
// would hide the record, and every run would add another. So such a fence is ignored: one that is never closed, and one in which a record
// opens with a fence as long as its own, which nobody writes to quote a record.
func (s source) places(kind string) (places []place, unclosed []int) {
	unclosable := map[byte]int{} // fences of this length or longer have no closing fence
	for i := 0; i < len(s.fences); {
		f := s.fences[i]
		end := len(s.fences)
		if shortest, ok := unclosable[f.char]; !ok || f.length < shortest {
			end = s.endOf(i, kind)
		}
		p := place{open: f.row, end: len(s.rows)}
		if end < len(s.fences) {
			p.end, p.closed = s.fences[end].row, f.closedBy(s.fences[end])
		} else {
			unclosable[f.char] = min(f.length, cmp.Or(unclosable[f.char], f.length))
		}
		switch {
		case f.opens(kind):
			places = append(places, p)
		case !p.closed:
			unclosed = append(unclosed, p.open)
		}
		switch {
		case p.closed:
			i = end + 1
		case end < len(s.fences):
			i = end
		default:
			i++
		}
	}
	return places, unclosed
}

// endOf returns the fence that ends the block of fence i: it closes the block, or opens a record in it.
func (s source) endOf(i int, kind string) int {
	f := s.fences[i]
	for j := i + 1; j < len(s.fences); j++ {
		g := s.fences[j]
		if f.closedBy(g) || g.opens(kind) && g.char == f.char && g.length >= f.length {
			return j
		}
	}
	return len(s.fences)
}

// block returns the record at a place, not parsed yet. If it is not closed, it ends before the hidden key of the description.
func (s source) block(p place, kind string) Block {
	b := Block{text: s.text, kind: kind, exists: true, closed: p.closed, open: s.rows[p.open], rows: s.rows[p.open+1 : p.end]}
	line := s.text[b.open.from:b.open.to]
	b.indent = line[:len(line)-len(strings.TrimLeft(line, " "))]
	b.eol = "\n"
	if strings.HasSuffix(s.text[b.open.to:b.open.next], "\r\n") {
		b.eol = "\r\n"
	}
	if p.closed {
		return b
	}
	b.rows = s.trimBlank(b.rows)
	for n := len(b.rows); n > 0 && isKeyLine(s.line(b.rows[n-1])); n = len(b.rows) {
		b.rows = s.trimBlank(b.rows[:n-1])
	}
	return b
}

func (s source) line(r row) string { return s.text[r.from:r.to] }

func (s source) trimBlank(rows []row) []row {
	for len(rows) > 0 && strings.TrimSpace(s.line(rows[len(rows)-1])) == "" {
		rows = rows[:len(rows)-1]
	}
	return rows
}

// isKeyLine reports whether a line is one of the two with the hidden key of a description, which are always its last lines.
func isKeyLine(line string) bool {
	begins := strings.HasPrefix(line, "<!-- prodctl:key=") || strings.HasPrefix(line, "<!-- prodctl:id=")
	return begins && strings.HasSuffix(strings.TrimRight(line, " \t"), "-->")
}

// problem returns a problem at the first visible character of a line.
func (s source) problem(at int, format string, args ...any) Problem {
	line := s.line(s.rows[at])
	return Problem{at + 1, len(line) - len(strings.TrimLeft(line, " \t")) + 1, fmt.Sprintf(format, args...)}
}

// column is the position of a byte in its line, in characters from 1.
func (s source) column(r row, at int) int { return utf8.RuneCountInString(s.text[r.from:at]) + 1 }

// lineEnd is the line end of a text, by its first line.
func lineEnd(text string) string {
	if i := strings.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}
