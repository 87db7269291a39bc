package fakegitlab

import "slices"

// This file says who may do what. A nil user is nobody: a request without a token.
//
// Rights do not grow with the level: a Planner may plan as a Reporter does and delete issues as an Owner does, which
// Developers and Maintainers may not.

// levelIn is the user's access level in the project: the highest of the direct and the inherited memberships.
func levelIn(u *user, p *project) int {
	if u == nil {
		return noAccess
	}
	if p.owner == u {
		return owner
	}
	return max(levelAmong(u, p.members), groupLevel(u, p.group))
}

// groupLevel is the user's level in the group, from it or from a group above. The group may be nil.
func groupLevel(u *user, g *group) int {
	best := noAccess
	for ; g != nil && u != nil; g = g.parent {
		best = max(best, levelAmong(u, g.members))
	}
	return best
}

func levelAmong(u *user, members []*member) int {
	if i := slices.IndexFunc(members, func(m *member) bool { return m.user == u }); i >= 0 {
		return members[i].level
	}
	return noAccess
}

func plans(level int) bool { return level == planner || level >= reporter }

func (u *user) isAdmin() bool { return u != nil && u.admin }

func mayReadProject(u *user, p *project) bool {
	return visible(u, p.visibility) || levelIn(u, p) >= guest
}

// mayReadGroup also lets in the members of anything below the group.
func mayReadGroup(s *store, u *user, g *group) bool {
	if visible(u, g.visibility) || groupLevel(u, g) >= guest {
		return true
	}
	inProject := func(p *project) bool { return levelAmong(u, p.members) >= guest && p.group.within(g) }
	inGroup := func(sub *group) bool { return levelAmong(u, sub.members) >= guest && sub.within(g) }
	return slices.ContainsFunc(s.projects, inProject) || slices.ContainsFunc(s.groups, inGroup)
}

func visible(u *user, visibility string) bool {
	return visibility == public || visibility == internal && u != nil || u.isAdmin()
}

// mayPlan is the right to edit milestones, labels, boards and any issue of the project: Planner or Reporter and up.
func mayPlan(u *user, p *project) bool {
	return !p.archived && (u.isAdmin() || plans(levelIn(u, p)))
}

func mayPlanGroup(u *user, g *group) bool {
	return u.isAdmin() || plans(groupLevel(u, g))
}

// mayPlanIn is mayPlan or mayPlanGroup, as the parent is.
func mayPlanIn(u *user, o parent) bool {
	if o.project != nil {
		return mayPlan(u, o.project)
	}
	return mayPlanGroup(u, o.group)
}

// mayReadIssues is the right to see that the project has issues at all.
func mayReadIssues(u *user, p *project) bool {
	return !p.issuesDisabled && mayReadProject(u, p)
}

func mayReadIssue(u *user, i *issue) bool {
	return mayReadIssues(u, i.project) && (!i.confidential || seesConfidential(u, i))
}

func seesConfidential(u *user, i *issue) bool {
	return u != nil && (i.author == u || slices.Contains(i.assignees, u) || mayReadInternal(u, i.project))
}

// mayReadInternal is the right to read confidential issues and internal notes, archived or not.
func mayReadInternal(u *user, p *project) bool {
	return u.isAdmin() || plans(levelIn(u, p))
}

// mayCreateIssue holds for notes too: members, and on projects open to them all who are signed in.
func mayCreateIssue(u *user, p *project) bool {
	return u != nil && !p.archived && mayReadIssues(u, p)
}

// mayUpdateIssue is the right to edit, close and reopen this issue.
func mayUpdateIssue(u *user, i *issue) bool {
	if u == nil || i.project.archived || i.project.issuesDisabled || !mayReadIssue(u, i) {
		return false
	}
	return i.author == u || slices.Contains(i.assignees, u) || mayPlan(u, i.project)
}

// maySetMetadata is the right to give a new issue labels, a milestone, assignees and a due date.
func maySetMetadata(u *user, p *project) bool {
	return u.isAdmin() || levelIn(u, p) >= guest
}

func mayDeleteIssue(u *user, i *issue) bool {
	if i.project.archived {
		return false
	}
	level := levelIn(u, i.project)
	return u.isAdmin() || level == planner || level >= owner
}

// mayModerate is the right to edit and delete the notes of others.
func mayModerate(u *user, p *project) bool {
	return !p.archived && (u.isAdmin() || levelIn(u, p) >= maintainer)
}

// mayBackdate is the right to choose created_at, updated_at and iid.
func mayBackdate(u *user, p *project) bool {
	return u.isAdmin() || levelIn(u, p) >= owner
}

// isMember tells members from the public, for discussions that are locked.
func isMember(u *user, p *project) bool {
	return u.isAdmin() || levelIn(u, p) >= guest
}

// mayComment is the right to write notes and awards on the issue.
func mayComment(u *user, i *issue) bool {
	if !mayCreateIssue(u, i.project) || !mayReadIssue(u, i) {
		return false
	}
	return i.discussionLocked == nil || !*i.discussionLocked || isMember(u, i.project)
}
