package fakegitlab

import (
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/fault"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
)

// exchange is one request on its way through the server: the handler's view of it, and its entry in the request log.
type exchange struct {
	rest.Call
	broken  *failure.Failure // the body does not match its content type
	denied  error            // why the token is invalid
	started time.Time
	entry   Entry
}

func (s *Server) newExchange(r *http.Request) *exchange {
	x := &exchange{started: s.opts.Now()}
	x.Call = rest.Call{Store: s.store, Limits: s.limits, Request: r, Path: r.URL.EscapedPath(), ID: requestID(s.requests.Add(1))}
	x.Yield = func(always bool) { s.yield(r, always) }
	s.mu.RLock()
	x.Base = s.base
	s.mu.RUnlock()
	x.entry = Entry{Time: x.started, Method: r.Method, Path: x.Path, RequestID: x.ID}
	if err := x.read(); err != nil {
		x.broken = failure.From(err)
	}
	return x
}

// read reads address and body. It refuses what is too long, too deep or malformed before anything else looks at it, so
// that no request costs more than its length.
func (x *exchange) read() error {
	r := x.Request
	x.Params = param.None()
	if len(x.Path)+len(r.URL.RawQuery) > maxAddress {
		x.entry.Path = x.Path[:min(len(x.Path), maxAddress)]
		return failure.AddressTooLong()
	}
	x.entry.Query = param.SafeQuery(r.URL)
	body, err := readBody(r)
	x.entry.RequestBytes = len(body)
	if err != nil {
		return err
	}
	x.Params, err = param.Parse(r, body)
	if err == nil && param.IsMalformed(r.URL.Path) {
		err = failure.MalformedText()
	}
	return err
}

// requestID returns the id of the n-th request.
func requestID(n int64) string {
	digits := strconv.FormatInt(n, 10)
	return "01FAKE" + "00000000000000000000"[len(digits):] + digits
}

// The limits of a request in bytes: path and query together, and the body.
const (
	maxAddress = 8 << 10
	maxBody    = 16 << 20
)

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil || r.ContentLength == 0 {
		return nil, nil
	}
	if r.ContentLength > maxBody {
		return nil, failure.BodyTooLarge()
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, failure.MalformedText()
	}
	if len(body) > maxBody {
		return nil, failure.BodyTooLarge()
	}
	return body, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.deliver()
	x := s.newExchange(r)
	defer s.finish(x)
	if s.opts.Latency > 0 {
		s.opts.Sleep(r.Context(), s.opts.Latency)
	}
	s.identify(x)
	injection := s.faults.Pick(r.Method, strings.TrimPrefix(strings.TrimPrefix(x.Path, x.Base.Root), "/api/v4"), r.URL.RawQuery)
	x.entry.Fault = injection.String()
	carryOut := func(w http.ResponseWriter, _ *http.Request) { s.carryOut(w, x) }
	other := func() []byte { return s.otherObject(x) }
	later := func(after time.Duration) { s.postpone(x, after) }
	injection.Serve(watch{w, &x.entry.Status}, r, &x.entry.Status,
		fault.Handler{CarryOut: carryOut, Other: other, Later: later, Sleep: s.opts.Sleep})
}

// carryOut does what the request asks for, unless its caller is throttled.
func (s *Server) carryOut(w http.ResponseWriter, x *exchange) {
	if x.IsPreflight() {
		x.Send(w, x.Preflight())
		return
	}
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
	rt, methods, err := s.routes.match(&x.Call)
	if err != nil {
		return rest.Refusal(failure.From(err))
	}
	if x.Reading() || methods != "" {
		s.mu.RLock()
		defer s.mu.RUnlock()
	} else {
		s.mu.Lock()
		defer s.mu.Unlock()
	}
	rep, err := s.handle(x, rt, methods)
	if err != nil {
		return rest.Refusal(failure.From(err))
	}
	return rep
}

// handle admits the caller and carries the request out. The methods of the address are those that OPTIONS asks for.
func (s *Server) handle(x *exchange, rt rest.Route, methods string) (rest.Reply, error) {
	if err := s.admit(x, rt); err != nil {
		return rest.Reply{}, err
	}
	if methods != "" {
		return rest.Options(methods), nil
	}
	return rt.Handle(&x.Call)
}

// yield lets other requests run between check and save: always, or only if a hook waits for it. The write lock must be
// held; it is held again on return.
func (s *Server) yield(r *http.Request, always bool) {
	hook := s.opts.BetweenCheckAndSave
	if hook == nil && !always {
		return
	}
	s.mu.Unlock()
	defer s.mu.Lock()
	if hook != nil {
		hook(r)
	} else {
		runtime.Gosched() // requests that have arrived meanwhile come as far as this one
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
