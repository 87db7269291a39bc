package fakegitlab

import (
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/fault"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/seed"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Clone creates another instance in the same state. The two share nothing that either of them writes to. Ids and
// time stamps continue; the request log is empty, no fault is armed, and no request counts against a limit yet.
// change, which may be nil, may set other hooks and limits; the state stays as it is.
//
// Clone is for tests that start from one state many times.
func (s *Server) Clone(change func(*Options)) *Server {
	s.deliver()
	s.mu.RLock()
	defer s.mu.RUnlock()
	c := &Server{opts: s.opts, base: s.base, store: s.store.Clone()}
	if change != nil {
		change(&c.opts)
		if c.opts.Edition != s.opts.Edition && c.opts.Version == s.opts.Version {
			c.opts.Version = versionOf(c.opts.Edition, s.opts.Version)
		}
		c.opts.Edition, c.opts.Version = edition(c.opts.Edition, c.opts.Version)
	}
	c.countRequests()
	c.store.Instance, c.limits = c.opts.instance(c.clock), c.opts.limits()
	c.requests.Store(s.requests.Load())
	c.routes = tableOf(c.opts)
	return c
}

// Apply adds a seed to the state. It continues after an error and returns all of them, each with its place in the
// seed. After an error the instance must not be used.
func (s *Server) Apply(in seed.Seed) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return seed.Plant(s.store, in)
}

// Load adds n issues to acme/infrastructure, with labels, milestones, notes and events, as a team might create in
// the three years up to now; a fifth of them is open. If the project is missing, EmptySeed is applied first.
//
// Load is for benchmarks, so it is fast and frugal: about a kilobyte an issue, with shared texts. The same instance
// and n give the same state.
func (s *Server) Load(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seed.Load(s.store, n)
}

// LoadQueue adds n finished issues to acme/production: resolved incidents, change records, closed on-call issues and
// outages, as a queue collects them in the three years before the last two months. They carry the labels that
// commands query, so a command that filters by labels alone reads all of them. If the project is missing, EmptySeed
// is applied first. Like Load it is for benchmarks.
func (s *Server) LoadQueue(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seed.LoadQueue(s.store, n)
}

// Snapshot copies the state into values that tests can compare.
func (s *Server) Snapshot() store.Snapshot {
	s.deliver()
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.store.Snapshot()
}

// Digest is a fingerprint of the whole state, with ids, time stamps and counters. Two instances with the same
// options and the same digest, and without armed faults or limits, give the same answers from then on, apart from
// request ids. So a test that reaches one state in several ways needs to continue from it only once.
func (s *Server) Digest() [32]byte {
	s.deliver()
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.store.Digest()
}

// Accounts lists the users that have a token, in the order of creation.
func (s *Server) Accounts() []access.Account {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return access.Accounts(s.store)
}

// AddFault arms a fault; it stays until ClearFaults.
func (s *Server) AddFault(f fault.Fault) { s.faults.Add(f) }

// ClearFaults disarms all faults.
func (s *Server) ClearFaults() { s.faults.Clear() }
