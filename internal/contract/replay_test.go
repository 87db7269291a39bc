package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/testkit/recording"
)

// Replayer sends steps to a server, in order. The values that steps save are its only state.
type Replayer struct {
	Base   string            // address of the server, without /api/v4
	Tokens map[string]string // by user name
	Client *http.Client      // must not follow redirects
	Group  string            // full path of the group in place of acme; "" for acme
	saved  map[string]any
}

// Answer is what the server answered, with the server's address replaced by the one in the recordings.
type Answer struct {
	Status int
	Header http.Header
	Body   any
}

// recordedHost is the address of the server in the recordings.
const recordedHost = "https://gitlab.example.com"

// Do sends one step and saves the values that the step names.
func (r *Replayer) Do(ctx context.Context, s recording.Step) (Answer, error) {
	req, err := r.request(ctx, s)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", s.Name, err)
	}
	resp, err := r.Client.Do(req)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", s.Name, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", s.Name, err)
	}
	text = fromGroup(bytes.ReplaceAll(text, []byte(r.Base), []byte(recordedHost)), r.Group)
	a := Answer{Status: resp.StatusCode, Header: r.asRecorded(resp.Header), Body: bodyOf(text)}
	r.save(s, a)
	return a, nil
}

func (r *Replayer) asRecorded(h http.Header) http.Header {
	h = h.Clone()
	for _, values := range h {
		for i, v := range values {
			values[i] = string(fromGroup([]byte(strings.ReplaceAll(v, r.Base, recordedHost)), r.Group))
		}
	}
	return h
}

// bodyOf decodes JSON; any other text becomes what a recording has in its place.
func bodyOf(text []byte) any {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		runes := []rune(string(text))
		return map[string]any{"__text__": string(runes[:min(len(runes), 600)])}
	}
	return v
}

func (r *Replayer) request(ctx context.Context, s recording.Step) (*http.Request, error) {
	body, kind, err := r.body(s)
	if err != nil {
		return nil, err
	}
	path := strings.ReplaceAll("/api/v4"+r.fill(s.Path), "/v4/../graphql", "/graphql")
	req, err := http.NewRequestWithContext(ctx, s.Method, r.Base+strings.ReplaceAll(path, " ", "%20"), body)
	if err != nil {
		return nil, err
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	token := r.Tokens[s.Who]
	for name, v := range s.Headers {
		if name != "X-Raw" {
			req.Header.Set(name, r.fill(strings.ReplaceAll(v, "{TOKEN}", token)))
		}
	}
	switch {
	case s.Who == "bad":
		req.Header.Set("PRIVATE-TOKEN", "glpat-nonsense")
	case s.Who != "none" && s.Headers["Authorization"] == "":
		req.Header.Set("PRIVATE-TOKEN", token)
	}
	return req, nil
}

func (r *Replayer) body(s recording.Step) (io.Reader, string, error) {
	if raw, ok := s.Headers["X-Raw"]; ok {
		return strings.NewReader(raw), "", nil
	}
	if s.JSON != nil {
		text, err := json.Marshal(r.fillAll(s.JSON))
		return bytes.NewReader(text), "application/json", err
	}
	if s.Method == http.MethodPost || s.Method == http.MethodPut || s.Method == http.MethodPatch {
		form := url.Values{}
		for name, v := range s.Form {
			form.Set(name, r.fill(v))
		}
		return strings.NewReader(form.Encode()), "application/x-www-form-urlencoded", nil
	}
	return nil, "", nil
}

var (
	placeholder    = regexp.MustCompile(`\{(\w+)\}`)
	intPlaceholder = regexp.MustCompile(`^\{(\w+):int\}$`)
)

// fill replaces each {name} by the saved value, and the group. A name that was not saved stays as it is.
func (r *Replayer) fill(text string) string {
	return placeholder.ReplaceAllStringFunc(inGroup(text, r.Group), func(m string) string {
		switch v := r.saved[strings.Trim(m, "{}")].(type) {
		case nil:
			return m
		case float64:
			return strconv.FormatFloat(v, 'f', -1, 64)
		default:
			return fmt.Sprint(v)
		}
	})
}

// fillAll fills every text in a JSON value; {name:int} becomes a number.
func (r *Replayer) fillAll(v any) any {
	switch v := v.(type) {
	case string:
		if m := intPlaceholder.FindStringSubmatch(v); m != nil {
			return r.saved[m[1]]
		}
		return r.fill(v)
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = r.fillAll(item)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k, item := range v {
			out[k] = r.fillAll(item)
		}
		return out
	}
	return v
}

// save keeps the values that the step names. What the answer lacks is not saved.
func (r *Replayer) save(s recording.Step, a Answer) {
	if r.saved == nil {
		r.saved = map[string]any{}
	}
	for name, path := range s.Save {
		if header, ok := strings.CutPrefix(path, "@"); ok {
			r.saved[name] = a.Header.Get(header)
			continue
		}
		if v, ok := at(a.Body, path); ok {
			r.saved[name] = v
		}
	}
}

// at returns the value at a dotted path such as 0.id.
func at(v any, path string) (any, bool) {
	for part := range strings.SplitSeq(path, ".") {
		switch inner := v.(type) {
		case map[string]any:
			next, ok := inner[part]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			n, err := strconv.Atoi(part)
			if err != nil || n < 0 || n >= len(inner) {
				return nil, false
			}
			v = inner[n]
		default:
			return nil, false
		}
	}
	return v, true
}
