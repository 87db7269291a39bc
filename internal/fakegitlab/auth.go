package fakegitlab

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// identify finds the caller, from the parameters and the headers. It refuses nothing yet: the throttle also counts
// callers whose request is refused later.
func (s *Server) identify(x *exchange) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, shown := s.shownToken(x)
	switch {
	case !shown:
	case t == nil:
		x.denied = failure.Unauthorized()
	case t.Expires != "" && s.store.Today() >= t.Expires:
		x.denied = errToken("Token is expired. You can either do re-authorization or token refresh.")
	case t.Revoked:
		x.denied = errToken("Token was revoked. You have to re-authorize from the user.")
	default:
		x.Token, x.User = t, t.User
	}
}

// shownToken returns the token of the request, nil for an unknown one, and whether the request has one at all. A valid
// OAuth token wins over a personal one, which may be sent in its place, and both win over a CI job token.
func (s *Server) shownToken(x *exchange) (t *store.Token, shown bool) {
	bearer := firstOf(x.param("access_token"), bearerToken(x.Request.Header.Get("Authorization")), x.param("bearer_token"))
	if t := s.store.Tokens[bearer]; t != nil && t.Kind == store.OAuthToken {
		return t, true
	}
	if value := firstOf(x.param("private_token"), x.Request.Header.Get("PRIVATE-TOKEN"), bearer); value != "" {
		return s.tokenOf(value, store.PersonalToken), true
	}
	if value := firstOf(x.param("job_token"), x.Request.Header.Get("JOB-TOKEN")); value != "" {
		return s.tokenOf(value, store.JobToken), true
	}
	return nil, false
}

// param returns a parameter that is a text, "" if there is none.
func (x *exchange) param(name string) string {
	v, _ := x.Params.Values[name].(string)
	return v
}

// bearerToken returns the token of an Authorization header. The word Bearer may be in any case.
func bearerToken(header string) string {
	scheme, value, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(value)
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func (s *Server) tokenOf(value, kind string) *store.Token {
	if t := s.store.Tokens[value]; t != nil && t.Kind == kind {
		return t
	}
	return nil
}

// admit does the first checks of every request: token, scope, account, sudo.
func (s *Server) admit(x *exchange, rt rest.Route) error {
	if x.denied != nil {
		return x.denied
	}
	if x.User == nil {
		if rt.Public && !x.wantsSudo() {
			return nil
		}
		return failure.Unauthorized()
	}
	if x.Token.Kind == store.JobToken && !rt.Job {
		x.User = nil
		return failure.Unauthorized()
	}
	if err := s.checkScope(x, rt); err != nil {
		return err
	}
	if x.User.Blocked {
		return failure.Text(http.StatusForbidden, "403 Forbidden - Your account has been blocked.")
	}
	if x.wantsSudo() {
		return s.sudo(x)
	}
	return nil
}

func (s *Server) checkScope(x *exchange, rt rest.Route) error {
	if x.Token.FineGrained() || s.needsGrants(x, rt) {
		return s.checkGrants(x, rt)
	}
	if x.Token.Kind == store.JobToken || rt.AnyScope {
		return nil
	}
	if x.hasScope("api") || x.Reading() && (x.hasScope("read_api") || rt.User && x.hasScope("read_user")) || s.forAI(x, rt) {
		return nil
	}
	return errScope(sufficientScopes(rt))
}

func (x *exchange) hasScope(scope string) bool { return slices.Contains(x.Token.Scopes, scope) }

// sudoName returns who the caller wants to be.
func (x *exchange) sudoName() string {
	return firstOf(x.Params.Text("sudo"), x.Request.Header.Get("Sudo"))
}

func (x *exchange) wantsSudo() bool { return x.sudoName() != "" }

// sudo lets an administrator act as another user.
func (s *Server) sudo(x *exchange) error {
	switch {
	case !x.User.Admin:
		return failure.Text(http.StatusForbidden, "403 Forbidden - Must be admin to use sudo")
	case x.Token.Kind == store.JobToken:
		return failure.Text(http.StatusForbidden,
			"403 Forbidden - Must be authenticated using an OAuth or personal access token to use sudo")
	case !x.hasScope("sudo"):
		return errScope("sudo")
	}
	who := x.sudoName()
	u := s.store.UserNamed(who)
	if id, err := strconv.Atoi(who); err == nil {
		u = s.store.UserByID[id]
	}
	if u == nil {
		return failure.NotFound("User with ID or username '" + who + "'")
	}
	x.User = u
	return nil
}

// errToken is the refusal of a token that was valid once.
func errToken(description string) *failure.Failure {
	f := failure.JSON(http.StatusUnauthorized, func(e *jsonenc.Encoder) {
		e.Str("error", "invalid_token")
		e.Str("error_description", description)
	})
	f.Layer = failure.Rescue
	f.Header = http.Header{"Www-Authenticate": {
		`Bearer realm="Protected by OAuth 2.0", error="invalid_token", error_description="` + description + `"`,
	}}
	return f
}

// errScope is the refusal of a token whose scopes are too small. It names those that would suffice.
func errScope(scopes string) *failure.Failure {
	f := failure.JSON(http.StatusForbidden, func(e *jsonenc.Encoder) {
		e.Str("error", "insufficient_scope")
		e.Str("error_description", "The request requires higher privileges than provided by the access token.")
		e.Str("scope", scopes)
	})
	f.Layer = failure.Rescue
	return f
}
