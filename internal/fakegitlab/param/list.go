package param

import (
	"encoding/json"
	"slices"
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
		part, text, _ = strings.Cut(text, ",")
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
	items, good := asList(v)
	out := Opt[[]string]{Set: true, Null: v == nil}
	for _, item := range items {
		text, isText := asText(item)
		if !isText {
			good = false
			break
		}
		for _, part := range strings.Split(text, ",") {
			if part = strings.TrimSpace(part); part != "" && !slices.Contains(out.Value, part) {
				out.Value = append(out.Value, part)
			}
		}
	}
	if !good {
		p.Note(name, "is invalid")
		return Opt[[]string]{}
	}
	return out
}

// asList returns the elements of a list; a text is split at its commas.
func asList(v any) ([]any, bool) {
	switch v := v.(type) {
	case nil:
		return nil, true
	case []any:
		return v, true
	case string:
		var items []any
		for _, part := range strings.Split(v, ",") {
			items = append(items, part)
		}
		return items, true
	case json.Number:
		return []any{v}, true
	}
	return nil, false
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
