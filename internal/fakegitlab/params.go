package fakegitlab

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// params are a request's parameters, merged from query, body and path. The typed getters note what is wrong with a
// value and go on; err gives all of it at once, in the order of asking, as GitLab's parameter check does.
// Values are what encoding/json gives: nil, bool, json.Number, string, []any, map[string]any.
type params struct {
	values map[string]any
	prefix string    // "not" for not[labels], where the names in error texts have brackets
	errs   *[]string // shared with the parameters inside a hash
}

// opt is a parameter that may be left out. An empty or null value is set and null, with the zero v.
type opt[T any] struct {
	v    T
	set  bool
	null bool
}

// or gives the value, or def when there is none.
func (o opt[T]) or(def T) T {
	if !o.set || o.null {
		return def
	}
	return o.v
}

// ok reports whether there is a value that is not null.
func (o opt[T]) ok() bool { return o.set && !o.null }

// err is the shape 1 error that joins everything the getters noted, or nil.
func (p *params) err() error {
	if len(*p.errs) == 0 {
		return nil
	}
	return errParam(strings.Join(*p.errs, ", "))
}

func (p *params) note(name, text string) {
	if p.prefix != "" {
		name = p.prefix + "[" + name + "]"
	}
	*p.errs = append(*p.errs, name+" "+text)
}

// has reports whether the parameter was sent at all, be it null.
func (p *params) has(name string) bool {
	_, ok := p.values[name]
	return ok
}

// require notes the names that were not sent.
func (p *params) require(names ...string) {
	for _, n := range names {
		if !p.has(n) {
			p.note(n, "is missing")
		}
	}
}

// atLeastOne notes that nothing was sent that could be changed.
func (p *params) atLeastOne(names ...string) {
	if !slices.ContainsFunc(names, p.has) {
		*p.errs = append(*p.errs, strings.Join(names, ", ")+" are missing, at least one parameter must be provided")
	}
}

// exclusive notes that more than one of the names was sent.
func (p *params) exclusive(names ...string) {
	var given []string
	for _, n := range names {
		if p.has(n) {
			given = append(given, n)
		}
	}
	if len(given) > 1 {
		*p.errs = append(*p.errs, strings.Join(given, ", ")+" are mutually exclusive")
	}
}

// notBlank notes a value that was sent but is empty.
func (p *params) notBlank(name string) {
	if v, ok := p.values[name]; ok {
		if s, isText := v.(string); v == nil || isText && strings.TrimSpace(s) == "" {
			p.note(name, "is empty")
		}
	}
}

// str is a text. Numbers and booleans of a JSON body are taken as they are written.
func (p *params) str(name string) opt[string] {
	v, ok := p.values[name]
	if !ok {
		return opt[string]{}
	}
	switch v := v.(type) {
	case nil:
		return opt[string]{set: true, null: true}
	case string:
		return opt[string]{v: v, set: true}
	case json.Number:
		return opt[string]{v: v.String(), set: true}
	case bool:
		return opt[string]{v: strconv.FormatBool(v), set: true}
	}
	p.note(name, "is invalid")
	return opt[string]{}
}

// int is a whole number, as a JSON number or as text.
func (p *params) int(name string) opt[int] {
	v, ok := p.values[name]
	if !ok {
		return opt[int]{}
	}
	n, null, good := asInt(v)
	if !good {
		p.note(name, "is invalid")
		return opt[int]{}
	}
	return opt[int]{v: n, set: true, null: null}
}

