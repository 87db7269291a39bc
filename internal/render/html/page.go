// Package html renders documents as HTML pages for a browser and for paper. Each page is one file that needs nothing else, with charts as
// inline SVG.
//
// Start with [Handoff], [Weekly] and [IncidentStats]. page.go defines the parts of a page, elements.go writes them, drawing.go draws
// charts. Text gets into a page through package markup only. Scripts, requests and data that the document does not contain do not belong
// here.
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

// files holds the style sheet. A page is one file that needs nothing else: it has no script, and its Content Security Policy forbids every
// request.
//
//go:embed page.css
var files embed.FS

// page is the content of a page, in the order of its fields.
type page struct {
	Nav     []fileLink // the other pages of a site
	Kicker  string     // the kind of page
	Period  []string   // its days, in pieces that are not broken if there is room
	Title   []string   // the name of what the page is about, in such pieces; empty: the verdict is the title
	Lead    [][]bit    // the subject: shift, people, days
	Warning string     // what the reader must know first
	Verdict verdict
	Parts   []part
}

// fileLink is a link to another file of a site. Without a file it is the page itself.
type fileLink struct{ Name, File string }

// with returns the page with notes at its end, if there are any.
func (p page) with(notes []string) page {
	if len(notes) > 0 {
		p.Parts = append(p.Parts, part{ID: "notes", Title: "Notes", Lines: sentences(notes)})
	}
	return p
}

// verdict answers the reader's main question in one sentence.
type verdict struct {
	Level  level
	Text   string
	More   string // what the answer does not say, in a sentence
	Counts []tally
}

// tally is a number that links to its part of the page.
type tally struct {
	Level  level
	Number int
	What   string
	Part   string
	Beside string // what the number is compared with; the number is then shown large
}

// part is a section of the page. An empty one says "none".
type part struct {
	ID     string
	Title  string
	Badge  []bit // how urgent the section is
	Cards  []card
	Table  *table
	Charts []chart
	Lines  [][]bit
}

// beside reports whether the chart fits beside the table.
func (p part) beside() bool {
	return len(p.Charts) > 0 && p.Table != nil && p.Table.numbers() && !p.Charts[0].broad()
}

// empty reports whether there is nothing to show.
func (p part) empty() bool {
	return len(p.Cards) == 0 && (p.Table == nil || len(p.Table.Rows) == 0) && len(p.Charts) == 0 && len(p.Lines) == 0
}

// card is one item with all its facts.
type card struct {
	Level  level
	Head   []bit
	Title  []bit
	Facts  []fact
	Alerts []string
}

// fact is a name with a value.
type fact struct {
	Name  string
	Value []bit
	Text  string // text of several lines from a person; Value then says who and when
}

// table is a table. On a narrow page its rows become cards, unless it has only numbers.
type table struct {
	Caption string // what the column heads do not say
	Columns []column
	Rows    [][]cell
	Grid    bool // as narrow as a table of numbers
}

type column struct {
	Name  string
	Right bool // numbers
}

// cell is one cell. It knows its column, so that it can be shown without the table head.
type cell struct {
	column
	Bits []bit
}

// numbers reports whether there are only numbers beside the names.
func (t *table) numbers() bool {
	return t.Grid || !slices.ContainsFunc(t.Columns[1:], func(c column) bool { return !c.Right })
}

// phone is how many units of a drawing a table may fill on a phone. A column has padding beside its text.
const (
	phone   = 380
	padding = 12
)

// fits reports whether all columns fit on a phone. Text is broken at blanks, and long words anywhere.
func (t *table) fits() bool {
	widths := make([]int, len(t.Columns))
	widen := func(n int, s string) {
		for _, word := range strings.Fields(s) {
			if layout.Width(word) <= longWord {
				widths[n] = max(widths[n], room(word))
			}
		}
	}
	for n, c := range t.Columns {
		widen(n, c.Name)
	}
	for _, row := range t.Rows {
		for n, c := range row {
			for _, b := range c.Bits {
				widen(n, b.Text)
			}
		}
	}
	all := 0
	for _, w := range widths {
		all += w + padding
	}
	return all <= phone
}

// row adds a row.
func (t *table) row(values ...[]bit) {
	cells := make([]cell, len(values))
	for i, v := range values {
		cells[i] = cell{t.Columns[i], v}
	}
	t.Rows = append(t.Rows, cells)
}

// chart is a chart with the words that explain it. On a wide page Wide is shown instead, if there is one.
type chart struct {
	Title, Legend string
	Chart, Wide   markup.Markup
}

// broad reports whether the chart has another shape on a wide page.
func (c chart) broad() bool { return c.Wide != markup.Markup{} }

// bit is a piece of text with its role. Text from elsewhere is sanitized where a bit is made, and nowhere else.
type bit struct {
	Text   string
	Href   string // a web address
	File   string // a file of the same site
	Time   string // the instant in the text, for programs
	Level  level  // a badge
	Soft   bool   // less important
	Strong bool   // the subject of the line
	Apart  bool   // text of other people, isolated so that its direction changes nothing around it
}

// longWord is how many cells a word in a table may fill before it may be broken anywhere. Shorter words stay whole, so that columns do
// not get too narrow.
const longWord = 24

// long reports whether the text has a word that is longer than that. A badge is one word.
func (b bit) long() bool {
	if b.Level != "" {
		return layout.Width(b.Text) > longWord
	}
	return slices.ContainsFunc(strings.Fields(b.Text), func(word string) bool { return layout.Width(word) > longWord })
}

// plain, soft, stress and quote are one-line texts: ordinary, less important, the subject of a line, and from other people.
func plain(s string) bit { return bit{Text: layout.OneLine(s)} }

func soft(s string) bit { return bit{Text: layout.OneLine(s), Soft: true} }

func stress(s string) bit { return bit{Text: layout.OneLine(s), Strong: true} }

func quote(s string) bit { return bit{Text: layout.OneLine(s), Apart: true} }

func paragraph(s string) string { return sanitize.Text(strings.TrimSpace(s)) }

// badge shows a level by a word and a shape, and only then by its color.
func badge(l level, s string) bit { return bit{Text: layout.OneLine(s), Level: l} }

// link returns a link to a web address. Any other address is not followed: the text stays without a link.
func link(s, to string) bit {
	b := bit{Text: layout.OneLine(s), Apart: true}
	if at, err := url.Parse(to); err == nil && layout.IsAddress(to) && at.Host != "" {
		b.Href = to
	}
	return b
}

// bits returns pieces with blanks between them.
func bits(list ...bit) []bit { return list }

// sentences returns texts as lines.
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
