// Package record reads and edits the record of an incident or a change: a fenced block with the info string "yaml prodctl/KIND" near the
// end of an issue's description, which people read and edit as well.
//
// [Find] is the start: it finds the block and reads it leniently, for people forget quotes and indent as they like.
// [Block.Apply] changes values and nothing else: every other byte of the description stays, comments and unknown keys among them.
// Reading and writing are for a small part of YAML, one value or one list behind a key. What is written any YAML reader reads the same;
// what is read may be more than YAML allows. What cannot be read is told with line and column and left as it is.
//
// What the keys mean is in pkg/incident and pkg/change. The timeline and the hidden key of a description are not read here.
package record

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is something in a description that could not be read as it was meant. Line and column count from 1, columns in characters.
type Problem struct {
	Line, Column int
	Text         string
}

// String is the problem with its place.
func (p Problem) String() string {
	return fmt.Sprintf("line %d, column %d: %s", p.Line, p.Column, p.Text)
}

// Value is what stands behind a key. It is one line, without white space at its ends;
// a value over several lines is read with blanks between them. Nothing, null and ~ are read as empty text.
type Value struct {
	Text         string // of a list: its items with commas between
	List         []string
	IsList       bool
	Line, Column int // of the description, from 1: where the value begins, or its key where nothing stands behind it
}

// Items are the items of a list. A text is read as one too, since people leave the brackets out: a, b.
func (v Value) Items() []string {
	if v.IsList {
		return v.List
	}
	var items []string
	for part := range strings.SplitSeq(v.Text, ",") {
		if part = itemValue(strings.Trim(part, " \t")); part != "" {
			items = append(items, part)
		}
	}
	return items
}

// Block is the record found in a description, or the lack of one.
type Block struct {
	text, kind string
	exists     bool
	closed     bool
	open       row   // the line of the opening fence
	rows       []row // the lines between the fences
	eol        string
	indent     string // before a new key: as little as before any other
	entries    []entry
	last       map[string]int // the entry of a key that counts
}

// Find finds the record of a kind, incident or change, in a description. Where there are several the last one is the record,
// because that is where it is written, and text that others supplied stands above it; the others are told of.
// A block that is quoted with "> ", shown within a longer code block or indented by four is none.
func Find(description, kind string) (Block, []Problem) {
	s := scan(description)
	places, open := s.places(kind)
	if len(places) == 0 {
		return Block{text: description, kind: kind, eol: lineEnd(description)}, nil
	}
	var problems []Problem
	last := places[len(places)-1]
	for _, at := range open {
		if at < last.open {
			problems = append(problems, s.problem(at, "this code block is not closed, so that the record is shown as a part of it"))
		}
	}
	for _, p := range places[:len(places)-1] {
		problems = append(problems, s.problem(p.open, "another record: the last one, on line %d, is the one that counts", last.open+1))
	}
	b := s.block(last, kind)
	if !b.closed {
		problems = append(problems, s.problem(last.open, "the code block of the record is not closed"))
	}
	p := parser{s: s, block: &b, first: last.open + 1}
	p.parse()
	problems = append(problems, p.problems...)
	SortProblems(problems)
	return b, problems
}

// SortProblems puts them in the order of their places.
func SortProblems(list []Problem) {
	slices.SortStableFunc(list, func(a, b Problem) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) })
}

// Exists reports whether the description has a record.
func (b Block) Exists() bool { return b.exists }

// Get is the value behind a key. Keys are compared without case, and with dashes and blanks as underscores.
// Of a key that is there twice the last one counts.
func (b Block) Get(key string) (Value, bool) {
	if e := b.find(keyName(key)); e != nil {
		return e.value, true
	}
	return Value{}, false
}

// Keys are the keys of the record in their order, each once, in small letters with underscores.
func (b Block) Keys() []string {
	var keys []string
	seen := map[string]bool{}
	for _, e := range b.entries {
		if !seen[e.key] {
			keys = append(keys, e.key)
		}
		seen[e.key] = true
	}
	return keys
}

func (b Block) find(key string) *entry {
	if i, ok := b.last[key]; ok {
		return &b.entries[i]
	}
	return nil
}

// keyName is the form in which keys are compared.
func keyName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '-' || r == ' ':
			return '_'
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, clean(s))
}
