package param

import (
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
)

// allocated returns how many bytes f allocates. Tests that use it are not parallel.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestParseIsLinear parses bodies that cost a recursive or copying parser the square of their length: the longer one may
// allocate no more for each byte than the shorter one, and neither more than a fixed multiple of its length.
func TestParseIsLinear(t *testing.T) {
	const size, most = 100_000, 250
	repeated := func(prefix, unit, suffix string) func(n int) string {
		return func(n int) string { return prefix + strings.Repeat(unit, n/len(unit)) + suffix }
	}
	for _, tt := range []struct {
		name, contentType string
		body              func(n int) string
	}{
		{"nested hashes", formType, repeated("a", "[b]", "=1")},
		{"nested lists", formType, repeated("a", "[]", "=1")},
		{"unclosed brackets", formType, repeated("a", "[", "=1")},
		{"closing brackets", formType, repeated("a[b", "]", "=1")},
		{"hash in a list with a long name", formType, repeated("a[][x]=1&a[][", "b", "]=2")},
		{"many short pairs", formType, func(n int) string { return strings.Repeat("a[]=1&", min(n/6, maxPairs-1)) }},
		{"many deep pairs", formType, func(n int) string {
			return strings.Repeat("a"+strings.Repeat("[b]", 30)+"[]=1&", min(n/100, maxPairs-1))
		}},
		{"too many pairs", formType, repeated("", "a=1&", "")},
		{"escapes", formType, repeated("a=", "%41", "")},
		{"deep JSON", jsonType, repeated("", "[", "")},
		{"deep JSON objects", jsonType, repeated("", `{"a":`, "")},
		{"a long JSON list", jsonType, repeated("[", "1,", "1]")},
		{"a long number", jsonType, repeated(`{"a":`, "9", "}")},
		{"a long text", jsonType, repeated(`{"a":"`, `\n`, `"}`)},
		{"parts", "multipart/form-data; boundary=x", repeated("", "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n", "--x--")},
		{"part of hyphens", "multipart/form-data; boundary=x", repeated("--x\r\nContent-Disposition: form-data; name=a\r\n\r\n", "\r\n--", "")},
	} {
		cost := func(n int) float64 {
			r := httptest.NewRequest("POST", "/api/v4/x", nil)
			r.Header.Set("Content-Type", tt.contentType)
			body := []byte(tt.body(n))
			bytes := allocated(func() { _, _ = Parse(r, body) })
			return float64(bytes) / float64(len(body))
		}
		short, long := cost(size), cost(16*size)
		if long > 1.5*short+1 || long > most {
			t.Errorf("%s: %.1f bytes for each byte of %d, %.1f for each of %d", tt.name, short, size, long, 16*size)
		}
	}
}

// TestListsAreLinear reads long lists out of parameters.
func TestListsAreLinear(t *testing.T) {
	const size, most = 100_000, 250
	for name, unit := range map[string]string{"numbers": "1,", "names": "ab,", "blanks": " ,", "commas": ","} {
		cost := func(n int) float64 {
			p := None()
			p.Values["x"] = strings.Repeat(unit, n/len(unit))
			return float64(allocated(func() { p.Ints("x"); p.List("x") })) / float64(n)
		}
		if short, long := cost(size), cost(16*size); long > 1.5*short+1 || long > most {
			t.Errorf("%s: %.1f and %.1f bytes for each byte", name, short, long)
		}
	}
}
