package manifest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// reader walks the nodes of a file, keeps the faults and remembers where each key has its value.
//
// It goes only as deep as the known keys do, so that aliases, however they are nested, cost nothing:
// what an alias stands for is read where it is used and never further.
type reader struct {
	file   string
	faults Faults
	places map[string]place
	known  func() []string // full names of the keys of such files; nil: nothing is said of where an unknown key belongs
}

// reading takes the value of the key whose full name is at, such as "milestones.length".
type reading func(r *reader, at string, n *yaml.Node)

func (r *reader) fault(n *yaml.Node, format string, args ...any) {
	r.faults = append(r.faults, Fault{File: r.file, Line: max(n.Line, 1), Column: max(n.Column, 1), Text: fmt.Sprintf(format, args...)})
}

// faultAt is a fault at the value of a key; at the file's beginning when the file does not say it.
func (r *reader) faultAt(at, format string, args ...any) {
	p := r.places[at]
	r.fault(&yaml.Node{Line: p.line, Column: p.column}, format, args...)
}

// mappingOf takes a mapping that may hold the given keys and no others.
func mappingOf(fields ...field) reading {
	return func(r *reader, at string, n *yaml.Node) {
		r.entries(at, n, func(at string, key, value *yaml.Node) {
			for _, f := range fields {
				if f.key == key.Value {
					f.read(r, at, value)
					return
				}
			}
			known := make([]string, len(fields))
			for i, f := range fields {
				known[i] = f.key
			}
			r.fault(key, "unknown key %s%s", quote(key.Value), r.elsewhere(key.Value, known))
		})
		for _, f := range fields {
			if f.required {
				r.require(at, f.key, n)
			}
		}
	}
}

// entries hands over the pairs of a mapping, with the full name of each key. Keys said twice are faults.
func (r *reader) entries(at string, n *yaml.Node, each func(at string, key, value *yaml.Node)) {
	n = real(n)
	if n.Kind != yaml.MappingNode {
		r.fault(n, "%s is a mapping of keys to values, not %s", name(at), kindOf(n))
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], real(n.Content[i+1])
		if key.Kind != yaml.ScalarNode {
			r.fault(key, "a key is a word, not %s", kindOf(key))
			continue
		}
		full := strings.TrimPrefix(at+"."+key.Value, ".")
		if line, twice := seen[key.Value]; twice {
			r.fault(key, "%s is said twice: line %d has it already", name(full), line)
			continue
		}
		seen[key.Value] = key.Line
		if value.ShortTag() == "!!null" {
			r.fault(key, "%s has no value: write one, or take the line out", name(full))
			continue
		}
		r.places[full] = place{value.Line, value.Column}
		each(full, key, value)
	}
}

// told gives a function that reports whether a fault was found in the value of one of some keys until now.
func (r *reader) told() func(at ...string) bool {
	places := map[place]bool{}
	for _, f := range r.faults {
		places[place{f.Line, f.Column}] = true
	}
	return func(at ...string) bool {
		return slices.ContainsFunc(at, func(key string) bool {
			p, said := r.places[key]
			return said && places[p]
		})
	}
}

// require is a fault when a mapping lacks a key.
func (r *reader) require(at, key string, n *yaml.Node) {
	if _, said := r.places[at+"."+key]; !said && n.Kind == yaml.MappingNode {
		r.fault(n, "%s has no %s", at, key)
	}
}

// items hands over the items of a list, with names such as "labels.declare[0]".
func (r *reader) items(at string, n *yaml.Node, each reading) {
	if n.Kind != yaml.SequenceNode {
		r.fault(n, "%s is a list, not %s", name(at), kindOf(n))
		return
	}
	for i, item := range n.Content {
		item, full := real(item), fmt.Sprintf("%s[%d]", at, i)
		r.places[full] = place{item.Line, item.Column}
		each(r, full, item)
	}
}

// real follows an alias to what it stands for.
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

// quote makes a word fit for a message, whatever it holds and however long it is.
func quote(s string) string {
	const longest = 60
	if runes := []rune(s); len(runes) > longest {
		s = string(runes[:longest]) + "…"
	}
	return strconv.Quote(s)
}
