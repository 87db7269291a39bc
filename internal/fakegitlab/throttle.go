package fakegitlab

import (
	"sync"
	"time"
)

// limits are the two systems of rate limits: the one of the Rack layer, which
// sees every request, and those of the application.
type limits struct {
	requests, notes, issues, searches, projects, groups, members throttle
}

// throttle counts by name in whole minutes of the clock. The zero value has no limit.
type throttle struct {
	max    int // requests a minute; 0 is no limit
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

// take counts one request of who.
func (t *throttle) take(who string, now time.Time) quota {
	if t.max <= 0 {
		return quota{ok: true}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(t.minute) || t.counts == nil {
		t.minute, t.counts = minute, map[string]int{}
	}
	t.counts[who]++
	n := t.counts[who]
	return quota{ok: n <= t.max, limit: t.max, observed: n, reset: t.minute.Add(time.Minute)}
}
