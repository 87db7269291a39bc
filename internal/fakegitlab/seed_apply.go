package fakegitlab

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// plant adds a seed to the state. It goes on after an error and returns all of
// them, each with the place in the seed; an instance that gave one is not to
// be used.
func plant(s *store, seed Seed) error {
	a := planting{s: s}
	for n, u := range seed.Users {
		a.at("users[%d]", n, func() { a.user(u) })
	}
	for n, g := range seed.Groups {
		a.at("groups[%d]", n, func() { a.group(g) })
	}
	for n, p := range seed.Projects {
		a.at("projects[%d]", n, func() { a.project(p) })
	}
	for _, link := range a.links {
		link()
	}
	return errors.Join(a.errs...)
}

// planting is a seed being applied.
type planting struct {
	s     *store
	path  []string // where in the seed we are
	errs  []error
	links []func() // links wait until all issues are there
}

func (a *planting) at(format string, n int, do func()) {
	a.path = append(a.path, fmt.Sprintf(format, n))
	do()
	a.path = a.path[:len(a.path)-1]
}

func (a *planting) fail(format string, args ...any) {
	a.errs = append(a.errs, fmt.Errorf("seed %s: %s", strings.Join(a.path, "."), fmt.Sprintf(format, args...)))
}

func (a *planting) user(in SeedUser) {
	if in.Username == "" || a.s.userNamed(in.Username) != nil {
		a.fail("username %q is empty or taken", in.Username)
		return
	}
	u := a.s.addUser(&user{
		username: in.Username, name: cmp.Or(in.Name, in.Username), admin: in.Admin, bot: in.Bot, blocked: in.Blocked,
		email: cmp.Or(in.Email, in.Username+"@gitlab.example.test"),
	})
	t := &token{
		value: cmp.Or(in.Token, "sandbox-"+in.Username), user: u, scopes: in.Scopes, expires: in.Expires, revoked: in.Revoked,
	}
	if a.s.tokens[t.value] != nil {
		a.fail("token of %s is taken", in.Username)
		return
	}
	a.s.addToken(t)
}

// username finds a user. def stands in for an empty name, and for an unknown
// one, which is an error.
func (a *planting) username(name string, def *user) *user {
	if name == "" {
		return def
	}
	if u := a.s.userNamed(name); u != nil {
		return u
	}
	a.fail("no user %q", name)
	return def
}

func (a *planting) usernames(names []string) []*user {
	var all []*user
	for _, name := range names {
		if u := a.username(name, nil); u != nil {
			all = append(all, u)
		}
	}
	return all
}

// fix makes the next id the wanted one, unless that is 0.
func (a *planting) fix(counter *int, id int) {
	switch {
	case id == 0:
	case id <= *counter:
		a.fail("id %d may be taken: ids are given in rising order, and the last was %d", id, *counter)
	default:
		*counter = id - 1
	}
}

// cutPath splits a full path into the group above and the last part.
func (a *planting) cutPath(path string) (above *group, namespace, last string) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return nil, "", path
	}
	return a.s.groupPaths[strings.ToLower(path[:i])], path[:i], path[i+1:]
}

func (a *planting) group(in SeedGroup) {
	above, namespace, last := a.cutPath(in.Path)
	if last == "" || a.s.groupPaths[strings.ToLower(in.Path)] != nil || namespace != "" && above == nil {
		a.fail("path %q is empty or taken, or the group above is not there", in.Path)
		return
	}
	a.fix(&a.s.last.group, in.ID)
	g := a.s.addGroup(&group{
		name: cmp.Or(in.Name, last), path: last, parent: above, visibility: in.Visibility, description: in.Description,
	})
	g.members = a.members(in.Members)
	o := parent{group: g}
	a.labels(o, in.Labels)
	a.milestones(o, in.Milestones)
	g.boards = a.boards(o, in.Boards)
}

// roleLevel is the access level of a role, 0 for what is none.
func roleLevel(role string) int {
	switch role {
	case "minimal":
		return minimalAccess
	case "guest":
		return guest
	case "planner":
		return planner
	case "reporter":
		return reporter
	case "developer":
		return developer
	case "maintainer":
		return maintainer
	case "owner":
		return owner
	}
	return noAccess
}

