package manifest

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/host"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// codec reads one kind of value from a file, and encodes it as the file would have it.
type codec[T any] struct {
	read   func(r *reader, at string, n *yaml.Node) (value T, ok bool) // not ok: a fault was reported
	encode func(T) any                                                 // nil for values that are not shown
	below  []field                                                     // if the value is a mapping or a list of mappings: their keys
	items  string                                                      // itemsOfList for a list
}

// into passes the value to set, if it can be read.
func (c codec[T]) into(set func(T)) reading {
	return func(r *reader, at string, n *yaml.Node) {
		if v, ok := c.read(r, at, n); ok {
			set(v)
		}
	}
}

// parsed is a codec for a value that is written as text; noun names it in messages. A date without quotes is text too.
func parsed[T any](noun string, parse func(string) (T, error), format func(T) string) codec[T] {
	encode := func(v T) any { return format(v) }
	return codec[T]{encode: encode, read: func(r *reader, at string, n *yaml.Node) (none T, _ bool) {
		if tag := n.ShortTag(); n.Kind != yaml.ScalarNode || tag != "!!str" && tag != "!!timestamp" {
			quotes := ""
			if noun == "text" && (tag == "!!int" || tag == "!!float" || tag == "!!bool") {
				quotes = fmt.Sprintf(": write it in quotes, %q", n.Value)
			}
			r.fault(n, "%s must be %s, not %s%s", name(at), noun, kindOf(n), quotes)
			return none, false
		}
		if strings.ContainsFunc(n.Value, unicode.IsControl) {
			r.fault(n, "%s contains a control character", name(at))
			return none, false
		}
		value, err := parse(n.Value)
		if err != nil {
			r.fault(n, "%s: %v", name(at), err)
			return none, false
		}
		return value, true
	}}
}

// text is a codec for text, which check may normalize or refuse.
func text(check func(string) (string, error)) codec[string] { return textOf[string](check) }

func textOf[S ~string](check func(string) (string, error)) codec[S] {
	return parsed("text", func(s string) (S, error) {
		s, err := check(s)
		return S(s), err
	}, asText)
}

func asText[S ~string](s S) string { return string(s) }

// word is a codec for one of a few words.
func word[S ~string](known ...S) codec[S] {
	return textOf[S](func(s string) (string, error) {
		var words []string
		for _, k := range known {
			words = append(words, string(k))
		}
		if slices.Contains(words, s) {
			return s, nil
		}
		return "", fmt.Errorf("invalid value %s (use %s)", quote(s), Alternatives(words))
	})
}

// Alternatives joins words for a message: "soft or hard", "S1, S2, S3 or S4".
func Alternatives(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// number is a codec for a whole number from least to most.
func number(least, most int) codec[int] {
	return codec[int]{encode: anything[int], read: func(r *reader, at string, n *yaml.Node) (int, bool) {
		value, err := strconv.Atoi(n.Value)
		switch {
		case n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int":
			r.fault(n, "%s must be a whole number, not %s", name(at), kindOf(n))
		case err != nil || strconv.Itoa(value) != n.Value: // 010 is eight to some parsers and ten to others
			r.fault(n, "%s must be a whole number in plain digits, not %s", name(at), quote(n.Value))
		case value < least || value > most:
			r.fault(n, "%s: %d is out of range (%d to %d)", name(at), value, least, most)
		default:
			return value, true
		}
		return 0, false
	}}
}

func boolean() codec[bool] {
	return codec[bool]{encode: anything[bool], read: func(r *reader, at string, n *yaml.Node) (bool, bool) {
		if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" {
			r.fault(n, "%s must be true or false, not %s", name(at), kindOf(n))
			return false, false
		}
		return strings.EqualFold(n.Value, "true"), true
	}}
}

func anything[T any](v T) any { return v }

// zone is a codec for the name of a time zone.
func zone(format func(*time.Location) string) codec[*time.Location] {
	return parsed("the name of a time zone", ParseZone, format)
}

// fullPath is a codec for the full path of a project or group. The URL of one of its pages is replaced later, see [File.deriveAddresses].
func fullPath(kind target.Kind) codec[string] {
	return parsed("a path", func(s string) (string, error) {
		if host.IsAddress(s) {
			return s, nil
		}
		t, err := target.ParsePath(kind, s)
		return t.Path, err
	}, asText)
}

// list is a codec for a list. Items that cannot be read are left out.
func list[T any](item codec[T]) codec[[]T] {
	read := func(r *reader, at string, n *yaml.Node) (all []T, _ bool) {
		r.items(at, n, item.into(func(v T) { all = append(all, v) }))
		return all, true
	}
	encode := func(all []T) any {
		var out []any
		for _, v := range all {
			out = append(out, item.encode(v))
		}
		return out
	}
	return codec[[]T]{read, encode, item.below, itemsOfList}
}

