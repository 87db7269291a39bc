// Package fakegitlab is an in-memory GitLab: the REST API v4 endpoints that prodctl and its tests need, as an
// http.Handler with state. It answers like GitLab 18, including errors, silent drops and orderings, so that a client
// that works with it also works with the real one. Start with New, fill it with Apply or Load, then serve it or pass
// it to Transport.
//
// This folder has the server: options, lock, authentication, routing, request log. Each GitLab resource has its own
// package (issue, label, milestone, board, mergerequest, project, group, user), and so has GraphQL. All of them build on
// store, the state, and on rest, a request and its answer. Quick actions, seeds, faults and limits have their own
// packages too.
//
// It shares no code with the client: here and below, only the standard library, these packages and in graphql a parser
// may be imported.
// It has no web pages, no Git and no background jobs, and it writes nothing to disk.
package fakegitlab

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/fault"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/throttle"
)

// systemClock is the only place in this package that reads the real clock. It is used if Options.Now is nil: a
// sandbox started by hand. Tests set Now.
var systemClock = time.Now

// Options configure an instance. The zero value is a Free instance on the real clock without limits.
type Options struct {
	Edition store.Edition
	// Now is the clock; nil is the real one.
	Now func() time.Time
	// Tick is the minimum distance between two time stamps, so that created_at and updated_at show the order of
	// writes even if Now stands still. It defaults to a millisecond if Now is set.
	Tick time.Duration
	// URL is the external address used in web_url, _links and Link headers. A path in it is the relative root under
	// which the API is served. Default: http://gitlab.example.test.
	URL string
	// ClockFrom starts a clock that moves on by a millisecond with each request, and by nothing else. It replaces Now.
	ClockFrom time.Time
	// Version is the version in /version. Default: 18.9.0-ee, or 18.9.0 for the Community Edition. A version without
	// -ee and without an edition means the Community Edition. From 18.10 on there are fine-grained tokens.
	Version string
	// BetweenCheckAndSave is called in the middle of a write, after GitLab has checked what it has read and before it
	// saves: in creates and updates of milestones, creates of labels, updates of issues, and creates and updates of issues
	// that create a label. No lock is held during the call, so a test can carry out another request there and see how
	// GitLab's races end. The hook is also called for such other requests.
	BetweenCheckAndSave func(r *http.Request)
	// RateLimit is the number of requests per minute and user; 0 is unlimited.
	RateLimit int
	// The application limits per minute: creating notes and issues, issue lists with a search, reading one project,
	// one group, and the members of a project including inherited ones. 0 is unlimited. They are counted per user,
	// issues per project too.
	NoteLimit, IssueLimit, SearchLimit, ProjectLimit, GroupLimit, MemberLimit int
	// NoLinks removes issue links, with their routes and quick actions, as on Free before 13.4.
	NoLinks bool
	// Latency is the delay before each request is handled. Sleep does the waiting; nil uses a timer.
	Latency time.Duration
	Sleep   func(ctx context.Context, d time.Duration)
	// Log is called once per request, after it was answered or cut. It may be called concurrently.
	Log func(Entry)
	// NoRequestLog stops the server from recording requests for Requests, which grows without bound.
	NoRequestLog bool
}

// instance returns the options that the state needs.
func (o Options) instance(clock func() time.Time) store.Instance {
	return store.Instance{Edition: o.Edition, Version: o.Version, Clock: clock, Tick: o.Tick, NoLinks: o.NoLinks}
}

// Server is one instance. All methods are safe for concurrent use. Requests are atomic, except that milestones are not
// kept from getting the same title at the same time, and that Options.BetweenCheckAndSave interrupts writes.
type Server struct {
	opts   Options
	routes table

	// mu guards everything in store, and base. Read-only requests share it.
	mu    sync.RWMutex
	base  rest.Address
	store *store.Store

	requests   atomic.Int64
	requestLog requestLog
	faults     fault.Set
	late       deliveries
	limits     *throttle.Limits
}

// New creates an empty instance: one administrator, root, and nothing else.
func New(opts Options) *Server {
	opts.Edition, opts.Version = edition(opts.Edition, opts.Version)
	if opts.Now == nil {
		opts.Now = systemClock
	} else if opts.Tick == 0 {
		opts.Tick = time.Millisecond
	}
	if opts.URL == "" {
		opts.URL = "http://gitlab.example.test"
	}
	if opts.Sleep == nil {
		opts.Sleep = sleep
	}
	s := &Server{opts: opts, limits: opts.limits()}
	s.countRequests()
	s.store = store.New(s.opts.instance(s.clock))
	s.base = rest.ParseAddress(opts.URL)
	s.routes = tableOf(opts)
	s.store.AddRoot()
	return s
}

// Now is the time by the instance's clock.
func (s *Server) Now() time.Time { return s.opts.Now() }

// countRequests sets the clock that counts requests, if the options ask for it.
func (s *Server) countRequests() {
	if from := s.opts.ClockFrom; !from.IsZero() {
		s.opts.Now = func() time.Time { return from.Add(time.Duration(s.requests.Load()) * time.Millisecond) }
		s.opts.Tick = time.Millisecond
	}
}

// edition completes an edition and a version, each from the other.
func edition(e store.Edition, version string) (store.Edition, string) {
	if e == "" {
		e = store.Free
		if version != "" && !strings.HasSuffix(version, "-ee") {
			e = store.Community
		}
	}
	if version == "" {
		version = versionOf(e, "18.9.0")
	}
	return e, version
}

// versionOf returns the version as the edition shows it.
func versionOf(e store.Edition, version string) string {
	version = strings.TrimSuffix(version, "-ee")
	if e.Enterprise() {
		version += "-ee"
	}
	return version
}

// SetURL changes the external address, for a server that learns its port after it was created.
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
