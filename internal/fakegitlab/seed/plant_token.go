package seed

import (
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/grant"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// tokens adds the further tokens of a user.
func (a *planting) tokens(in User) {
	u := a.s.UserNamed(in.Username)
	if u == nil {
		return // a fault that was reported
	}
	for n, t := range in.Tokens {
		a.at("tokens[%d]", n, func() { a.token(u, t) })
	}
}

func (a *planting) token(u *store.User, in Token) {
	if in.Value == "" || a.s.Tokens[in.Value] != nil {
		a.fail("value %q is empty or taken", in.Value)
		return
	}
	t := &store.Token{Name: in.Name, Value: in.Value, User: u, Scopes: in.Scopes, Expires: in.Expires, Revoked: in.Revoked}
	if len(in.GranularScopes) > 0 {
		a.fineGrained(t, in.GranularScopes)
	}
	a.s.AddToken(t)
}

// fineGrained makes the token a fine-grained one.
func (a *planting) fineGrained(t *store.Token, in []GranularScope) {
	if !a.s.HasFineGrained() {
		a.fail("version %s of GitLab has no fine-grained tokens: use 18.10 or later", a.s.Version)
	}
	if len(t.Scopes) > 0 {
		a.fail("scopes and granular_scopes cannot be combined")
	}
	t.Scopes = []string{store.GranularScope}
	for n, scope := range in {
		a.at("granular_scopes[%d]", n, func() { t.Grants = append(t.Grants, a.grant(scope)) })
	}
}

func (a *planting) grant(in GranularScope) *store.Grant {
	g := &store.Grant{Permissions: slices.Clone(in.Permissions)}
	if boundaries := in.boundaries(); len(boundaries) == 1 {
		g.Boundary = boundaries[0]
	} else {
		a.fail("exactly one of group, project, user and instance is required")
		return g
	}
	g.In.Group, g.In.Project = a.s.FindGroup(in.Group), a.s.FindProject(in.Project)
	if in.Group != "" && g.In.Group == nil || in.Project != "" && g.In.Project == nil {
		a.fail("%s %q not found", g.Boundary, in.Group+in.Project)
	}
	for _, pick := range in.Permissions {
		if problem := grant.Problem(pick, g.Boundary); problem != "" {
			a.fail("%s", problem)
		}
	}
	return g
}

// boundaries lists what the scope is about.
func (g GranularScope) boundaries() []string {
	var all []string
	for _, b := range []struct {
		is   bool
		name string
	}{
		{g.Project != "", store.ProjectBoundary}, {g.Group != "", store.GroupBoundary},
		{g.User, store.UserBoundary}, {g.Instance, store.InstanceBoundary},
	} {
		if b.is {
			all = append(all, b.name)
		}
	}
	return all
}
