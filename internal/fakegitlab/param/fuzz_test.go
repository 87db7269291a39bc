package param

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
)

// recordedRequest is what a request of the recording has for the parser.
type recordedRequest struct {
	Method  string
	Path    string
	Form    map[string]string
	JSON    json.RawMessage
	Headers map[string]string
}

// seed adds the requests of a recording.
func seed(f *testing.F, name string) {
	f.Helper()
	file, err := os.Open("../../../testdata/gitlab/" + name)
	if err != nil {
		f.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		f.Fatal(err)
	}
	for lines := json.NewDecoder(bufio.NewReader(unzipped)); ; {
		var r recordedRequest
		if err := lines.Decode(&r); err == io.EOF {
			return
		} else if err != nil {
			f.Fatal(err)
		}
		r.add(f)
	}
}

func (r recordedRequest) add(f *testing.F) {
	_, query, _ := strings.Cut(r.Path, "?")
	form := url.Values{}
	for name, v := range r.Form {
		form.Set(name, v)
	}
	switch raw, isRaw := r.Headers["X-Raw"]; {
	case isRaw:
		f.Add(r.Method, query, r.Headers["Content-Type"], []byte(raw))
	case len(r.JSON) > 0 && string(r.JSON) != "null":
		f.Add(r.Method, query, "application/json", []byte(r.JSON))
	case r.Method == http.MethodGet && query == "":
	default:
		f.Add(r.Method, query, formType, []byte(form.Encode()))
	}
}

// FuzzParse checks that every request is either refused with a 4xx, or gives the same parameters each time, within the
// limits, which every getter can read.
func FuzzParse(f *testing.F) {
	seed(f, "tour-18.9-ce.jsonl.gz")
	f.Add("POST", "a[b][c][]=1&a=2&a[]=3", "application/json", []byte(`{"a":{"b":[1,1.5,null,"2018-8-1"]}}`))
	f.Add("PUT", "[]=1&a]=2&[x=3&=4&%zz=%", "", []byte(`{}`))
	f.Add("GET", "not=x&not[labels]=y&iids[]=&labels[a]=b", "text/plain; =", []byte("a[][b]=1&a[][b]=2"))
	f.Add("POST", "", "multipart/form-data; boundary=x",
		[]byte("--x\r\nContent-Disposition: form-data; name=\"a[]\"; filename=f\r\n\r\nb\r\n--x--\r\n"))
	f.Fuzz(func(t *testing.T, method, query, contentType string, body []byte) {
		r := httptest.NewRequest(http.MethodPost, "/api/v4/x", nil)
		r.Method, r.URL.RawQuery = method, query
		r.Header.Set("Content-Type", contentType)
		p, err := Parse(r, body)
		again, errAgain := Parse(r, body)
		if (err == nil) != (errAgain == nil) || !reflect.DeepEqual(p.Values, again.Values) {
			t.Fatalf("parsed differently: %v %v, then %v %v", p.Values, err, again.Values, errAgain)
		}
		if err != nil {
			if status := failure.From(err).Status; status < 400 || status >= 500 {
				t.Fatalf("refused with %d: %v", status, err)
			}
			return
		}
		if depth := depthOf(p.Values); depth > 2*maxDepth {
			t.Fatalf("%d levels deep", depth)
		}
		readAll(p)
	})
}

// depthOf returns how deep lists and hashes are inside each other.
func depthOf(v any) int {
	deepest := 0
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			deepest = max(deepest, 1+depthOf(inner))
		}
	case []any:
		for _, inner := range v {
			deepest = max(deepest, 1+depthOf(inner))
		}
	}
	return deepest
}

// readAll reads every parameter as every type.
func readAll(p *Params) {
	for name := range p.Values {
		p.Str(name)
		p.Text(name)
		p.Int(name)
		p.Bool(name)
		p.Time(name)
		p.Date(name)
		p.List(name)
		p.Ints(name)
		p.Names(name)
		p.Hash(name).Bool("x")
		p.NotBlank(name)
	}
	_ = p.Err()
}
