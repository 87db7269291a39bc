package sandbox

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// guard protects a sandbox from web pages. Everybody knows its tokens, so a page that a browser on this machine shows could
// use it like a program here.
type guard struct {
	next http.Handler
	cors bool // pages of other sites may use the sandbox, as they may use GitLab's API
}

// ServeHTTP refuses requests for another host, and requests that a page of another site could send without asking.
func (g guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case !isLoopbackName(r.Host):
		refuse(w, "The sandbox answers only to the names of this machine, such as localhost and 127.0.0.1.")
	case !g.cors && isCrossSite(r) && !isSafe(r):
		refuse(w, "The sandbox does not answer pages of other sites. To allow them: prodctl sandbox --cors")
	default:
		g.next.ServeHTTP(w, r)
	}
}

func refuse(w http.ResponseWriter, reason string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusForbidden)
	_, _ = io.WriteString(w, reason+"\n")
}

// isLoopbackName reports whether a host, with or without a port, names this machine. A site can give its own name the address
// 127.0.0.1, but browsers still send that name. HTTP/1.0 has no host, and no browser uses it.
func isLoopbackName(hostPort string) bool {
	host := hostPort
	if name, _, err := net.SplitHostPort(hostPort); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "" || host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip != nil && ip.IsLoopback()
}

// isCrossSite reports whether a page of another site sends the request, as far as the browser says so.
func isCrossSite(r *http.Request) bool {
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		return true
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	u, err := url.Parse(origin)
	return err != nil || u.Host == "" || !isLoopbackName(u.Host)
}

// isSafe reports whether a request of another site may be answered: a read with its token in a header. A page can set such a
// header only after a preflight, which is refused, so it is a program that sends an Origin.
func isSafe(r *http.Request) bool {
	reading := r.Method == http.MethodGet || r.Method == http.MethodHead
	return reading && (r.Header.Get("PRIVATE-TOKEN") != "" || r.Header.Get("Authorization") != "")
}
