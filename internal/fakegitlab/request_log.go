package fakegitlab

import (
	"slices"
	"sync"
	"time"
)

// Entry is one request in the request log and in Options.Log. It never holds a token.
type Entry struct {
	Time         time.Time     `json:"time"` // when it arrived
	Method       string        `json:"method"`
	Path         string        `json:"path"`            // escaped, with /api/v4
	Query        string        `json:"query,omitempty"` // alphabetical
	User         string        `json:"user,omitempty"`  // username, "" for an anonymous request
	Status       int           `json:"status"`          // 0 when the connection was cut before an answer
	Duration     time.Duration `json:"duration"`        // nanoseconds, by the instance's clock
	Fault        string        `json:"fault,omitempty"` // the injected fault, as it was specified
	RequestBytes int           `json:"request_bytes"`   // size of the request body
	RequestID    string        `json:"request_id"`
}

// requestLog holds requests in the order in which they finished.
type requestLog struct {
	mu      sync.Mutex
	entries []Entry
}

// finish logs the request, even if a fault is about to cut the connection.
func (s *Server) finish(x *exchange) {
	x.entry.Duration = s.opts.Now().Sub(x.started)
	if x.User != nil {
		x.entry.User = x.User.Username
	}
	if !s.opts.NoRequestLog {
		s.requestLog.mu.Lock()
		s.requestLog.entries = append(s.requestLog.entries, x.entry)
		s.requestLog.mu.Unlock()
	}
	if s.opts.Log != nil {
		s.opts.Log(x.entry)
	}
}

// Requests lists the requests that finished since the start or the last ResetRequests.
func (s *Server) Requests() []Entry {
	s.requestLog.mu.Lock()
	defer s.requestLog.mu.Unlock()
	return slices.Clone(s.requestLog.entries)
}

// ResetRequests clears the request log.
func (s *Server) ResetRequests() {
	s.requestLog.mu.Lock()
	defer s.requestLog.mu.Unlock()
	s.requestLog.entries = nil
}
