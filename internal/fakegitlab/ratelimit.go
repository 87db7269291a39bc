package fakegitlab

import (
	"net/http"
	"strconv"
	"time"
)

// limits are the limits of the options, with nothing counted yet.
func (o Options) limits() *limits {
	return &limits{
		requests: throttle{max: o.RateLimit}, notes: throttle{max: o.NoteLimit}, issues: throttle{max: o.IssueLimit},
		searches: throttle{max: o.SearchLimit}, projects: throttle{max: o.ProjectLimit}, groups: throttle{max: o.GroupLimit},
		members: throttle{max: o.MemberLimit},
	}
}

// throttled writes the headers of the request limit and, when the caller is
// over it, the 429 of the Rack layer: plain text with Retry-After.
func (s *Server) throttled(w http.ResponseWriter, x *exchange) bool {
	if s.opts.RateLimit <= 0 {
		return false
	}
	who, name := x.r.RemoteAddr, "throttle_unauthenticated_api"
	if x.user != nil {
		who, name = x.user.username, "throttle_authenticated_api"
	}
	now := s.store.now()
	q := s.limits.requests.take(who, now)
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
	x.entry.Status = http.StatusTooManyRequests
	writePlain(w, http.StatusTooManyRequests, "Retry later\n")
	return true
}
