package ics

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// property is one content line: NAME;PARAMETER=value:value.
type property struct {
	name       string // upper case
	parameters [][2]string
	value      string
	line       int // where it starts, from 1
}

// parameter returns the value of a parameter without quotes; empty without it.
func (p property) parameter(name string) string {
	for _, one := range p.parameters {
		if one[0] == name {
			return one[1]
		}
	}
	return ""
}

// text returns a value of type TEXT without its escapes, on one line.
func (p property) text() string {
	if !strings.Contains(p.value, `\`) {
		return p.value
	}
	var b strings.Builder
	for i := 0; i < len(p.value); i++ {
		c := p.value[i]
		if c == '\\' && i+1 < len(p.value) {
			if i++; p.value[i] == 'n' || p.value[i] == 'N' {
				c = ' '
			} else {
				c = p.value[i]
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}

// mostNested is how deeply components can be nested. RFC 5545 needs three.
const mostNested = 8

// walk calls each for the properties directly in a component, with the component's name, and for its BEGIN and END. Each line is read
// once, whatever it is folded into.
func walk(data []byte, each func(component string, p property) error) error {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var open []string
	ended := false
	line := 0
	for len(data) > 0 {
		var text []byte
		start := line + 1
		text, data, line = unfold(data, line)
		p, ok := parseProperty(string(text))
		p.line = start
		switch {
		case len(bytes.TrimSpace(text)) == 0:
			continue
		case len(open) == 0 && !ended && (!ok || p.name != "BEGIN" || !strings.EqualFold(p.value, "VCALENDAR")):
			return notCalendar(text)
		case !ok:
			continue // some programs break lines without folding them
		}
		switch p.name {
		case "BEGIN":
			if open = append(open, strings.ToUpper(p.value)); len(open) > mostNested {
				return fmt.Errorf("line %d: components are nested more than %d deep", start, mostNested)
			}
		case "END":
			if len(open) == 0 || !strings.EqualFold(open[len(open)-1], p.value) {
				return fmt.Errorf("line %d: END without its BEGIN", start)
			}
		}
		if len(open) == 0 {
			continue
		}
		if err := each(open[len(open)-1], p); err != nil {
			return err
		}
		if p.name == "END" {
			open = open[:len(open)-1]
			ended = ended || len(open) == 0
		}
	}
	switch {
	case len(open) > 0:
		return errors.New("the end is missing: the file is incomplete")
	case !ended:
		return errors.New("the file is empty")
	}
	return nil
}

// notCalendar is the error for a file that starts with another line than a calendar.
func notCalendar(text []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("<")) {
		return errors.New("got a web page instead of a calendar")
	}
	return errors.New("not a calendar: it does not start with BEGIN:VCALENDAR")
}

// unfold returns the first content line, the rest of the data, and the number of lines up to there. A line that starts with a space or a
// tab continues the one before.
func unfold(data []byte, line int) (text, rest []byte, number int) {
	text, rest = cutLine(data)
	line++
	if len(rest) == 0 || rest[0] != ' ' && rest[0] != '\t' {
		return text, rest, line
	}
	text = bytes.Clone(text)
	for len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t') {
		var more []byte
		more, rest = cutLine(rest[1:])
		text = append(text, more...)
		line++
	}
	return text, rest, line
}

func cutLine(data []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(data, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), rest
}

// parseProperty splits a content line; not ok: it is none. A value of a parameter may be in quotes, and then contain a colon or a
// semicolon.
func parseProperty(s string) (p property, ok bool) {
	end := strings.IndexAny(s, ";:")
	if end <= 0 {
		return p, false
	}
	p.name, s = strings.ToUpper(s[:end]), s[end:]
	for s[0] == ';' {
		name, rest, found := strings.Cut(s[1:], "=")
		if !found {
			return p, false
		}
		end, quoted := 0, false
		for ; end < len(rest) && (quoted || rest[end] != ';' && rest[end] != ':'); end++ {
			if rest[end] == '"' {
				quoted = !quoted
			}
		}
		if end == len(rest) {
			return p, false
		}
		p.parameters = append(p.parameters, [2]string{strings.ToUpper(name), strings.Trim(rest[:end], `"`)})
		s = rest[end:]
	}
	p.value = strings.TrimSpace(s[1:])
	return p, true
}
