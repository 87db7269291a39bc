// Package param reads a request's parameters, from query, body and path, as GitLab's parameter check does. Start with
// Parse and Params. It knows what a date or a list is, and nothing of issues or labels.
package param

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
)

// Params are a request's parameters, merged from query, body and path. The typed getters note what is wrong with a
// value and go on; err gives all of it at once, in the order of asking, as GitLab's parameter check does.
// Values are what encoding/json gives: nil, bool, json.Number, string, []any, map[string]any.
type Params struct {
	Values map[string]any
	prefix string    // "not" for not[labels], where the names in error texts have brackets
	Errs   *[]string // shared with the parameters inside a hash
}

// Err is the shape 1 error that joins everything the getters noted, or nil.
func (p *Params) Err() error {
	if len(*p.Errs) == 0 {
		return nil
	}
	return failure.Param(strings.Join(*p.Errs, ", "))
}

// Note notes what is wrong with a parameter.
func (p *Params) Note(name, text string) {
	if p.prefix != "" {
		name = p.prefix + "[" + name + "]"
	}
	*p.Errs = append(*p.Errs, name+" "+text)
}

// Has reports whether the parameter was sent at all, be it null.
func (p *Params) Has(name string) bool {
	_, ok := p.Values[name]
	return ok
}

// Require notes the names that were not sent.
func (p *Params) Require(names ...string) {
	for _, n := range names {
		if !p.Has(n) {
			p.Note(n, "is missing")
		}
	}
}

// AtLeastOne notes that nothing was sent that could be changed.
func (p *Params) AtLeastOne(names ...string) {
	if !slices.ContainsFunc(names, p.Has) {
		*p.Errs = append(*p.Errs, strings.Join(names, ", ")+" are missing, at least one parameter must be provided")
	}
}

// Exclusive notes that more than one of the names was sent.
func (p *Params) Exclusive(names ...string) {
	var given []string
	for _, n := range names {
		if p.Has(n) {
			given = append(given, n)
		}
	}
	if len(given) > 1 {
		*p.Errs = append(*p.Errs, strings.Join(given, ", ")+" are mutually exclusive")
	}
}

// NotBlank notes a value that was sent but is empty.
func (p *Params) NotBlank(name string) {
	if v, ok := p.Values[name]; ok {
		if s, isText := v.(string); v == nil || isText && strings.TrimSpace(s) == "" {
			p.Note(name, "is empty")
		}
	}
}

// Str is a text. Numbers and booleans of a JSON body are taken as they are written.
func (p *Params) Str(name string) Opt[string] {
	v, ok := p.Values[name]
	if !ok {
		return Opt[string]{}
	}
	switch v := v.(type) {
	case nil:
		return Opt[string]{Set: true, Null: true}
	case string:
		return Opt[string]{Value: v, Set: true}
	case json.Number:
		return Opt[string]{Value: v.String(), Set: true}
	case bool:
		return Opt[string]{Value: strconv.FormatBool(v), Set: true}
	}
	p.Note(name, "is invalid")
	return Opt[string]{}
}

// Int is a whole number, as a JSON number or as text.
func (p *Params) Int(name string) Opt[int] {
	v, ok := p.Values[name]
	if !ok {
		return Opt[int]{}
	}
	n, null, good := AsInt(v)
	if !good {
		p.Note(name, "is invalid")
		return Opt[int]{}
	}
	return Opt[int]{Value: n, Set: true, Null: null}
}

// AsInt reads a whole number from a JSON number or a text; an empty one is null.
func AsInt(v any) (n int, null, good bool) {
	var text string
	switch v := v.(type) {
	case nil:
		return 0, true, true
	case string:
		text = strings.TrimSpace(v)
	case json.Number:
		text = v.String()
	default:
		return 0, false, false
	}
	if text == "" {
		return 0, true, true
	}
	n, err := strconv.Atoi(text)
	return n, false, err == nil
}

// Bool is true, false, 1 or 0, in JSON or as text.
func (p *Params) Bool(name string) Opt[bool] {
	v, ok := p.Values[name]
	if !ok {
		return Opt[bool]{}
	}
	switch v := v.(type) {
	case nil:
		return Opt[bool]{Set: true, Null: true}
	case bool:
		return Opt[bool]{Value: v, Set: true}
	case string, json.Number:
		switch text, _ := asText(v); strings.ToLower(text) {
		case "true", "1":
			return Opt[bool]{Value: true, Set: true}
		case "false", "0":
			return Opt[bool]{Set: true}
		case "":
			return Opt[bool]{Set: true, Null: true}
		}
	}
	p.Note(name, "is invalid")
	return Opt[bool]{}
}

// BoolOr is a boolean with a default, which then shows in the links between pages.
func (p *Params) BoolOr(name string, def bool) bool {
	b := p.Bool(name)
	if !b.Set {
		p.Values[name] = strconv.FormatBool(def)
	}
	return b.Or(def)
}

// Enum is one of the given values.
func (p *Params) Enum(name string, allowed ...string) Opt[string] {
	s := p.Str(name)
	if s.OK() && !slices.Contains(allowed, s.Value) {
		p.Note(name, "does not have a valid value")
		return Opt[string]{}
	}
	return s
}

// EnumOr is one of the given values with a default, which then shows in the links between pages.
func (p *Params) EnumOr(name, def string, allowed ...string) string {
	s := p.Enum(name, allowed...)
	if !p.Has(name) {
		p.Values[name] = def
	}
	return s.Or(def)
}
