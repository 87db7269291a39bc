package fakegitlab

import "slices"

// This file says who may do what. A nil user is nobody: a request without a token.
//
// Rights do not grow with the level: a Planner may plan as a Reporter does and delete issues as an Owner does, which
// Developers and Maintainers may not.

// level is the user's access level in the project: the highest of the direct and the inherited memberships.
func (s *Server) level(u *user, p *project) int {
	if u == nil {
		return noAccess
	}
	if p.owner == u {
		return owner
	}
	return max(levelAmong(u, p.members), s.groupLevel(u, p.group))
}

// groupLevel is the user's level in the group, from it or from a group above. The group may be nil.
func (s *Server) groupLevel(u *user, g *group) int {
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

func (s *Server) mayReadProject(u *user, p *project) bool {
	return visible(u, p.visibility) || s.level(u, p) >= guest
}

// mayReadGroup also lets in the members of anything below the group.
func (s *Server) mayReadGroup(u *user, g *group) bool {
	if visible(u, g.visibility) || s.groupLevel(u, g) >= guest {
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
func (s *Server) mayPlan(u *user, p *project) bool {
	return !p.archived && (u.isAdmin() || plans(s.level(u, p)))
}

func (s *Server) mayPlanGroup(u *user, g *group) bool {
	return u.isAdmin() || plans(s.groupLevel(u, g))
}

// mayPlanIn is mayPlan or mayPlanGroup, as the parent is.
func (s *Server) mayPlanIn(u *user, o parent) bool {
	if o.project != nil {
		return s.mayPlan(u, o.project)
	}
	return s.mayPlanGroup(u, o.group)
}

// mayReadIssues is the right to see that the project has issues at all.
func (s *Server) mayReadIssues(u *user, p *project) bool {
	return !p.issuesDisabled && s.mayReadProject(u, p)
}

func (s *Server) mayReadIssue(u *user, i *issue) bool {
	return s.mayReadIssues(u, i.project) && (!i.confidential || s.seesConfidential(u, i))
}

func (s *Server) seesConfidential(u *user, i *issue) bool {
	return u != nil && (i.author == u || slices.Contains(i.assignees, u) || s.mayReadInternal(u, i.project))
}

// mayReadInternal is the right to read confidential issues and internal notes, archived or not.
func (s *Server) mayReadInternal(u *user, p *project) bool {
	return u.isAdmin() || plans(s.level(u, p))
}

// mayCreateIssue holds for notes too: members, and on projects open to them all who are signed in.
func (s *Server) mayCreateIssue(u *user, p *project) bool {
	return u != nil && !p.archived && s.mayReadIssues(u, p)
}

// mayUpdateIssue is the right to edit, close and reopen this issue.
func (s *Server) mayUpdateIssue(u *user, i *issue) bool {
	if u == nil || i.project.archived || i.project.issuesDisabled || !s.mayReadIssue(u, i) {
		return false
	}
	return i.author == u || slices.Contains(i.assignees, u) || s.mayPlan(u, i.project)
}

// maySetMetadata is the right to give a new issue labels, a milestone, assignees and a due date.
func (s *Server) maySetMetadata(u *user, p *project) bool {
	return u.isAdmin() || s.level(u, p) >= guest
}

func (s *Server) mayDeleteIssue(u *user, i *issue) bool {
	if i.project.archived {
		return false
	}
	level := s.level(u, i.project)
	return u.isAdmin() || level == planner || level >= owner
}

// mayModerate is the right to edit and delete the notes of others.
func (s *Server) mayModerate(u *user, p *project) bool {
	return !p.archived && (u.isAdmin() || s.level(u, p) >= maintainer)
}

// mayBackdate is the right to choose created_at, updated_at and iid.
func (s *Server) mayBackdate(u *user, p *project) bool {
	return u.isAdmin() || s.level(u, p) >= owner
}

// isMember tells members from the public, for discussions that are locked.
func (s *Server) isMember(u *user, p *project) bool {
	return u.isAdmin() || s.level(u, p) >= guest
}

// mayComment is the right to write notes and awards on the issue.
func (s *Server) mayComment(u *user, i *issue) bool {
	if !s.mayCreateIssue(u, i.project) || !s.mayReadIssue(u, i) {
		return false
	}
	return i.discussionLocked == nil || !*i.discussionLocked || s.isMember(u, i.project)
}
