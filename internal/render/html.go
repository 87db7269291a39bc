package render

import (
	"embed"
	"net/url"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/markup"
	"gitlab.com/prodctl/prodctl/pkg/visible"
)

// The page is one file that needs nothing else: it has no script, and its own rule forbids every request. What cannot be seen is made visible where a
// [bit] is made, and escaped by package markup.
//
//go:embed html/page.css
var htmlFiles embed.FS

// htmlPage is what a page tells, in the order of its fields.
type htmlPage struct {
	Kicker  string   // what kind of page it is
	Title   []string // pieces that stay on one line where there is room
	Lead    [][]bit  // whom and what it is about
	Warning string   // what a reader must know before all else
	Verdict verdict
	Parts   []htmlPart
}

// verdict answers what a reader came for in one sentence.
type verdict struct {
	Level  level
	Text   string
	Counts []htmlTally
}

// htmlTally is a number that leads to its part of the page.
type htmlTally struct {
	Level  level
	Number int
	What   string
	Part   string
}

// htmlPart is a section of the page. It says that there is none when it is empty.
type htmlPart struct {
	ID     string
	Title  string
	Badge  []bit // how soon somebody has to look at what is in it
	Cards  []htmlCard
	Table  *htmlTable
	Charts []htmlChart
	Lines  [][]bit
}

// beside reports whether its chart has room beside its table.
func (p htmlPart) beside() bool {
	return len(p.Charts) > 0 && p.Table != nil && p.Table.numbers() && !p.Charts[0].broad()
}

// empty reports whether there is nothing in it.
func (p htmlPart) empty() bool {
	return len(p.Cards) == 0 && (p.Table == nil || len(p.Table.Rows) == 0) && len(p.Charts) == 0 && len(p.Lines) == 0
}

// htmlCard is one thing with all that is known of it.
type htmlCard struct {
	Level  level
	Head   []bit
	Title  []bit
	Facts  []htmlFact
	Alerts []string
}

// htmlFact is a name with what is known.
type htmlFact struct {
	Name  string
	Value []bit
	Said  string // instead of the value: text of several lines that somebody wrote
}

// htmlTable is a table. Its rows become cards where the page is narrow, unless it has nothing but numbers.
type htmlTable struct {
	Caption string // what is not told by its heads
	Columns []htmlColumn
	Rows    [][]htmlCell
}

type htmlColumn struct {
	Name  string
	Right bool // numbers
}

// htmlCell is one cell; it knows its column, so that it can be told without its head.
type htmlCell struct {
	htmlColumn
	Bits []bit
}

// numbers reports whether there is nothing but numbers beside the names.
func (t *htmlTable) numbers() bool {
	return !slices.ContainsFunc(t.Columns[1:], func(c htmlColumn) bool { return !c.Right })
}

// row is a row of the table.
func (t *htmlTable) row(values ...[]bit) {
	cells := make([]htmlCell, len(values))
	for i, v := range values {
		cells[i] = htmlCell{t.Columns[i], v}
	}
	t.Rows = append(t.Rows, cells)
}

// htmlChart is a chart with the words that explain it. Where the page is wide, Wide is shown instead, when there is one.
type htmlChart struct {
	Title, Legend string
	Chart, Wide   markup.Markup
}

// broad reports whether it has another shape where the page is wide.
func (c htmlChart) broad() bool { return c.Wide != markup.Markup{} }

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

// longWord is how many cells a word of a table may fill before it may be broken anywhere. Shorter words stay whole, so that columns are not narrower than they are.
const longWord = 24

// long reports whether there is a longer word in it; a badge is one word.
func (b bit) long() bool {
	if b.Level != "" {
		return width(b.Text) > longWord
	}
	return slices.ContainsFunc(strings.Fields(b.Text), func(word string) bool { return width(word) > longWord })
}

// text of a page's own or of others, on one line.
func say(s string) bit          { return bit{Text: oneLine(s)} }
func soft(s string) bit         { return bit{Text: oneLine(s), Soft: true} }
func stress(s string) bit       { return bit{Text: oneLine(s), Strong: true} }
func quote(s string) bit        { return bit{Text: oneLine(s), Apart: true} }
func paragraph(s string) string { return visible.Text(strings.TrimSpace(s)) }

// badge says how bad something is by a word and a shape, and then by its colour.
func badge(l level, s string) bit { return bit{Text: oneLine(s), Level: l} }

// link leads to an address of the web. Any other address is not followed: the text stands alone.
func link(s, to string) bit {
	b := bit{Text: oneLine(s), Apart: true}
	if at, err := url.Parse(to); err == nil && isAddress(to) && at.Host != "" {
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
