// Package html makes documents into pages for a browser, each one file that needs nothing else, with charts as drawings in it.
//
// Start with [Handoff], [Weekly] and [IncidentStats]; page.go says what a page is made of, elements.go writes it, drawing.go draws.
// Text goes into a page by package markup alone.
package html

import (
	"embed"
	"net/url"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/markup"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// The page is one file that needs nothing else: it has no script, and its own rule forbids every request.
// What cannot be seen is made visible where a [bit] is made, and escaped by package markup.
//
//go:embed page.css
var files embed.FS

// page is what a page tells, in the order of its fields.
type page struct {
	Kicker  string   // what kind of page it is
	Title   []string // pieces that stay on one line where there is room
	Lead    [][]bit  // whom and what it is about
	Warning string   // what a reader must know before all else
	Verdict verdict
	Parts   []part
}

// with is the page with notes at its end, where there are any.
func (p page) with(notes []string) page {
	if len(notes) > 0 {
		p.Parts = append(p.Parts, part{ID: "notes", Title: "Notes", Lines: sentences(notes)})
	}
	return p
}

// verdict answers what a reader came for in one sentence.
type verdict struct {
	Level  level
	Text   string
	Counts []tally
}

// tally is a number that leads to its part of the page.
type tally struct {
	Level  level
	Number int
	What   string
	Part   string
}

// part is a section of the page. It says that there is none when it is empty.
type part struct {
	ID     string
	Title  string
	Badge  []bit // how soon somebody has to look at what is in it
	Cards  []card
	Table  *table
	Charts []chart
	Lines  [][]bit
}

// beside reports whether its chart has room beside its table.
func (p part) beside() bool {
	return len(p.Charts) > 0 && p.Table != nil && p.Table.numbers() && !p.Charts[0].broad()
}

// empty reports whether there is nothing in it.
func (p part) empty() bool {
	return len(p.Cards) == 0 && (p.Table == nil || len(p.Table.Rows) == 0) && len(p.Charts) == 0 && len(p.Lines) == 0
}

// card is one thing with all that is known of it.
type card struct {
	Level  level
	Head   []bit
	Title  []bit
	Facts  []fact
	Alerts []string
}

// fact is a name with what is known.
type fact struct {
	Name  string
	Value []bit
	Said  string // instead of the value: text of several lines that somebody wrote
}

// table is a table. Its rows become cards where the page is narrow, unless it has nothing but numbers.
type table struct {
	Caption string // what is not told by its heads
	Columns []column
	Rows    [][]cell
}

type column struct {
	Name  string
	Right bool // numbers
}

// cell is one cell; it knows its column, so that it can be told without its head.
type cell struct {
	column
	Bits []bit
}

// numbers reports whether there is nothing but numbers beside the names.
func (t *table) numbers() bool {
	return !slices.ContainsFunc(t.Columns[1:], func(c column) bool { return !c.Right })
}

// row is a row of the table.
func (t *table) row(values ...[]bit) {
	cells := make([]cell, len(values))
	for i, v := range values {
		cells[i] = cell{t.Columns[i], v}
	}
	t.Rows = append(t.Rows, cells)
}

// chart is a chart with the words that explain it. Where the page is wide, Wide is shown instead, when there is one.
type chart struct {
	Title, Legend string
	Chart, Wide   markup.Markup
}

// broad reports whether it has another shape where the page is wide.
func (c chart) broad() bool { return c.Wide != markup.Markup{} }

// bit is a piece of text with what it is. Text from elsewhere is made harmless where a bit is made, and nowhere else.
type bit struct {
	Text   string
	Href   string // an address that may be followed
	Time   string // the instant that the text is
	Level  level  // a badge
	Soft   bool   // may be overlooked
	Strong bool   // what the line is about
	Apart  bool   // text of others, whose direction changes nothing around it
}

// longWord is how many cells a word of a table may fill before it may be broken anywhere.
// Shorter words stay whole, so that columns are not narrower than they are.
const longWord = 24

// long reports whether there is a longer word in it; a badge is one word.
func (b bit) long() bool {
	if b.Level != "" {
		return layout.Width(b.Text) > longWord
	}
	return slices.ContainsFunc(strings.Fields(b.Text), func(word string) bool { return layout.Width(word) > longWord })
}

// text of a page's own or of others, on one line.
func say(s string) bit { return bit{Text: layout.OneLine(s)} }

func soft(s string) bit { return bit{Text: layout.OneLine(s), Soft: true} }

func stress(s string) bit { return bit{Text: layout.OneLine(s), Strong: true} }

func quote(s string) bit { return bit{Text: layout.OneLine(s), Apart: true} }

func paragraph(s string) string { return sanitize.Text(strings.TrimSpace(s)) }

// badge says how bad something is by a word and a shape, and then by its colour.
func badge(l level, s string) bit { return bit{Text: layout.OneLine(s), Level: l} }

// link leads to an address of the web. Any other address is not followed: the text stands alone.
func link(s, to string) bit {
	b := bit{Text: layout.OneLine(s), Apart: true}
	if at, err := url.Parse(to); err == nil && layout.IsAddress(to) && at.Host != "" {
		b.Href = to
	}
	return b
}

// bits are pieces with blanks between them.
func bits(list ...bit) []bit { return list }

// sentences are texts as lines.
func sentences(list []string) [][]bit {
	var lines [][]bit
	for _, s := range list {
		lines = append(lines, bits(quote(s)))
	}
	return lines
}

// level is how bad something is. It is the name of a class in the style sheet.
type level string

// The levels.
const (
	levelBad   level = "bad"
	levelWarn  level = "warn"
	levelGood  level = "good"
	levelPlain level = "plain"
)
