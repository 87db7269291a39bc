// Package record reads and edits the record of an incident or a change: a fenced block with the info string "yaml prodctl/KIND" near the
// end of an issue's description, which people read and edit as well.
//
// Start with [Find]: it finds the block and parses it leniently, since people forget quotes and indent as they like.
// [Block.Apply] changes values and nothing else: every other byte of the description stays, including comments and unknown keys.
// The syntax is a small part of YAML: one value or one list for each key. Any YAML parser reads what is written here in the same way; the
// parser here accepts more than YAML does. What it cannot read is reported with line and column, and left unchanged.
//
// The meaning of the keys is in pkg/incident and pkg/change. The timeline and the hidden key of a description are not read here.
package record

import (
	"cmp"
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Problem is a part of a description that could not be read. Line and column count from 1, columns in characters.
type Problem struct {
	Line, Column int
	Text         string
}

// String returns the problem with line and column.
func (p Problem) String() string {
	return fmt.Sprintf("line %d, column %d: %s", p.Line, p.Column, p.Text)
}

// Value is the value of a key, as one line without white space at its ends. A value over several lines is joined with spaces.
// Nothing, null and ~ are read as empty text.
type Value struct {
	Text         string // of a list: its items, separated by commas
	List         []string
	IsList       bool
	Line, Column int // in the description, from 1: of the value, or of its key if the value is empty
}

// Items returns the items of a list. A text counts as a list too, since people leave out the brackets: a, b.
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

// Block is the record in a description; it may not exist.
type Block struct {
	text, kind string
	exists     bool
	closed     bool
	open       row   // the line of the opening fence
	rows       []row // the lines between the fences
	eol        string
	indent     string // of a new key: the smallest of all keys
	entries    []entry
	last       map[string]int // the entry that counts, by key
}

// Find finds the record of a kind, incident or change, in a description. If there are several, the last one is the record: that is where
// prodctl writes it, after any text that others supplied. The others are reported as problems.
// A block that is quoted with "> " or between lines of ">>>", inside a longer code block or indented by four spaces is not a record.
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
			problems = append(problems, s.problem(at, "this code block is not closed, so GitLab shows the record inside it"))
		}
	}
	for _, p := range places[:len(places)-1] {
		problems = append(problems, s.problem(p.open, "duplicate record: the last one, on line %d, is used", last.open+1))
	}
	b := s.block(last, kind)
	if !b.closed {
		problems = append(problems, s.problem(last.open, "the record's code block is not closed"))
	}
	p := parser{s: s, block: &b, first: last.open + 1}
	p.parse()
	problems = append(problems, p.problems...)
	SortProblems(problems)
	return b, problems
}

// SortProblems sorts problems by line and column.
func SortProblems(list []Problem) {
	stable.Sort(list, func(a, b Problem) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) })
}

// Exists reports whether the description has a record.
func (b Block) Exists() bool { return b.exists }

// Get returns the value of a key. Keys are compared in lower case, with underscores for dashes and spaces.
// If a key occurs twice, the last one counts.
func (b Block) Get(key string) (Value, bool) {
	if e := b.find(keyName(key)); e != nil {
		return e.value, true
	}
	return Value{}, false
}

// Keys returns the keys of the record in their order, each once, in lower case with underscores.
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
