// Package grant knows what fine-grained tokens permit. Each route needs one permission at one boundary; what a person picks
// for a token are groups of such permissions. Start with Allows. It answers no request and knows no route.
package grant

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Allows reports whether the token has the permission at the boundary, in the given project or group if it is one of them.
func Allows(t *store.Token, permission, boundary string, in store.Parent) bool {
	return slices.ContainsFunc(t.Grants, func(g *store.Grant) bool {
		return covers(g, boundary, in) && slices.ContainsFunc(g.Permissions, func(pick string) bool { return includes(pick, permission) })
	})
}

// covers reports whether a grant is about that place. A grant for a group is also about its subgroups and their projects.
func covers(g *store.Grant, boundary string, in store.Parent) bool {
	switch boundary {
	case store.ProjectBoundary:
		return g.In.Project == in.Project && in.Project != nil || g.In.Group != nil && in.Project.Group.Within(g.In.Group)
	case store.GroupBoundary:
		return g.In.Group != nil && in.Group.Within(g.In.Group)
	}
	return g.Boundary == boundary
}

func includes(pick, permission string) bool {
	g, ok := find(pick)
	return ok && slices.Contains(g.members(), permission)
}

// Problem returns why the permission cannot be picked at the boundary, "" if it can.
func Problem(pick, boundary string) string {
	g, ok := find(pick)
	switch {
	case ok && g.allowedAt(boundary):
		return ""
	case ok:
		return "permission " + pick + " is for: " + strings.Join(strings.Fields(g.boundaries), ", ")
	}
	for _, g := range groups {
		if slices.Contains(g.members(), pick) {
			return "permission " + pick + " is part of " + g.name + ", which can be picked"
		}
	}
	return "permission \"" + pick + "\" not found"
}

// Pick returns the name under which a person picks the permission at the boundary, "" if nobody can.
func Pick(permission, boundary string) string {
	for _, g := range groups {
		if g.allowedAt(boundary) && slices.Contains(g.members(), permission) {
			return g.name
		}
	}
	return ""
}

// Permissions lists all permissions that can be picked as part of a group or alone.
func Permissions() []string {
	var all []string
	for _, g := range groups {
		all = append(all, g.members()...)
	}
	return all
}

// find returns the group with that name.
func find(name string) (group, bool) {
	at := slices.IndexFunc(groups, func(g group) bool { return g.name == name })
	if at < 0 {
		return group{}, false
	}
	return groups[at], true
}
