package gitlab

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// heavy serves n issues whose rows have the given number of bytes, and counts how often each was sent in an answer of at most most bytes.
type heavy struct {
	n, most int
	bytes   func(row int) int
	totals  bool

	mu   sync.Mutex
	sent map[int]int
}

func (s *heavy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
	pages := max(1, (s.n+size-1)/size)
	next := ""
	if page < pages {
		next = strconv.Itoa(page + 1)
	}
	w.Header().Set("X-Next-Page", next)
	if s.totals {
		w.Header().Set("X-Total-Pages", strconv.Itoa(pages))
	}
	var rows []string
	for i := (page - 1) * size; i < min(s.n, page*size); i++ {
		rows = append(rows, fmt.Sprintf(`{"id":%d,"iid":%d,"title":"x","description":%q,"references":{"full":"acme/infra#%d"}}`, i+1, i+1,
			strings.Repeat("y", s.bytes(i)), i+1))
	}
	body := "[" + strings.Join(rows, ",") + "]"
	if len(body) <= s.most {
		s.mu.Lock()
		for i := (page - 1) * size; i < min(s.n, page*size); i++ {
			s.sent[i+1]++
		}
		s.mu.Unlock()
	}
	fmt.Fprint(w, body)
}

// A page that is too large is read in smaller pages: the same rows in the same order, each once.
func TestLargePagesAreReadInSmallerOnes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		n     int
		bytes func(int) int
	}{
		"all small":           {230, func(int) int { return 10 }},
		"all large":           {230, func(int) int { return 9000 }},
		"one large":           {230, func(i int) int { return map[bool]int{true: 9900}[i == 137] + 10 }},
		"the last page large": {230, func(i int) int { return map[bool]int{true: 3000}[i >= 200] + 10 }},
		"one row too many":    {101, func(int) int { return 9000 }},
		"exactly a page":      {100, func(int) int { return 9000 }},
		"a few":               {3, func(int) int { return 9000 }},
	} {
		for _, totals := range []bool{true, false} {
			s := &heavy{n: c.n, most: 10000, bytes: c.bytes, totals: totals, sent: map[int]int{}}
			var reported []string
			client := mustNew(t, func() Options {
				o := options("https://gitlab.example.test", newClock())
				o.Transport, o.MaxAnswer, o.Parallel = overHandler(s), int64(s.most), 1
				o.Smaller = func(request string) { reported = append(reported, request) }
				return o
			}())
			got, err := ids(t.Context(), client)
			if err != nil || !slices.Equal(got, counting(c.n)) {
				t.Errorf("%s (totals %v): %d rows, %v", name, totals, len(got), err)
			}
			for row := range c.n {
				if s.sent[row+1] != 1 {
					t.Errorf("%s (totals %v): row %d was read %d times", name, totals, row+1, s.sent[row+1])
				}
			}
			if large := name != "all small"; large != (len(reported) > 0) || large && reported[0] != "list issues of group acme" {
				t.Errorf("%s: reported %q", name, reported)
			}
		}
	}
}

// Only a single object above the limit is an error, and it names the request.
func TestSingleObjectTooLarge(t *testing.T) {
	t.Parallel()
	s := &heavy{n: 230, most: 10000, bytes: func(i int) int { return map[bool]int{true: 20000}[i == 137] + 10 }, sent: map[int]int{}}
	o := options("https://gitlab.example.test", newClock())
	o.Transport, o.MaxAnswer = overHandler(s), int64(s.most)
	got, err := ids(t.Context(), mustNew(t, o))
	if !errors.Is(err, transport.TooLarge) || !strings.Contains(err.Error(), "list issues of group acme: the answer") {
		t.Errorf("%d rows, %v", len(got), err)
	}
	one := func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"id":1,"iid":7,"description":%q}`, strings.Repeat("y", 20000))
	}
	requests := 0
	o.Transport = overHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { requests++; one(w, r) }))
	_, err = mustNew(t, o).Issue(t.Context(), issue.Ref{Project: "acme/infra", IID: 7})
	if !errors.Is(err, transport.TooLarge) || requests != 1 {
		t.Errorf("%d requests, %v", requests, err)
	}
}

// An answer of a few kilobytes that unpacks to gigabytes is not unpacked beyond the limit.
func TestCompressedAnswerBeyondTheLimit(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	const size = 300 << 20
	chunk := bytes.Repeat([]byte(" "), 1<<20)
	for range size >> 20 {
		_, _ = z.Write(chunk)
	}
	z.Close()
	written := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			t.Error("the client does not ask for compressed answers")
		}
		w.Header().Set("Content-Encoding", "gzip")
		n, _ := io.Copy(w, bytes.NewReader(packed.Bytes()))
		written = int(n)
	}))
	defer server.Close()
	client := mustNew(t, options(server.URL, newClock()))
	_, err := client.Project(t.Context(), target.ProjectAt("acme/infra").Path)
	if !errors.Is(err, transport.TooLarge) || written > 1<<20 {
		t.Errorf("%v, %d bytes sent", err, written)
	}
}
