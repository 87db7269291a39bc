package access

import "gitlab.com/prodctl/prodctl/internal/fakegitlab/store"

// This file has the rights on a project as a whole and on its features. A feature that is switched off is so for
// everybody, administrators too. In an archived project everything can be read and nothing changed but its settings.

// MayUse reports whether the user sees the project and this feature of it.
func MayUse(u *store.User, p *store.Project, feature string) bool {
	switch p.FeatureLevel(feature) {
	case store.Disabled:
		return false
	case store.MembersOnly:
		return isMember(u, p)
	}
	return MayReadProject(u, p)
}

// MayReadBoards reports whether the user may see the boards of the project or group. A project without issues has
// none.
func MayReadBoards(u *store.User, o store.Parent) bool {
	return o.Project == nil || MayReadIssues(u, o.Project)
}

// MayEditBoards reports whether the user may change the boards of the project or group.
func MayEditBoards(u *store.User, o store.Parent) bool {
	return MayReadBoards(u, o) && MayPlanIn(u, o)
}

// MayReadCode reports whether the user may read the repository: Reporter and up, on public projects everybody.
func MayReadCode(u *store.User, p *store.Project) bool {
	return MayUse(u, p, store.RepositoryFeature) && (visible(u, p.Visibility) || atLeast(u, p, store.Reporter))
}

// MayReadStatistics reports whether the user may see how large the project is: Reporter and up.
func MayReadStatistics(u *store.User, p *store.Project) bool { return atLeast(u, p, store.Reporter) }

// MayOfferMergeRequests reports whether the user may create merge requests for the project.
func MayOfferMergeRequests(u *store.User, p *store.Project) bool {
	return u != nil && !p.Archived && MayReadCode(u, p) && MayReadMergeRequests(u, p)
}

// MayReadMergeRequests reports whether the user may see the project's merge requests: Planner or Reporter and up, on
// projects that are not private everybody unless they are for members only.
func MayReadMergeRequests(u *store.User, p *store.Project) bool {
	if !MayUse(u, p, store.MergeRequestsFeature) || !MayUse(u, p, store.RepositoryFeature) {
		return false
	}
	open := visible(u, p.Visibility) && p.FeatureLevel(store.MergeRequestsFeature) == store.Enabled
	return open || u.IsAdmin() || plans(Level(u, p))
}

// MayMerge reports whether the user may merge: Developer and up.
func MayMerge(u *store.User, p *store.Project) bool {
	return !p.Archived && MayReadMergeRequests(u, p) && atLeast(u, p, store.Developer)
}

// MayCreateProjects reports whether the user may create projects in the group: Developer and up.
func MayCreateProjects(u *store.User, g *store.Group) bool {
	return g != nil && (u.IsAdmin() || GroupLevel(u, g) >= store.Developer)
}

// MayAdmin reports whether the user may change the project's settings: Maintainer and up, also if it is archived.
func MayAdmin(u *store.User, p *store.Project) bool { return atLeast(u, p, store.Maintainer) }

// MayOwn reports whether the user may archive the project and change its visibility.
func MayOwn(u *store.User, p *store.Project) bool { return atLeast(u, p, store.Owner) }

// MayOwnGroup is MayOwn for a group.
func MayOwnGroup(u *store.User, g *store.Group) bool {
	return u.IsAdmin() || GroupLevel(u, g) >= store.Owner
}

// MayReadDeployments reports whether the user may see the project's environments and deployments: Reporter and up, on
// projects that are not private everybody.
func MayReadDeployments(u *store.User, p *store.Project) bool {
	for _, feature := range []string{store.EnvironmentsFeature, store.BuildsFeature, store.RepositoryFeature} {
		if !MayUse(u, p, feature) {
			return false
		}
	}
	return visible(u, p.Visibility) || atLeast(u, p, store.Reporter)
}

// MayReadFreezes reports whether the user may see the project's freeze periods: Reporter and up.
func MayReadFreezes(u *store.User, p *store.Project) bool {
	return MayReadDeployments(u, p) && atLeast(u, p, store.Reporter)
}

// MayReadPipelines reports whether the user may see the project's pipelines: everybody who sees the project.
func MayReadPipelines(u *store.User, p *store.Project) bool {
	return MayUse(u, p, store.BuildsFeature) && MayUse(u, p, store.RepositoryFeature)
}

// MayDeploy reports whether the user may create environments and deployments: Developer and up.
func MayDeploy(u *store.User, p *store.Project) bool {
	return !p.Archived && MayReadDeployments(u, p) && atLeast(u, p, store.Developer)
}

// MayFreeze reports whether the user may change freeze periods: Maintainer and up.
func MayFreeze(u *store.User, p *store.Project) bool {
	return !p.Archived && MayAdmin(u, p)
}

func atLeast(u *store.User, p *store.Project, level int) bool {
	return u.IsAdmin() || Level(u, p) >= level
}
