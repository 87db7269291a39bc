package fakegitlab

import (
	"net/http"
	"strconv"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/fault"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/throttle"
)

// limits returns the limits of the options, with nothing counted yet.
func (o Options) limits() *throttle.Limits {
	return &throttle.Limits{
		Requests: throttle.Counter{Max: o.RateLimit},
		Notes:    throttle.Counter{Max: o.NoteLimit},
		Issues:   throttle.Counter{Max: o.IssueLimit},
		Searches: throttle.Counter{Max: o.SearchLimit},
		Projects: throttle.Counter{Max: o.ProjectLimit},
		Groups:   throttle.Counter{Max: o.GroupLimit},
		Members:  throttle.Counter{Max: o.MemberLimit},
	}
}

// throttled writes the headers of the request limit and, if the caller is over it, the 429 of the Rack layer: plain
// text with Retry-After.
func (s *Server) throttled(w http.ResponseWriter, x *exchange) bool {
	if s.opts.RateLimit <= 0 {
		return false
	}
	who, name := x.Address(), "throttle_unauthenticated_api"
	if x.User != nil {
		who, name = x.User.Username, "throttle_authenticated_api"
	}
	now := s.store.Now()
	q := s.limits.Requests.Take(who, now)
	h := w.Header()
	h.Set("RateLimit-Name", name)
	h.Set("RateLimit-Limit", strconv.Itoa(q.Limit))
	h.Set("RateLimit-Observed", strconv.Itoa(q.Observed))
	h.Set("RateLimit-Remaining", strconv.Itoa(max(q.Limit-q.Observed, 0)))
	h.Set("RateLimit-Reset", strconv.FormatInt(q.Reset.Unix(), 10))
	if q.OK {
		return false
	}
	h.Set("RateLimit-ResetTime", q.Reset.Format(http.TimeFormat))
	wait := q.Reset.Sub(now)
	h.Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	x.entry.Status = http.StatusTooManyRequests
	fault.WritePlain(w, http.StatusTooManyRequests, "Retry later\n")
	return true
}
