package fault

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/transport"
)

// writeFailure answers like GitLab, or the proxy in front of it, with that status.
func writeFailure(w http.ResponseWriter, status int) {
	text := http.StatusText(status)
	switch status {
	case http.StatusTooManyRequests:
		w.Header().Set("Retry-After", "1")
		WritePlain(w, status, "Retry later\n")
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		writeHTML(w, status, fmt.Sprintf("<html><head><title>%d %s</title></head><body>%d %s</body></html>\n", status, text, status, text))
	default:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"message":"%d %s"}`, status, text)
	}
}

// writeLimit answers like the application limit that the request counts against.
func writeLimit(w http.ResponseWriter, r *http.Request) {
	f := failure.TooMany()
	if r.Method == http.MethodPost && (strings.HasSuffix(r.URL.Path, "/notes") || strings.HasSuffix(r.URL.Path, "/discussions")) {
		f = failure.TooManyNotes()
	}
	maps.Copy(w.Header(), f.Header)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(f.Status)
	w.Write(f.Body)
}

// WritePlain answers with plain text, like the proxy in front of GitLab.
func WritePlain(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(status)
	fmt.Fprint(w, body)
}

func writeHTML(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprint(w, body)
}

// signInPage is what a single sign-on in front of GitLab shows to a client whose session has ended: 200, but not
// JSON.
const signInPage = "<!DOCTYPE html><html><head><title>Sign in</title></head>" +
	"<body><form action=\"/sso\" method=\"post\"><input name=\"user\"></form></body></html>\n"

// Injection is what happens to one request. The zero value is nothing.
type Injection struct {
	kind   Kind
	status int
	delay  time.Duration
	later  time.Duration
	names  []string
}

// String names the faults for the request log; it is empty if none fired.
func (s Injection) String() string { return strings.Join(s.names, " ") }

// nonsense is what something in front of GitLab answers instead of it.
const nonsense = `{"message":"temporarily unavailable"}`

// Handler is what a request meets without faults.
type Handler struct {
	CarryOut http.HandlerFunc
	// Other returns another object than the one that the request is about, as JSON; empty if there is none.
	Other func() []byte
	// Later carries the request out after a while, without an answer.
	Later func(after time.Duration)
	Sleep func(context.Context, time.Duration)
}

// Serve passes r to next as far as the faults allow. A cut connection is a panic with http.ErrAbortHandler, which
// net/http and Transport understand. Where no other object exists, the answer is nonsense.
//
// status is set to the status that the caller sees, 0 for a connection cut before an answer. A delay comes after the
// request was carried out and before the answer, so a caller who gave up waiting has still changed the state.
func (s Injection) Serve(w http.ResponseWriter, r *http.Request, status *int, next Handler) {
	if s.kind == "" && s.delay == 0 {
		next.CarryOut(w, r)
		return
	}
	replacement := []byte(nonsense)
	if s.kind == Other || s.kind == OtherAfter {
		if other := next.Other(); len(other) > 0 { // before the request is carried out: its own object is none
			replacement = other
		}
	}
	answer := transport.NewRecorder()
	if s.later > 0 {
		next.Later(s.later)
	}
	switch s.kind {
	case DropBefore, Status, HTML, Limit, Other, Nonsense, Late:
	default:
		next.CarryOut(answer, r)
	}
	if s.delay > 0 {
		next.Sleep(r.Context(), s.delay)
	}
	switch s.kind {
	case DropBefore, DropAfter, Late:
		*status = 0
		panic(http.ErrAbortHandler)
	case Status, ErrorAfter:
		*status = s.status
		writeFailure(w, s.status)
	case Limit:
		*status = http.StatusTooManyRequests
		writeLimit(w, r)
	case HTML:
		*status = http.StatusOK
		writeHTML(w, http.StatusOK, signInPage)
	case Other, OtherAfter, Nonsense, NonsenseAfter:
		*status = http.StatusOK
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(*status)
		w.Write(replacement)
	case Truncate:
		answer.Truncate(w)
	case NoPaging:
		answer.Remove("X-Page", "X-Per-Page", "X-Next-Page", "X-Prev-Page", "X-Total", "X-Total-Pages", "Link")
		answer.CopyTo(w)
	default:
		answer.CopyTo(w)
	}
}
