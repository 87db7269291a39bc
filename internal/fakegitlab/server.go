// Package fakegitlab is an in-memory GitLab: the REST API v4 endpoints that prodctl and its tests need, as an
// http.Handler with state. It answers as GitLab 18 does, errors, silent drops and orderings included,
// so that a client that is right against it is right against the real thing. Start with New, fill it with Apply or
// Load, serve it or hand it to Transport.
//
// This folder has the server: options, lock, authentication, routing, journal. What a GitLab resource answers is in the
// folder of its name (issue, label, milestone, board, mergerequest, project, group, user); all of them stand on store, the
// state, and on rest, a request and its answer. Quick actions, seeds, faults and limits have their folders too.
//
// It shares no code with the client: only the standard library may be imported here and below. It has no web pages, no
// Git, no GraphQL, no background jobs, and it keeps nothing on disk.
package fakegitlab

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/fault"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/throttle"
)

// systemClock is the only reading of the real clock in this package. It serves when Options.Now is nil: a sandbox run
// by hand. Tests give Now.
var systemClock = time.Now

// Options say what kind of instance it is. The zero value is a Free instance on the real clock without limits.
type Options struct {
	Edition store.Edition
	// Now is the clock; nil is the real one.
	Now func() time.Time
	// Tick is how far two stamps are apart at least, so that the order of writes can be seen in created_at and
	// updated_at when Now stands still. It defaults to a millisecond when Now is given.
	Tick time.Duration
	// URL is the external address used in web_url, _links and Link headers. A path in it is the relative root
	// under which the API is served. Default http://gitlab.example.test.
	URL string
	// Version is what /version says. Default 18.6.1-ee.
	Version string
	// RacyTitles checks the uniqueness of a milestone title in one step and saves in another, as GitLab does without
	// an index behind it, so that simultaneous requests can make twins.
	RacyTitles bool
	// BetweenCheckAndSave is called between the two steps when RacyTitles is on. No lock is held meanwhile.
	BetweenCheckAndSave func(r *http.Request)
	// RateLimit is the number of requests a minute per user; 0 is no limit.
	RateLimit int
	// The application limits, a minute: on creating notes and issues, on issue lists with a search, on reading one project, one
	// group, and the members of a project with inherited ones. 0 is off. They are counted by user, issues by project too.
	NoteLimit, IssueLimit, SearchLimit, ProjectLimit, GroupLimit, MemberLimit int
	// NoLinks takes issue links away, routes, quick actions and all, as it was on Free before 13.4.
	NoLinks bool
	// Latency is slept before each request is looked at. Sleep does the sleeping; nil is a timer.
	Latency time.Duration
	Sleep   func(ctx context.Context, d time.Duration)
	// Log is called once per request after it was answered, or cut. It may be called from several goroutines at once.
	Log func(Entry)
	// NoJournal stops the server from remembering requests for Requests, which grows without bound.
	NoJournal bool
}

// instance is what the state has to know of the options.
func (o Options) instance() store.Instance {
	return store.Instance{Edition: o.Edition, Version: o.Version, Clock: o.Now, Tick: o.Tick, NoLinks: o.NoLinks}
}

// Server is one instance. All methods are safe for concurrent use, and each request is carried out as a whole before
// or after any other (but see Options.RacyTitles).
type Server struct {
	opts   Options
	routes table

	// mu guards everything in store, and base. Reading requests share it.
	mu    sync.RWMutex
	base  rest.Address
	store *store.Store

	requests atomic.Int64
	journal  journal
	faults   fault.Set
	limits   *throttle.Limits
}

// New makes an empty instance: one administrator, root, and nothing else.
func New(opts Options) *Server {
	if opts.Edition == "" {
		opts.Edition = store.Free
	}
	if opts.Now == nil {
		opts.Now = systemClock
	} else if opts.Tick == 0 {
		opts.Tick = time.Millisecond
	}
	if opts.URL == "" {
		opts.URL = "http://gitlab.example.test"
	}
	if opts.Version == "" {
		opts.Version = "18.6.1-ee"
	}
	if opts.Sleep == nil {
		opts.Sleep = sleep
	}
	s := &Server{opts: opts, store: store.New(opts.instance()), limits: opts.limits()}
	s.base = rest.ParseAddress(opts.URL)
	s.routes = tableOf(opts)
	s.store.AddRoot()
	return s
}

// SetURL changes the external address, for a server that learns its port after it was made.
func (s *Server) SetURL(u string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = rest.ParseAddress(u)
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
