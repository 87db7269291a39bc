package safetext

import (
	"regexp"
	"strings"
	"sync"
)

// WithoutLiterals returns a text in Markdown with blanks in place of all lines that GitLab shows as they are, or as somebody else's words:
// code blocks by fence or indentation, front matter, and quotes. All other text keeps its position, so that a hidden line that was only
// quoted is not found. As in GitLab, a block that nobody closed extends to the end.
func WithoutLiterals(text string) string { return masked(text, false) }

// WithoutClosedLiterals is [WithoutLiterals] for a description, which many people edit: a block that somebody forgot to close hides
// nothing, nor does one that a record of prodctl closes, because otherwise every run would add what it does not find.
func WithoutClosedLiterals(text string) string { return masked(text, true) }

func masked(text string, closedOnly bool) string {
	lines := strings.SplitAfter(text, "\n")
	for n, hide := range literals(lines, closedOnly) {
		if hide {
			bare := strings.TrimRight(lines[n], "\r\n")
			lines[n] = strings.Repeat(" ", len(bare)) + lines[n][len(bare):]
		}
	}
	return strings.Join(lines, "")
}

// literalScan finds the lines of a text that are literal.
type literalScan struct {
	blocks
	closedOnly bool
	hide       []bool
	fenceFrom  int  // the line that opened the code block
	record     bool // a record opens in it
	quoteFrom  int  // the line that opened GitLab's own quote; -1: none is open
	html       *regexp.Regexp
}

func literals(lines []string, closedOnly bool) []bool {
	s := literalScan{blocks: blocks{exact: true}, closedOnly: closedOnly, hide: make([]bool, len(lines)), quoteFrom: -1}
	for n := s.frontMatter(lines); n < len(lines); n++ {
		s.line(n, strings.TrimRight(lines[n], "\r\n"))
	}
	if s.fence != "" {
		s.endBlock(s.fenceFrom, len(lines), false)
	}
	if s.quoteFrom >= 0 && !closedOnly {
		s.set(s.quoteFrom, len(lines), true)
	}
	return s.hide
}

func (s *literalScan) set(from, to int, hide bool) {
	for n := from; n < to; n++ {
		s.hide[n] = hide
	}
}

// endBlock hides the lines of a code block, unless the block hides nothing.
func (s *literalScan) endBlock(from, to int, closed bool) {
	if !s.closedOnly || closed && !s.record {
		s.set(from, to, true)
	}
}

// frontMatter hides the block with which a text may begin, and returns the line after it.
func (s *literalScan) frontMatter(lines []string) int {
	for n, line := range lines {
		switch line = strings.TrimRight(line, " \t\r\n"); {
		case n == 0 && !frontPattern().MatchString(line):
			return 0
		case n > 0 && line == strings.TrimRight(lines[0], " \t\r\n")[:3]:
			s.set(0, n+1, true)
			return n + 1
		}
	}
	return 0
}

func (s *literalScan) line(n int, line string) {
	switch {
	case s.html != nil:
		if s.html.MatchString(line) {
			s.html = nil
		}
		return
	case s.fence == "" && multilineQuote().MatchString(line):
		if s.quoteFrom >= 0 {
			s.set(s.quoteFrom, n+1, true)
			s.quoteFrom = -1
		} else {
			s.quoteFrom = n
		}
		s.enter(0, false)
		return
	case s.fence == "" && s.startsHTML(line, s.paragraph):
		s.enter(0, false)
		return
	}
	open := s.fence != ""
	found := s.scan(line)
	if open && found.kind != codeLine { // its quote or list item ended
		s.endBlock(s.fenceFrom, n, true)
		if s.startsHTML(line, false) {
			s.enter(0, false)
			return
		}
	}
	switch found.kind {
	case fenceLine:
		s.fenceFrom, s.record = n, false
	case indentedLine:
		s.hide[n] = true
	case codeLine:
		s.record = s.record || recordPattern().MatchString(line)
		if s.fence == "" {
			s.endBlock(s.fenceFrom, n+1, true)
		}
	}
}

// startsHTML reports whether a line at the beginning of its line starts a block of HTML, in which nothing is Markdown until it ends.
func (s *literalScan) startsHTML(line string, inParagraph bool) bool {
	for _, kind := range htmlBlocks() {
		if at := kind.start.FindStringIndex(line); at != nil && !(kind.alone && inParagraph) {
			if rest := line[at[1]:]; !kind.end.MatchString(rest) || kind.blank {
				s.html = kind.end
			}
			return true
		}
	}
	return false
}

// htmlBlock is a kind of HTML block: where it starts and ends. alone: it does not interrupt a paragraph; blank: a blank line ends it.
type htmlBlock struct {
	start, end   *regexp.Regexp
	alone, blank bool
}

// The blocks of HTML of CommonMark, in its order.
var htmlBlocks = sync.OnceValue(func() []htmlBlock {
	blank := regexp.MustCompile(`^[ \t]*$`)
	at := func(start string) *regexp.Regexp { return regexp.MustCompile(`^ {0,3}` + start) }
	const attribute = `(?:[ \t]+[A-Za-z_:][A-Za-z0-9_.:-]*(?:[ \t]*=[ \t]*(?:[^ \t"'=<>` + "`" + `]+|'[^']*'|"[^"]*"))?)`
	return []htmlBlock{
		{start: at(`(?i:<(?:pre|script|style|textarea)(?:[ \t>]|$))`), end: regexp.MustCompile(`(?i:</(?:pre|script|style|textarea)>)`)},
		{start: at(`<!--`), end: regexp.MustCompile(`-->`)},
		{start: at(`<\?`), end: regexp.MustCompile(`\?>`)},
		{start: at(`<![A-Za-z]`), end: regexp.MustCompile(`>`)},
		{start: at(`<!\[CDATA\[`), end: regexp.MustCompile(`\]\]>`)},
		{start: at(`(?i:</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl` +
			`|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem` +
			`|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:[ \t]|/?>|$))`),
			end: blank, blank: true},
		{start: at(`(?:<[A-Za-z][A-Za-z0-9-]*` + attribute + `*[ \t]*/?>|</[A-Za-z][A-Za-z0-9-]*[ \t]*>)[ \t]*$`),
			end: blank, alone: true, blank: true},
	}
})

var (
	frontPattern   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:---|\+\+\+|;;;)[ \t]*[^ \t-]*$`) })
	multilineQuote = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^>>>[ \t]*$`) })
	recordPattern  = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile("^ {0,3}(?:`{3,}|~{3,})[ \t]*(?i:ya?ml)[ \t]+(?i:prodctl/)")
	})
)
