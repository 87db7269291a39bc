package manifest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// field is one known key of a mapping: what takes its value, and what gives it back.
type field struct {
	key      string
	read     reading
	value    func() any // as a file says it; nil for keys that are not given back
	below    []field    // keys of the mapping, or of each mapping in the list or the map, that the value is
	items    string     // what stands between the key and those below: itemsOfList, itemsOfMap, or nothing
	required bool
}

// What the full names of keys have for each item of a list, and for each word of a team's own.
const (
	itemsOfList = "[]"
	itemsOfMap  = ".*"
)

// must makes a key one that its mapping cannot lack.
func (f field) must() field {
	f.required = true
	return f
}

// Setting is a key with the value that a file would say, of the type that it has there.
type Setting struct {
	Name  string // full: "milestones.scope"
	Value any
}

// pairs are the settings of a mapping with keys of its author's own, in order.
type pairs []Setting

// Settings are all values of a file in the order of its parts. What has no value is left out.
// Written as a file they give the same one.
func (f *File) Settings() []Setting { return settings("", f.fields()) }

func settings(above string, fields []field) []Setting {
	var out []Setting
	for _, f := range fields {
		if f.value == nil {
			out = append(out, settings(above+f.key+".", f.below)...)
			continue
		}
		value := f.value()
		if words, ok := value.(pairs); ok {
			for _, p := range words {
				out = append(out, Setting{above + f.key + "." + p.Name, p.Value})
			}
		} else if !blank(value) {
			out = append(out, Setting{above + f.key, value})
		}
	}
	return out
}

// blank reports whether a value says nothing. Numbers and false do, and so does a list that is empty and not nil.
func blank(value any) bool {
	switch v := value.(type) {
	case string:
		return v == ""
	case []any:
		return v == nil
	}
	return value == nil
}

// mapped is a mapping as a value within another.
func mapped(fields []field) map[string]any {
	item := map[string]any{}
	for _, s := range settings("", fields) {
		item[s.Name] = s.Value
	}
	return item
}

// key is a key for a value. It is not inlined, or each of a hundred keys would have closures of its own,
// which makes the program 0.2 MB larger.
//
//go:noinline
func key[T any](name string, c codec[T], into *T) field {
	f := field{key: name, read: c.into(func(v T) { *into = v }), below: c.below, items: c.items}
	if c.say != nil {
		f.value = func() any { return c.say(*into) }
	}
	return f
}

// orEmpty has an empty list given back too, where leaving it out would mean the default.
func (f field) orEmpty() field {
	value := f.value
	f.value = func() any { return append([]any{}, value().([]any)...) }
	return f
}

// nested is a key whose value is a mapping.
func nested(key string, fields []field) field {
	return field{key: key, read: mappingOf(fields...), below: fields}
}

// dated is something with a start and an end that are text until it is known whose days they are.
type dated[T any] struct {
	value    T
	from, to string
}

// between reads the two ends; the zero time for one that is not said or cannot be read.
func (d dated[T]) between(r *reader, at string, parse func(string) (time.Time, error)) (from, to time.Time) {
	read := func(key, text string) time.Time {
		if text == "" {
			return time.Time{}
		}
		t, err := parse(text)
		if err != nil {
			r.faultAt(at+"."+key, "%s.%s: %v", at, key, err)
			return time.Time{}
		}
		return t
	}
	return read("from", d.from), read("to", d.to)
}

// datedKey is a key for a list of what settle dates: all are those that have their dates.
func datedKey[T any](name string, c codec[dated[T]], into *[]dated[T], all *[]T, times func(T) (from, to time.Time)) field {
	f := key(name, list(c), into)
	f.value = func() any {
		var shown []dated[T]
		for _, v := range *all {
			from, to := times(v)
			shown = append(shown, dated[T]{v, instantText(from), instantText(to)})
		}
		return list(c).say(shown)
	}
	return f
}

func instantText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// moment is a point in time, to be read later; noun says how it may be written.
func moment(noun string) codec[string] {
	return parsed(noun, func(s string) (string, error) {
		if s == "" {
			return "", fmt.Errorf("it is empty")
		}
		return s, nil
	}, asText)
}

// wordsKey is a key whose value is a mapping with words of the team's own; a noun says for what.
func wordsKey[T any](
	name, noun string, c codec[T], keep func(r *reader, at, word string, n *yaml.Node, v T), all func() pairs,
) field {
	read := func(r *reader, at string, n *yaml.Node) {
		r.entries(at, n, func(at string, key, value *yaml.Node) {
			if !trackerName(key.Value) {
				r.fault(key, "%s is no name for %s: use small letters, digits, - and _", quote(key.Value), noun)
				return
			}
			c.into(func(v T) { keep(r, at, key.Value, value, v) })(r, at, value)
		})
	}
	return field{key: name, read: read, below: c.below, items: itemsOfMap, value: func() any { return all() }}
}

// sortedPairs are the pairs of a map in the order of its words.
func sortedPairs[T any](m map[string]T, value func(T) any) pairs {
	var out pairs
	for word, v := range m {
		out = append(out, Setting{word, value(v)})
	}
	slices.SortFunc(out, func(a, b Setting) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func trimmed(s string) (string, error) { return strings.TrimSpace(s), nil }