// texts is a codec for a list of distinct texts. An invalid one becomes an empty text, so that the others keep their index.
func texts(check func(string) (string, error)) codec[[]string] {
	c := list(text(check))
	c.read = func(r *reader, at string, n *yaml.Node) (all []string, _ bool) {
		item := text(distinct(check))
		r.items(at, n, func(r *reader, at string, n *yaml.Node) {
			s, _ := item.read(r, at, n)
			all = append(all, s)
		})
		return all, true
	}
	return c
}

// mapping is a codec for a value that is a mapping with known keys.
func mapping[T any](within func(*T) []field) codec[T] {
	read := func(r *reader, at string, n *yaml.Node) (v T, _ bool) {
		mappingOf(within(&v)...)(r, at, n)
		return v, true
	}
	return codec[T]{read, func(v T) any { return mapped(within(&v)) }, within(new(T)), ""}
}

// optional is a codec for a value that may be missing.
func optional[T any](c codec[T]) codec[*T] {
	read := func(r *reader, at string, n *yaml.Node) (*T, bool) {
		v, ok := c.read(r, at, n)
		return &v, ok
	}
	encode := func(v *T) any {
		if v == nil {
			return nil
		}
		return c.encode(*v)
	}
	return codec[*T]{read, encode, c.below, c.items}
}

// Decode reads YAML (and thus JSON) into the struct that into points to, by the names in its json tags.
// It is for files without rules of their own, such as a sandbox's seed.
//
// It is as strict as [Parse]: unknown keys, duplicate keys and values of the wrong type are all reported at once, with line and
// column. Text may contain line breaks and control characters; times are RFC 3339. The name is used in messages only. The error is
// [Faults], and the content of into is then undefined.
func Decode(name string, data []byte, into any) error {
	r := &reader{file: name, places: map[string]place{}}
	if root := r.document(data); root != nil {
		value := reflect.ValueOf(into).Elem()
		valueOf(value)(r, "", real(root))
	}
	return r.faults.err()
}

// valueOf reads into a value of one of the types that such files use. It panics for any other type.
func valueOf(v reflect.Value) reading {
	if v.Type() == reflect.TypeFor[time.Time]() {
		return parsed("a time such as 2018-08-24T16:00:00Z", instant, time.Time.String).into(func(t time.Time) { v.Set(reflect.ValueOf(t)) })
	}
	switch v.Kind() {
	case reflect.Struct:
		return mappingOf(structFields(v)...)
	case reflect.Slice:
		return func(r *reader, at string, n *yaml.Node) {
			r.items(at, n, func(r *reader, at string, n *yaml.Node) {
				item := reflect.New(v.Type().Elem()).Elem()
				valueOf(item)(r, at, n)
				v.Set(reflect.Append(v, item))
			})
		}
	case reflect.Map:
		return mapOf(v)
	case reflect.Pointer:
		return func(r *reader, at string, n *yaml.Node) {
			v.Set(reflect.New(v.Type().Elem()))
			valueOf(v.Elem())(r, at, n)
		}
	case reflect.String:
		return codec[string]{read: prose}.into(v.SetString)
	case reflect.Int:
		return number(0, math.MaxInt32).into(func(n int) { v.SetInt(int64(n)) })
	case reflect.Bool:
		return boolean().into(v.SetBool)
	}
	panic("manifest: no way to read a " + v.Type().String())
}

func structFields(v reflect.Value) []field {
	var fields []field
	for f := range v.Type().Fields() {
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		fields = append(fields, field{key: key, read: valueOf(v.FieldByIndex(f.Index))})
	}
	return fields
}

// mapOf reads a mapping with arbitrary keys.
func mapOf(v reflect.Value) reading {
	return func(r *reader, at string, n *yaml.Node) {
		v.Set(reflect.MakeMap(v.Type()))
		r.entries(at, n, func(at string, key, value *yaml.Node) {
			item := reflect.New(v.Type().Elem()).Elem()
			valueOf(item)(r, at, value)
			v.SetMapIndex(reflect.ValueOf(key.Value), item)
		})
	}
}

// prose reads text of any number of lines.
func prose(r *reader, at string, n *yaml.Node) (string, bool) {
	switch n.ShortTag() {
	case "!!str", "!!timestamp": // a date without quotes
		return n.Value, true
	case "!!int", "!!float", "!!bool":
		r.fault(n, "%s must be text, not %s: write it in quotes, %q", name(at), kindOf(n), n.Value)
	default:
		r.fault(n, "%s must be text, not %s", name(at), kindOf(n))
	}
	return "", false
}

func instant(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("invalid time %s (use 2018-08-24T16:00:00Z)", quote(s))
	}
	return t, nil
}
