package param

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
)

// Parse merges query and body; the body wins. The result can be used even if there is an error.
func Parse(r *http.Request, body []byte) (*Params, error) {
	p := &Params{Values: map[string]any{}, Errs: new([]string)}
	addPairs(p.Values, r.URL.RawQuery)
	if len(body) == 0 {
		return p, nil
	}
	return p, addBody(p.Values, r.Header.Get("Content-Type"), body)
}

func addBody(values map[string]any, contentType string, body []byte) error {
	kind, options, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = "application/x-www-form-urlencoded"
	}
	switch kind {
	case "application/json":
		return addJSON(values, body)
	case "application/x-www-form-urlencoded":
		form := map[string]any{}
		addPairs(form, string(body))
		MergeInto(values, form)
		return nil
	case "multipart/form-data":
		return addMultipart(values, options["boundary"], body)
	}
	return errUnsupported(kind)
}

func errUnsupported(kind string) *failure.Failure {
	return failure.JSON(http.StatusUnsupportedMediaType, func(e *jsonenc.Encoder) {
		e.Str("error", "The provided content-type '"+kind+"' is not supported.")
	})
}

// addJSON adds an object's fields as parameters. Any other JSON value has none.
func addJSON(values map[string]any, body []byte) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return failure.Malformed()
	}
	if _, err := d.Token(); err != io.EOF {
		return failure.Malformed()
	}
	if fields, ok := v.(map[string]any); ok {
		MergeInto(values, fields)
	}
	return nil
}

func addMultipart(values map[string]any, boundary string, body []byte) error {
	form, err := multipart.NewReader(bytes.NewReader(body), boundary).ReadForm(1 << 20)
	if err != nil {
		return failure.Malformed()
	}
	defer func() { _ = form.RemoveAll() }()
	fields := map[string]any{}
	for name, all := range form.Value {
		for _, v := range all {
			addField(fields, name, v)
		}
	}
	MergeInto(values, fields)
	return nil
}

// MergeInto adds parameters and replaces existing ones.
func MergeInto(values, more map[string]any) {
	for k, v := range more {
		values[k] = v
	}
}

// addPairs reads a query or form in order. It accepts semicolons and broken escapes and keeps them as they are.
func addPairs(values map[string]any, raw string) {
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		addField(values, unescape(name), unescape(value))
	}
}

func unescape(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}

// addField stores one pair: a[]=1 adds to a list, a[b]=1 to a hash, and a=1 replaces.
func addField(values map[string]any, name, value string) {
	head, inner, ok := strings.Cut(name, "[")
	if !ok || head == "" {
		values[name] = value
		return
	}
	key, rest, ok := strings.Cut(inner, "]")
	switch {
	case !ok:
		values[name] = value
	case key == "":
		list, _ := values[head].([]any)
		values[head] = append(list, value)
	default:
		sub, isHash := values[head].(map[string]any)
		if !isHash {
			sub = map[string]any{}
			values[head] = sub
		}
		addField(sub, key+rest, value)
	}
}

// IsMalformed reports whether a value holds text that GitLab rejects unread: NUL bytes and invalid UTF-8.
func IsMalformed(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, "\x00") || !utf8.ValidString(v)
	case []any:
		return slices.ContainsFunc(v, IsMalformed)
	case map[string]any:
		for name, inner := range v {
			if IsMalformed(name) || IsMalformed(inner) {
				return true
			}
		}
	}
	return false
}
