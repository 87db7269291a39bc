package fakegitlab

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// limits are the two systems of rate limits: the one of the Rack layer, which
// sees every request, and those of the application.
type limits struct {
	requests, notes, issues, searches, projects, groups, members throttle
}

// throttle counts by name in whole minutes of the clock. The zero value is
// ready.
type throttle struct {
	mu     sync.Mutex
	minute time.Time
	counts map[string]int
}

// quota is where a caller stands after a request was counted.
type quota struct {
	ok       bool
	limit    int
	observed int
	reset    time.Time // when the counting begins anew
}

// take counts one request of who. A limit of 0 is none.
func (t *throttle) take(who string, now time.Time, limit int) quota {
	if limit <= 0 {
		return quota{ok: true}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(t.minute) || t.counts == nil {
		t.minute, t.counts = minute, map[string]int{}
	}
	t.counts[who]++
	n := t.counts[who]
	return quota{ok: n <= limit, limit: limit, observed: n, reset: t.minute.Add(time.Minute)}
}

// spend counts one request of the caller against an application limit, and
// refuses when there were too many in this minute.
func (c *call) spend(t *throttle, limit int) error {
	who := c.r.RemoteAddr
	if c.user != nil {
		who = c.user.username
	}
	if !t.take(who, c.s.now(), limit).ok {
		return errTooMany()
	}
	return nil
}

// throttled writes the headers of the request limit and, when the caller is
// over it, the 429 of the Rack layer: plain text with Retry-After.
func (s *Server) throttled(w http.ResponseWriter, c *call) bool {
	if s.opts.RateLimit <= 0 {
		return false
	}
	who, name := c.r.RemoteAddr, "throttle_unauthenticated_api"
	if c.user != nil {
		who, name = c.user.username, "throttle_authenticated_api"
	}
	now := s.now()
	q := s.limits.requests.take(who, now, s.opts.RateLimit)
	h := w.Header()
	h.Set("RateLimit-Name", name)
	h.Set("RateLimit-Limit", strconv.Itoa(q.limit))
	h.Set("RateLimit-Observed", strconv.Itoa(q.observed))
	h.Set("RateLimit-Remaining", strconv.Itoa(max(q.limit-q.observed, 0)))
	h.Set("RateLimit-Reset", strconv.FormatInt(q.reset.Unix(), 10))
	if q.ok {
		return false
	}
	h.Set("RateLimit-ResetTime", q.reset.Format(http.TimeFormat))
	wait := q.reset.Sub(now)
	h.Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	c.entry.Status = http.StatusTooManyRequests
	writePlain(w, http.StatusTooManyRequests, "Retry later\n")
	return true
}
