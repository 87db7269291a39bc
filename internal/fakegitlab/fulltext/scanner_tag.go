package fulltext

import "strings"

// This file reads the tags, comments and entities of XML, which have no words.

// entity reads an entity behind its ampersand.
func (s *scanner) entity(p int) match {
	end := p
	switch c := s.char(p); {
	case c == '#' && s.char(p+1)|0x20 == 'x':
		if end = s.run(p+2, isHex); end == p+2 {
			return match{}
		}
	case c == '#':
		if end = s.run(p+1, isDigit); end == p+1 {
			return match{}
		}
	case isNameStart(c):
		end = s.run(p, isName)
	default:
		return match{}
	}
	if s.char(end) != ';' {
		return match{}
	}
	return match{entity, end + 1}
}

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func isNameStart(c byte) bool { return isLetter(c) || c == ':' || c == '_' }

func isName(c byte) bool { return isAlnum(c) || strings.IndexByte(":_.-", c) >= 0 }

// tag reads a tag or a comment behind its bracket.
func (s *scanner) tag(p int) match {
	switch c := s.char(p); {
	case c == '!' && s.char(p+1) == '-' && s.char(p+2) == '-':
		return s.comment(p + 3)
	case c == '!' && s.char(p+1)|0x20 == 'd':
		return s.attributes(p + 2)
	case c == '?' && s.char(p+1) == 'x':
		return s.attributes(p + 2)
	case c == '/' && isLetter(s.char(p+1)):
		return s.tagName(p+1, true)
	case isNameStart(c):
		return s.tagName(p, false)
	}
	return match{}
}

func (s *scanner) comment(p int) match {
	if length := strings.Index(s.text[p:], "-->"); length >= 0 {
		return match{tag, p + length + 3}
	}
	return match{}
}

// tagName reads a tag from its name on. What is between script or style and its end has no words.
func (s *scanner) tagName(p int, closing bool) match {
	end := s.run(p, isName)
	m := match{}
	switch c := s.char(end); {
	case c == '>':
		m = match{tag, end + 1}
	case c == '/' && s.char(end+1) == '>':
		return match{tag, end + 2}
	case end < len(s.text) && isSpace(c):
		m = s.attributes(end + 1)
	}
	if name := strings.ToLower(s.text[p:end]); name == "script" || name == "style" {
		if end < len(s.text) && (s.text[end] == '>' || isSpace(s.text[end])) {
			s.ignoring = !closing
		}
	}
	return m
}

// attributes reads the rest of a tag, with texts in quotes.
func (s *scanner) attributes(p int) match {
	for p < len(s.text) {
		switch c := s.text[p]; {
		case c == '>':
			return match{tag, p + 1}
		case c == '"' || c == '\'':
			if p = s.quoted(p+1, c); p < 0 {
				return match{}
			}
		case isAlnum(c), isSpace(c), strings.IndexByte("=-_#/:.&?%~", c) >= 0:
			p++
		default:
			return match{}
		}
	}
	return match{}
}

// quoted returns the position behind the closing quote, -1 if there is none.
func (s *scanner) quoted(p int, quote byte) int {
	for ; p < len(s.text); p++ {
		switch s.text[p] {
		case quote:
			return p + 1
		case '\\':
			p++
		}
	}
	return -1
}
