package cli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
)

// probe makes one request through its own transport, which meets the trouble if a kind is given. Only an answer that contains right is
// accepted. requests counts the requests besides the one that met it.
func (l *lab) probe(t *testing.T, kind *trouble, method, path, body, right string) (resp *http.Response, requests int, err error) {
	t.Helper()
	wire := l.wire
	if kind != nil {
		wire = l.troubling(*kind, 1)
	}
	client, err := transport.New(transport.Options{
		Host: "https://gitlab.example.test", Token: func(context.Context) (string, error) { return "sandbox-mara", nil }, Transport: wire,
		Now: func() time.Time { return l.now }, Sleep: func(context.Context, time.Duration) error { return nil }, Jitter: func() float64 { return 0 },
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(method, "https://gitlab.example.test/api/v4/projects/acme%2Finfrastructure/issues"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r = r.WithContext(transport.WithAccept(t.Context(), func(_ http.Header, body []byte) error {
		if !bytes.Contains(body, []byte(right)) {
			return errors.New("another answer")
		}
		return nil
	}))
	resp, err = client.RoundTrip(r)
	requests = len(l.server.Requests())
	if kind != nil && kind.fault != "" {
		requests--
	}
	return resp, requests, err
}

// TestReadFaultsAreEquivalent checks that after any transient trouble a reader gets the same answer with one more
// request, so what it does next cannot depend on the trouble.
func TestReadFaultsAreEquivalent(t *testing.T) {
	t.Parallel()
	world := newLab(t, setup{carried: 3})
	read := func(kind *trouble) string {
		resp, requests, err := world.copy().probe(t, kind, http.MethodGet, "?per_page=2", "", "[{")
		if err != nil {
			t.Fatalf("%+v: %v", kind, err)
		}
		resp.Header.Del("X-Request-Id")
		resp.Header.Del("X-Runtime")
		return fmt.Sprint(resp.Status, resp.Header, resp.ContentLength, string(transport.Body(resp)), requests)
	}
	want := read(nil)
	for _, n := range passingReads() {
		kind := troubles()[n]
		if got := read(&kind); got != want {
			t.Errorf("%s: %s\nwant %s", kind.name, got, want)
		}
	}
}

// TestWriteServerFaultsAreEquivalent checks that to a writer server faults differ only in the status: the rest of
// the error, the number of requests and the state are the same.
func TestWriteServerFaultsAreEquivalent(t *testing.T) {
	t.Parallel()
	world := newLab(t, setup{carried: 3})
	for _, alike := range alikeForWrites() {
		for _, write := range [][4]string{
			{http.MethodPost, "", `{"title":"Another"}`, `"Another"`}, {http.MethodPut, "/1", `{"title":"Other words"}`, `"Other words"`},
			{http.MethodDelete, "/1/links/1", "", "204"},
		} {
			seen := map[string][]string{}
			for _, fault := range alike {
				l := world.copy()
				resp, requests, err := l.probe(t, &trouble{name: fault, fault: fault}, write[0], write[1], write[2], write[3])
				result := fmt.Sprint(requests, l.server.Digest())
				if e, ok := errors.AsType[*transport.Error](err); ok {
					result += fmt.Sprint(e.FaultKind(), e.FaultHint())
					e.Status, e.Message, e.RequestID = 0, "", ""
					result += fmt.Sprintf("%+v", *e)
				} else {
					result += fmt.Sprint(resp.Status, string(transport.Body(resp)))
				}
				seen[result] = append(seen[result], fault)
			}
			if len(seen) != 1 {
				t.Errorf("%s: %q", write[0], seen)
			}
		}
	}
}
