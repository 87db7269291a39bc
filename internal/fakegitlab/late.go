package fakegitlab

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/transport"
)

// deliveries are requests that are carried out later, when the instance's clock has reached their time.
type deliveries struct {
	mu      sync.Mutex
	pending []delivery                // in the order of their times
	turn    sync.Mutex                // held while they are carried out: who comes then waits, and sees them
	at      atomic.Pointer[time.Time] // of the one that is carried out now
}

type delivery struct {
	due      time.Time
	exchange *exchange
}

// postpone carries a request out some time after it arrived, once more if it was carried out already.
func (s *Server) postpone(x *exchange, after time.Duration) {
	own := *x
	d := delivery{x.started.Add(after), &own}
	s.late.mu.Lock()
	defer s.late.mu.Unlock()
	at := len(s.late.pending)
	for at > 0 && s.late.pending[at-1].due.After(d.due) {
		at--
	}
	s.late.pending = slices.Insert(s.late.pending, at, d)
}

// deliver carries out what is due. Nobody sees the answers. As every look at the state comes through here, it does not matter that nothing
// runs in between.
func (s *Server) deliver() {
	s.late.turn.Lock()
	defer s.late.turn.Unlock()
	for {
		d, ok := s.late.next(s.opts.Now)
		if !ok {
			return
		}
		s.late.at.Store(&d.due)
		s.carryOut(transport.NewRecorder(), d.exchange)
		s.late.at.Store(nil)
	}
}

// clock is the time of writes: while a postponed request is carried out, the time when it was due.
func (s *Server) clock() time.Time {
	if at := s.late.at.Load(); at != nil {
		return *at
	}
	return s.opts.Now()
}

func (l *deliveries) next(now func() time.Time) (delivery, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.pending) == 0 || l.pending[0].due.After(now()) {
		return delivery{}, false
	}
	d := l.pending[0]
	l.pending = l.pending[1:]
	return d, true
}
