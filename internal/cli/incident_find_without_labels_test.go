package cli_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// keyed are the titles of the open incidents with a key; retired duplicates are left out.
func (l *lab) keyed() (titles []string) {
	for _, i := range l.server.Snapshot().Project(prod).Issues {
		if i.State == "opened" && strings.Contains(i.Description, "<!-- prodctl:key=") {
			titles = append(titles, i.Title)
		}
	}
	return titles
}

// A user who may not set labels opens an incident without any. A retry finds it all the same, even much later.
func TestIncidentWithoutLabelsIsFound(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, func(*fakegitlab.Options) {})
	args := []string{"incident", "open", "Registry returns 500s"}
	for range 3 {
		r := c.as("guest", nil, 0, args...)
		if !strings.Contains(r.out, "acme/production#1") {
			t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
		}
		_ = c.sleep(t.Context(), 2*time.Hour)
	}
	if got := c.keyed(); len(got) != 1 {
		t.Errorf("open: %q", got)
	}
}

// An incident is found even if the clock is off by days, or if the key looks like a date.
func TestClockOffByDays(t *testing.T) {
	t.Parallel()
	for _, off := range []time.Duration{-72 * time.Hour, -time.Hour, time.Hour, 72 * time.Hour, 24 * 365 * time.Hour} {
		for _, key := range [][]string{nil, {"--key", "auto-20991231-x"}, {"--key", "run-20991231t100000z-x"}} {
			l := newLab(t, setup{})
			server, wire := l.now, l.wire
			l.wire = roundTripper(func(r *http.Request) (*http.Response, error) { // GitLab says what time it is
				resp, err := wire.RoundTrip(r)
				if err == nil {
					resp.Header.Set("Date", server.Format(http.TimeFormat))
				}
				return resp, err
			})
			l.now = l.now.Add(off)
			for range 3 {
				if r := l.must(t, append([]string{"incident", "open", "Registry returns 500s"}, key...)...); !strings.Contains(r.out, "acme/production#1") {
					t.Errorf("clock off by %v, server %v, %q:\n%s%s", off, server, key, r.out, r.errors)
				}
			}
			if got := l.keyed(); len(got) != 1 {
				t.Errorf("clock off by %v, %q, open: %q", off, key, got)
			}
		}
	}
}
