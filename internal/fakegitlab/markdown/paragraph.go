// Package markdown reads texts the way GitLab does: which paragraphs are in no other block (where quick actions are
// looked for), which check boxes there are, who is mentioned, what remains of a title, and HTML for the usual elements.
// Start with Paragraphs. What a reference or a mention leads to is not here but in packages quickaction and edit.
package markdown

import (
	"regexp"
	"strings"
)

// Span is a range of lines, end exclusive.
type Span struct{ Start, End int }

// Paragraphs returns the top-level paragraphs of a Markdown text: those in no quote, list, code, HTML, heading or
// table. It follows the block structure of CommonMark (lazy continuation, interruption, fences, the seven kinds of
// HTML blocks) with GitLab's additions: tables, footnotes, ">>>" quotes and front matter. Link reference definitions
// count as paragraphs.
func Paragraphs(lines []string) []Span {
	d := blockParser{}
	for n := frontMatter(lines); n < len(lines); n++ {
		d.line(n, strings.TrimSuffix(lines[n], "\n"))
	}
	d.closeTo(0)
	return d.found
}

// frontMatter returns the number of lines of the metadata block at the beginning, 0 without one.
func frontMatter(lines []string) int {
	first := 0
	for first < len(lines) && strings.TrimSpace(lines[first]) == "" {
		first++
	}
	if first == len(lines) {
		return 0
	}
	for _, mark := range []string{"---", "+++", ";;;"} {
		lang, ok := strings.CutPrefix(lines[first], mark)
		if !ok || len(strings.Fields(lang)) > 1 {
			continue
		}
		for n := first + 1; n < len(lines); n++ {
			if strings.TrimSpace(lines[n]) == mark {
				return n + 1
			}
		}
	}
	return 0
}

type blockKind int

const (
	quoteBlock  blockKind = iota // "> "
	fencedQuote                  // ">>>" to ">>>"
	listItem
	footnote // "[^1]: "
	paragraph
	fencedCode
	indentedCode
	htmlBlock      // kinds 1 to 5, which end at a mark
	htmlUntilBlank // kinds 6 and 7
	table
)

func (k blockKind) container() bool { return k <= footnote }

// interruptible reports whether a block may begin on a line that continues one of this kind.
func (k blockKind) interruptible() bool { return k <= paragraph || k == table }

// block is an open block. The fields after kind are used by some kinds only.
type block struct {
	kind   blockKind
	start  int            // paragraph: its first line
	header string         // paragraph: its last line, which may turn out to be a table header
	fence  byte           // fencedCode
	length int            // fencedCode, fencedQuote: length of the fence
	indent int            // listItem: where its content begins
	empty  bool           // listItem: no content yet
	until  *regexp.Regexp // htmlBlock: how it ends
}

// blockParser tracks the open blocks, outermost first.
type blockParser struct {
	open  []block
	at    int // the line being read
	found []Span
}

// closeTo closes all but the n outermost blocks. at is the line after their last one.
func (d *blockParser) closeTo(n int) {
	if n == 0 && len(d.open) > 0 && d.open[0].kind == paragraph {
		d.found = append(d.found, Span{d.open[0].start, d.at})
	}
	d.open = d.open[:n]
}

func (d *blockParser) push(b block) {
	if len(d.open) > 0 {
		d.open[len(d.open)-1].empty = false
	}
	d.open = append(d.open, b)
}

func (d *blockParser) tip() *block {
	if len(d.open) == 0 {
		return nil
	}
	return &d.open[len(d.open)-1]
}

// line parses one line: which open blocks continue, which new ones begin, and where its text goes.
func (d *blockParser) line(n int, text string) {
	defer func() { d.at = n + 1 }()
	cur := cursor{rest: text}
	matched, done := d.match(&cur)
	if done {
		return
	}
	started := matched
	for started == 0 || d.open[started-1].kind.interruptible() {
		opened, done := d.start(&cur, started, n)
		if done {
			return
		}
		if !opened {
			break
		}
		started = len(d.open)
		matched = started
	}
	if matched < len(d.open) && !cur.blank() && d.tip().kind == paragraph {
		return // lazy continuation
	}
	d.closeTo(matched)
	d.text(&cur, n)
}

// match counts the open blocks that the line continues, from the outermost. done means that the line closed one and
// is consumed.
func (d *blockParser) match(cur *cursor) (matched int, done bool) {
	for matched < len(d.open) {
		b := &d.open[matched]
		switch {
		case b.closes(cur):
			d.closeTo(matched)
			return matched, true
		case !b.continues(cur):
			return matched, false
		}
		matched++
	}
	return matched, false
}

// closes reports whether the line ends a fenced block.
func (b *block) closes(cur *cursor) bool {
	if cur.indent() > 3 {
		return false
	}
	mark := b.fence
	switch b.kind {
	case fencedQuote:
		mark = '>'
	case fencedCode:
	default:
		return false
	}
	length, rest := cur.run(mark)
	return length >= b.length && strings.Trim(rest, " \t") == ""
}

// continues reports whether the line belongs to b, and consumes b's markers.
func (b *block) continues(cur *cursor) bool {
	switch b.kind {
	case quoteBlock:
		return cur.quoteMark()
	case listItem:
		if cur.blank() {
			return !b.empty
		}
		return cur.skipIndent(b.indent)
	case footnote:
		return cur.blank() || cur.skipIndent(4)
	case indentedCode:
		return cur.blank() || cur.indent() >= 4
	case paragraph, htmlUntilBlank, table:
		return !cur.blank()
	}
	return true
}

// text puts the rest of a line into the innermost open block.
func (d *blockParser) text(cur *cursor, n int) {
	tip := d.tip()
	switch {
	case tip == nil || tip.kind.container():
		if !cur.blank() {
			d.push(block{kind: paragraph, start: n, header: cur.rest})
		}
	case tip.kind == paragraph:
		tip.header = cur.rest
	case tip.kind == htmlBlock && tip.until.MatchString(cur.rest):
		d.closeTo(len(d.open) - 1)
	}
}