// roleName is the name of an access level, empty for none.
func roleName(level int) string {
	for _, role := range []string{"minimal", "guest", "planner", "reporter", "developer", "maintainer", "owner"} {
		if roleLevel(role) == level {
			return role
		}
	}
	return ""
}

func (a *planting) members(in []SeedMember) []*member {
	var all []*member
	for _, m := range in {
		level := roleLevel(m.Role)
		if level == noAccess {
			a.fail("member %s: no role %q", m.User, m.Role)
			continue
		}
		if u := a.username(m.User, nil); u != nil {
			all = append(all, &member{user: u, level: level, createdAt: u.createdAt, createdBy: a.s.users[0]})
		}
	}
	return all
}

func (a *planting) labels(o parent, in []SeedLabel) {
	for _, l := range in {
		color, ok := parseColor(cmp.Or(l.Color, defaultLabelColor))
		if !ok || slices.ContainsFunc(o.labels(), func(x *label) bool { return x.name == l.Name }) {
			a.fail("label %q is there already or has no colour", l.Name)
			continue
		}
		made := a.s.addLabel(&label{parent: o, name: l.Name, color: color, description: l.Description})
		if l.Priority != nil && o.project != nil {
			o.project.priorities[made] = *l.Priority
		}
	}
}

func (a *planting) milestones(o parent, in []SeedMilestone) {
	for _, m := range in {
		a.s.addMilestone(&milestone{
			parent: o, title: m.Title, description: m.Description, closed: m.Closed,
			startDate: castDate(m.StartDate), dueDate: castDate(m.DueDate), createdAt: m.CreatedAt,
		})
	}
}

func (a *planting) boards(o parent, in []SeedBoard) []*board {
	var all []*board
	for _, b := range in {
		made := &board{id: next(&a.s.last.board), parent: o, name: b.Name}
		for _, name := range b.Lists {
			at := slices.IndexFunc(labelsOf(o, ancestors), func(l *label) bool { return l.name == name })
			if at < 0 {
				a.fail("board %s: no label %q", b.Name, name)
				continue
			}
			made.lists = append(made.lists, &boardList{
				id: next(&a.s.last.list), label: labelsOf(o, ancestors)[at], updatedAt: a.s.now(),
			})
		}
		all = append(all, made)
	}
	return all
}

func (a *planting) project(in SeedProject) {
	above, namespace, last := a.cutPath(in.Path)
	p := &project{
		name: cmp.Or(in.Name, last), path: last, group: above, description: in.Description, visibility: in.Visibility,
		archived: in.Archived, issuesDisabled: in.IssuesDisabled, issueTemplate: in.IssueTemplate,
	}
	if above == nil {
		p.owner = a.s.userNamed(namespace)
	}
	if last == "" || a.s.projPaths[strings.ToLower(in.Path)] != nil || above == nil && p.owner == nil {
		a.fail("path %q is empty or taken, or there is no group or user above", in.Path)
		return
	}
	a.fix(&a.s.last.project, in.ID)
	a.s.addProject(p)
	p.members = a.members(in.Members)
	o := parent{project: p}
	a.labels(o, in.Labels)
	for name, priority := range in.GroupPriorities {
		if l := p.labelNamed(name); l != nil {
			p.priorities[l] = priority
		} else {
			a.fail("group_priorities: no label %q", name)
		}
	}
	a.milestones(o, in.Milestones)
	for n, i := range in.Issues {
		a.at("issues[%d]", n, func() { a.issue(p, i) })
	}
	p.boards = a.boards(o, in.Boards)
	for n, mr := range in.MergeRequests {
		a.at("merge_requests[%d]", n, func() { a.mergeRequest(p, mr) })
	}
	a.approvals(p, in)
}

// milestoneTitled finds a milestone by title in the project or a group above,
// open or closed.
func (a *planting) milestoneTitled(p *project, title string) *milestone {
	if title == "" {
		return nil
	}
	titled := func(m *milestone) bool { return m.title == title }
	if n := slices.IndexFunc(p.milestones, titled); n >= 0 {
		return p.milestones[n]
	}
	for _, g := range p.group.lineage() {
		if n := slices.IndexFunc(g.milestones, titled); n >= 0 {
			return g.milestones[n]
		}
	}
	a.fail("no milestone %q", title)
	return nil
}

