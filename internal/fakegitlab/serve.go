package fakegitlab

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// exchange is one request on its way through the server: the handler's view of it, the caller's token, and its entry
// in the request log.
type exchange struct {
	rest.Call
	broken  *failure.Failure // the body does not match its content type
	token   *store.Token     // the caller's token
	denied  error            // why the token is invalid
	started time.Time
	entry   Entry
}

func (s *Server) newExchange(r *http.Request) *exchange {
	x := &exchange{started: s.opts.Now()}
	x.Call = rest.Call{Store: s.store, Limits: s.limits, Request: r, Path: r.URL.EscapedPath(), ID: requestID(s.requests.Add(1))}
	if s.opts.RacyTitles {
		x.Yield = func() { s.yield(r) }
	}
	s.mu.RLock()
	x.Base = s.base
	s.mu.RUnlock()
	body, err := readBody(r)
	x.entry = Entry{
		Time: x.started, Method: r.Method, Path: x.Path, Query: param.SafeQuery(r.URL),
		RequestID: x.ID, RequestBytes: len(body),
	}
	if err != nil {
		x.broken = failure.Malformed()
	}
	x.Params, err = param.Parse(r, body)
	switch {
	case len(x.Path)+len(r.URL.RawQuery) > maxAddress:
		x.broken = failure.AddressTooLong()
	case x.broken != nil:
	case err != nil:
		x.broken = failure.From(err)
	case param.IsMalformed(x.Params.Values) || param.IsMalformed(r.URL.Path):
		x.broken = failure.MalformedText()
	}
	return x
}

// requestID returns the id of the n-th request.
func requestID(n int64) string {
	digits := strconv.FormatInt(n, 10)
	return "01FAKE" + "00000000000000000000"[len(digits):] + digits
}

// maxAddress is the maximum length of path and query together, in bytes.
const maxAddress = 8 << 10

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil || r.ContentLength == 0 {
		return nil, nil
	}
	return io.ReadAll(r.Body)
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := s.newExchange(r)
	defer s.finish(x)
	if s.opts.Latency > 0 {
		s.opts.Sleep(r.Context(), s.opts.Latency)
	}
	s.identify(x)
	injection := s.faults.Pick(r.Method, strings.TrimPrefix(strings.TrimPrefix(x.Path, x.Base.Root), "/api/v4"), r.URL.RawQuery)
	x.entry.Fault = injection.String()
	carryOut := func(w http.ResponseWriter, _ *http.Request) { s.carryOut(w, x) }
	injection.Serve(watch{w, &x.entry.Status}, r, &x.entry.Status, carryOut, s.opts.Sleep)
}

// carryOut does what the request asks for, unless its caller is throttled.
func (s *Server) carryOut(w http.ResponseWriter, x *exchange) {
	if !s.throttled(w, x) {
		x.Send(w, s.answer(x))
	}
}

// answer routes the request and handles it under the lock that its method needs.
func (s *Server) answer(x *exchange) rest.Reply {
	if x.isGraphQL() {
		return s.graphQL(x)
	}
	if x.broken != nil {
		return rest.Refusal(x.broken)
	}
	rt, err := s.routes.match(&x.Call)
	if err != nil {
		return rest.Refusal(failure.From(err))
	}
	if x.Reading() {
		s.mu.RLock()
		defer s.mu.RUnlock()
	} else {
		s.mu.Lock()
		defer s.mu.Unlock()
	}
	if err := s.admit(x, rt); err != nil {
		return rest.Refusal(failure.From(err))
	}
	rep, err := rt.Handle(&x.Call)
	if err != nil {
		return rest.Refusal(failure.From(err))
	}
	return rep
}

// yield lets other requests run between check and save if the instance is racy. The write lock must be held; it is
// held again on return.
func (s *Server) yield(r *http.Request) {
	s.mu.Unlock()
	defer s.mu.Lock()
	if s.opts.BetweenCheckAndSave != nil {
		s.opts.BetweenCheckAndSave(r)
	}
}

// watch records the status that the caller sees.
type watch struct {
	http.ResponseWriter
	status *int
}

// WriteHeader records the status.
func (w watch) WriteHeader(status int) {
	*w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets a response controller reach the connection.
func (w watch) Unwrap() http.ResponseWriter { return w.ResponseWriter }
