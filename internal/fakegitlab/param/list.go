package param

import (
	"encoding/json"
	"strconv"
	"strings"
)

// maxElements is how many elements a list may have. GitLab has no such limit but that of the time that a request may
// take.
const maxElements = 10_000

// Ints reads a list of integers: name[]=1&name[]=2, name=1,2 or a JSON list. As in GitLab, each element is split at its
// commas, a word counts as 0, and a single JSON number as an empty list.
func (p *Params) Ints(name string) Opt[[]int] {
	v, ok := p.Values[name]
	if !ok {
		return Opt[[]int]{}
	}
	out := Opt[[]int]{Set: true, Null: v == nil}
	switch v := v.(type) {
	case string:
		out.Value = appendInts(nil, v)
	case []any:
		for _, item := range v {
			text, _ := asText(item)
			out.Value = appendInts(out.Value, text)
		}
	}
	if len(out.Value) > maxElements {
		p.Note(name, "is invalid")
		return Opt[[]int]{}
	}
	return out
}

// appendInts adds the integers of a text. Empty elements at its end do not count.
func appendInts(list []int, text string) []int {
	for text = strings.TrimRight(text, ","); text != ""; {
		var part string
		if part, text, _ = strings.Cut(text, ","); len(list) > maxElements {
			break
		}
		n, _ := leadingInt(strings.TrimSpace(part))
		list = append(list, n)
	}
	return list
}

// List reads a list of names: a comma list, a repeated name[] or a JSON list, with each element split at commas.
// Names are trimmed and empty ones left out.
func (p *Params) List(name string) Opt[[]string] {
	v, ok := p.Values[name]
	if !ok {
		return Opt[[]string]{}
	}
	var found names
	if good := found.addAll(v); !good || len(found.list) > maxElements {
		p.Note(name, "is invalid")
		return Opt[[]string]{}
	}
	return Opt[[]string]{Value: found.list, Set: true, Null: v == nil}
}

// names collects different names.
type names struct {
	list []string
	seen map[string]bool
}

// addAll adds the names of a parameter, and reports whether it is a list of texts. It stops when there are too many.
func (n *names) addAll(v any) bool {
	items, isList := v.([]any)
	if !isList {
		items = []any{v}
	}
	for _, item := range items {
		text, isText := asText(item)
		if !isText {
			return false
		}
		n.addSplit(text)
	}
	return true
}

func (n *names) addSplit(text string) {
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" || n.seen[part] || len(n.list) > maxElements {
			continue
		}
		if n.seen == nil {
			n.seen = map[string]bool{}
		}
		n.seen[part] = true
		n.list = append(n.list, part)
	}
}

func asText(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// Hash returns the parameters inside name[...], none if it was not sent. Their errors are added to p's.
func (p *Params) Hash(name string) *Params {
	sub := &Params{Values: map[string]any{}, prefix: name, Errs: p.Errs}
	switch v := p.Values[name].(type) {
	case nil:
	case map[string]any:
		sub.Values = v
	default:
		p.Note(name, "is invalid")
	}
	return sub
}
