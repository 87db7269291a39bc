package param

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"
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
	if o := p.Int("f"); o.Value != 1 {
		t.Errorf("a fraction as a number: got %+v, want 1", o)
	}
	p.Int("l")
	if err := p.Err(); err == nil || err.Error() != `{"error":"l is invalid"}` {
		t.Errorf("a list as a number: got %v", err)
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
		{"application/json", `{"a":`, `{"error":"Invalid JSON format"}`},
		{"application/json", `{} trailing`, `{"error":"Invalid JSON format"}`},
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
		"tomorrow": "", "2018-02-30": "", "": "", "12018-01-01": "12018-01-01", "2018-13-45": "",
		"2018-8-1": "2018-08-01", "24.08.2018": "2018-08-24", "24.8.2018": "2018-08-24", "24. 8. 2018": "2018-08-24",
		"2018/08/24": "2018-08-24", "24/08/2018": "2018-08-24", "08/24/2018": "", "20180824": "2018-08-24",
		"20180824T100000Z": "2018-08-24", "2018-08-24 23:59:59 +0200": "2018-08-24", "2018-8-1T9:00": "2018-08-01",
		"24 August 2018": "2018-08-24", "Fri, 24th Aug 2018": "2018-08-24", "Aug 24, 2018": "2018-08-24", "August 24": "",
		"2018-08": "", "Friday": "", "next week": "", "1": "", "18-8-1": "0018-08-01", "due 2018-08-24!": "2018-08-24",
		"Marching":   "",
		"1 Sep 2018": "2018-09-01", "2018-08-24 or so": "2018-08-24", "12018-1-1": "12018-01-01", "2018-00-10": "", "2018-01-00": "", "None": "",
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
		"2018-08-24T10:00:00 02:00": "2018-08-24T10:00:00.000Z", "2018-08-24T10:00:00+0200": "2018-08-24T08:00:00.000Z",
		"2018-08-24T10:00:00-5": "2018-08-24T15:00:00.000Z", "2018-08-24 10:00 CEST": "2018-08-24T08:00:00.000Z",
		"2018-08-24T10:00:00.123456Z": "2018-08-24T10:00:00.123Z", "2018-08-24 10:00:00 some text": "2018-08-24T10:00:00.000Z",
		"20180824T100000Z": "2018-08-24T10:00:00.000Z", "20180824": "2018-08-24T00:00:00.000Z", "20180824100000": "2018-08-24T10:00:00.000Z",
		"24 Aug 2018 10:00 pm": "2018-08-24T22:00:00.000Z", "Fri, 24 Aug 2018 10:00:00 GMT": "2018-08-24T10:00:00.000Z",
		"August 24th, 2018 12 am": "2018-08-24T00:00:00.000Z", "24/8/2018": "2018-08-24T00:00:00.000Z", "24-08-18": "2024-08-18T00:00:00.000Z",
		"2018-236": "", "2018236": "2018-08-24T00:00:00.000Z", "1999-12-31T24:00:00Z": "2000-01-01T00:00:00.000Z",
		"2018-13-01": "", "2018-02-29": "", "2018-08-24T25:00:00Z": "", "2018-08-24T10:61:00Z": "", "10:00": "", "12345": "", "": "", "sometime": "",
		strings.Repeat(" ", 128) + "2018-08-24": "",
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

func TestSafeQueryHasNoTokens(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "/x?private_token=a&b=1&bearer_token[]=c&job_token=d&access_token[x]=e", nil)
	if got := SafeQuery(r.URL); got != "b=1" {
		t.Errorf("got %s", got)
	}
}
