package manifest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/suggest"
)

// reader walks the nodes of a file, collects faults and records the position of each value.
//
// It goes only as deep as the known keys do. Nested aliases therefore cost nothing: an alias is only followed where a known key
// uses it.
type reader struct {
	file    string
	faults  Faults
	places  map[string]place
	known   func() []string // full names of all keys of such files, to suggest where an unknown key belongs; nil: no suggestions
	renames []Rename        // of keys of such files
}

// reading reads the value of the key whose full name is at, such as "milestones.length".
type reading func(r *reader, at string, n *yaml.Node)

func (r *reader) fault(n *yaml.Node, format string, args ...any) {
	r.faults = append(r.faults, Fault{File: r.file, Line: max(n.Line, 1), Column: max(n.Column, 1), Text: fmt.Sprintf(format, args...)})
}

// faultAt adds a fault at the value of a key, or at the start of the file if the file does not have the key.
func (r *reader) faultAt(at, format string, args ...any) {
	p := r.places[at]
	r.fault(&yaml.Node{Line: p.line, Column: p.column}, format, args...)
}

// mappingOf reads a mapping with the given keys and no others.
func mappingOf(fields ...field) reading {
	return func(r *reader, at string, n *yaml.Node) {
		r.entries(at, n, func(at string, key, value *yaml.Node) {
			if read := readingOf(fields, key.Value); read != nil {
				read(r, at, value)
				return
			}
			if old, found := r.renamed(at); found {
				if full, ok := r.takeRenamed(real(n), key, at, old); ok {
					readingOf(fields, old.Name)(r, full, value)
				}
				return
			}
			known := make([]string, len(fields))
			for i, f := range fields {
				known[i] = f.key
			}
			r.fault(key, "unknown key %s%s", quote(key.Value), r.suggestion(key.Value, known))
		})
		for _, f := range fields {
			if f.required {
				r.require(at, f.key, n)
			}
		}
	}
}

// readingOf returns how a key is read; nil: it is unknown.
func readingOf(fields []field, key string) reading {
	for _, f := range fields {
		if f.key == key {
			return f.read
		}
	}
	return nil
}

// entries calls each for the pairs of a mapping, with the full name of each key. Duplicate keys are faults.
func (r *reader) entries(at string, n *yaml.Node, each func(at string, key, value *yaml.Node)) {
	n = real(n)
	if n.Kind != yaml.MappingNode {
		r.fault(n, "%s must be a mapping, not %s", name(at), kindOf(n))
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], real(n.Content[i+1])
		if key.Kind != yaml.ScalarNode {
			r.fault(key, "a key must be a word, not %s", kindOf(key))
			continue
		}
		full := strings.TrimPrefix(at+"."+key.Value, ".")
		if line, duplicate := seen[key.Value]; duplicate {
			r.fault(key, "duplicate key %s (first on line %d)", name(full), line)
			continue
		}
		seen[key.Value] = key.Line
		if value.ShortTag() == "!!null" {
			r.fault(key, "%s has no value: add one, or delete the line", name(full))
			continue
		}
		r.places[full] = place{value.Line, value.Column}
		each(full, key, value)
	}
}

// reported returns a function that reports whether one of some keys had a fault at the time of this call.
func (r *reader) reported() func(at ...string) bool {
	places := map[place]bool{}
	for _, f := range r.faults {
		places[place{f.Line, f.Column}] = true
	}
	return func(at ...string) bool {
		return slices.ContainsFunc(at, func(key string) bool {
			p, set := r.places[key]
			return set && places[p]
		})
	}
}

// require adds a fault if a mapping does not have a key.
func (r *reader) require(at, key string, n *yaml.Node) {
	if _, set := r.places[at+"."+key]; !set && n.Kind == yaml.MappingNode {
		r.fault(n, "%s.%s is required", at, key)
	}
}

// items calls each for the items of a list, with names such as "labels.declare[0]".
func (r *reader) items(at string, n *yaml.Node, each reading) {
	if n.Kind != yaml.SequenceNode {
		r.fault(n, "%s must be a list, not %s", name(at), kindOf(n))
		return
	}
	for i, item := range n.Content {
		item, full := real(item), fmt.Sprintf("%s[%d]", at, i)
		r.places[full] = place{item.Line, item.Column}
		each(r, full, item)
	}
}

// real follows an alias to its node.
func real(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

func kindOf(n *yaml.Node) string {
	switch real(n).Kind {
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		return "a mapping"
	}
	switch n.ShortTag() {
	case "!!str":
		return "text"
	case "!!int", "!!float":
		return "the number " + n.Value
	case "!!bool", "!!null":
		return n.Value
	case "!!timestamp":
		return "a date"
	}
	return "a value tagged " + n.Tag
}

func name(at string) string {
	switch {
	case at == "":
		return "the file"
	case strings.ContainsFunc(at, unicode.IsControl):
		return quote(at)
	}
	return at
}

// quote quotes a word for a message. It escapes control characters and shortens long text.
func quote(s string) string {
	const longest = 60
	if runes := []rune(s); len(runes) > longest {
		s = string(runes[:longest]) + "…"
	}
	return strconv.Quote(s)
}

// didYouMean returns "; did you mean x?" for the known word most similar to a mistyped one, or nothing.
func didYouMean(word string, known []string) string {
	best := suggest.Nearest(word, known)
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// suggestion returns the most similar key that is known here, or else where in the file the key belongs.
func (r *reader) suggestion(key string, known []string) string {
	if near := didYouMean(key, known); near != "" {
		return near
	}
	if r.known == nil {
		return ""
	}
	for _, full := range r.known() {
		above, ok := strings.CutSuffix(full, "."+key)
		if strings.HasSuffix(above, itemsOfList) { // a key of list items is moved with its item, not alone
			continue
		}
		if ok {
			return " (it belongs under " + strings.TrimSuffix(above, itemsOfMap) + ")"
		}
		if full == key {
			return " (it belongs at the top level)"
		}
	}
	return ""
}