// labelNamed finds a label for an issue and makes it if there is none.
func (a *planting) labelNamed(p *project, name string) *label {
	if l := p.labelNamed(name); l != nil {
		return l
	}
	return a.s.addLabel(&label{parent: parent{project: p}, name: name, color: defaultLabelColor})
}

func (a *planting) labelsNamed(p *project, names []string) []*label {
	var all []*label
	for _, name := range names {
		if l := a.labelNamed(p, name); !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	return all
}

func (a *planting) mergeRequest(p *project, in SeedMergeRequest) {
	mr := &mergeRequest{
		id: next(&a.s.last.mergeRequest), iid: len(p.mergeRequests) + 1, project: p,
		title: in.Title, description: in.Description, state: cmp.Or(in.State, "opened"),
		author: a.username(in.Author, a.s.users[0]), assignees: a.usernames(in.Assignees), reviewers: a.usernames(in.Reviewers),
		labels: a.labelsNamed(p, in.Labels), milestone: a.milestoneTitled(p, in.Milestone),
		source: in.SourceBranch, target: cmp.Or(in.TargetBranch, "main"),
		approvedBy: a.usernames(in.ApprovedBy), approvalsRequired: in.ApprovalsRequired,
		mergedAt: in.MergedAt, mergedBy: a.username(in.MergedBy, nil),
	}
	for _, f := range in.Files {
		mr.files = append(mr.files, changedFile{
			path: f.Path, from: cmp.Or(f.From, f.Path), added: f.Added, deleted: f.Deleted, diff: cmp.Or(f.Diff, "@@ -1 +1 @@\n-before\n+after\n"),
		})
	}
	mr.createdAt, mr.updatedAt = a.s.times(in.CreatedAt, in.MergedAt)
	p.mergeRequests = append(p.mergeRequests, mr)
}

func (a *planting) approvals(p *project, in SeedProject) {
	p.approvals = approvalSettings{
		keepOnPush: in.Approvals.KeepOnPush, authorMayApprove: in.Approvals.AuthorMayApprove,
		committersMayNot: in.Approvals.CommittersMayNot, noOverride: in.Approvals.NoOverride,
		requirePassword: in.Approvals.RequirePassword, approvalsRequired: in.Approvals.Required,
		selectiveCodeOwner: in.Approvals.SelectiveCodeOwner,
	}
	for _, r := range in.ApprovalRules {
		rule := &approvalRule{
			id: next(&a.s.last.rule), name: r.Name, kind: cmp.Or(r.Type, "regular"), required: r.Required, users: a.usernames(r.Users),
			branches: r.Branches,
		}
		for _, path := range r.Groups {
			if g := a.s.groupPaths[strings.ToLower(path)]; g != nil {
				rule.groups = append(rule.groups, g)
			} else {
				a.fail("approval rule %s: no group %q", r.Name, path)
			}
		}
		p.rules = append(p.rules, rule)
	}
}

// Account is one user as a table of accounts shows it.
type Account struct {
	Username string
	Name     string
	Token    string // the first one that is not revoked
	Role     string // the highest, such as "maintainer of acme"; "administrator"; "" for none
}

// accounts lists the users that have a token, in the order they were made.
func accounts(s *store) []Account {
	var all []Account
	for _, u := range s.users {
		var values []string
		for _, t := range s.tokens {
			if t.user == u && !t.revoked {
				values = append(values, t.value)
			}
		}
		if len(values) > 0 {
			all = append(all, Account{u.username, u.name, slices.Min(values), roleOf(s, u)})
		}
	}
	return all
}

func roleOf(s *store, u *user) string {
	if u.admin {
		return "administrator"
	}
	best, where := noAccess, ""
	better := func(members []*member, path string) {
		if level := levelAmong(u, members); level > best {
			best, where = level, path
		}
	}
	for _, g := range s.groups {
		better(g.members, g.fullPath())
	}
	for _, p := range s.projects {
		better(p.members, p.fullPath())
	}
	if name := roleName(best); name != "" {
		return name + " of " + where
	}
	return ""
}

func latest(times ...time.Time) time.Time {
	return slices.MaxFunc(times, time.Time.Compare)
}
