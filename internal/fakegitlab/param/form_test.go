package param

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
)

// asJSON prints parameters with their names in alphabetical order.
func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestForms(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"":                              `{}`,
		"a=1&b=2&a=3":                   `{"a":"3","b":"2"}`,
		"a&b=&=c&&":                     `{"a":null,"b":""}`,
		"a=1&  b=2":                     `{"a":"1","b":"2"}`,
		"a=b=c&d=%5B%26+x":              `{"a":"b=c","d":"[\u0026 x"}`,
		"a[]=1&a[]=2":                   `{"a":["1","2"]}`,
		"a%5B%5D=1&a[]":                 `{"a":["1",null]}`,
		"a[b]=1&a[c]=2&a[b]=3":          `{"a":{"b":"3","c":"2"}}`,
		"a[b][c][]=1":                   `{"a":{"b":{"c":["1"]}}}`,
		"a[][b]=1&a[][c]=2&a[][b]=3":    `{"a":[{"b":"1","c":"2"},{"b":"3"}]}`,
		"a[][b][c]=1&a[][b][d]=2":       `{"a":[{"b":{"c":"1","d":"2"}}]}`,
		"a[][b][]=1&a[][b][]=2":         `{"a":[{"b":["1","2"]}]}`,
		"a[][]=1":                       `{"a":[["1"]]}`,
		"a=1&a[]=":                      "refused",
		"a[]=1&a=2":                     `{"a":"2"}`,
		"a&a[]=2":                       `{"a":["2"]}`,
		"a[]=1&a[b]=2":                  "refused",
		"a[b]=1&a[]=2":                  "refused",
		"a[b]=1&a[b][c]=2":              "refused",
		"a[=1":                          `{"a[":"1"}`,
		"a[b=1":                         `{"a":{"[b":"1"}}`,
		"a[b]c=1":                       `{"a":{"b":{"c":"1"}}}`,
		"a]=1&[b]=2&[]=3":               `{"[]":"3","[b]":"2","a]":"1"}`,
		"a=%zz":                         "refused",
		"a%=1":                          "refused",
		"a" + strings.Repeat("[b]", 31): `{"a":` + strings.Repeat(`{"b":`, 31) + "null" + strings.Repeat("}", 32),
		"a" + strings.Repeat("[b]", 32): "refused",
		"a" + strings.Repeat("[]", 80):  "refused",
	} {
		values, err := parseForm(raw)
		got := asJSON(t, values)
		if err != nil {
			got = "refused"
			if f := failure.From(err); f.Status != 400 || string(f.Body) != "Bad Request" {
				t.Errorf("%s: refused with %d %s", raw, f.Status, f.Body)
			}
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", raw, got, want)
		}
	}
}

