// Package throttle counts requests against limits. Start with Counter. It answers no requests.
package throttle

import (
	"sync"
	"time"
)

// Limits are the two systems of rate limits: that of the Rack layer, which sees every request, and those of the
// application.
type Limits struct {
	Requests, Notes, Issues, Searches, Projects, Groups, Members Counter
}

// Counter counts by name in whole minutes of the clock. The zero value has no limit.
type Counter struct {
	Max    int // requests per minute; 0 is unlimited
	mu     sync.Mutex
	minute time.Time
	counts map[string]int
}

// Quota is the caller's quota after a request was counted.
type Quota struct {
	OK       bool
	Limit    int
	Observed int
	Reset    time.Time // when the next minute begins
}

// Take counts one request of who.
func (t *Counter) Take(who string, now time.Time) Quota {
	if t.Max <= 0 {
		return Quota{OK: true}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(t.minute) || t.counts == nil {
		t.minute, t.counts = minute, map[string]int{}
	}
	t.counts[who]++
	n := t.counts[who]
	return Quota{OK: n <= t.Max, Limit: t.Max, Observed: n, Reset: t.minute.Add(time.Minute)}
}
