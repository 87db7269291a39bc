package fakegitlab

import (
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/fault"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/seed"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Clone makes another instance in the same state, which shares nothing with this one that either of them writes to. Ids and
// stamps go on where they are; requests made before are not in its journal, no fault is armed, and nobody's requests have
// been counted against a limit yet. change, which may be nil, may give it other hooks and limits than this one has; the
// state stays as it is.
//
// It is for tests that begin in one state many times.
func (s *Server) Clone(change func(*Options)) *Server {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c := &Server{opts: s.opts, base: s.base, store: s.store.Clone()}
	if change != nil {
		change(&c.opts)
	}
	c.store.Instance, c.limits = c.opts.instance(), c.opts.limits()
	c.requests.Store(s.requests.Load())
	c.routes = tableOf(c.opts)
	return c
}

// Apply adds a seed to the state. It goes on after an error and returns all of
// them, each with the place in the seed; an instance that gave one is not to
// be used.
func (s *Server) Apply(in seed.Seed) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return seed.Plant(s.store, in)
}

// Load adds n issues to acme/infrastructure, with labels, milestones, notes
// and events, as a team might have made in three years up to now; a fifth of
// them is open. Where the project is missing, EmptySeed is applied first.
//
// It is for measuring, so it is fast and frugal: about a kilobyte an issue,
// with texts shared among them. The same instance and n give the same state.
func (s *Server) Load(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seed.Load(s.store, n)
}

// LoadQueue adds n issues to acme/production that are over: resolved incidents, records of changes, closed on-call issues
// and outages, as a queue collects them in the three years before the last two months. They carry the labels that commands
// ask for, so that those have to ask for more than labels. Where the project is missing, EmptySeed is applied first.
// Like Load it is for measuring.
func (s *Server) LoadQueue(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seed.LoadQueue(s.store, n)
}

// Snapshot takes a picture of the whole state.
func (s *Server) Snapshot() store.Snapshot {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.store.Snapshot()
}

// Digest is a fingerprint of the whole state, with ids, stamps and counters. Instances with the same options and the same
// digest, of which none has a fault armed or a limit, give the same answers from here on, but for the ids of requests: tests
// that come to one state on many ways need to follow it once.
func (s *Server) Digest() [32]byte {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.store.Digest()
}

// Accounts lists the users that have a token, in the order they were made.
func (s *Server) Accounts() []access.Account {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return access.Accounts(s.store)
}

// AddFault arms a fault; it stays until ClearFaults.
func (s *Server) AddFault(f fault.Fault) { s.faults.Add(f) }

// ClearFaults disarms all faults.
func (s *Server) ClearFaults() { s.faults.Clear() }