func TestFormLimits(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		raw string
		ok  bool
	}{
		"as many pairs as allowed": {strings.Repeat("a=1&", maxPairs-1) + "b=2", true},
		"a pair too many":          {strings.Repeat("a=1&", maxPairs) + "b=2", false},
		"only separators":          {strings.Repeat("&", maxPairs), false},
		"as long as allowed":       {"a=" + strings.Repeat("x", maxForm-2), true},
		"too long":                 {"a=" + strings.Repeat("x", maxForm-1), false},
	} {
		if _, err := parseForm(tt.raw); (err == nil) != tt.ok {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestBodiesByType(t *testing.T) {
	t.Parallel()
	const multi = "multipart/form-data; boundary=x"
	part := func(headers, text string) string {
		return "--x\r\nContent-Disposition: form-data; " + headers + "\r\n\r\n" + text + "\r\n"
	}
	for _, tt := range []struct{ name, method, contentType, body, want string }{
		{"JSON without a type", "POST", "", `{"a":1}`, `{"a":1}`},
		{"form without a type", "POST", "", `a=1`, `{"error":"Invalid JSON format"}`},
		{"JSON in a GET", "GET", "application/json", `{"a":1}`, `{}`},
		{"invalid JSON in a GET", "GET", "application/json", `{"a":`, `{"error":"Invalid JSON format"}`},
		{"form in a GET", "GET", formType, `a=1`, `{"a":"1"}`},
		{"text in a GET", "GET", "text/plain", `a=1`, `{}`},
		{"text", "DELETE", "text/plain", `a=1`, `{"error":"The provided content-type 'text/plain' is not supported."}`},
		{"type in upper case", "POST", "Application/JSON;charset=utf-8", `{"a":1}`, `{"a":1}`},
		{"a broken option", "POST", "application/json; =", `{"a":1}`, `{"a":1}`},
		{"a list", "POST", jsonType, `["a"]`, `{}`},
		{"a word", "POST", jsonType, `true`, `{}`},
		{"invalid text in JSON", "POST", jsonType, "{\"a\":\"\xff\"}", "Bad Request"},
		{"NUL in JSON", "POST", jsonType, `{"a":"\u0000"}`, "Bad Request"},
		{"NUL in a form", "POST", formType, `a=%00`, "Bad Request"},
		{"invalid name in a form", "POST", formType, `%ff=1`, "Bad Request"},
		{"parts in order", "POST", multi, part(`name="a[]"`, "2") + part(`name="a[]"`, "1") + "--x--\r\n", `{"a":["2","1"]}`},
		{"a file", "POST", multi, part(`name="a"; filename="f.txt"`, "1") + "--x--\r\n", `{"a":{"filename":"f.txt","type":""}}`},
		{"parts without an end", "POST", multi, part(`name="a"`, "2"), "Bad Request"},
		{"deep parts", "POST", multi, part(`name="a`+strings.Repeat("[b]", 32)+`"`, "2") + "--x--\r\n", "Bad Request"},
		{"too many parts", "POST", multi, strings.Repeat(part(`name="a"`, "2"), maxPairs+1) + "--x--\r\n", "Bad Request"},
		{"parts without a boundary", "POST", "multipart/form-data", "--x", `{}`},
	} {
		r := httptest.NewRequest(tt.method, "/api/v4/x", nil)
		r.Header.Set("Content-Type", tt.contentType)
		p, err := Parse(r, []byte(tt.body))
		got := asJSON(t, p.Values)
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestJSONLimits(t *testing.T) {
	t.Parallel()
	nested := func(n int) string {
		return `{"a":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + "}"
	}
	list := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat("1,", n), ",") + "]" }
	for name, tt := range map[string]struct{ body, want string }{
		"as deep as allowed":      {nested(32), ""},
		"too deep":                {nested(33), "Parameters nested too deeply"},
		"deep without an end":     {strings.Repeat("[", 1<<20), "Parameters nested too deeply"},
		"as long as allowed":      {`{"a":` + list(maxJSONList) + "}", ""},
		"a list too long":         {`{"a":` + list(maxJSONList+1) + "}", "Array parameter too large"},
		"a hash too large":        {`{` + strings.Repeat(`"a":1,`, maxJSONList) + `"b":1}`, "Too many total parameters"},
		"too many in all":         {`{"a":` + list(40_000) + `,"b":` + list(40_000) + `,"c":` + list(40_000) + "}", "Too many total parameters"},
		"a number of many digits": {`{"a":` + strings.Repeat("9", 1<<20) + "}", ""},
		"no comma":                {`{"a":[1 2]}`, "Invalid JSON format"},
		"comma at the end":        {`{"a":[1,]}`, "Invalid JSON format"},
		"a number as a name":      {`{1:2}`, "Invalid JSON format"},
		"single quotes":           {`{'a':1}`, "Invalid JSON format"},
		"blanks only":             {"  ", "Invalid JSON format"},
	} {
		_, err := parseJSON([]byte(tt.body))
		got := ""
		if err != nil {
			got = strings.TrimSuffix(strings.TrimPrefix(err.Error(), `{"error":"`), `"}`)
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
