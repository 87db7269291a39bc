package record

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// span is a piece of the description.
type span struct{ from, to int }

// entry is one key with its value.
type entry struct {
	key    string // see keyName
	line   row
	number int  // of the line in the description, from 0
	name   int  // where the key begins
	colon  int  // just after the colon
	inline span // the part of the value on the key's line, without comment; empty, just after the colon, if there is none
	rest   []row
	items  []item
	depth  int // spaces before the key
	dash   int // spaces before the last item
	form   form
	closed bool // a quoted text or a list that ends on the key's line
	value  Value
}

// form is how a value begins, which decides what may follow on further lines.
type form int

const (
	nothing form = iota
	plainText
	quoted
	flowList
	literal // | or >
)

// item is one item of a list with dashes: its line, and the lines that continue it.
type item struct {
	rows []row
	text string
}

// end is where the line after the entry begins.
func (e *entry) end() int {
	end := e.line.next
	if n := len(e.rest); n > 0 {
		end = max(end, e.rest[n-1].next)
	}
	if n := len(e.items); n > 0 {
		rows := e.items[n-1].rows
		end = max(end, rows[len(rows)-1].next)
	}
	return end
}

// parser reads the lines of a block.
type parser struct {
	s        source
	block    *Block
	first    int // number of the block's first line
	base     int // spaces before the keys
	entries  []*entry
	problems []Problem
}

func (p *parser) parse() {
	var current *entry
	p.base = -1
	for i, r := range p.block.rows {
		line := p.s.line(r)
		content := strings.TrimLeft(line, " \t")
		depth := len(line) - len(content)
		switch {
		case strings.TrimSpace(content) == "" || depth == 0 && documentMark(content):
		case current != nil && current.form == literal && depth > current.depth:
			current.rest = append(current.rest, r)
		case content[0] == '#':
		case p.begins(current, content, depth):
			current = p.entry(r, p.first+i, content)
			p.entries = append(p.entries, current)
		case current != nil && p.continues(current, r, content, depth):
		default:
			current = nil
			p.problems = append(p.problems, p.s.problem(p.first+i, "expected key: value or a comment; this line is ignored"))
		}
	}
	p.block.last, p.block.entries = make(map[string]int, len(p.entries)), make([]entry, 0, len(p.entries))
	for i, e := range p.entries {
		p.finish(e)
		if _, duplicate := p.block.last[e.key]; duplicate {
			p.problems = append(p.problems, Problem{e.number + 1, p.s.column(e.line, e.name), "duplicate key " + e.key + ": the last one is used"})
		}
		p.block.last[e.key] = i
		p.block.entries = append(p.block.entries, *e)
	}
	if len(p.entries) > 0 {
		e := slices.MinFunc(p.entries, func(a, b *entry) int { return cmp.Compare(a.depth, b.depth) })
		p.block.indent = p.block.text[e.line.from:e.name]
	}
}

func documentMark(content string) bool {
	content = strings.TrimRight(content, " \t")
	return content == "---" || content == "..."
}

// begins reports whether a line starts a new key: it is not deeper than the first key, or it is indented by mistake, because the value
// above cannot continue with it.
func (p *parser) begins(current *entry, content string, depth int) bool {
	if isItem(content) {
		return false
	}
	if p.base < 0 || depth <= p.base {
		_, _, ok := splitKey(content, false)
		if ok && p.base < 0 {
			p.base = depth
		}
		return ok
	}
	_, _, ok := splitKey(content, true)
	switch {
	case !ok:
		return false
	case current == nil:
		return true
	case len(current.items) > 0:
		return depth <= current.dash
	}
	return current.form == plainText || current.closed
}

// continues adds a line to the entry above it, if it belongs there.
func (p *parser) continues(e *entry, r row, content string, depth int) bool {
	switch {
	case e.closed:
		return false
	case isItem(content) && e.form == nothing && len(e.rest) == 0:
		e.items = append(e.items, item{rows: []row{r}})
		e.dash = depth
	case len(e.items) > 0 && depth > e.dash:
		last := &e.items[len(e.items)-1]
		last.rows = append(last.rows, r)
	case len(e.items) == 0 && depth > max(p.base, 0), e.form == flowList && strings.ContainsRune(",]", rune(content[0])):
		e.rest = append(e.rest, r)
	default:
		return false
	}
	return true
}

func isItem(content string) bool {
	return content == "-" || strings.HasPrefix(content, "- ") || strings.HasPrefix(content, "-\t")
}

