package record

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"
)

// row is one line: text[from:to], and where the next one begins. Carriage returns before the line feed are part of the line's end.
type row struct{ from, to, next int }

// source is a description by its lines and its fences.
type source struct {
	text   string
	rows   []row
	fences []fence
}

// fence is a line that opens a code block, or closes one when nothing stands behind it.
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
	return s
}

// fenceOf reads a line as Markdown does: at most three blanks, at least three backticks or tildes, no backtick behind backticks.
func fenceOf(line string) (fence, bool) {
	rest := strings.TrimLeft(line, " ")
	if len(line)-len(rest) > 3 || rest == "" || rest[0] != '`' && rest[0] != '~' {
		return fence{}, false
	}
	info := strings.TrimLeft(rest, rest[:1])
	f := fence{char: rest[0], length: len(rest) - len(info), info: strings.Trim(info, " \t")}
	return f, f.length >= 3 && (f.char == '~' || !strings.Contains(info, "`"))
}

// opens reports whether the fence begins a record of the kind.
func (f fence) opens(kind string) bool {
	words := strings.Fields(f.info)
	return len(words) >= 2 && (strings.EqualFold(words[0], "yaml") || strings.EqualFold(words[0], "yml")) &&
		strings.EqualFold(words[1], "prodctl/"+kind)
}

func (f fence) closedBy(g fence) bool {
	return g.info == "" && g.char == f.char && g.length >= f.length
}

// place is where a record is: its opening line and the line after its last one, which closes it when it is closed.
type place struct {
	open, end int
	closed    bool
}

// places are the records of a kind from top to bottom, and the lines of those code blocks that somebody forgot to close.
//
// GitLab takes a block that is not closed to go on to the end, or to the end of the next block.
// If that were done here, a forgotten fence anywhere would hide the record, and every run would write another.
// So such a fence counts for nothing: one that is never closed, and one in which a record opens with a fence as long as its own,
// as nobody writes who quotes a record.
func (s source) places(kind string) (places []place, unclosed []int) {
	hopeless := map[byte]int{} // from this length on nothing closes any more
	for i := 0; i < len(s.fences); {
		f := s.fences[i]
		end := len(s.fences)
		if shortest, ok := hopeless[f.char]; !ok || f.length < shortest {
			end = s.endOf(i, kind)
		}
		p := place{open: f.row, end: len(s.rows)}
		if end < len(s.fences) {
			p.end, p.closed = s.fences[end].row, f.closedBy(s.fences[end])
		} else {
			hopeless[f.char] = min(f.length, cmp.Or(hopeless[f.char], f.length))
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

// endOf is the fence that ends the block which fence i opens: by closing it, or by opening a record in it.
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

// block is the record at a place, not yet read. One that is not closed ends before the hidden key of the description.
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
	if n := len(b.rows); n > 0 && isKeyLine(s.line(b.rows[n-1])) {
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

// isKeyLine reports whether a line is the hidden key of a description, which stays its last line.
func isKeyLine(line string) bool {
	return strings.HasPrefix(line, "<!-- prodctl:key=") && strings.HasSuffix(strings.TrimRight(line, " \t"), "-->")
}

// problem is one at the first character of a line that is seen.
func (s source) problem(at int, format string, args ...any) Problem {
	line := s.line(s.rows[at])
	return Problem{at + 1, len(line) - len(strings.TrimLeft(line, " \t")) + 1, fmt.Sprintf(format, args...)}
}

// column is the place of a byte in its line, in characters from 1.
func (s source) column(r row, at int) int { return utf8.RuneCountInString(s.text[r.from:at]) + 1 }

// lineEnd is how the lines of a text end, by its first one.
func lineEnd(text string) string {
	if i := strings.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}
