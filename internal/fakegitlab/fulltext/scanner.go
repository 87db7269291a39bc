package fulltext

import "strings"

// kind is the kind of a token, as PostgreSQL's default parser names it.
type kind int

const (
	none kind = iota // no token: an attempt that failed
	blank
	asciiWord
	numWord
	hyphenated    // a word with hyphens; its parts follow as tokens of their own
	numHyphenated // with digits
	wordPart
	numPart
	email
	url // the host and the path follow as tokens of their own
	host
	urlPath
	file
	protocol
	tag
	entity
	unsignedInt
	signedInt
	decimal
	scientific
	version
)

// scanner cuts a text in ASCII into tokens. Where a text can be read in several ways, they are tried in a fixed order and
// the first that succeeds wins: that order is what makes the words of PostgreSQL hard to guess.
type scanner struct {
	text     string
	at       int
	inParts  bool // between the parts of a hyphenated word
	onlyHost bool // the next host ends before its path
	inPath   bool // behind the host of a URL
	ignoring bool // inside of script or style

	labels   [2]int // where the last run of labels that was looked at begins and ends
	pathDots int    // how many dots and tildes the path that is tried has at its beginning
}

// match is an attempt that succeeded: the kind of the token and where it ends. Its kind is none if it failed.
type match struct {
	kind kind
	end  int
}

func (m match) ok() bool { return m.kind != none }

// firstOf returns the first attempt that succeeds.
func firstOf(attempts ...func() match) match {
	for _, try := range attempts {
		if m := try(); m.ok() {
			return m
		}
	}
	return match{}
}

// next returns the next token, of kind none at the end of the text.
func (s *scanner) next() (kind, string) {
	if s.at >= len(s.text) {
		return none, ""
	}
	start := s.at
	m := s.match()
	s.at = m.end
	switch m.kind {
	case url: // once more, for its host
		s.at, s.onlyHost = start, true
	case hyphenated, numHyphenated:
		s.at, s.inParts = start, true
	}
	return m.kind, s.text[start:m.end]
}

func (s *scanner) match() match {
	s.pathDots = 0
	if s.inPath {
		s.inPath = false
		return match{urlPath, s.pathEnd(s.at + 1)}
	}
	if s.inParts {
		if m := s.part(); m.ok() {
			return m
		}
		s.inParts = false
	}
	return s.base()
}

// base reads a token that begins here.
func (s *scanner) base() match {
	p, m := s.at, match{}
	switch c := s.text[p]; {
	case c == '<':
		m = s.tag(p + 1)
	case s.ignoring:
	case isLetter(c):
		return s.asciiWord(p)
	case isDigit(c):
		return s.number(p)
	case c == '-' || c == '+':
		m = s.signed(p + 1)
	case c == '&':
		m = s.entity(p + 1)
	case c == '~':
		m = s.homePath(p + 1)
	case c == '/':
		m = s.filePath(p + 1)
	case c == '.':
		m = s.relativePath(p + 1)
	}
	if m.ok() {
		return m
	}
	return match{blank, s.blankEnd(p + 1)}
}

func (s *scanner) blankEnd(p int) int {
	for p < len(s.text) && s.text[p] != '<' && (s.ignoring || !isAlnum(s.text[p]) && !strings.ContainsRune("-+&/", rune(s.text[p]))) {
		p++
	}
	return p
}

func (s *scanner) char(p int) byte {
	if p < len(s.text) {
		return s.text[p]
	}
	return 0
}

// run returns where the characters of a class end.
func (s *scanner) run(p int, class func(c byte) bool) int {
	for p < len(s.text) && class(s.text[p]) {
		p++
	}
	return p
}

// asciiWord reads what begins with a letter.
func (s *scanner) asciiWord(start int) match {
	p := s.run(start, isLetter)
	m, rest := match{}, p+1
	switch c := s.char(p); {
	case c == '.':
		m = firstOf(func() match { return s.domain(rest, 0) }, func() match { return s.fileExtension(rest) })
	case c == '-':
		m = firstOf(func() match { return s.hostLabel(rest, 0) }, func() match { return s.hyphens(rest, hyphenated) })
	case c == '_':
		m = s.hostLabel(rest, 0)
	case c == '@':
		m = s.email(rest)
	case c == ':':
		m = s.protocol(rest)
	case c == '/':
		m = s.filePath(rest)
	case isDigit(c):
		m = firstOf(func() match { return s.hostName(rest, 0) }, func() match { return s.numWord(rest) })
	}
	if m.ok() {
		return m
	}
	return match{asciiWord, p}
}

// numWord reads the rest of a word with letters and digits.
func (s *scanner) numWord(p int) match {
	p = s.run(p, isAlnum)
	m, rest := match{}, p+1
	switch s.char(p) {
	case '@':
		m = s.email(rest)
	case '/':
		m = s.filePath(rest)
	case '.':
		m = s.fileExtension(rest)
	case '-':
		m = s.hyphens(rest, numHyphenated)
	}
	if m.ok() {
		return m
	}
	return match{numWord, p}
}

// hyphens reads the rest of a hyphenated word, behind a hyphen. A part of digits alone does not belong to it unless a part
// with letters follows without a hyphen.
func (s *scanner) hyphens(p int, k kind) match {
	end := 0
	for {
		letters := s.run(p, isDigit)
		after := s.run(letters, isAlnum)
		if after == letters {
			break
		}
		if s.run(p, isLetter) != after {
			k = numHyphenated
		}
		if end = after; s.char(end) != '-' {
			break
		}
		p = end + 1
	}
	if end == 0 {
		return match{}
	}
	return match{k, end}
}

// part reads a part of a hyphenated word, or a hyphen between two of them.
func (s *scanner) part() match {
	p := s.at
	switch c := s.text[p]; {
	case isLetter(c):
		if end := s.run(p, isAlnum); s.run(p, isLetter) != end {
			return match{numPart, end}
		}
		return match{wordPart, s.run(p, isLetter)}
	case isDigit(c):
		if digits := s.run(p, isDigit); isLetter(s.char(digits)) {
			return match{numPart, s.run(p, isAlnum)}
		}
	case c == '-' && isAlnum(s.char(p+1)):
		return match{blank, p + 1}
	}
	return match{}
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isAlnum(c byte) bool { return isLetter(c) || isDigit(c) }

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }
