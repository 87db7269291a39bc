package layout

import (
	"strings"

	"charm.land/lipgloss/v2"

	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Style is the meaning of a piece of text, not its look.
type Style int

// The styles. A style never carries a meaning that the text does not.
const (
	Plain  Style = iota
	Strong       // the subject of a line
	Faint        // less important
	Good         // no action needed
	Warn         // needs a look
	Bad          // needs action
	hue          // the first of several that tell items of a kind apart, in addition to a letter or word; see [HueOf]
)

// hues is the number of hues.
const hues = 6

// HueOf returns the style of the nth item of a kind.
func HueOf(n int) Style { return hue + Style(n%hues) }

// Span is a piece of text on one line. The text may come from anywhere: it is sanitized when it is painted.
type Span struct {
	Text  string
	Style Style
	Color string // #rrggbb, of a label; instead of style
}

// T returns a span of plain text.
func T(text string) Span { return Span{Text: text} }

// As returns a span of text with a style.
func As(s Style, text string) Span { return Span{Text: text, Style: s} }

// Ink turns spans into terminal output. It uses only the basic colors, which terminals show readably on their own background, and the
// color of a label for the square beside its name.
type Ink struct{ color bool }

// NewInk returns an Ink with or without colors.
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

// isColor reports whether a label's color is in the form that lipgloss reads correctly: #rrggbb.
func isColor(s string) bool {
	return len(s) == 7 && s[0] == '#' && strings.Trim(s[1:], "0123456789abcdef") == ""
}

// Paint returns the span as it is written. Nothing in its text acts on the terminal.
func (k Ink) Paint(s Span) string { return k.dress(s, sanitize.Line(s.Text)) }

// dress applies the style of a span to text that is sanitized already.
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