// plainKey reports whether a key has only letters, digits, dashes and underscores.
func plainKey(name string) bool {
	for i := range len(name) {
		c := name[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_'
		if !letter && (i == 0 || c != '-' && (c < '0' || c > '9')) {
			return false
		}
	}
	return name != ""
}

// splitKey splits a line at the colon after its key. The key may be quoted, spaces before the colon are allowed, and the one after it may
// be missing. If strict, the key must be plain, with a space or nothing after its colon.
func splitKey(content string, strict bool) (name string, colon int, ok bool) {
	end := 0
	if content[0] == '"' || content[0] == '\'' {
		if name, end, ok = unquote(content); !ok {
			return "", 0, false
		}
	}
	i := strings.IndexByte(content[end:], ':')
	if i < 0 {
		return "", 0, false
	}
	colon = end + i + 1
	separated := colon == len(content) || content[colon] == ' ' || content[colon] == '\t'
	if end > 0 {
		return name, colon, separated && keyName(name) != "" && strings.Trim(content[end:end+i], " \t") == ""
	}
	name = strings.TrimRight(content[:i], " \t")
	if strict || !separated {
		return name, colon, plainKey(name) && (separated || !strict && !strings.HasPrefix(content[colon:], "/"))
	}
	return name, colon, plainKey(name) || wordsOnly(name)
}

// wordsOnly reports whether a key has only letters, digits and separators of words, in any script.
func wordsOnly(name string) bool {
	for i, r := range name {
		if !unicode.IsLetter(r) && r != '_' && (i == 0 || !unicode.IsDigit(r) && !unicode.IsMark(r) && !strings.ContainsRune(" -.", r)) {
			return false
		}
	}
	return name != ""
}

// entry parses the line of a key as far as possible without the lines below.
func (p *parser) entry(r row, number int, content string) *entry {
	name, colon, _ := splitKey(content, false)
	start := r.to - len(content)
	e := &entry{key: keyName(name), line: r, number: number, name: start, colon: start + colon, depth: start - r.from}
	tail := p.s.text[e.colon:r.to]
	raw := strings.TrimLeft(tail, " \t")
	from := r.to - len(raw)
	switch raw = withoutComment(raw); {
	case raw == "":
		from = e.colon
	case literalHead().MatchString(raw):
		e.form = literal
	case raw[0] == '"' || raw[0] == '\'':
		raw = e.enclose(quoted, p.s.text[from:r.to])
	case raw[0] == '[':
		raw = e.enclose(flowList, p.s.text[from:r.to])
	default:
		e.form = plainText
	}
	e.inline = span{from, from + len(strings.TrimRight(raw, " \t"))}
	return e
}

// enclose sets the form of a value that begins with a quote or a bracket, and returns its part of the line.
// If words follow the closing character, the value is a plain text: "disk" was full.
func (e *entry) enclose(f form, tail string) string {
	e.form = f
	end, ok := 0, false
	if f == quoted {
		_, end, ok = unquote(tail)
	} else if _, end, ok = flowItems(tail[1:]); ok {
		end++
	}
	switch {
	case ok && onlyComment(tail[end:]):
		e.closed = true
		return tail[:end]
	case ok:
		e.form = plainText
		return withoutComment(tail)
	case f == flowList:
		return withoutFlowComment(tail)
	}
	return tail
}

// onlyComment reports whether nothing but a comment follows a value.
func onlyComment(s string) bool {
	s = strings.TrimLeft(s, " \t")
	return s == "" || s[0] == '#'
}

// finish parses the value of an entry, when all its lines are known.
func (p *parser) finish(e *entry) {
	at := e.inline.from
	if e.form == nothing {
		at = e.name
	}
	e.value = Value{Line: e.number + 1, Column: p.s.column(e.line, at)}
	report := func(text string) {
		p.problems = append(p.problems, Problem{e.value.Line, e.value.Column, text})
	}
	raw := p.s.text[e.inline.from:e.inline.to]
	switch {
	case len(e.items) > 0:
		e.value.IsList = true
		for i := range e.items {
			it := &e.items[i]
			it.text = p.itemText(it.rows)
			if it.text != "" {
				e.value.List = append(e.value.List, it.text)
			}
		}
	case e.form == literal:
		e.value.Text = clean(p.join("", e.rest, nil))
	case e.form == quoted:
		all := p.join(raw, e.rest, nil)
		text, end, ok := unquote(all)
		e.value.Text = text
		if !ok {
			report("missing closing quote")
		} else if !onlyComment(all[end:]) {
			report("text after the closing quote is ignored")
		}
	case e.form == flowList:
		all := p.join(raw[1:], e.rest, withoutFlowComment)
		items, end, ok := flowItems(all)
		e.value.IsList, e.value.List = true, items
		if !ok {
			report("missing ] at the end of the list")
		} else if !onlyComment(all[end:]) {
			report("text after the list is ignored")
		}
	default:
		e.value.Text = plainValue(p.join(raw, e.rest, withoutComment))
	}
	if e.value.IsList {
		e.value.Text = strings.Join(e.value.List, ", ")
	}
}

// itemText is the value of an item over all its lines. The first line begins with a dash.
func (p *parser) itemText(rows []row) string {
	first := strings.TrimLeft(strings.TrimLeft(p.s.line(rows[0]), " \t")[1:], " \t")
	return itemValue(p.join(first, rows[1:], nil))
}

// join joins the lines of a value into one. Further lines are cut where their comment begins.
func (p *parser) join(first string, rest []row, cut func(string) string) string {
	parts := []string{first}
	for _, r := range rest {
		line := strings.Trim(p.s.line(r), " \t")
		if cut != nil {
			line = cut(line)
		}
		parts = append(parts, line)
	}
	return strings.Join(parts, " ")
}
