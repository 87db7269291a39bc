package param

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http/httptest"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
)

func parsed(t *testing.T, query, contentType, body string) *Params {
	t.Helper()
	r := httptest.NewRequest("POST", "/api/v4/x?"+query, nil)
	r.Header.Set("Content-Type", contentType)
	p, err := Parse(r, []byte(body))
	if err != nil {
		t.Fatalf("parse %q %q: %v", query, body, err)
	}
	return p
}

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json; charset=utf-8"
)

func TestParamsMerge(t *testing.T) {
	t.Parallel()
	p := parsed(t, "a=query&b=query&iids[]=1&iids[]=2&not[labels]=x&not[iids][]=3", formType, "b=form&c=%2B1+2&t=a%2Cb")
	for name, want := range map[string]string{"a": "query", "b": "form", "c": "+1 2"} {
		if got := p.Str(name).Value; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if got := fmt.Sprint(p.Ints("iids").Value); got != "[1 2]" {
		t.Errorf("iids: got %s", got)
	}
	not := p.Hash("not")
	if got := fmt.Sprint(not.List("labels").Value, not.Ints("iids").Value, p.List("t").Value); got != "[x] [3] [a b]" {
		t.Errorf("got %s", got)
	}
	p = parsed(t, "", jsonType, `{"n":null,"f":1.5,"i":7,"b":false,"l":["a, b",3],"s":"","big":12345678901}`)
	if o := p.Str("n"); !o.Set || !o.Null {
		t.Errorf("null: got %+v", o)
	}
	if got := fmt.Sprint(p.Int("i").Value, p.Int("big").Value, p.Bool("b").Value, p.List("l").Value); got != "7 12345678901 false [a b 3]" {
		t.Errorf("got %s", got)
	}
	if o := p.Int("s"); !o.Set || !o.Null {
		t.Errorf("an empty number: got %+v, want null", o)
	}
	p.Int("f")
	if err := p.Err(); err == nil || err.Error() != `{"error":"f is invalid"}` {
		t.Errorf("a fraction as a number: got %v", err)
	}
}

func TestParamsMultipart(t *testing.T) {
	t.Parallel()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, f := range [][2]string{{"title", "a b"}, {"labels[]", "x"}, {"labels[]", "y"}} {
		if err := form.WriteField(f[0], f[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	p := parsed(t, "", form.FormDataContentType(), body.String())
	if got := fmt.Sprint(p.Str("title").Value, p.List("labels").Value); got != "a b[x y]" && got != "a b [x y]" {
		t.Errorf("got %s", got)
	}
}

func TestParamsUnreadableBodies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ contentType, body, want string }{
		{"application/json", `{"a":`, `{"error":"message body does not match declared format"}`},
		{"application/json", `{} trailing`, `{"error":"message body does not match declared format"}`},
		{"text/plain", `hello`, `{"error":"The provided content-type 'text/plain' is not supported."}`},
	} {
		r := httptest.NewRequest("POST", "/api/v4/x", nil)
		r.Header.Set("Content-Type", tt.contentType)
		if _, err := Parse(r, []byte(tt.body)); err == nil || err.Error() != tt.want {
			t.Errorf("%s %s: got %v, want %s", tt.contentType, tt.body, err, tt.want)
		}
	}
	if p := parsed(t, "", "application/json", `[1,2]`); len(p.Values) != 0 {
		t.Errorf("a list as body gave parameters: %v", p.Values)
	}
}

func TestDateCast(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2018-08-24": "2018-08-24", " 2018-08-24 ": "2018-08-24", "2018-08-24T10:00:00Z": "2018-08-24",
		"tomorrow": "", "2018-02-30": "", "": "", "24.8.2018": "", "12018-01-01": "12018-01-01",
	} {
		if got := CastDate(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2018-08-24T10:00:00Z": "2018-08-24T10:00:00.000Z", "2018-08-24T10:00:00.5+02:00": "2018-08-24T08:00:00.500Z",
		"2018-08-24": "2018-08-24T00:00:00.000Z", "2018-08-24 10:00:00 UTC": "2018-08-24T10:00:00.000Z", "now": "",
	} {
		got := ""
		if t, ok := ParseTime(in); ok {
			got = t.Format("2006-01-02T15:04:05.000Z")
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// FuzzParams checks that no query or body makes the server fail.
func FuzzParams(f *testing.F) {
	f.Add("a[b][c][]=1&a=2&a[]=3", `{"a":{"b":[1]}}`)
	f.Add("[]=1&a]=2&[x=3&=4&%zz=%", `{}`)
	f.Add("not=x&not[labels]=y&iids[]=&labels[a]=b", "")
	f.Fuzz(func(t *testing.T, query, body string) {
		r := httptest.NewRequest("POST", "/api/v4/x", nil)
		r.URL.RawQuery = query
		r.Header.Set("Content-Type", "application/json")
		p, err := Parse(r, []byte(body))
		if err != nil && failure.From(err).Status >= 500 {
			t.Fatal(err)
		}
		for name := range p.Values {
			p.Str(name)
			p.List(name)
			p.Names(name)
			p.Ints(name)
			p.Hash(name).Bool("x")
		}
	})
}
