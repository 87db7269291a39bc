// Package access decides who may do what: the rights of users on projects, groups, issues and everything attached to
// them. Start with Level. It reads the state and never changes it, and it knows nothing about requests. A nil user
// is an anonymous one: a request without a token.
//
// Rights do not simply grow with the access level: a Planner may plan like a Reporter and delete issues like an
// Owner, which Developers and Maintainers may not.
package access

import (
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Level returns the user's access level in the project: the highest of the direct and the inherited memberships, and those in invited
// groups.
func Level(u *store.User, p *store.Project) int {
	if u == nil {
		return store.NoAccess
	}
	if p.Owner == u {
		return store.Owner
	}
	return max(LevelAmong(u, p.Members), invitedLevel(u, p.Invited), GroupLevel(u, p.Group))
}

// invitedLevel returns the user's level from groups that were invited. Groups that were invited into those do not count.
func invitedLevel(u *store.User, invited []store.Invitation) int {
	best := store.NoAccess
	for _, i := range invited {
		for _, g := range i.Group.Lineage() {
			best = max(best, min(i.Level, LevelAmong(u, g.Members)))
		}
	}
	return best
}

// GroupLevel returns the user's level in the group: direct, from an invited group, or inherited from a parent group. The group may be nil.
func GroupLevel(u *store.User, g *store.Group) int {
	best := store.NoAccess
	for ; g != nil && u != nil; g = g.Parent {
		best = max(best, LevelAmong(u, g.Members), invitedLevel(u, g.Invited))
	}
	return best
}

// LevelAmong returns the user's level in a list of members, 0 for a user who is not in it.
func LevelAmong(u *store.User, members []*store.Member) int {
	if i := slices.IndexFunc(members, func(m *store.Member) bool { return m.User == u }); i >= 0 {
		return members[i].Level
	}
	return store.NoAccess
}

func plans(level int) bool { return level == store.Planner || level >= store.Reporter }

// MayReadProject reports whether the user may see the project at all.
func MayReadProject(u *store.User, p *store.Project) bool {
	return visible(u, p.Visibility) || Level(u, p) >= store.Guest
}

// MayReadGroup reports whether the user may see the group. Members of anything below the group may.
func MayReadGroup(s *store.Store, u *store.User, g *store.Group) bool {
	if visible(u, g.Visibility) || GroupLevel(u, g) >= store.Guest {
		return true
	}
	inProject := func(p *store.Project) bool { return LevelAmong(u, p.Members) >= store.Guest && p.Group.Within(g) }
	inGroup := func(sub *store.Group) bool { return LevelAmong(u, sub.Members) >= store.Guest && sub.Within(g) }
	return slices.ContainsFunc(s.Projects, inProject) || slices.ContainsFunc(s.Groups, inGroup)
}

func visible(u *store.User, visibility string) bool {
	return visibility == store.Public || visibility == store.Internal && u != nil || u.IsAdmin()
}

// MayPlan reports whether the user may edit milestones, labels, boards and any issue of the project: Planner or
// Reporter and up. Without issues and merge requests there is nothing to plan.
func MayPlan(u *store.User, p *store.Project) bool {
	some := MayUse(u, p, store.IssuesFeature) || MayUse(u, p, store.MergeRequestsFeature)
	return some && !p.Archived && (u.IsAdmin() || plans(Level(u, p)))
}

// MayPlanGroup is MayPlan for a group.
func MayPlanGroup(u *store.User, g *store.Group) bool {
	return u.IsAdmin() || plans(GroupLevel(u, g))
}

// MayPlanIn is MayPlan or MayPlanGroup, depending on the parent.
func MayPlanIn(u *store.User, o store.Parent) bool {
	if o.Project != nil {
		return MayPlan(u, o.Project)
	}
	return MayPlanGroup(u, o.Group)
}

// MayReadIssues reports whether the user may see the project's issues at all.
func MayReadIssues(u *store.User, p *store.Project) bool {
	return MayUse(u, p, store.IssuesFeature)
}

// MayReadIssue reports whether the user may read this issue.
func MayReadIssue(u *store.User, i *store.Issue) bool {
	return MayReadIssues(u, i.Project) && (!i.Confidential || SeesConfidential(u, i))
}

// SeesConfidential reports whether the user may read this issue if it is confidential.
func SeesConfidential(u *store.User, i *store.Issue) bool {
	return u != nil && (i.Author == u || slices.Contains(i.Assignees, u) || MayReadInternal(u, i.Project))
}

// MayReadInternal reports whether the user may read confidential issues and internal notes, even in an archived
// project.
func MayReadInternal(u *store.User, p *store.Project) bool {
	return u.IsAdmin() || plans(Level(u, p))
}

// MayReadNote reports whether the user may read a note in the project, if they may read what it belongs to: internal
// notes only those who plan, that an issue mentions this one only those who may read that issue.
func MayReadNote(u *store.User, p *store.Project, n *store.Note) bool {
	return (!n.Internal || MayReadInternal(u, p)) && (n.Mention == nil || MayReadIssue(u, n.Mention))
}

// MayCreateIssue reports whether the user may open issues and write notes: members, and on projects open to everyone
// any signed-in user.
func MayCreateIssue(u *store.User, p *store.Project) bool {
	return u != nil && !p.Archived && MayReadIssues(u, p)
}

// MayUpdateIssue reports whether the user may edit, close and reopen this issue.
func MayUpdateIssue(u *store.User, i *store.Issue) bool {
	if u == nil || i.Project.Archived || !MayReadIssue(u, i) {
		return false
	}
	return i.Author == u || slices.Contains(i.Assignees, u) || MayPlan(u, i.Project)
}

// MaySetMetadata reports whether the user may give a new issue labels, a milestone, assignees and a due date.
func MaySetMetadata(u *store.User, p *store.Project) bool {
	return u.IsAdmin() || Level(u, p) >= store.Guest
}

// MayChangeKind reports whether the user may turn an issue into an incident and back.
func MayChangeKind(u *store.User, p *store.Project) bool {
	return !p.Archived && (u.IsAdmin() || Level(u, p) >= store.Developer)
}

// MayWriteTimeline reports whether the user may add events to the timeline of incidents.
func MayWriteTimeline(u *store.User, p *store.Project) bool {
	return !p.Archived && MayReadIssues(u, p) && (u.IsAdmin() || Level(u, p) >= store.Developer)
}

// MayDeleteIssue reports whether the user may delete this issue: Planners and Owners may, the levels in between may
// not.
func MayDeleteIssue(u *store.User, i *store.Issue) bool {
	if i.Project.Archived || !MayReadIssues(u, i.Project) {
		return false
	}
	level := Level(u, i.Project)
	return u.IsAdmin() || level == store.Planner || level >= store.Owner
}

// MayModerate reports whether the user may edit and delete other people's notes.
func MayModerate(u *store.User, p *store.Project) bool {
	return !p.Archived && (u.IsAdmin() || Level(u, p) >= store.Maintainer)
}

// MayBackdate reports whether the user may choose created_at, updated_at and iid.
func MayBackdate(u *store.User, p *store.Project) bool {
	return u.IsAdmin() || Level(u, p) >= store.Owner
}

// isMember tells members apart from the public, for locked discussions.
func isMember(u *store.User, p *store.Project) bool {
	return u.IsAdmin() || Level(u, p) >= store.Guest
}

// MayComment reports whether the user may write notes and awards on the issue.
func MayComment(u *store.User, i *store.Issue) bool {
	if !MayCreateIssue(u, i.Project) || !MayReadIssue(u, i) {
		return false
	}
	return i.DiscussionLocked == nil || !*i.DiscussionLocked || isMember(u, i.Project)
}

// MayLink reports whether the user may link issues of the project: Guest is enough, in both projects.
func MayLink(u *store.User, p *store.Project) bool {
	return !p.Archived && MayReadIssues(u, p) && isMember(u, p)
}

// MayResolve reports whether the user may resolve discussions on the issue: its author and Developers may.
func MayResolve(u *store.User, i *store.Issue) bool {
	return MayComment(u, i) && (i.Author == u || u.IsAdmin() || Level(u, i.Project) >= store.Developer)
}
