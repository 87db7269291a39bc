package fakegitlab

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// identify finds out who asks, from the headers first and then from the parameters. It refuses nothing yet: the
// throttle counts callers whose request is turned down later.
func (s *Server) identify(x *exchange) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	value, job := x.shownToken()
	if value == "" {
		return
	}
	t := s.store.tokens[value]
	if t == nil || (t.kind == jobToken) != job {
		x.denied = errUnauthorized()
		return
	}
	if t.expires != "" && s.store.today() >= t.expires {
		x.denied = errToken("Token is expired. You can either do re-authorization or token refresh.")
		return
	}
	if t.revoked {
		x.denied = errToken("Token was revoked. You have to re-authorize from the user.")
		return
	}
	x.token, x.user = t, t.user
}

// shownToken is the token of the request and whether it was shown as a CI job's.
func (x *exchange) shownToken() (value string, job bool) {
	if v := x.r.Header.Get("PRIVATE-TOKEN"); v != "" {
		return v, false
	}
	if v, ok := strings.CutPrefix(x.r.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(v), false
	}
	if v := x.r.Header.Get("JOB-TOKEN"); v != "" {
		return v, true
	}
	for _, name := range secretParams {
		if v, _ := x.p.values[name].(string); v != "" {
			return v, name == "job_token"
		}
	}
	return "", false
}

// admit is the first check of every request: the token, the account, the scope, sudo.
func (s *Server) admit(x *exchange, rt route) error {
	if x.denied != nil {
		return x.denied
	}
	if x.user == nil {
		if rt.public {
			return nil
		}
		return errUnauthorized()
	}
	if x.token.kind == jobToken && !rt.job {
		x.user = nil
		return errUnauthorized()
	}
	if x.user.blocked {
		return errText(http.StatusForbidden, "403 Forbidden - Your account has been blocked.")
	}
	if err := x.checkScope(rt); err != nil {
		return err
	}
	return s.sudo(x)
}

func (x *exchange) checkScope(rt route) error {
	if x.token.kind == jobToken {
		return nil
	}
	has := func(scope string) bool { return slices.Contains(x.token.scopes, scope) }
	if has("api") || x.reading() && (has("read_api") || rt.user && has("read_user")) {
		return nil
	}
	f := errorBody(http.StatusForbidden, func(e *enc) {
		e.str("error", "insufficient_scope")
		e.str("error_description", "The request requires higher privileges than provided by the access token.")
		e.str("scope", "api")
	})
	return f
}

// sudo lets an administrator act as somebody else.
func (s *Server) sudo(x *exchange) error {
	who := x.r.Header.Get("Sudo")
	if who == "" {
		who = x.p.str("sudo").v
	}
	if who == "" {
		return nil
	}
	if !x.user.admin {
		return errText(http.StatusForbidden, "403 Forbidden - Must be admin to use sudo")
	}
	u := s.store.userNamed(who)
	if id, err := strconv.Atoi(who); err == nil {
		u = s.store.userByID[id]
	}
	if u == nil {
		return errText(http.StatusNotFound, "404 User with ID or username '"+who+"' Not Found")
	}
	x.user = u
	return nil
}

func errToken(description string) *failure {
	return errorBody(http.StatusUnauthorized, func(e *enc) {
		e.str("error", "invalid_token")
		e.str("error_description", description)
	})
}
