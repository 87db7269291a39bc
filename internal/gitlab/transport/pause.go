package transport

import (
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// The bounds of waiting between attempts. A rate limit without a time is one of GitLab's application limits, which count per
// minute: four waits of the second kind outlast a minute.
const (
	shortestPause = 500 * time.Millisecond
	longestPause  = 8 * time.Second
	shortestLimit = 5 * time.Second
	longestLimit  = 30 * time.Second
)

// pauseFor is how long to wait after the attempt: as long as GitLab asks for, else longer with every attempt.
func (t *Transport) pauseFor(x *exchange, got outcome, v verdict, now time.Time) time.Duration {
	if d, ok := retryAfter(got.header, t.clock.at(now)); ok {
		return max(d, shortestPause)
	}
	if d, ok := t.resetAfter(got.header, now); ok && v.limited {
		return max(d, shortestPause)
	}
	least, most := shortestPause, longestPause
	if v.limited {
		least, most = shortestLimit, longestLimit
	}
	d := min(most, least<<(x.attempt-1))
	return min(most, d+time.Duration(t.options.Jitter()*float64(d)/2))
}

// retryAfter reads the header's two forms, seconds and a date; server is the server's time now.
func retryAfter(h http.Header, server time.Time) (time.Duration, bool) {
	s := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.Atoi(s); err == nil && seconds >= 0 {
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(s); err == nil {
		return max(0, at.Sub(server)), true
	}
	return 0, false
}

// resetAfter is how long until the rate limit named in the headers resets. The wait includes the named second.
func (t *Transport) resetAfter(h http.Header, now time.Time) (time.Duration, bool) {
	unix, err := strconv.ParseInt(h.Get("RateLimit-Reset"), 10, 64)
	if err != nil {
		return 0, false
	}
	return max(0, time.Unix(unix+1, 0).Sub(t.clock.at(now))), true
}

// serverClock is the offset between the server's clock and ours, so that times from the server are compared with its own clock.
type serverClock struct {
	offset atomic.Int64 // nanoseconds, server minus ours
	known  atomic.Bool
}

func (c *serverClock) read(h http.Header, now time.Time) {
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		c.offset.Store(int64(at.Sub(now)))
		c.known.Store(true)
	}
}

// at is the server's time at our time now.
func (c *serverClock) at(now time.Time) time.Time { return now.Add(time.Duration(c.offset.Load())) }
