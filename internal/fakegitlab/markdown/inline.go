package markdown

import (
	"regexp"
	"strings"
	"sync"
)

// span is inline text with its place in the source.
type span struct {
	text     string
	line     int // of the first character
	column   int
	position int // in text
	out      strings.Builder
}

// maxInline is the length of a paragraph above which its marks are not looked at: each can need a look at the whole rest.
const maxInline = 2000

// inline renders emphasis, code, links and line breaks of a text that begins at a place.
func (r *renderer) inline(line, column int, text string) string {
	if len(text) > maxInline {
		return escape(text)
	}
	s := &span{text: text, line: line, column: column}
	s.render(len(text))
	return s.out.String()
}

// at returns the line and the column of a position in the text.
func (s *span) at(position int) (line, column int) {
	before := s.text[:position]
	if n := strings.LastIndexByte(before, '\n'); n >= 0 {
		return s.line + strings.Count(before, "\n"), position - n - 1
	}
	return s.line, s.column + position
}

func (s *span) place(from, end int) string {
	line, column := s.at(from)
	lastLine, last := s.at(end)
	return place(line, column, lastLine, last)
}

// inlinePatterns find what begins at the current position.
var inlinePatterns = sync.OnceValue(func() struct{ code, link, auto, hard *regexp.Regexp } {
	return struct{ code, link, auto, hard *regexp.Regexp }{
		code: regexp.MustCompile("^`+"),
		link: regexp.MustCompile(`^\[([^\[\]]*)\]\(<?([^\s()<>]*)>?(?:\s+"([^"]*)")?\)`),
		auto: regexp.MustCompile(`^<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*)>`),
		hard: regexp.MustCompile(`^(?: {2,}|\\)\n *`),
	}
})

// render writes the text up to a position.
func (s *span) render(end int) {
	for s.position < end {
		rest := s.text[s.position:end]
		p := inlinePatterns()
		switch {
		case p.hard.MatchString(rest):
			n := len(p.hard.FindString(rest))
			s.out.WriteString("<br" + s.place(s.position, s.position+strings.IndexByte(rest, '\n')) + ">\n")
			s.position += n
		case rest[0] == '\\' && len(rest) > 1 && isPunctuation(rest[1]):
			s.out.WriteString(escape(rest[1:2]))
			s.position += 2
		case rest[0] == '`' && s.code(rest, p.code.FindString(rest)):
		case p.link.MatchString(rest):
			s.link(p.link.FindStringSubmatchIndex(rest))
		case p.auto.MatchString(rest):
			m := p.auto.FindStringSubmatch(rest)
			s.element("a", ` href="`+escape(m[1])+`"`, escape(m[1]), len(m[0]))
		case strings.IndexByte("*_~", rest[0]) >= 0 && s.emphasis(rest):
		case rest[0] == '\n' || rest[0] == ' ':
			s.blanks(rest)
		default:
			s.out.WriteString(escape(rest[:1]))
			s.position++
		}
	}
}

// blanks drops the blanks around the end of a line.
func (s *span) blanks(rest string) {
	kept := strings.TrimLeft(rest, " ")
	if !strings.HasPrefix(kept, "\n") {
		s.out.WriteString(rest[:len(rest)-len(kept)])
	} else {
		s.out.WriteString("\n")
		kept = strings.TrimLeft(kept[1:], " ")
	}
	s.position += len(rest) - len(kept)
}

func isPunctuation(b byte) bool {
	return b > ' ' && b < 0x7f && (b < '0' || b > '9') && !isLetter(b)
}

// element writes an element whose source has a length.
func (s *span) element(tag, attributes, content string, length int) {
	s.out.WriteString("<" + tag + s.place(s.position, s.position+length) + attributes + ">" + content + "</" + tag + ">")
	s.position += length
}

func (s *span) code(rest, run string) bool {
	n := spanEnd(rest[len(run):], run)
	if n < 0 {
		s.out.WriteString(run)
		s.position += len(run)
		return true
	}
	text := strings.ReplaceAll(rest[len(run):len(run)+n], "\n", " ")
	if strings.TrimSpace(text) != "" && strings.HasPrefix(text, " ") && strings.HasSuffix(text, " ") {
		text = text[1 : len(text)-1]
	}
	s.element("code", "", escape(text), 2*len(run)+n)
	return true
}

func (s *span) link(m []int) {
	rest, from := s.text[s.position:], s.position
	attributes := ` href="` + escape(rest[m[4]:m[5]]) + `"`
	if m[6] >= 0 {
		attributes += ` title="` + escape(rest[m[6]:m[7]]) + `"`
	}
	s.out.WriteString("<a" + s.place(from, from+m[1]) + attributes + ">")
	s.position = from + m[2]
	s.render(from + m[3])
	s.out.WriteString("</a>")
	s.position = from + m[1]
}

// emphasis writes what is between two equal runs of marks: one is emphasis, two are strong, two tildes strike through.
func (s *span) emphasis(rest string) bool {
	mark := rest[:len(rest)-len(strings.TrimLeft(rest, rest[:1]))]
	if len(mark) > 2 {
		mark = mark[:2]
	}
	tag := map[string]string{"*": "em", "_": "em", "**": "strong", "__": "strong", "~~": "del"}[mark]
	end := closing(rest, mark)
	if tag == "" || end < 0 || !s.opens(mark) {
		s.out.WriteString(mark)
		s.position += len(mark)
		return true
	}
	from := s.position
	s.out.WriteString("<" + tag + s.place(from, from+end+len(mark)) + ">")
	s.position = from + len(mark)
	s.render(from + end)
	s.out.WriteString("</" + tag + ">")
	s.position = from + end + len(mark)
	return true
}

// opens reports whether a mark may begin emphasis here: an underscore may not inside a word.
func (s *span) opens(mark string) bool {
	return mark[0] != '_' || s.position == 0 || !isWordByte(s.text[s.position-1])
}

// closing finds the run of marks that ends emphasis, -1 if there is none. It has text on its left, and an underscore has
// no word on its right. A run of three ends both kinds.
func closing(rest, mark string) int {
	if len(rest) == len(mark) || rest[len(mark)] == ' ' || rest[len(mark)] == '\n' {
		return -1
	}
	for at := len(mark) + 1; at+len(mark) <= len(rest); at++ {
		if rest[at] != mark[0] || rest[at-1] == '\\' {
			continue
		}
		run := len(rest[at:]) - len(strings.TrimLeft(rest[at:], mark[:1]))
		inWord := mark[0] == '_' && at+run < len(rest) && isWordByte(rest[at+run])
		if (run == len(mark) || run == 3) && rest[at-1] != ' ' && rest[at-1] != '\n' && !inWord {
			return at + run - len(mark)
		}
		at += run - 1
	}
	return -1
}

func isWordByte(b byte) bool { return isLetter(b) || b >= '0' && b <= '9' || b >= 0x80 }

// spanEnd finds the run of backticks that closes inline code, -1 if there is none.
func spanEnd(text, run string) int {
	for at := 0; at < len(text); {
		n := strings.Index(text[at:], run)
		if n < 0 {
			return -1
		}
		start := at + n
		end := start + len(run)
		for end < len(text) && text[end] == '`' {
			end++
		}
		if end-start == len(run) {
			return start
		}
		at = end
	}
	return -1
}
