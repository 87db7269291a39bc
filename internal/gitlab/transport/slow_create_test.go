package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// A create waits 65 seconds for its answer and says so after five; anything else is given up after 30, without a word.
func TestSlowCreate(t *testing.T) {
	t.Parallel()
	for method, limit := range map[string]time.Duration{"POST": 65 * time.Second, "GET": 30 * time.Second, "PUT": 30 * time.Second} {
		for _, seconds := range []int{0, 4, 6, 29, 31, 64, 66, 100} {
			synctest.Test(t, func(t *testing.T) {
				took, announced, err := slow(t, method, time.Duration(seconds)*time.Second)
				answered := time.Duration(seconds)*time.Second < limit
				if answered != (err == nil) || method == "POST" && err != nil && !errors.Is(err, fault.Unknown) {
					t.Errorf("%s answered after %d seconds: %v", method, seconds, err)
				}
				if want := min(limit, time.Duration(seconds)*time.Second); method == "POST" && took != want {
					t.Errorf("%s answered after %d seconds: waited %v", method, seconds, took)
				}
				if want := method == "POST" && seconds > 5; want != strings.Contains(announced, "5s GitLab has not answered yet 1m0s create issue in acme/infra") {
					t.Errorf("%s answered after %d seconds: %q", method, seconds, announced)
				}
			})
		}
	}
}

// slow sends a request that the server answers after a while. announced lists the announced waits, each with its time.
func slow(t *testing.T, method string, after time.Duration) (took time.Duration, announced string, err error) {
	start := time.Now()
	o := options("https://gitlab.example.test", newClock())
	o.Now = time.Now
	var mu sync.Mutex
	o.Waiting = func(w Wait) {
		mu.Lock()
		defer mu.Unlock()
		if w.Answer {
			announced += fmt.Sprintln(time.Since(start), w.Reason, w.For, w.Request)
		}
	}
	o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		select {
		case <-r.Context().Done():
			return nil, r.Context().Err()
		case <-time.After(after):
		}
		return outcome{status: http.StatusOK, header: http.Header{}, body: []byte("{}")}.response(r), nil
	})
	req, err := http.NewRequestWithContext(context.Background(), method, "https://gitlab.example.test/api/v4/projects/acme%2Finfra/issues", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = mustNew(t, o).RoundTrip(req)
	mu.Lock()
	defer mu.Unlock()
	return time.Since(start), announced, err
}
