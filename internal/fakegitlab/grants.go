package fakegitlab

import (
	"net/http"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/grant"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// checkGrants refuses a request that the fine-grained token does not permit. It comes where other tokens' scopes are
// checked: before rights, parameters and records. So it names the path of a project that the user may not see.
func (s *Server) checkGrants(x *exchange, rt rest.Route) error {
	if !s.store.HasFineGrained() {
		return errGrant(store.NoFineGrained)
	}
	if rt.Permission == "" {
		return errGrant("Unable to determine boundaries and permissions for authorization")
	}
	in, ok := s.placeOf(x, rt.Boundary)
	if !ok {
		return errGrant("Unable to determine boundaries for authorization")
	}
	if grant.Allows(x.Token, rt.Permission, rt.Boundary, in) {
		return nil
	}
	where := ""
	if in != (store.Parent{}) {
		where = ` for "` + in.FullPath() + `"`
	}
	return errGrant("Access denied: Your Personal Access Token lacks the required permissions: [" + rt.Permission + "]" + where + ".")
}

// needsGrants reports whether the place admits fine-grained tokens only. Grants are of people's tokens, so those of bots
// are not held to it.
func (s *Server) needsGrants(x *exchange, rt rest.Route) bool {
	if !s.store.HasFineGrained() || x.Token.Kind == store.JobToken || x.User.Bot {
		return false
	}
	in, ok := s.placeOf(x, rt.Boundary)
	top := in.Group
	if in.Project != nil {
		top = in.Project.Group
	}
	for top != nil && top.Parent != nil {
		top = top.Parent
	}
	return ok && top != nil && top.FineGrainedOnly
}

// placeOf returns the project or group of the path, whoever may see it, and whether there is one if the boundary needs one.
func (s *Server) placeOf(x *exchange, boundary string) (in store.Parent, ok bool) {
	id, _ := x.Params.Values["id"].(string)
	switch boundary {
	case store.ProjectBoundary:
		in.Project = s.store.FindProject(id)
		return in, in.Project != nil
	case store.GroupBoundary:
		in.Group = s.store.FindGroup(id)
		return in, in.Group != nil
	}
	return in, true
}

// errGrant is the refusal of a fine-grained token.
func errGrant(description string) *failure.Failure {
	f := failure.JSON(http.StatusForbidden, func(e *jsonenc.Encoder) {
		e.Str("error", "insufficient_granular_scope")
		e.Str("error_description", description)
	})
	f.Layer = failure.Rescue
	return f
}
