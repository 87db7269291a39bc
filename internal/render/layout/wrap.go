package layout

import (
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"

	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// SplitLines returns the lines of a text with any line ends, without empty ones at the end.
func SplitLines(s string) []string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", "    ").Replace(s)
	if strings.TrimSpace(s) == "" {
		return nil
	}
	return strings.Split(strings.TrimRight(s, "\n "), "\n")
}

// Width returns how many cells a text fills on a terminal.
func Width(s string) int { return displaywidth.String(s) }

// Cells returns how many cells sanitized spans fill.
func Cells(spans []Span) int {
	n := 0
	for _, s := range spans {
		n += Width(s.Text)
	}
	return n
}

// OneLine returns a text as a page shows it. A combining mark at the start gets a dotted circle, because a terminal would put it on the
// character before and make that wider.
func OneLine(s string) string {
	s = sanitize.Line(s)
	if s == "" || s[0] < utf8.RuneSelf {
		return s
	}
	if g := displaywidth.StringGraphemes("x" + s); g.Next() && g.Value() != "x" {
		return "◌" + s
	}
	return s
}

// Sanitize returns the spans with text that a terminal does not act on. Only sanitized spans may be measured or written to a page.
func Sanitize(spans []Span) []Span {
	list := make([]Span, 0, len(spans))
	for _, s := range spans {
		if s.Text = OneLine(s.Text); s.Text != "" {
			list = append(list, s)
		}
	}
	return list
}

// cluster is what a terminal shows as one character, in the style of its span.
type cluster struct {
	Span
	cells int
}

func clusters(spans []Span) []cluster {
	var list []cluster
	for _, s := range spans {
		for g := displaywidth.StringGraphemes(s.Text); g.Next(); {
			c := cluster{s, g.Width()}
			c.Text = g.Value()
			list = append(list, c)
		}
	}
	return list
}

// Wrap breaks sanitized spans into lines, at blanks, and inside words that are longer than a line. The first line may fill first cells,
// and the others rest.
//
// It is not lipgloss's Wrap, which breaks at hyphens too (dates, flags and names are full of them) and measures some characters
// differently than the tables do.
func Wrap(spans []Span, first, rest int) [][]Span {
	list := clusters(spans)
	var lines [][]Span
	for room := first; len(list) > 0; room = rest {
		n := fitting(list, max(room, 1))
		lines = append(lines, trimmed(joined(list[:n])))
		for n < len(list) && list[n].Text == " " {
			n++
		}
		list = list[n:]
	}
	return lines
}

// fitting is how many of the clusters go onto one line, at least one.
func fitting(list []cluster, room int) int {
	filled, blank, begun := 0, 0, false
	for i, c := range list {
		if c.Text == " " && begun {
			blank = i
		}
		begun = begun || c.Text != " "
		filled += c.cells
		if filled > room && blank > 0 {
			return blank
		}
		if filled > room {
			return max(i, 1)
		}
	}
	return len(list)
}

// joined merges neighbouring clusters of the same style.
func joined(list []cluster) []Span {
	var spans []Span
	for _, c := range list {
		last := len(spans) - 1
		if last >= 0 && spans[last].Style == c.Style && spans[last].Color == c.Color {
			spans[last].Text += c.Text
		} else {
			spans = append(spans, c.Span)
		}
	}
	return spans
}

// trimmed removes blanks at the end.
func trimmed(spans []Span) []Span {
	for len(spans) > 0 {
		last := spans[len(spans)-1]
		last.Text = strings.TrimRight(last.Text, " ")
		if last.Text != "" {
			return append(spans[:len(spans)-1:len(spans)-1], last)
		}
		spans = spans[:len(spans)-1]
	}
	return nil
}

// Clip cuts a text to at most room cells, with an ellipsis where something is left out.
func Clip(s string, room int) string { return displaywidth.TruncateString(s, room, "…") }
