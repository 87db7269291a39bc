package fault

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/transport"
)

// writeFailure answers as GitLab, or what stands in front of it, does with
// that status.
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

// WritePlain answers with plain text, as what stands in front of GitLab does.
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

// signInPage is what a single sign-on in front of GitLab shows to a client
// whose session has ended: 200, but not JSON.
const signInPage = "<!DOCTYPE html><html><head><title>Sign in</title></head>" +
	"<body><form action=\"/sso\" method=\"post\"><input name=\"user\"></form></body></html>\n"

// Strike is what befalls one request. The zero value is nothing.
type Strike struct {
	kind   Kind
	status int
	delay  time.Duration
	names  []string
}

// String names the faults for the journal; empty when there is none.
func (s Strike) String() string { return strings.Join(s.names, " ") }

// Serve carries r out by next as far as the strike allows. A cut connection is
// http.ErrAbortHandler as a panic, which net/http and Transport understand.
//
// status is set to what the caller gets to see, 0 for a connection that was
// cut before an answer. A delay lies between carrying out and answering, so that a caller who gave
// up waiting has changed the state nevertheless.
func (s Strike) Serve(w http.ResponseWriter, r *http.Request, status *int, next http.HandlerFunc,
	sleep func(context.Context, time.Duration)) {
	if s.kind == "" && s.delay == 0 {
		next(w, r)
		return
	}
	answer := transport.NewRecorder()
	switch s.kind {
	case DropBefore, Status, HTML, Limit:
	default:
		next(answer, r)
	}
	if s.delay > 0 {
		sleep(r.Context(), s.delay)
	}
	switch s.kind {
	case DropBefore, DropAfter:
		*status = 0
		panic(http.ErrAbortHandler)
	case Status, ErrorAfter:
		*status = s.status
		writeFailure(w, s.status)
	case Limit:
		*status = http.StatusTooManyRequests
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(*status)
		w.Write(failure.TooMany().Body)
	case HTML:
		*status = http.StatusOK
		writeHTML(w, http.StatusOK, signInPage)
	case Truncate:
		answer.Truncate(w)
	default:
		answer.CopyTo(w)
	}
}
