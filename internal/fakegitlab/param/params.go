// Package param reads a request's parameters, from query, body and path, like GitLab's parameter check. Start with
// Parse and Params. It knows dates and lists, but not issues or labels.
package param

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
)

// Params holds a request's parameters, merged from query, body and path. The getters record invalid values and continue;
// Err returns all errors together, in the order of the calls, like GitLab's parameter check. Values have the
// types of encoding/json: nil, bool, json.Number, string, []any, map[string]any.
type Params struct {
	Values map[string]any
	prefix string    // "not" for not[labels], where the names in error messages have brackets
	Errs   *[]string // shared with the parameters inside a hash
	last   []string  // errors that come behind all others
}

// None returns the parameters of a request without any.
func None() *Params { return &Params{Values: map[string]any{}, Errs: new([]string)} }

// Err returns the shape 1 error with everything the getters recorded, or nil.
func (p *Params) Err() error {
	all := slices.Concat(*p.Errs, p.last)
	if len(all) == 0 {
		return nil
	}
	return failure.Param(strings.Join(all, ", "))
}

// NoteLast records an error of a parameter that GitLab names behind all others.
func (p *Params) NoteLast(name, text string) { p.last = append(p.last, name+" "+text) }

// Note records an error of a parameter.
func (p *Params) Note(name, text string) {
	if p.prefix != "" {
		name = p.prefix + "[" + name + "]"
	}
	*p.Errs = append(*p.Errs, name+" "+text)
}

// Has reports whether the parameter was sent at all, even as null.
func (p *Params) Has(name string) bool {
	_, ok := p.Values[name]
	return ok
}

// Require records an error for each name that was not sent.
func (p *Params) Require(names ...string) {
	for _, n := range names {
		if !p.Has(n) {
			p.Note(n, "is missing")
		}
	}
}

// AtLeastOne records an error if none of the names was sent.
func (p *Params) AtLeastOne(names ...string) {
	if !slices.ContainsFunc(names, p.Has) {
		*p.Errs = append(*p.Errs, strings.Join(names, ", ")+" are missing, at least one parameter must be provided")
	}
}

// ExactlyOne records an error if none of the names was sent, or more than one.
func (p *Params) ExactlyOne(names ...string) {
	if !slices.ContainsFunc(names, p.Has) {
		*p.Errs = append(*p.Errs, strings.Join(names, ", ")+" are missing, exactly one parameter must be provided")
	}
	p.Exclusive(names...)
}

// Exclusive records an error if more than one of the names was sent.
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

// NotBlank records an error if the value was sent but is empty.
func (p *Params) NotBlank(name string) {
	if v, ok := p.Values[name]; ok {
		if s, isText := v.(string); v == nil || isText && strings.TrimSpace(s) == "" {
			p.Note(name, "is empty")
		}
	}
}

// Text returns a parameter without checking it: "" unless it is a text, a number or a boolean.
func (p *Params) Text(name string) string {
	text, _ := asText(p.Values[name])
	return text
}

// Str reads a string. Numbers and booleans of a JSON body are accepted as written.
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

// Enum reads one of the allowed values.
func (p *Params) Enum(name string, allowed ...string) Opt[string] {
	s := p.Str(name)
	if s.OK() && !slices.Contains(allowed, s.Value) {
		p.Note(name, "does not have a valid value")
		return Opt[string]{}
	}
	return s
}

// EnumOr reads one of the allowed values, with a default, which then shows in the links between pages.
func (p *Params) EnumOr(name, def string, allowed ...string) string {
	s := p.Enum(name, allowed...)
	if !p.Has(name) {
		p.Values[name] = def
	}
	return s.Or(def)
}
