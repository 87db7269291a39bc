package render

import (
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"

	"gitlab.com/prodctl/prodctl/pkg/visible"
)

// width is how many cells a text fills on a terminal.
func width(s string) int { return displaywidth.String(s) }

// cells is how many cells spans fill that are harmless already.
func cells(spans []span) int {
	n := 0
	for _, s := range spans {
		n += width(s.text)
	}
	return n
}

// oneLine is a text as a page has it. A mark at its beginning stands on a dotted circle:
// a terminal would put it on what we write before it, and make that wider.
func oneLine(s string) string {
	s = visible.Line(s)
	if s == "" || s[0] < utf8.RuneSelf {
		return s
	}
	if g := displaywidth.StringGraphemes("x" + s); g.Next() && g.Value() != "x" {
		return "◌" + s
	}
	return s
}

// harmless are the same spans with text that a terminal does not act on. Nothing else may be measured or put on a page.
func harmless(spans []span) []span {
	list := make([]span, 0, len(spans))
	for _, s := range spans {
		if s.text = oneLine(s.text); s.text != "" {
			list = append(list, s)
		}
	}
	return list
}

// cluster is what a terminal shows as one character, in the looks of its span.
type cluster struct {
	span
	cells int
}

func clusters(spans []span) []cluster {
	var list []cluster
	for _, s := range spans {
		for g := displaywidth.StringGraphemes(s.text); g.Next(); {
			c := cluster{s, g.Width()}
			c.text = g.Value()
			list = append(list, c)
		}
	}
	return list
}

// wrap breaks harmless spans into lines, at blanks, and inside what is longer than a line.
// The first line may fill first cells, and the others rest.
//
// It is not lipgloss's: that one breaks at hyphens too, of which dates, flags and names are full, and measures some
// characters otherwise than the tables do.
func wrap(spans []span, first, rest int) [][]span {
	list := clusters(spans)
	var lines [][]span
	for room := first; len(list) > 0; room = rest {
		n := fitting(list, max(room, 1))
		lines = append(lines, trimmed(joined(list[:n])))
		for n < len(list) && list[n].text == " " {
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
		if c.text == " " && begun {
			blank = i
		}
		begun = begun || c.text != " "
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

// joined puts clusters of the same looks together again.
func joined(list []cluster) []span {
	var spans []span
	for _, c := range list {
		last := len(spans) - 1
		if last >= 0 && spans[last].style == c.style && spans[last].color == c.color {
			spans[last].text += c.text
		} else {
			spans = append(spans, c.span)
		}
	}
	return spans
}

// trimmed leaves out the blanks at the end.
func trimmed(spans []span) []span {
	for len(spans) > 0 {
		last := spans[len(spans)-1]
		last.text = strings.TrimRight(last.text, " ")
		if last.text != "" {
			return append(spans[:len(spans)-1:len(spans)-1], last)
		}
		spans = spans[:len(spans)-1]
	}
	return nil
}

// clip is a text that fills no more than room cells, with an ellipsis where something is left out.
func clip(s string, room int) string { return displaywidth.TruncateString(s, room, "…") }
