package markdown

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// This file renders Markdown as HTML: paragraphs, headings, fenced code, breaks and flat lists. Quotes, tables, nested
// lists and HTML come out as paragraphs.

// HTML renders a text the way GitLab does without its own additions: each element has its place in the text.
func HTML(text string) string {
	r := renderer{lines: strings.Split(strings.TrimRight(text, "\n"), "\n")}
	for r.at < len(r.lines) {
		r.block()
	}
	return strings.Join(r.out, "\n")
}

// renderer reads a text block by block.
type renderer struct {
	lines []string
	at    int
	out   []string
}

// blockPatterns are compiled on first use.
var blockPatterns = sync.OnceValue(func() struct{ heading, fence, rule, bullet, number *regexp.Regexp } {
	return struct{ heading, fence, rule, bullet, number *regexp.Regexp }{
		heading: regexp.MustCompile(`^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$`),
		fence:   regexp.MustCompile("^ {0,3}(```+|~~~+)[ \t]*([^` ]*)[^`]*$"),
		rule:    regexp.MustCompile(`^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$`),
		bullet:  regexp.MustCompile(`^ {0,3}[-*+] +(\S.*)$`),
		number:  regexp.MustCompile(`^ {0,3}(\d{1,9})[.)] +(\S.*)$`),
	}
})

func (r *renderer) block() {
	line := r.lines[r.at]
	p := blockPatterns()
	switch {
	case strings.TrimSpace(line) == "":
		r.at++
	case p.fence.MatchString(line):
		r.code(p.fence.FindStringSubmatch(line))
	case p.heading.MatchString(line):
		r.heading(p.heading.FindStringSubmatchIndex(line))
	case p.rule.MatchString(line):
		r.add("<hr" + place(r.at, 0, r.at, len(line)) + ">")
		r.at++
	case p.bullet.MatchString(line):
		r.list("ul", "", p.bullet)
	case p.number.MatchString(line):
		r.list("ol", p.number.FindStringSubmatch(line)[1], p.number)
	default:
		r.paragraph()
	}
}

func (r *renderer) add(html string) { r.out = append(r.out, html) }

// place is the attribute with the first and the last character, counted from 1. The end is exclusive.
func place(line, from, lastLine, end int) string {
	at := func(line, column int) string { return strconv.Itoa(line+1) + ":" + strconv.Itoa(column) }
	return ` data-sourcepos="` + at(line, from+1) + "-" + at(lastLine, end) + `"`
}

func (r *renderer) heading(m []int) {
	line, tag := r.lines[r.at], "h"+strconv.Itoa(m[3]-m[2])
	text := ""
	if m[4] >= 0 {
		text = r.inline(r.at, m[4], line[m[4]:m[5]])
	}
	r.add("<" + tag + place(r.at, m[2], r.at, len(strings.TrimRight(line, " \t"))) + ">" + text + "</" + tag + ">")
	r.at++
}

func (r *renderer) code(m []string) {
	first, mark := r.at, m[1]
	var body strings.Builder
	last := first
	for r.at++; r.at < len(r.lines); r.at++ {
		last = r.at
		if text := strings.TrimSpace(r.lines[r.at]); strings.HasPrefix(text, mark) && strings.Trim(text, mark[:1]) == "" {
			r.at++
			break
		}
		body.WriteString(escape(r.lines[r.at]) + "\n")
	}
	lang := ""
	if m[2] != "" {
		lang = ` lang="` + escape(m[2]) + `"`
	}
	r.add("<pre" + lang + place(first, 0, last, len(r.lines[last])) + "><code>" + body.String() + "</code></pre>")
}

// list renders the items that follow each other without a blank line.
func (r *renderer) list(tag, start string, item *regexp.Regexp) {
	first := r.at
	var items []string
	for ; r.at < len(r.lines) && item.MatchString(r.lines[r.at]); r.at++ {
		line := r.lines[r.at]
		m := item.FindStringSubmatchIndex(line)
		from := m[len(m)-2]
		indent := len(line) - len(strings.TrimLeft(line, " "))
		items = append(items, "<li"+place(r.at, indent, r.at, len(line))+">"+r.inline(r.at, from, line[from:])+"</li>")
	}
	if n, err := strconv.Atoi(start); err == nil && n != 1 {
		start = ` start="` + strconv.Itoa(n) + `"`
	} else {
		start = ""
	}
	open := "<" + tag + start + place(first, 0, r.at-1, len(r.lines[r.at-1])) + ">"
	r.add(open + "\n" + strings.Join(items, "\n") + "\n</" + tag + ">")
}

func (r *renderer) paragraph() {
	first := r.at
	from := len(r.lines[first]) - len(strings.TrimLeft(r.lines[first], " "))
	for r.at++; r.at < len(r.lines) && !r.interrupts(r.lines[r.at]); r.at++ {
	}
	last := strings.TrimRight(r.lines[r.at-1], " \t")
	text := strings.Join(append(append([]string{}, r.lines[first:r.at-1]...), last), "\n")[from:]
	r.add("<p" + place(first, from, r.at-1, len(last)) + ">" + r.inline(first, from, text) + "</p>")
}

// interrupts reports whether a line ends the paragraph before it.
func (r *renderer) interrupts(line string) bool {
	p := blockPatterns()
	if m := p.number.FindStringSubmatch(line); m != nil && m[1] == "1" {
		return true
	}
	return strings.TrimSpace(line) == "" || p.fence.MatchString(line) || p.heading.MatchString(line) ||
		p.rule.MatchString(line) || p.bullet.MatchString(line)
}

func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}
