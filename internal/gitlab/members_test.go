package gitlab

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/instance"
)

// Simultaneous questions for one role are one request, and a question that fails is asked again by whoever waits for it.
func TestSimultaneousRoles(t *testing.T) {
	t.Parallel()
	for _, fails := range []bool{false, true} {
		l := newLab(t, nil)
		owner := fakegitlab.Transport(l.Server)
		synctest.Test(t, func(t *testing.T) {
			var failed atomic.Bool
			c := l.as(t, "developer", func(o *Options) {
				o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
					time.Sleep(time.Second) // on the bubble's clock: the others ask meanwhile
					if fails && failed.CompareAndSwap(false, true) {
						return &http.Response{StatusCode: http.StatusForbidden, Body: http.NoBody, Header: http.Header{}}, nil
					}
					return owner.RoundTrip(r)
				})
			})
			var all sync.WaitGroup
			var wrong atomic.Int64
			for range 3 {
				all.Go(func() {
					if roles, err := c.AccessOf(t.Context(), infra, []int64{5}); err != nil || roles[5] != instance.Developer {
						wrong.Add(1)
					}
				})
				synctest.Wait()
			}
			all.Wait()
			if want := map[bool]int64{true: 1}[fails]; wrong.Load() != want {
				t.Errorf("fails %v: %d wrong, want %d", fails, wrong.Load(), want)
			}
		})
		if n := len(l.Requests()); n != 1 {
			t.Errorf("fails %v: %d requests, want 1", fails, n)
		}
	}
}