func asInt(v any) (n int, null, good bool) {
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

// bool is true, false, 1 or 0, in JSON or as text.
func (p *params) bool(name string) opt[bool] {
	v, ok := p.values[name]
	if !ok {
		return opt[bool]{}
	}
	switch v := v.(type) {
	case nil:
		return opt[bool]{set: true, null: true}
	case bool:
		return opt[bool]{v: v, set: true}
	case string, json.Number:
		switch text, _ := asText(v); strings.ToLower(text) {
		case "true", "1":
			return opt[bool]{v: true, set: true}
		case "false", "0":
			return opt[bool]{set: true}
		case "":
			return opt[bool]{set: true, null: true}
		}
	}
	p.note(name, "is invalid")
	return opt[bool]{}
}

// boolOr is a boolean with a default, which then shows in the links between pages.
func (p *params) boolOr(name string, def bool) bool {
	b := p.bool(name)
	if !b.set {
		p.values[name] = strconv.FormatBool(def)
	}
	return b.or(def)
}

// enum is one of the given values.
func (p *params) enum(name string, allowed ...string) opt[string] {
	s := p.str(name)
	if s.ok() && !slices.Contains(allowed, s.v) {
		p.note(name, "does not have a valid value")
		return opt[string]{}
	}
	return s
}

// enumOr is one of the given values with a default, which then shows in the links between pages.
func (p *params) enumOr(name, def string, allowed ...string) string {
	s := p.enum(name, allowed...)
	if !p.has(name) {
		p.values[name] = def
	}
	return s.or(def)
}

// time is an instant. A bare date is its midnight in UTC.
func (p *params) time(name string) opt[time.Time] {
	s := p.str(name)
	if !s.ok() {
		return opt[time.Time]{set: s.set, null: s.null}
	}
	if s.v == "" {
		return opt[time.Time]{set: true, null: true}
	}
	t, ok := parseTime(s.v)
	if !ok {
		p.note(name, "is invalid")
		return opt[time.Time]{}
	}
	return opt[time.Time]{v: t, set: true}
}

var timeLayouts = []string{
	time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateTime,
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00", "2006-01-02 15:04:05 MST", "2006-01-02 15:04", time.DateOnly,
	"20060102T150405Z", "20060102",
}

func parseTime(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// date is a civil date as GitLab keeps it: what is no date becomes null without an error.
func (p *params) date(name string) opt[string] {
	s := p.str(name)
	if !s.set {
		return s
	}
	d := castDate(s.v)
	return opt[string]{v: d, set: true, null: d == ""}
}

// castDate gives YYYY-MM-DD, or "" for what is no date. A time of day behind it is cut off.
func castDate(s string) string {
	s = strings.TrimSpace(s)
	if d, err := time.Parse(time.DateOnly, s); err == nil {
		return d.Format(time.DateOnly)
	}
	if len(s) > 10 && (s[10] == 'T' || s[10] == ' ') {
		if d, err := time.Parse(time.DateOnly, s[:10]); err == nil {
			return d.Format(time.DateOnly)
		}
	}
	if year, rest, ok := strings.Cut(s, "-"); ok && len(year) > 4 {
		if _, err := strconv.Atoi(year); err == nil && len(rest) == 5 {
			return s
		}
	}
	return ""
}

// ints is a list of whole numbers: name[]=1&name[]=2, name=1,2 or a JSON list.
func (p *params) ints(name string) opt[[]int] {
	v, ok := p.values[name]
	if !ok {
		return opt[[]int]{}
	}
	items, good := asList(v)
	out := opt[[]int]{set: true, null: v == nil}
	for _, item := range items {
		n, null, isInt := asInt(item)
		if !isInt {
			good = false
			break
		}
		if !null {
			out.v = append(out.v, n)
		}
	}
	if !good {
		p.note(name, "is invalid")
		return opt[[]int]{}
	}
	return out
}

// list is a list of names: a comma list, a repeated name[] or a JSON list, each element split at commas once more.
// Names are trimmed and empty ones left out.
func (p *params) list(name string) opt[[]string] {
	v, ok := p.values[name]
	if !ok {
		return opt[[]string]{}
	}
	items, good := asList(v)
	out := opt[[]string]{set: true, null: v == nil}
	for _, item := range items {
		text, isText := asText(item)
		if !isText {
			good = false
			break
		}
		for _, part := range strings.Split(text, ",") {
			if part = strings.TrimSpace(part); part != "" && !slices.Contains(out.v, part) {
				out.v = append(out.v, part)
			}
		}
	}
	if !good {
		p.note(name, "is invalid")
		return opt[[]string]{}
	}
	return out
}

// asList gives the elements of a list; a text is split at its commas.
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

// hash gives the parameters inside name[...]; empty ones when it was not sent. Their errors are noted here.
func (p *params) hash(name string) *params {
	sub := &params{values: map[string]any{}, prefix: name, errs: p.errs}
	switch v := p.values[name].(type) {
	case nil:
	case map[string]any:
		sub.values = v
	default:
		p.note(name, "is invalid")
	}
	return sub
}
