package layout

import (
	"strings"

	"charm.land/lipgloss/v2"

	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Style is what a piece of text is, not how it looks.
type Style int

// The styles. Meaning is never in a style alone.
const (
	Plain  Style = iota
	Strong       // what a line is about
	Faint        // what may be overlooked
	Good         // needs nobody
	Warn         // wants a look
	Bad          // needs somebody
	hue          // the first of several that tell things of one sort apart, beside a letter or a word that does; see [HueOf]
)

// hues is how many there are.
const hues = 6

// HueOf is the style of the nth thing of a sort.
func HueOf(n int) Style { return hue + Style(n%hues) }

// Span is a piece of text of one line. The text may come from anywhere: it is made harmless when it is painted.
type Span struct {
	Text  string
	Style Style
	Color string // #rrggbb, of a label; instead of style
}

// T is plain text.
func T(text string) Span { return Span{Text: text} }

// As is text of a style.
func As(s Style, text string) Span { return Span{Text: text, Style: s} }

// Ink turns spans into what is written to a terminal. Only the basic colours are used, which terminals
// show readably on their own background, and a label's own colour for the square beside its name.
type Ink struct{ color bool }

// NewInk is one with colours, or without.
func NewInk(color bool) Ink { return Ink{color} }

func (s Style) look() lipgloss.Style {
	look := lipgloss.NewStyle()
	switch s {
	case Strong:
		return look.Bold(true)
	case Faint:
		return look.Faint(true)
	case Good, hue + 2:
		return look.Foreground(lipgloss.Green)
	case Warn, hue + 3:
		return look.Foreground(lipgloss.Yellow)
	case Bad, hue + 5:
		return look.Foreground(lipgloss.Red)
	case hue:
		return look.Foreground(lipgloss.Cyan)
	case hue + 1:
		return look.Foreground(lipgloss.Magenta)
	}
	return look.Foreground(lipgloss.Blue)
}

// isColor reports whether a label's color is one that lipgloss reads as it is meant: #rrggbb.
func isColor(s string) bool {
	return len(s) == 7 && s[0] == '#' && strings.Trim(s[1:], "0123456789abcdef") == ""
}

// Paint is the span as it is written. Nothing of its text acts on the terminal.
func (k Ink) Paint(s Span) string { return k.dress(s, sanitize.Line(s.Text)) }

// dress gives a text that is harmless already the looks of a span.
func (k Ink) dress(s Span, text string) string {
	if !k.color || text == "" {
		return text
	}
	switch {
	case isColor(s.Color):
		return lipgloss.NewStyle().Foreground(lipgloss.Color(s.Color)).Render(text)
	case s.Style == Plain:
		return text
	}
	return s.Style.look().Render(text)
}
