package safetext

import (
	"regexp"
	"strings"
	"sync"
)

// Passage returns [Prose] that is shown as it was entered, and that does not affect the text after it.
//
// What Markdown would hide is escaped: HTML tags and comments outside of code, entities, rules and setext underlines, definitions of
// links, empty links, rows that are longer than their table, words after a fence. A code block that is left open is closed. Lists,
// quotes, code, links, tables and emphasis stay. White space and invisible characters at both ends are removed. Applying Passage to its
// own result changes nothing.
func Passage(s string) string {
	s = strings.TrimRight(strings.TrimLeftFunc(printable(s), invisible), " \t\n")
	if s == "" {
		return ""
	}
	var p passage
	for line := range strings.SplitSeq(s, "\n") {
		p.add(line)
	}
	return silence(p.String())
}

// passage is a text while it is escaped, line by line.
type passage struct {
	blocks
	lines   []string
	opening int   // index of the line that opened the last code block
	leaf    []int // indexes of the lines of the paragraph that is open
	start   []int // where the text of each of them starts
}

// add escapes one line, as far as that does not depend on the lines after it.
func (p *passage) add(line string) {
	b := p.scan(line)
	at := textStart(line, b.marks)
	if !b.continues {
		p.endLeaf()
	}
	switch b.kind {
	case textLine:
		if b.escape {
			line = line[:at] + escapeStart(line[at:])
		}
		p.leaf, p.start = append(p.leaf, len(p.lines)), append(p.start, at)
	case indentedLine:
		line = neutral(line)
	case fenceLine:
		p.opening = len(p.lines)
		p.lines = append(p.lines, p.splitInfo(line, at)...)
		return
	}
	if b.kind != textLine {
		line = shieldCode(line)
	}
	p.lines = append(p.lines, line)
}

// splitInfo moves words after an opening fence into the code block, unless they are the name of a language, because they are not shown.
func (p *passage) splitInfo(line string, at int) []string {
	text := line[at:]
	info := strings.TrimSpace(text[fenceLength(text):])
	if languagePattern().MatchString(info) {
		return []string{line}
	}
	if info[0] == text[0] { // it could end the block
		info = mute + info
	}
	return []string{line[:at] + text[:fenceLength(text)], shieldCode(p.indentation() + info)}
}

var languagePattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9+#_.:-]*$`) })

// shieldCode changes a line of code so that nobody takes it for a quick action or a hidden line of ours. It is shown as it was.
func shieldCode(line string) string {
	if strings.HasPrefix(line, "/") {
		line = mute + line
	}
	return strings.ReplaceAll(line, "<!--", "<"+mute+"!--")
}

// endLeaf escapes the paragraph that ends.
func (p *passage) endLeaf() {
	if len(p.leaf) == 0 {
		return
	}
	var texts []string
	for n, at := range p.leaf {
		texts = append(texts, p.lines[at][p.start[n]:])
	}
	for n, text := range escapeLines(texts) {
		line := p.lines[p.leaf[n]][:p.start[n]] + text
		if strings.HasPrefix(line, "/") {
			line = `\` + line
		}
		p.lines[p.leaf[n]] = line
	}
	p.leaf, p.start = nil, nil
}

// String returns the text with its end closed. A fence without code after it is text.
func (p *passage) String() string {
	p.endLeaf()
	last := len(p.lines) - 1
	if p.fence != "" && p.opening == last {
		at := strings.Index(p.lines[last], p.fence)
		p.lines[last] = p.lines[last][:at] + strings.Repeat(`\`+p.fence[:1], len(p.fence)) + p.lines[last][at+len(p.fence):]
	} else if p.fence != "" && len(p.open) == 0 {
		p.lines = append(p.lines, p.fence)
	}
	return strings.Join(p.lines, "\n")
}

// escapeStart escapes the start of a line that Markdown would take for a rule, an underline, an empty heading or list item.
func escapeStart(text string) string {
	digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
	return text[:digits] + `\` + text[digits:]
}
