package fakegitlab

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// identify finds out who asks, from the headers first and then from the parameters. It refuses nothing yet: the
// throttle counts callers whose request is turned down later.
func (s *Server) identify(c *call) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	value, job := c.shownToken()
	if value == "" {
		return
	}
	t := s.tokens[value]
	if t == nil || (t.kind == jobToken) != job {
		c.denied = errUnauthorized()
		return
	}
	if t.expires != "" && s.today() >= t.expires {
		c.denied = errToken("Token is expired. You can either do re-authorization or token refresh.")
		return
	}
	if t.revoked {
		c.denied = errToken("Token was revoked. You have to re-authorize from the user.")
		return
	}
	c.token, c.user = t, t.user
}

// shownToken is the token of the request and whether it was shown as a CI job's.
func (c *call) shownToken() (value string, job bool) {
	if v := c.r.Header.Get("PRIVATE-TOKEN"); v != "" {
		return v, false
	}
	if v, ok := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(v), false
	}
	if v := c.r.Header.Get("JOB-TOKEN"); v != "" {
		return v, true
	}
	for _, name := range secretParams {
		if v, _ := c.p.values[name].(string); v != "" {
			return v, name == "job_token"
		}
	}
	return "", false
}

// admit is the first check of every request: the token, the account, the scope, sudo.
func (s *Server) admit(c *call, rt route) error {
	if c.denied != nil {
		return c.denied
	}
	if c.user == nil {
		if rt.public {
			return nil
		}
		return errUnauthorized()
	}
	if c.token.kind == jobToken && !rt.job {
		c.user = nil
		return errUnauthorized()
	}
	if c.user.blocked {
		return errText(http.StatusForbidden, "403 Forbidden - Your account has been blocked.")
	}
	if err := c.checkScope(rt); err != nil {
		return err
	}
	return s.sudo(c)
}

func (c *call) checkScope(rt route) error {
	if c.token.kind == jobToken {
		return nil
	}
	has := func(scope string) bool { return slices.Contains(c.token.scopes, scope) }
	if has("api") || c.reading() && (has("read_api") || rt.user && has("read_user")) {
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
func (s *Server) sudo(c *call) error {
	who := c.r.Header.Get("Sudo")
	if who == "" {
		who = c.p.str("sudo").v
	}
	if who == "" {
		return nil
	}
	if !c.user.admin {
		return errText(http.StatusForbidden, "403 Forbidden - Must be admin to use sudo")
	}
	u := s.userNamed(who)
	if id, err := strconv.Atoi(who); err == nil {
		u = s.userByID[id]
	}
	if u == nil {
		return errText(http.StatusNotFound, "404 User with ID or username '"+who+"' Not Found")
	}
	c.user = u
	return nil
}

func errToken(description string) *failure {
	return errorBody(http.StatusUnauthorized, func(e *enc) {
		e.str("error", "invalid_token")
		e.str("error_description", description)
	})
}
