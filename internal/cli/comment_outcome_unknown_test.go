package cli_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// TestUnknownComment checks that a comment with an unknown outcome is not reported as added, and that a retry does
// not add it twice, not even after --new.
func TestUnknownComment(t *testing.T) {
	t.Parallel()
	for _, carried := range []bool{false, true} {
		for _, more := range [][]string{nil, {"--new"}, {"--key", "pipe-7"}} {
			l := newLab(t, setup{})
			l.must(t, "incident", "open", "Registry", "-s", "S2")
			wire, down := l.wire, false
			var one sync.Mutex // the reads before the comment run in parallel
			l.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
				one.Lock()
				defer one.Unlock()
				post := r.Method == "POST" && strings.HasSuffix(r.URL.Path, "/notes")
				if post && carried && !down {
					if resp, err := wire.RoundTrip(r); err == nil {
						resp.Body.Close()
					}
				}
				if down = down || post; down {
					return nil, errors.New("connection reset by peer")
				}
				return wire.RoundTrip(r)
			})
			r := l.run(append([]string{"incident", "update", "1", "-m", "Failing"}, more...)...)
			if r.code == 0 || strings.Contains(r.errors, ": comment added") {
				t.Errorf("%q, carried out %v: exit %d\n%s%s", more, carried, r.code, r.out, r.errors)
			}
			l.wire = wire
			_, line, ok := strings.Cut(r.errors, "(safe to repeat): prodctl ")
			if !ok {
				t.Errorf("%q: no hint how to retry:\n%s", more, r.errors)
				continue
			}
			line, _, _ = strings.Cut(line, "\n")
			l.must(t, strings.Fields(line)...)
			_, notes := l.queueIssue(t, 1)
			if got := eventlog.Events(notes, incident.Kind); len(got) != 1 {
				t.Errorf("%q, carried out %v, then %q: recorded %d times", more, carried, line, len(got))
			}
		}
	}
}
