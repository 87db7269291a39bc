package manifest

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// field is one known key of a mapping, with functions to read and to show its value.
type field struct {
	key      string
	read     reading
	value    func() any     // as in a file; nil for keys that are not shown
	below    []field        // if the value is a list or map of mappings: their keys
	section  func() []field // if the value is a mapping: its keys, built only when needed
	items    string         // between the key and those below in full names: itemsOfList, itemsOfMap, or empty
	required bool
}

// Parts of full names: for each item of a list, and for each key of a map that the team names itself.
const (
	itemsOfList = "[]"
	itemsOfMap  = ".*"
)

// keysBelow returns the keys of the mapping, or of the mappings in the list or map.
func (f field) keysBelow() []field {
	if f.section != nil {
		return f.section()
	}
	return f.below
}

// must makes a key required.
func (f field) must() field {
	f.required = true
	return f
}

// Setting is a key with its value, in the type that it has in a file.
type Setting struct {
	Name  string // full: "milestones.scope"
	Value any
}

// pairs are the settings of a mapping whose keys the team names itself, in order.
type pairs []Setting

// Settings returns all values of a file in order, without keys that have no value. Written as a file, they give the same file.
func (f *File) Settings() []Setting { return settings("", f.fields()) }

func settings(above string, fields []field) []Setting {
	var out []Setting
	for _, f := range fields {
		if f.value == nil {
			out = append(out, settings(above+f.key+".", f.keysBelow())...)
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

// blank reports whether a key has no value. A number, false and a list that is empty but not nil are values.
func blank(value any) bool {
	switch v := value.(type) {
	case string:
		return v == ""
	case []any:
		return v == nil
	}
	return value == nil
}

// mapped encodes a mapping that is a value of another one.
func mapped(fields []field) map[string]any {
	item := map[string]any{}
	for _, s := range settings("", fields) {
		item[s.Name] = s.Value
	}
	return item
}

// key returns a key for a value. It must not be inlined: closures of their own for each of a hundred keys would make the program
// 0.2 MB larger.
//
//go:noinline
func key[T any](name string, c codec[T], into *T) field {
	f := field{key: name, read: c.into(func(v T) { *into = v }), below: c.below, items: c.items}
	if c.encode != nil {
		f.value = func() any { return c.encode(*into) }
	}
	return f
}

// orEmpty shows an empty list too, for keys where leaving it out would mean the default.
func (f field) orEmpty() field {
	value := f.value
	f.value = func() any { return append([]any{}, value().([]any)...) }
	return f
}

// nested returns a key whose value is a mapping. Most files lack most sections, so the keys of a section are built when it is read.
func nested(key string, fields func() []field) field {
	read := func(r *reader, at string, n *yaml.Node) { mappingOf(fields()...)(r, at, n) }
	return field{key: key, read: read, section: fields}
}

// dated is a value with a start and an end, which stay text until their time zone is known.
type dated[T any] struct {
	value    T
	from, to string
}

// between parses start and end. An end that is missing or invalid is the zero time.
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

// datedKey returns a key for a list of values whose times are parsed in derive; all has the values with their times.
func datedKey[T any](name string, c codec[dated[T]], into *[]dated[T], all *[]T, times func(T) (from, to time.Time)) field {
	f := key(name, list(c), into)
	f.value = func() any {
		var shown []dated[T]
		for _, v := range *all {
			from, to := times(v)
			shown = append(shown, dated[T]{v, instantText(from), instantText(to)})
		}
		return list(c).encode(shown)
	}
	return f
}

func instantText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// moment is a codec for a point in time, which is parsed later; noun describes its form.
func moment(noun string) codec[string] {
	return parsed(noun, func(s string) (string, error) {
		if s == "" {
			return "", fmt.Errorf("the time is empty")
		}
		return s, nil
	}, asText)
}

// wordsKey returns a key whose value is a mapping with keys that the team names itself; noun says what they name.
func wordsKey[T any](
	name, noun string, c codec[T], keep func(r *reader, at, word string, n *yaml.Node, v T), all func() pairs,
) field {
	check := func(s string) (string, error) {
		if !trackerName(s) {
			return "", fmt.Errorf("invalid name %s for %s (use a-z, 0-9, - and _)", quote(s), noun)
		}
		return s, nil
	}
	return namesKey(name, check, c, keep, all)
}

// namesKey is wordsKey with its own check of each name.
func namesKey[T any](
	name string, check func(string) (string, error), c codec[T], keep func(r *reader, at, word string, n *yaml.Node, v T), all func() pairs,
) field {
	read := func(r *reader, at string, n *yaml.Node) {
		unique := distinct(check)
		r.entries(at, n, func(at string, key, value *yaml.Node) {
			word, err := unique(key.Value)
			if err != nil {
				r.fault(key, "%v", err)
				return
			}
			c.into(func(v T) { keep(r, at, word, value, v) })(r, at, value)
		})
	}
	return field{key: name, read: read, below: c.below, items: itemsOfMap, value: func() any { return all() }}
}

// sortedPairs returns the pairs of a map, sorted by key.
func sortedPairs[T any](m map[string]T, value func(T) any) pairs {
	var out pairs
	for word, v := range m {
		out = append(out, Setting{word, value(v)})
	}
	stable.Sort(out, func(a, b Setting) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func trimmed(s string) (string, error) { return strings.TrimSpace(s), nil }

// Rename is a key that has another name since a version of prodctl. It stays in its mapping.
type Rename struct {
	Key   string // the former full name, as in [Known]: "labels.declare[].was"
	Name  string // the last part of the new name
	Since string // the first version with the new name
}

// Renames are all keys that were renamed, in the order in which that happened. An entry stays for as long as docs/compatibility.md
// promises. A former name is never used for something else.
func Renames() []Rename {
	return []Rename{
		{"labels.declare[].was", "renamed_from", "1.0.0"},
	}
}

// index matches the index of an item in a full name.
var index = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\[\d+\]`) })

// renamed returns the rename of a key, if it has one.
func (r *reader) renamed(at string) (Rename, bool) {
	if len(r.renames) == 0 {
		return Rename{}, false
	}
	parts := strings.Split(index().ReplaceAllString(at, itemsOfList), ".")
	n := slices.IndexFunc(r.renames, func(old Rename) bool {
		return slices.EqualFunc(strings.Split(old.Key, "."), parts, func(known, part string) bool { return known == part || known == "*" })
	})
	if n < 0 {
		return Rename{}, false
	}
	return r.renames[n], true
}

// takeRenamed reports a key of a mapping under its former name, and returns the new name, under which its value is read: so all faults of
// the file are found at once. If the mapping has both names, nobody but the author knows which one counts.
func (r *reader) takeRenamed(in, key *yaml.Node, at string, old Rename) (full string, ok bool) {
	for n := 0; n+1 < len(in.Content); n += 2 {
		if in.Content[n].Value == old.Name {
			r.fault(key, "key %s is the former name of %s, which is set too: delete one of them", quote(key.Value), quote(old.Name))
			return "", false
		}
	}
	r.faults = append(r.faults, Fault{File: r.file, Line: key.Line, Column: key.Column, Former: key.Value, Name: old.Name,
		Text: fmt.Sprintf("key %s is called %s since prodctl %s", quote(key.Value), quote(old.Name), old.Since)})
	full = strings.TrimSuffix(at, key.Value) + old.Name
	r.places[full] = r.places[at]
	delete(r.places, at)
	return full, true
}
