package fakegitlab

import (
	"net/http"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/graphql"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// isGraphQL reports whether the request is for GraphQL, which has a path beside the REST API.
func (x *exchange) isGraphQL() bool {
	if x.Path != x.Base.Root+graphql.Path {
		return false
	}
	return x.Request.Method == http.MethodPost || x.Reading()
}

// graphQL answers a query. A body of another type than JSON or a form is ignored; any other invalid body is refused.
func (s *Server) graphQL(x *exchange) rest.Reply {
	if x.broken != nil && x.broken.Status != http.StatusUnsupportedMediaType {
		return rest.Refusal(x.broken)
	}
	q := graphql.Read(&x.Call)
	if q.Writes() {
		s.mu.Lock()
		defer s.mu.Unlock()
	} else {
		s.mu.RLock()
		defer s.mu.RUnlock()
	}
	if x.denied != nil || x.Token != nil && !x.reachesGraphQL() {
		return graphql.Refusal(http.StatusUnauthorized, "Invalid token")
	}
	if x.User != nil && x.User.Blocked {
		return graphql.Refusal(http.StatusForbidden, "API not accessible for user")
	}
	return q.Run(&x.Call, x.Token != nil && !slices.Contains(x.Token.Scopes, "api"))
}

// reachesGraphQL reports whether the token may be used at all: with one of two scopes, and not if it is a job's. A
// fine-grained token gets an answer for each field.
func (x *exchange) reachesGraphQL() bool {
	if x.Token.FineGrained() {
		return true
	}
	return x.Token.Kind != store.JobToken && (slices.Contains(x.Token.Scopes, "api") || slices.Contains(x.Token.Scopes, "read_api"))
}
