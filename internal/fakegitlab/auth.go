package fakegitlab

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// identify finds the caller, from the headers first and then from the parameters. It refuses nothing yet: the
// throttle also counts callers whose request is refused later.
func (s *Server) identify(x *exchange) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	value, job := x.shownToken()
	if value == "" {
		return
	}
	t := s.store.Tokens[value]
	if t == nil || (t.Kind == store.JobToken) != job {
		x.denied = failure.Unauthorized()
		return
	}
	if t.Expires != "" && s.store.Today() >= t.Expires {
		x.denied = errToken("Token is expired. You can either do re-authorization or token refresh.")
		return
	}
	if t.Revoked {
		x.denied = errToken("Token was revoked. You have to re-authorize from the user.")
		return
	}
	x.token, x.User = t, t.User
}

// shownToken returns the token of the request, and whether it was sent as a CI job token.
func (x *exchange) shownToken() (value string, job bool) {
	if v := x.Request.Header.Get("PRIVATE-TOKEN"); v != "" {
		return v, false
	}
	if v, ok := strings.CutPrefix(x.Request.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(v), false
	}
	if v := x.Request.Header.Get("JOB-TOKEN"); v != "" {
		return v, true
	}
	for _, name := range param.SecretNames {
		if v, _ := x.Params.Values[name].(string); v != "" {
			return v, name == "job_token"
		}
	}
	return "", false
}

// admit does the first checks of every request: token, account, scope, sudo.
func (s *Server) admit(x *exchange, rt rest.Route) error {
	if x.denied != nil {
		return x.denied
	}
	if x.User == nil {
		if rt.Public {
			return nil
		}
		return failure.Unauthorized()
	}
	if x.token.Kind == store.JobToken && !rt.Job {
		x.User = nil
		return failure.Unauthorized()
	}
	if x.User.Blocked {
		return failure.Text(http.StatusForbidden, "403 Forbidden - Your account has been blocked.")
	}
	if err := x.checkScope(rt); err != nil {
		return err
	}
	return s.sudo(x)
}

func (x *exchange) checkScope(rt rest.Route) error {
	if x.token.Kind == store.JobToken {
		return nil
	}
	has := func(scope string) bool { return slices.Contains(x.token.Scopes, scope) }
	if has("api") || x.Reading() && (has("read_api") || rt.User && has("read_user")) {
		return nil
	}
	f := failure.JSON(http.StatusForbidden, func(e *jsonenc.Encoder) {
		e.Str("error", "insufficient_scope")
		e.Str("error_description", "The request requires higher privileges than provided by the access token.")
		e.Str("scope", "api")
	})
	return f
}

// sudo lets an administrator act as another user.
func (s *Server) sudo(x *exchange) error {
	who := x.Request.Header.Get("Sudo")
	if who == "" {
		who = x.Params.Str("sudo").Value
	}
	if who == "" {
		return nil
	}
	if !x.User.Admin {
		return failure.Text(http.StatusForbidden, "403 Forbidden - Must be admin to use sudo")
	}
	u := s.store.UserNamed(who)
	if id, err := strconv.Atoi(who); err == nil {
		u = s.store.UserByID[id]
	}
	if u == nil {
		return failure.Text(http.StatusNotFound, "404 User with ID or username '"+who+"' Not Found")
	}
	x.User = u
	return nil
}

func errToken(description string) *failure.Failure {
	return failure.JSON(http.StatusUnauthorized, func(e *jsonenc.Encoder) {
		e.Str("error", "invalid_token")
		e.Str("error_description", description)
	})
}
