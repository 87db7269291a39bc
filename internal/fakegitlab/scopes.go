package fakegitlab

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// classScopes are the scopes that a class of GitLab's endpoints accepts in addition to those of the whole API, as it names
// them in a refusal: a scope is listed once for each way in which it is declared. The first row whose part is in the
// path of the route holds.
var classScopes = []struct{ part, scopes string }{
	{"/notes", "ai_workflows"},
	{"/discussions", "ai_workflows"},
	{"/links", ""},
	{"/award_emoji", ""},
	{"/resource_", ""},
	{"/issues/:issue_iid/subscribe", ""},
	{"/issues/:issue_iid/unsubscribe", ""},
	{"/milestones", ""},
	{"/merge_requests", "mcp mcp ai_workflows"},
	{"/issues", "ai_workflows mcp mcp"},
}

// forAI reports whether a token for AI workflows is enough for the route.
func (s *Server) forAI(x *exchange, rt rest.Route) bool {
	return x.hasScope(store.AIScope) && slices.Contains(strings.Fields(sufficientScopes(rt)), store.AIScope)
}

// sufficientScopes lists the scopes of which any is enough for the route.
func sufficientScopes(rt rest.Route) string {
	const api = "api read_api"
	if rt.User {
		return "read_user " + api
	}
	for _, class := range classScopes {
		if strings.Contains(rt.Path(), class.part) {
			return strings.TrimSpace(class.scopes + " " + api)
		}
	}
	return api
}
