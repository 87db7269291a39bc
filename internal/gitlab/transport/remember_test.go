package transport

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func reading(t *testing.T, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A thousand rounds of reads, some of which change their address in each round, do not take more memory than one.
func TestMemoryOfAWatchIsBounded(t *testing.T) {
	t.Parallel()
	m := &memory{by: map[string]*remembered{}}
	body := []byte(strings.Repeat("x", 1000))
	for round := range 1000 {
		m.nextRound()
		for _, url := range []string{"https://gitlab.example.test/a", "https://gitlab.example.test/b", fmt.Sprintf("https://gitlab.example.test/c?%d", round)} {
			r := reading(t, url)
			m.ask(r)
			if known := r.Header.Get("If-None-Match") != ""; known != (round > 0 && !strings.Contains(url, "c?")) {
				t.Fatalf("round %d: %s: conditional is %v", round, url, known)
			}
			m.answer(r, outcome{status: 200, header: http.Header{"Etag": {fmt.Sprintf("W/%d", round)}}, body: body})
		}
		if len(m.by) > 4 || m.bytes > 4*len(body) {
			t.Fatalf("round %d: %d answers, %d bytes", round, len(m.by), m.bytes)
		}
	}
	big := outcome{status: 200, header: http.Header{"Etag": {"W/1"}}, body: make([]byte, maxRemembered)}
	m.answer(reading(t, "https://gitlab.example.test/big"), big)
	if m.bytes > maxRemembered {
		t.Errorf("%d bytes", m.bytes)
	}
}

// What GitLab says is unchanged is the answer as it was, whatever happened to the earlier one.
func TestRememberedAnswer(t *testing.T) {
	t.Parallel()
	m := &memory{by: map[string]*remembered{}}
	first := outcome{status: 200, header: http.Header{"Etag": {"W/1"}, "X-Page": {"1"}}, body: []byte(`[1]`)}
	m.answer(reading(t, "https://gitlab.example.test/a"), first)
	first.body[1] = '2' // its buffer is used again
	r := reading(t, "https://gitlab.example.test/a")
	m.ask(r)
	got := m.answer(r, outcome{status: http.StatusNotModified})
	if r.Header.Get("If-None-Match") != "W/1" || got.status != 200 || string(got.body) != `[1]` || got.header.Get("X-Page") != "1" {
		t.Errorf("%v %d %s", r.Header, got.status, got.body)
	}
	var none *memory
	none.ask(r)
	if got := none.answer(r, first); got.status != 200 {
		t.Errorf("%d", got.status)
	}
}
