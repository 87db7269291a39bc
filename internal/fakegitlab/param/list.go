package param

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// Ints reads a list of integers: name[]=1&name[]=2, name=1,2 or a JSON list.
func (p *Params) Ints(name string) Opt[[]int] {
	v, ok := p.Values[name]
	if !ok {
		return Opt[[]int]{}
	}
	items, good := asList(v)
	out := Opt[[]int]{Set: true, Null: v == nil}
	for _, item := range items {
		n, null, isInt := AsInt(item)
		if !isInt {
			good = false
			break
		}
		if !null {
			out.Value = append(out.Value, n)
		}
	}
	if !good {
		p.Note(name, "is invalid")
		return Opt[[]int]{}
	}
	return out
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

// Names reads a list of names like List, but keeps blank and repeated ones: GitLab fails on some of these. Like its
// language, it drops empty elements at the end of a comma list.
func (p *Params) Names(name string) Opt[[]string] {
	v, ok := p.Values[name]
	if !ok {
		return Opt[[]string]{}
	}
	items, isList := v.([]any)
	if !isList {
		items = []any{v}
	}
	out := Opt[[]string]{Set: true, Null: v == nil}
	for _, item := range items {
		text, isText := asText(item)
		if !isText {
			p.Note(name, "is invalid")
			return Opt[[]string]{}
		}
		for text = strings.TrimRight(text, ","); text != ""; {
			var part string
			part, text, _ = strings.Cut(text, ",")
			out.Value = append(out.Value, strings.TrimSpace(part))
		}
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
