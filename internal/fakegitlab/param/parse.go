package param

import (
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
)

// Parse merges query and body; the body wins. The result can be used even if there is an error. What a request costs
// grows with its length only, and what is nested too deeply or has too many parts is refused.
func Parse(r *http.Request, body []byte) (*Params, error) {
	p := None()
	query, err := parseForm(r.URL.RawQuery)
	if err != nil {
		return p, err
	}
	p.Values = query
	if len(body) > 0 {
		fields, err := parseBody(r, body)
		if err != nil {
			return p, err
		}
		MergeInto(p.Values, fields)
	}
	if IsMalformed(p.Values) {
		return p, failure.MalformedText()
	}
	return p, nil
}

// parseBody reads a body according to its content type. Without one it is JSON. Only forms count in a GET.
func parseBody(r *http.Request, body []byte) (map[string]any, error) {
	reading := r.Method == http.MethodGet || r.Method == http.MethodHead
	kind, options := mediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "", "application/json":
		fields, err := parseJSON(body)
		if reading {
			fields = nil
		}
		return fields, err
	case "application/x-www-form-urlencoded":
		return parseForm(string(body))
	case "multipart/form-data":
		return parseMultipart(options["boundary"], body)
	}
	if reading {
		return nil, nil
	}
	return nil, errUnsupported(kind)
}

// mediaType splits a content type; of one that is not well-formed only the part before the semicolon counts.
func mediaType(contentType string) (kind string, options map[string]string) {
	kind, options, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind, _, _ = strings.Cut(contentType, ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
	}
	return kind, options
}

func errUnsupported(kind string) *failure.Failure {
	return failure.JSON(http.StatusUnsupportedMediaType, func(e *jsonenc.Encoder) {
		e.Str("error", "The provided content-type '"+kind+"' is not supported.")
	})
}

// MergeInto adds parameters and replaces existing ones.
func MergeInto(values, more map[string]any) {
	for k, v := range more {
		values[k] = v
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
