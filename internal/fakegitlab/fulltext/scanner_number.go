package fulltext

// This file reads numbers and versions.

// number reads what begins with a digit.
func (s *scanner) number(start int) match {
	p := s.run(start, isDigit)
	m, rest := match{}, p+1
	switch c := s.char(p); {
	case c == '.':
		m = firstOf(func() match { return s.domain(rest, 0) }, func() match { return s.fraction(rest) })
	case c == '-', c == '_':
		m = s.hostLabel(rest, 0)
	case c == '@':
		m = s.email(rest)
	case isLetter(c):
		m = firstOf(func() match { return s.exponent(p) }, func() match { return s.hostName(rest, 0) },
			func() match { return s.numWord(rest) })
	case c == '/':
		m = s.filePath(rest)
	}
	if m.ok() {
		return m
	}
	return match{unsignedInt, p}
}

// fraction reads the digits behind a dot, and those behind further dots, which make it a version.
func (s *scanner) fraction(p int) match {
	if !isDigit(s.char(p)) {
		return match{}
	}
	p = s.run(p, isDigit)
	if s.char(p) == '.' && isDigit(s.char(p+1)) {
		for s.char(p) == '.' && isDigit(s.char(p+1)) {
			p = s.run(p+1, isDigit)
		}
		return match{version, p}
	}
	if m := s.exponent(p); m.ok() {
		return m
	}
	return match{decimal, p}
}

// exponent reads an exponent that begins here.
func (s *scanner) exponent(p int) match {
	if s.char(p)|0x20 != 'e' {
		return match{}
	}
	if p++; s.char(p) == '-' || s.char(p) == '+' {
		p++
	}
	if !isDigit(s.char(p)) {
		return match{}
	}
	return match{scientific, s.run(p, isDigit)}
}

// signed reads a number behind its sign. The sign of a version does not belong to it.
func (s *scanner) signed(p int) match {
	sign := p
	if !isDigit(s.char(p)) {
		return match{}
	}
	p = s.run(p, isDigit)
	m := s.exponent(p)
	if s.char(p) == '.' {
		m = s.fraction(p + 1)
	}
	switch m.kind {
	case none:
		return match{signedInt, p}
	case version:
		return match{blank, sign}
	}
	return m
}
