package fulltext

import "strings"

// This file reads host names, e-mail addresses, URLs and paths of files.

// What is tried at most. It bounds the time for text that only looks like a host name or a path.
const (
	maxLabels   = 256 // of a host name
	maxPathDots = 32  // at the beginning of a path
)

// hostLabel reads the rest of a host name, behind a hyphen or an underscore.
func (s *scanner) hostLabel(p, depth int) match {
	if !isAlnum(s.char(p)) || depth == 0 && !s.reachesDot(p) {
		return match{}
	}
	return s.hostName(p+1, depth)
}

// reachesDot reports whether the labels that begin here are followed by what a host name needs.
func (s *scanner) reachesDot(p int) bool {
	if p < s.labels[0] || p >= s.labels[1] {
		s.labels = [2]int{p, s.run(p, func(c byte) bool { return isAlnum(c) || c == '-' || c == '_' })}
	}
	c := s.char(s.labels[1])
	return c == '.' || c == '@'
}

// hostName reads the rest of a host name inside a label that is not the last.
func (s *scanner) hostName(p, depth int) match {
	p = s.run(p, isAlnum)
	if depth++; depth > maxLabels {
		return match{}
	}
	switch s.char(p) {
	case '@':
		return s.email(p + 1)
	case '.':
		return s.domain(p+1, depth)
	case '-', '_':
		return s.hostLabel(p+1, depth)
	}
	return match{}
}

// domain reads the rest of a host name, behind a dot. The last label has two or more letters and no digits.
func (s *scanner) domain(p, depth int) match {
	switch {
	case isDigit(s.char(p)):
		return s.hostName(p+1, depth)
	case !isLetter(s.char(p)):
		return match{}
	}
	end := s.run(p, isLetter)
	m := s.behindLabel(end, depth+1)
	switch {
	case m.ok():
		return m
	case end == p+1, isDigit(s.char(end)):
		return match{}
	case s.char(end) == ':' && isDigit(s.char(end+1)):
		end = s.run(end+1, isDigit)
	}
	return s.hostEnd(end)
}

// behindLabel reads what continues a host name behind the letters of a label.
func (s *scanner) behindLabel(p, depth int) match {
	if depth > maxLabels {
		return match{}
	}
	switch c := s.char(p); {
	case isDigit(c):
		return s.hostName(p+1, depth)
	case c == '-', c == '_':
		return s.hostLabel(p+1, depth)
	case c == '.':
		return s.domain(p+1, depth)
	case c == '@':
		return s.email(p + 1)
	}
	return match{}
}

// hostEnd ends a host name, which is a URL if a path follows.
func (s *scanner) hostEnd(p int) match {
	switch {
	case p == len(s.text):
	case s.takeOnlyHost():
		s.inPath = true
	case s.text[p] == '/':
		if end := s.urlEnd(p + 1); end > 0 {
			return match{url, end}
		}
	}
	return match{host, p}
}

// takeOnlyHost reports whether only a host was wanted, once.
func (s *scanner) takeOnlyHost() bool {
	only := s.onlyHost
	s.onlyHost = false
	return only
}

// urlEnd returns where the path of a URL ends, 0 without a path.
func (s *scanner) urlEnd(p int) int {
	if end := s.pathEnd(p); end > p {
		return end
	}
	return 0
}

// email reads the host of an e-mail address.
func (s *scanner) email(p int) match {
	if s.takeOnlyHost() || p >= len(s.text) {
		return match{}
	}
	if m := (&scanner{text: s.text, at: p, onlyHost: true}).base(); m.kind == host {
		return match{email, m.end}
	}
	return match{}
}

// protocol reads the slashes of https://.
func (s *scanner) protocol(p int) match {
	if s.char(p) == '/' && s.char(p+1) == '/' {
		return match{protocol, p + 2}
	}
	return match{}
}

func isFileStart(c byte) bool { return isAlnum(c) || c == '_' }

// filePath reads the rest of a path, behind a slash.
func (s *scanner) filePath(p int) match {
	switch c := s.char(p); {
	case isFileStart(c):
		return s.file(p + 1)
	case s.pathDots >= maxPathDots:
		return match{}
	case c == '.':
		s.pathDots++
		return s.dotPath(p + 1)
	case c == '~':
		return s.homePath(p + 1)
	}
	return match{}
}

// homePath reads the rest of a path, behind a tilde.
func (s *scanner) homePath(p int) match {
	switch c := s.char(p); {
	case isFileStart(c):
		return s.file(p + 1)
	case c == '/':
		return s.filePath(p + 1)
	}
	return match{}
}

// dotPath reads the rest of a path, behind a slash and a dot.
func (s *scanner) dotPath(p int) match {
	if c := s.char(p); isFileStart(c) {
		return s.file(p + 1)
	}
	return s.relativePath(p)
}

// relativePath reads the rest of a path that is relative, behind its first dot.
func (s *scanner) relativePath(p int) match {
	switch s.char(p) {
	case '.':
		return s.parentPath(p + 1)
	case '/':
		return s.filePath(p + 1)
	}
	return match{}
}

// parentPath reads the rest of a path, behind two dots.
func (s *scanner) parentPath(p int) match {
	switch c := s.char(p); {
	case p >= len(s.text), isSpace(c):
		return match{file, p}
	case c == '/':
		if m := s.filePath(p + 1); m.ok() {
			return m
		}
		return match{file, p}
	}
	return match{}
}

// fileExtension reads the rest of the name of a file, behind a dot.
func (s *scanner) fileExtension(p int) match {
	if !isFileStart(s.char(p)) {
		return match{}
	}
	return s.file(p + 1)
}

// file reads the rest of a path. It always succeeds.
func (s *scanner) file(p int) match {
	for {
		p = s.run(p, func(c byte) bool { return isFileStart(c) || c == '-' })
		m := match{}
		switch c := s.char(p); {
		case (c == '.' || c == '/') && isFileStart(s.char(p+1)):
			p += 2
			continue
		case c == '/':
			m = s.filePath(p + 1)
		}
		if m.ok() {
			return m
		}
		return match{file, p}
	}
}

// pathEnd returns where the path of a URL ends: at the first character that no URL has.
func (s *scanner) pathEnd(p int) int {
	return s.run(p, func(c byte) bool { return c > ' ' && c < 0x7f && !strings.ContainsRune("\"<>\\^`{|}", rune(c)) })
}
