package render

import (
	"regexp"

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

var looks = map[style]lipgloss.Style{
	strong: lipgloss.NewStyle().Bold(true),
	faint:  lipgloss.NewStyle().Faint(true),
	good:   lipgloss.NewStyle().Foreground(lipgloss.Green),
	warn:   lipgloss.NewStyle().Foreground(lipgloss.Yellow),
	bad:    lipgloss.NewStyle().Foreground(lipgloss.Red),

	hue:     lipgloss.NewStyle().Foreground(lipgloss.Cyan),
	hue + 1: lipgloss.NewStyle().Foreground(lipgloss.Magenta),
	hue + 2: lipgloss.NewStyle().Foreground(lipgloss.Green),
	hue + 3: lipgloss.NewStyle().Foreground(lipgloss.Yellow),
	hue + 4: lipgloss.NewStyle().Foreground(lipgloss.Blue),
	hue + 5: lipgloss.NewStyle().Foreground(lipgloss.Red),
}

var hex = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// paint is the span as it is written. Nothing of its text acts on the terminal.
func (k ink) paint(s span) string { return k.dress(s, visible.Line(s.text)) }

// dress gives a text that is harmless already the looks of a span.
func (k ink) dress(s span, text string) string {
	if !k.color || text == "" {
		return text
	}
	if hex.MatchString(s.color) {
		return lipgloss.NewStyle().Foreground(lipgloss.Color(s.color)).Render(text)
	}
	if look, ok := looks[s.style]; ok {
		return look.Render(text)
	}
	return text
}
