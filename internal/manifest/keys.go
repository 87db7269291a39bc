package manifest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/target"
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

// textKey is a key for text that check may change or refuse.
func textKey[S ~string](key string, check func(string) (string, error), into *S) field {
	return field{key: key, read: text(check, func(s string) { *into = S(s) }), value: func() any { return string(*into) }}
}

// blockKey is a key for text of any number of lines, see [block].
func blockKey(key string, into *string) field {
	return field{key: key, read: block(func(s string) { *into = s })}
}

// wordKey is a key for one of a few words.
func wordKey[S ~string](key string, known []S, into *S) field {
	words := make([]string, len(known))
	for i, k := range known {
		words[i] = string(k)
	}
	return field{key: key, read: word(words, func(s string) { *into = S(s) }), value: func() any { return string(*into) }}
}

// parsedKey is a key for text that stands for a value of another type; noun says what people see in it.
func parsedKey[T any](key, noun string, parse func(string) (T, error), format func(T) string, into *T) field {
	return field{key: key, read: parsed(noun, parse, func(v T) { *into = v }), value: func() any { return format(*into) }}
}

func zoneKey(key string, format func(*time.Location) string, into **time.Location) field {
	return parsedKey(key, "the name of a time zone", ParseZone, format, into)
}

// numberKey is a key for a whole number from least to most.
func numberKey(key string, least, most int, into *int) field {
	return field{key: key, read: number(least, most, func(n int) { *into = n }), value: func() any { return *into }}
}

func boolKey(key string, into *bool) field {
	return field{key: key, read: boolean(func(b bool) { *into = b }), value: func() any { return *into }}
}

// pathKey is a key for the full path of a project or group.
func pathKey(key string, kind target.Kind, into *string) field {
	return field{key: key, read: fullPath(kind, func(t target.Target) { *into = t.Path }), value: func() any { return *into }}
}

// textsKey is a key for a list of different texts, which replaces the default.
func textsKey(key string, check func(string) (string, error), into *[]string) field {
	read := func(r *reader, at string, n *yaml.Node) {
		*into = nil
		texts(check, into)(r, at, n)
	}
	return field{key: key, read: read, value: func() any { return words(*into) }}
}

// words are a list as a value.
func words(list []string) []any {
	var out []any
	for _, w := range list {
		out = append(out, w)
	}
	return out
}

// orEmpty has an empty list given back too, where leaving it out would mean the default.
func (f field) orEmpty() field {
	value := f.value
	f.value = func() any { return append([]any{}, value().([]any)...) }
	return f
}

// nested is a key whose value is a mapping.
func nested(key string, fields []field) field {
	return field{key: key, read: mapping(fields...), below: fields}
}

// optional is a key whose value is a mapping that need not be there. within are the keys of one.
func optional[T any](key string, within func(*T) []field, into **T) field {
	read := func(r *reader, at string, n *yaml.Node) {
		*into = new(T)
		mapping(within(*into)...)(r, at, n)
	}
	return field{key: key, read: read, below: within(new(T)), value: func() any {
		if *into == nil {
			return nil
		}
		return mapped(within(*into))
	}}
}

// listKey is a key whose value is a list of mappings, which replaces the default. Each is read into an item by the keys within it.
func listKey[T any](key string, within func(*T) []field, into *[]T) field {
	read := func(r *reader, at string, n *yaml.Node) {
		*into = nil
		list(func(r *reader, at string, n *yaml.Node) {
			var item T
			mapping(within(&item)...)(r, at, n)
			*into = append(*into, item)
		})(r, at, n)
	}
	return field{key: key, read: read, below: within(new(T)), items: itemsOfList, value: func() any { return listed(within, *into) }}
}

func listed[T any](within func(*T) []field, items []T) []any {
	var out []any
	for i := range items {
		out = append(out, mapped(within(&items[i])))
	}
	return out
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

// datedKey is a listKey for what settle dates: all are those that have their dates.
func datedKey[T any](key string, within func(*dated[T]) []field, into *[]dated[T], all *[]T, times func(T) (from, to time.Time)) field {
	f := listKey(key, within, into)
	f.value = func() any {
		var shown []dated[T]
		for _, v := range *all {
			from, to := times(v)
			shown = append(shown, dated[T]{v, instantText(from), instantText(to)})
		}
		return listed(within, shown)
	}
	return f
}

func instantText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// momentKey is a key for a point in time, to be read later; noun says how it may be written.
func momentKey(key, noun string, into *string) field {
	some := func(s string) (string, error) {
		if s == "" {
			return "", fmt.Errorf("it is empty")
		}
		return s, nil
	}
	return field{key: key, read: scalar(noun, some, func(s string) { *into = s }), value: func() any { return *into }}
}

// wordsKey is a key whose value is a mapping with words of the team's own, a noun says for what, to mappings.
func wordsKey[T any](
	key, noun string, within func(*T) []field, keep func(r *reader, at, word string, n *yaml.Node, item T), all func() pairs,
) field {
	each := func(r *reader, at, word string, n *yaml.Node) {
		var item T
		mapping(within(&item)...)(r, at, n)
		keep(r, at, word, n, item)
	}
	return field{key: key, read: byWord(noun, each), below: within(new(T)), items: itemsOfMap, value: func() any { return all() }}
}

// byWord takes a mapping whose keys are words of the team's own; a noun says for what.
func byWord(noun string, each func(r *reader, at, word string, n *yaml.Node)) reading {
	return func(r *reader, at string, n *yaml.Node) {
		r.entries(at, n, func(at string, key, value *yaml.Node) {
			if !trackerName(key.Value) {
				r.fault(key, "%s is no name for %s: use small letters, digits, - and _", quote(key.Value), noun)
				return
			}
			each(r, at, key.Value, value)
		})
	}
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
