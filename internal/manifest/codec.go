package manifest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/target"
)

// codec reads one kind of value, and says it as a file would.
type codec[T any] struct {
	read  func(r *reader, at string, n *yaml.Node) (value T, ok bool) // not ok: a fault was told
	say   func(T) any                                                 // nil for what is not given back
	below []field                                                     // keys of the mapping, or of each one in the list, that the value is
	items string                                                      // itemsOfList for a list
}

// into takes the value where it can be read.
func (c codec[T]) into(take func(T)) reading {
	return func(r *reader, at string, n *yaml.Node) {
		if v, ok := c.read(r, at, n); ok {
			take(v)
		}
	}
}

// parsed is text that stands for a value of another type; noun says what people see in it. A date without quotes is text too.
func parsed[T any](noun string, parse func(string) (T, error), format func(T) string) codec[T] {
	say := func(v T) any { return format(v) }
	return codec[T]{say: say, read: func(r *reader, at string, n *yaml.Node) (none T, _ bool) {
		if tag := n.ShortTag(); n.Kind != yaml.ScalarNode || tag != "!!str" && tag != "!!timestamp" {
			quotes := ""
			if noun == "text" && (tag == "!!int" || tag == "!!float" || tag == "!!bool") {
				quotes = fmt.Sprintf(": write it in quotes, %q", n.Value)
			}
			r.fault(n, "%s is %s, not %s%s", name(at), noun, kindOf(n), quotes)
			return none, false
		}
		if strings.ContainsFunc(n.Value, unicode.IsControl) {
			r.fault(n, "%s holds a control character", name(at))
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

// text is text that check may change or refuse.
func text(check func(string) (string, error)) codec[string] { return textOf[string](check) }

func textOf[S ~string](check func(string) (string, error)) codec[S] {
	return parsed("text", func(s string) (S, error) {
		s, err := check(s)
		return S(s), err
	}, asText)
}

func asText[S ~string](s S) string { return string(s) }

// word is one of a few words.
func word[S ~string](known ...S) codec[S] {
	return textOf[S](func(s string) (string, error) {
		var words []string
		for _, k := range known {
			words = append(words, string(k))
		}
		if slices.Contains(words, s) {
			return s, nil
		}
		return "", fmt.Errorf("%s is none of %s%s", quote(s), strings.Join(words, ", "), didYouMean(s, words))
	})
}

// number is a whole number from least to most.
func number(least, most int) codec[int] {
	return codec[int]{say: anything[int], read: func(r *reader, at string, n *yaml.Node) (int, bool) {
		value, err := strconv.Atoi(n.Value)
		switch {
		case n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int":
			r.fault(n, "%s is a whole number, not %s", name(at), kindOf(n))
		case err != nil || strconv.Itoa(value) != n.Value: // 010 is eight to some readers and ten to others
			r.fault(n, "%s is a whole number in plain digits, not %s", name(at), quote(n.Value))
		case value < least || value > most:
			r.fault(n, "%s is %d: it can be %d to %d", name(at), value, least, most)
		default:
			return value, true
		}
		return 0, false
	}}
}

func boolean() codec[bool] {
	return codec[bool]{say: anything[bool], read: func(r *reader, at string, n *yaml.Node) (bool, bool) {
		if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" {
			r.fault(n, "%s is true or false, not %s", name(at), kindOf(n))
			return false, false
		}
		return strings.EqualFold(n.Value, "true"), true
	}}
}

func anything[T any](v T) any { return v }

// zone is a time zone by its name.
func zone(format func(*time.Location) string) codec[*time.Location] {
	return parsed("the name of a time zone", ParseZone, format)
}

// fullPath is the full path of a project or group.
func fullPath(kind target.Kind) codec[string] {
	return parsed("a path", func(s string) (string, error) {
		t, err := target.ParsePath(kind, s)
		return t.Path, err
	}, asText)
}

// list is a list; items that cannot be read are left out.
func list[T any](item codec[T]) codec[[]T] {
	read := func(r *reader, at string, n *yaml.Node) (all []T, _ bool) {
		r.items(at, n, item.into(func(v T) { all = append(all, v) }))
		return all, true
	}
	say := func(all []T) any {
		var out []any
		for _, v := range all {
			out = append(out, item.say(v))
		}
		return out
	}
	return codec[[]T]{read, say, item.below, itemsOfList}
}

// texts is a list of different texts. In the place of one that was told of is an empty one, so that the others keep theirs.
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

// mapping is a value that is read by the keys within it.
func mapping[T any](within func(*T) []field) codec[T] {
	read := func(r *reader, at string, n *yaml.Node) (v T, _ bool) {
		mappingOf(within(&v)...)(r, at, n)
		return v, true
	}
	return codec[T]{read, func(v T) any { return mapped(within(&v)) }, within(new(T)), ""}
}

// optional is a value that need not be there.
func optional[T any](c codec[T]) codec[*T] {
	read := func(r *reader, at string, n *yaml.Node) (*T, bool) {
		v, ok := c.read(r, at, n)
		return &v, ok
	}
	say := func(v *T) any {
		if v == nil {
			return nil
		}
		return c.say(*v)
	}
	return codec[*T]{read, say, c.below, c.items}
}
