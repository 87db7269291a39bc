package safetext

import (
	"fmt"
	"strings"
)

// Part is the part of a text of people that prodctl keeps, between two hidden lines with its name. All text around it is people's, and no
// byte of that changes. The lines are part of the published format.
type Part struct {
	Name string // in the hidden lines, and for errors
	In   string // what the text is, for errors: description, comment
}

func (p Part) begin() string { return "<!-- prodctl:" + p.Name + " -->" }
func (p Part) end() string   { return "<!-- /prodctl:" + p.Name + " -->" }

// Region is where a part is in a text.
type Region struct {
	Found  bool
	Text   string // between the hidden lines
	before string // ends with the first hidden line and its line end
	after  string // starts with the second hidden line
	part   Part
}

// Find looks for the one region. Anything but one begin line followed by one end line is damage: nobody can know then which text is
// prodctl's, so the error says which line is wrong.
func (p Part) Find(text string) (Region, error) {
	if !strings.Contains(text, "prodctl:"+p.Name) {
		return Region{part: p}, nil // the usual case
	}
	begin, end, at := -1, -1, 0
	var beginLine, textFrom int
	for n, line := range strings.SplitAfter(WithoutClosedLiterals(text), "\n") {
		switch strings.TrimRight(line, " \t\r\n") {
		case p.begin():
			if begin >= 0 {
				return Region{}, fmt.Errorf("a second %s begins on line %d of the %s (the first one begins on line %d)", p.Name, n+1, p.In,
					beginLine)
			}
			begin, beginLine, textFrom = at, n+1, at+len(line)
		case p.end():
			if begin < 0 || end >= 0 {
				return Region{}, fmt.Errorf("line %d of the %s ends a %s that has no beginning", n+1, p.In, p.Name)
			}
			end = at
		}
		at += len(line)
	}
	switch {
	case begin < 0:
		return Region{part: p}, nil
	case end < 0:
		return Region{}, fmt.Errorf("the %s that begins on line %d of the %s has no end (the line %s is missing)", p.Name, beginLine, p.In,
			p.end())
	}
	return Region{Found: true, Text: text[textFrom:end], before: text[:textFrom], after: text[end:], part: p}, nil
}

// Wrapped returns a content with its seal and the hidden lines, with the given line end.
func (p Part) Wrapped(content, eol string) string {
	return p.begin() + eol + strings.ReplaceAll(Sealed(content), "\n", eol) + eol + p.end()
}

// Says reports whether prodctl wrote this content there, whatever a person made of it since.
func (r Region) Says(content string) bool { return r.Found && ReadSeal(r.Text).Says(content) }

// Intact reports whether the content is as prodctl wrote it.
func (r Region) Intact() bool { return ReadSeal(r.Text).Intact() }

// Content returns the content without its seal.
func (r Region) Content() string { return ReadSeal(r.Text).Text }

// With returns the whole text with another content in the region.
func (r Region) With(content string) string {
	eol := LineEnd(r.before + r.after)
	before := r.before
	if !strings.HasSuffix(before, "\n") {
		before += eol
	}
	return before + strings.ReplaceAll(Sealed(content), "\n", eol) + eol + r.after
}

// Released returns the text around the region, and the text of the region between, as people's: a person has changed it.
func (r Region) Released() (above, below string) {
	before, _ := strings.CutSuffix(strings.TrimRight(r.before, "\r\n"), r.part.begin())
	_, after, _ := strings.Cut(r.after, r.part.end())
	return before + strings.TrimRight(Unsealed(r.Text), "\r\n"), after
}

// Replaced returns a text with another content in its region. If a person has changed what is there, that becomes text of theirs, above
// the new region. A text without the region stays as it is.
func (p Part) Replaced(text, content string) (string, error) {
	r, err := p.Find(text)
	switch {
	case err != nil || !r.Found || r.Says(content):
		return text, err
	case r.Intact():
		return r.With(content), nil
	}
	above, below := r.Released()
	eol := LineEnd(text)
	return above + eol + eol + p.Wrapped(content, eol) + below, nil
}

// LineEnd returns the line end of a text.
func LineEnd(text string) string {
	if strings.Contains(text, "\r\n") {
		return "\r\n"
	}
	return "\n"
}
