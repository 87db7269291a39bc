package render

import (
	"strings"

	"charm.land/lipgloss/v2"

	"gitlab.com/prodctl/prodctl/pkg/visible"
)

// style is what a piece of text is, not how it looks.
type style int

const (
	plain  style = iota
	strong       // what a line is about
	faint        // what may be overlooked
	good
	warn
	bad
	hue // the first of several that tell things of one sort apart, beside a letter or a word that does; see hueOf
)

// hues is how many there are.
const hues = 6

// hueOf is the style of the nth thing of a sort.
func hueOf(n int) style { return hue + style(n%hues) }

// span is a piece of text of one line. The text may come from anywhere: it is made harmless when it is painted.
type span struct {
	text  string
	style style
	color string // #rrggbb, of a label; instead of style
}

func t(text string) span           { return span{text: text} }
func as(s style, text string) span { return span{text: text, style: s} }

// ink turns spans into what is written to a terminal. Only the basic colours are used, which terminals
// show readably on their own background, and a label's own colour for the square beside its name.
type ink struct{ color bool }

func (s style) look() lipgloss.Style {
	look := lipgloss.NewStyle()
	switch s {
	case strong:
		return look.Bold(true)
	case faint:
		return look.Faint(true)
	case good, hue + 2:
		return look.Foreground(lipgloss.Green)
	case warn, hue + 3:
		return look.Foreground(lipgloss.Yellow)
	case bad, hue + 5:
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

// paint is the span as it is written. Nothing of its text acts on the terminal.
func (k ink) paint(s span) string { return k.dress(s, visible.Line(s.text)) }

// dress gives a text that is harmless already the looks of a span.
func (k ink) dress(s span, text string) string {
	if !k.color || text == "" {
		return text
	}
	switch {
	case isColor(s.color):
		return lipgloss.NewStyle().Foreground(lipgloss.Color(s.color)).Render(text)
	case s.style == plain:
		return text
	}
	return s.style.look().Render(text)
}
