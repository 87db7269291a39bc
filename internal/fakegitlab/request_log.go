package fakegitlab

import (
	"slices"
	"sync"
	"time"
)

// Entry is one request as the journal and Options.Log see it. It never holds a token.
type Entry struct {
	Time         time.Time     `json:"time"` // when it arrived
	Method       string        `json:"method"`
	Path         string        `json:"path"`            // escaped, with /api/v4
	Query        string        `json:"query,omitempty"` // alphabetical
	User         string        `json:"user,omitempty"`  // username, "" for nobody
	Status       int           `json:"status"`          // 0 when the connection was cut before an answer
	Duration     time.Duration `json:"duration"`        // nanoseconds, by the instance's clock
	Fault        string        `json:"fault,omitempty"` // the fault that struck, as it was specified
	RequestBytes int           `json:"request_bytes"`   // size of the request's body
	RequestID    string        `json:"request_id"`
}

// journal remembers requests in the order in which they were finished.
type journal struct {
	mu      sync.Mutex
	entries []Entry
}

// finish notes the request, also when a fault is about to cut the connection.
func (s *Server) finish(x *exchange) {
	x.entry.Duration = s.opts.Now().Sub(x.started)
	if x.User != nil {
		x.entry.User = x.User.Username
	}
	if !s.opts.NoJournal {
		s.journal.mu.Lock()
		s.journal.entries = append(s.journal.entries, x.entry)
		s.journal.mu.Unlock()
	}
	if s.opts.Log != nil {
		s.opts.Log(x.entry)
	}
}

// Requests lists the requests finished since the start or the last ResetRequests.
func (s *Server) Requests() []Entry {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	return slices.Clone(s.journal.entries)
}

// ResetRequests forgets the journal.
func (s *Server) ResetRequests() {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	s.journal.entries = nil
}
