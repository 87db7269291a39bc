package rest

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
)

// This file writes the query of the links between pages: every parameter of the request, those of the path included, as
// the route understands it, and the defaults of those that were not sent.

// linkQuery returns the query with some parameters changed.
func (c *Call) linkQuery(changes map[string]string) string {
	values := map[string]any{}
	param.MergeInto(values, c.Params.Values)
	if c.declared != nil { // without the defaults that handlers added
		values = maps.Clone(c.sent)
		values["page"], values["per_page"] = c.Params.Values["page"], c.Params.Values["per_page"]
	}
	for _, d := range c.declared {
		if !d.enterprise || c.Store.Edition.Enterprise() {
			c.declare(values, d)
		}
	}
	for name, v := range changes {
		values[name] = v
	}
	maps.DeleteFunc(values, func(name string, _ any) bool {
		name, _, _ = strings.Cut(name, "[")
		return slices.Contains(param.SecretNames, name)
	})
	return encodeHash(values, "")
}

// declare writes a declared parameter as its kind, or its default.
func (c *Call) declare(values map[string]any, d declared) {
	if head, inner, ok := strings.Cut(d.name, "["); ok {
		c.declareInner(values, head, strings.TrimSuffix(inner, "]"), d)
		return
	}
	v, sent := values[d.name]
	switch {
	case sent && d.as != "":
		delete(values, d.name)
		values[d.as] = asKind(v, d.kind)
	case sent:
		values[d.name] = asKind(v, d.kind)
	case d.byDefault != "" && values[d.name] == nil:
		values[d.name] = d.byDefault
	}
}

// declareInner writes a declared parameter inside a hash.
func (c *Call) declareInner(values map[string]any, head, inner string, d declared) {
	hash, ok := values[head].(map[string]any)
	if v, sent := hash[inner]; ok && sent {
		copied := map[string]any{}
		param.MergeInto(copied, hash)
		copied[inner] = asKind(v, d.kind)
		values[head] = copied
	}
}

// asKind converts a valid value to what its kind makes of it.
func asKind(v any, kind byte) any {
	one := param.None()
	one.Values["value"] = v
	switch kind {
	case ofBool:
		if b := one.Bool("value"); b.OK() {
			return strconv.FormatBool(b.Value)
		}
	case ofInt:
		if n := one.Int("value"); n.OK() {
			return strconv.Itoa(n.Value)
		}
	case ofTime:
		if text, ok := v.(string); ok {
			return linkTime(text)
		}
	case ofNames:
		return anys(param.SplitNames(v))
	case ofInts:
		return anys(one.Ints("value").Value)
	}
	return v
}

func anys[T any](list []T) []any {
	all := make([]any, 0, len(list))
	for _, v := range list {
		all = append(all, v)
	}
	return all
}

// linkTime writes a time with its offset, which it has as +00:00 rather than Z.
func linkTime(text string) string {
	const layout = "2006-01-02T15:04:05-07:00"
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.Format(layout)
	}
	if t, ok := param.ParseTime(text); ok {
		return t.Format(layout)
	}
	return text
}

// encodeHash writes a hash in alphabetical order, without empty lists and hashes.
func encodeHash(values map[string]any, inside string) string {
	var parts []string
	for name, v := range values {
		if inside != "" {
			name = inside + "[" + name + "]"
		}
		if part, ok := encodeValue(name, v); ok {
			parts = append(parts, part)
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, "&")
}

// encodeValue writes one parameter. The elements of a list stay in their order.
func encodeValue(name string, v any) (string, bool) {
	switch v := v.(type) {
	case []any:
		var parts []string
		for _, item := range v {
			if part, ok := encodeValue(name+"[]", item); ok {
				parts = append(parts, part)
			}
		}
		return strings.Join(parts, "&"), len(parts) > 0
	case map[string]any:
		part := encodeHash(v, name)
		return part, part != ""
	}
	return url.QueryEscape(name) + "=" + url.QueryEscape(plainText(v)), true
}

func plainText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	}
	return ""
}
