package fakegitlab

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
)

// parseParams merges query and body; the body wins. The result can be used even if there is an error.
func parseParams(r *http.Request, body []byte) (*params, error) {
	p := &params{values: map[string]any{}, errs: new([]string)}
	addPairs(p.values, r.URL.RawQuery)
	if len(body) == 0 {
		return p, nil
	}
	return p, addBody(p.values, r.Header.Get("Content-Type"), body)
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
		mergeInto(values, form)
		return nil
	case "multipart/form-data":
		return addMultipart(values, options["boundary"], body)
	}
	return errUnsupported(kind)
}

func errUnsupported(kind string) *failure {
	return errorBody(http.StatusUnsupportedMediaType, func(e *enc) {
		e.str("error", "The provided content-type '"+kind+"' is not supported.")
	})
}

// addJSON takes an object's fields as parameters. Any other JSON value carries none.
func addJSON(values map[string]any, body []byte) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return errMalformed()
	}
	if _, err := d.Token(); err != io.EOF {
		return errMalformed()
	}
	if fields, ok := v.(map[string]any); ok {
		mergeInto(values, fields)
	}
	return nil
}

func addMultipart(values map[string]any, boundary string, body []byte) error {
	form, err := multipart.NewReader(bytes.NewReader(body), boundary).ReadForm(1 << 20)
	if err != nil {
		return errMalformed()
	}
	defer func() { _ = form.RemoveAll() }()
	fields := map[string]any{}
	for name, all := range form.Value {
		for _, v := range all {
			addField(fields, name, v)
		}
	}
	mergeInto(values, fields)
	return nil
}

func mergeInto(values, more map[string]any) {
	for k, v := range more {
		values[k] = v
	}
}

// addPairs reads a query or form in order. It does not mind semicolons or broken escapes, which stay as they are.
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

// addField files one pair under its name, where a[]=1 adds to a list, a[b]=1 to a hash and a=1 replaces.
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

// isMalformed finds text that GitLab refuses to look at: NUL bytes and what is no UTF-8.
func isMalformed(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, "\x00") || !utf8.ValidString(v)
	case []any:
		return slices.ContainsFunc(v, isMalformed)
	case map[string]any:
		for name, inner := range v {
			if isMalformed(name) || isMalformed(inner) {
				return true
			}
		}
	}
	return false
}

// secretParams are never shown in a log or a link.
var secretParams = []string{"private_token", "access_token", "job_token"}

// safeQuery is a query without tokens, in alphabetical order.
func safeQuery(q url.Values) string {
	for _, name := range secretParams {
		q.Del(name)
	}
	return q.Encode()
}

// encode writes the parameters as a query in alphabetical order, tokens left out.
func (p *params) encode() string {
	var pairs []string
	for name, v := range p.values {
		if !slices.Contains(secretParams, name) {
			pairs = appendPairs(pairs, name, v)
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

func appendPairs(pairs []string, name string, v any) []string {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			pairs = appendPairs(pairs, name+"[]", item)
		}
	case map[string]any:
		for k, item := range v {
			pairs = appendPairs(pairs, name+"["+k+"]", item)
		}
	default:
		text, _ := asText(v)
		pairs = append(pairs, url.QueryEscape(name)+"="+url.QueryEscape(text))
	}
	return pairs
}
