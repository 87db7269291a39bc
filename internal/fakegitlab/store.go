package fakegitlab

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Edition is the plan the instance claims to run on. It decides which paid features work.
type Edition string

// The editions. Free is the zero value's meaning.
const (
	Free     Edition = "free"
	Premium  Edition = "premium"
	Ultimate Edition = "ultimate"
)

// paid reports whether scoped labels, weights and several assignees work.
func (e Edition) paid() bool { return e == Premium || e == Ultimate }

// instance is what kind of GitLab it is.
type instance struct {
	edition Edition
	version string
	clock   func() time.Time
	tick    time.Duration // how far two stamps are apart at least
	noLinks bool          // there are no issue links
}

// enterprise reports whether it is the Enterprise Edition's code that runs. That is so on every plan, Free included.
func (in instance) enterprise() bool { return strings.HasSuffix(in.version, "-ee") }

// store is the state of the instance with its indexes.
type store struct {
	instance
	users      []*user
	groups     []*group
	projects   []*project
	tokens     map[string]*token
	issueByID  map[int]*issue
	userByID   map[int]*user
	last       counters
	lastStamp  time.Time
	groupPaths map[string]*group // full path in lower case
	projPaths  map[string]*project
}

// counters hold the last id given, by kind. They begin apart, so that an id mistaken for an iid or for the id of
// something else is not found.
type counters struct {
	user, group, project, milestone, label, issue, note, link, board, list, award int
	labelEvent, milestoneEvent, stateEvent, mergeRequest, rule                    int
}

func newStore(of instance) *store {
	return &store{
		instance:   of,
		tokens:     map[string]*token{},
		issueByID:  map[int]*issue{},
		userByID:   map[int]*user{},
		groupPaths: map[string]*group{},
		projPaths:  map[string]*project{},
		last: counters{
			group: 10, project: 30, milestone: 400, label: 2000, issue: 90000, note: 700000, link: 5000,
			board: 300, list: 3100, award: 8000, labelEvent: 11000, milestoneEvent: 12000, stateEvent: 13000,
			mergeRequest: 60000, rule: 800,
		},
	}
}

// next counts up and gives the new id.
func next(counter *int) int {
	*counter++
	return *counter
}

// now is the clock's reading in UTC, in the milliseconds that GitLab shows.
func (s *store) now() time.Time { return s.clock().UTC().Truncate(time.Millisecond) }

// today is the civil date in the instance's time zone, UTC.
func (s *store) today() string { return s.now().Format(time.DateOnly) }

// stamp is the instant of a write. No two are nearer than Instance.Tick. The write lock must be held.
func (s *store) stamp() time.Time {
	t := s.now()
	if after := s.lastStamp.Add(s.tick); !s.lastStamp.IsZero() && t.Before(after) {
		t = after
	}
	s.lastStamp = t
	return t
}

func (s *store) addRoot() {
	s.addUser(&user{username: "root", name: "Administrator", email: "root@gitlab.example.test", admin: true})
	s.addToken(&token{value: "sandbox-root", user: s.users[0]})
}

func (s *store) addUser(u *user) *user {
	u.id = next(&s.last.user)
	if u.createdAt.IsZero() {
		u.createdAt = s.stamp()
	}
	s.users = append(s.users, u)
	s.userByID[u.id] = u
	return u
}

// addToken makes a personal token with the scope api of what is left empty.
func (s *store) addToken(t *token) *token {
	if t.kind == "" {
		t.kind = personalToken
	}
	if t.scopes == nil {
		t.scopes = []string{"api"}
		if t.user.admin {
			t.scopes = append(t.scopes, "sudo")
		}
	}
	s.tokens[t.value] = t
	return t
}

func (s *store) addGroup(g *group) *group {
	g.id = next(&s.last.group)
	if g.createdAt.IsZero() {
		g.createdAt = s.stamp()
	}
	if g.visibility == "" {
		g.visibility = private
	}
	s.groups = append(s.groups, g)
	s.groupPaths[strings.ToLower(g.fullPath())] = g
	return g
}

func (s *store) addProject(p *project) *project {
	p.id = next(&s.last.project)
	if p.createdAt.IsZero() {
		p.createdAt = s.stamp()
	}
	p.lastActivityAt = p.createdAt
	if p.visibility == "" {
		p.visibility = private
	}
	p.issueByIID = map[int]*issue{}
	p.priorities = map[*label]int{}
	s.projects = append(s.projects, p)
	s.projPaths[strings.ToLower(p.fullPath())] = p
	return p
}

// addMilestone gives id, iid and the times that are missing, and hangs the milestone under its parent.
func (s *store) addMilestone(m *milestone) *milestone {
	m.id = next(&s.last.milestone)
	m.createdAt, m.updatedAt = s.times(m.createdAt, m.updatedAt)
	if p := m.parent.project; p != nil {
		m.iid = next(&p.lastMilesIID)
		p.milestones = append(p.milestones, m)
	} else {
		m.iid = next(&m.parent.group.lastMilesIID)
		m.parent.group.milestones = append(m.parent.group.milestones, m)
	}
	return m
}

func (s *store) addLabel(l *label) *label {
	l.id = next(&s.last.label)
	l.createdAt, l.updatedAt = s.times(l.createdAt, l.updatedAt)
	if p := l.parent.project; p != nil {
		p.labels = append(p.labels, l)
	} else {
		l.parent.group.labels = append(l.parent.group.labels, l)
	}
	return l
}

// times fills in what is missing: created is now, updated is created.
func (s *store) times(created, updated time.Time) (time.Time, time.Time) {
	if created.IsZero() {
		created = s.stamp()
	}
	if updated.IsZero() {
		updated = created
	}
	return created, updated
}

// addIssue gives id, iid and the times that are missing, and files the issue under its project.
// It writes no events: see setLabels and the like in change.go.
func (s *store) addIssue(i *issue) *issue {
	i.id = next(&s.last.issue)
	p := i.project
	if i.iid == 0 {
		i.iid = p.lastIssueIID + 1
	}
	p.lastIssueIID = max(p.lastIssueIID, i.iid)
	i.createdAt, i.updatedAt = s.times(i.createdAt, i.updatedAt)
	if i.kind == "" {
		i.kind = "issue"
	}
	i.position = 513 * i.iid
	p.fileIssue(i)
	p.issueByIID[i.iid] = i
	s.issueByID[i.id] = i
	if !i.closed {
		p.openIssues++
	}
	return i
}

// fileIssue keeps p.issues in order of creation, so that the usual lists need no sorting.
func (p *project) fileIssue(i *issue) {
	n := len(p.issues)
	if n == 0 || byCreation(p.issues[n-1], i) < 0 {
		p.issues = append(p.issues, i)
		return
	}
	at, _ := slices.BinarySearchFunc(p.issues, i, byCreation)
	p.issues = slices.Insert(p.issues, at, i)
}

// unfileIssue takes the issue out of the order of creation; createdAt must not have changed since it was filed.
func (p *project) unfileIssue(i *issue) {
	if at, ok := slices.BinarySearchFunc(p.issues, i, byCreation); ok {
		p.issues = slices.Delete(p.issues, at, at+1)
	}
}

func byCreation(a, b *issue) int {
	if c := a.createdAt.Compare(b.createdAt); c != 0 {
		return c
	}
	return cmp.Compare(a.id, b.id)
}

// addNote appends a note to the issue and moves the issue's updated_at along.
func (s *store) addNote(i *issue, n *note) *note {
	n.id = next(&s.last.note)
	n.createdAt, n.updatedAt = s.times(n.createdAt, n.updatedAt)
	i.notes = append(i.notes, n)
	s.touch(i, n.createdAt)
	return n
}

// systemNote records what happened to an issue where GitLab writes a note for it. Label, milestone and state changes
// are events instead.
func (s *store) systemNote(i *issue, by *user, body string) {
	s.addNote(i, &note{body: body, author: by, system: true})
}

// touch moves the issue's updated_at because something that hangs on it changed: a note, a label, an award. GitLab does
// so once a minute at most, and never back.
func (s *store) touch(i *issue, at time.Time) {
	if at.Sub(i.updatedAt) >= time.Minute {
		i.updatedAt = at
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

func (g *group) fullPath() string {
	if g.parent == nil {
		return g.path
	}
	return g.parent.fullPath() + "/" + g.path
}

func (g *group) fullName() string {
	if g.parent == nil {
		return g.name
	}
	return g.parent.fullName() + " / " + g.name
}

// lineage is the group and its ancestors, nearest first; empty for nil.
func (g *group) lineage() []*group {
	var all []*group
	for ; g != nil; g = g.parent {
		all = append(all, g)
	}
	return all
}

// within reports whether g is the ancestor or below it.
func (g *group) within(ancestor *group) bool {
	for ; g != nil; g = g.parent {
		if g == ancestor {
			return true
		}
	}
	return false
}

func (p *project) fullPath() string {
	if p.group != nil {
		return p.group.fullPath() + "/" + p.path
	}
	return p.owner.username + "/" + p.path
}

// projectsWithin lists the projects of a group and its subgroups, by id.
func (s *store) projectsWithin(g *group) []*project {
	var all []*project
	for _, p := range s.projects {
		if p.group.within(g) {
			all = append(all, p)
		}
	}
	return all
}

// lineage is the groups that a project's or group's milestones and labels may also come from, nearest first.
func (o parent) lineage() []*group {
	if o.project != nil {
		return o.project.group.lineage()
	}
	return o.group.lineage()
}

func (o parent) milestones() []*milestone {
	if o.project != nil {
		return o.project.milestones
	}
	return o.group.milestones
}

func (o parent) labels() []*label {
	if o.project != nil {
		return o.project.labels
	}
	return o.group.labels
}

func (o parent) fullPath() string {
	if o.project != nil {
		return o.project.fullPath()
	}
	return o.group.fullPath()
}

// userNamed finds a user by name in any case, nil for nobody.
func (s *store) userNamed(username string) *user {
	for _, u := range s.users {
		if strings.EqualFold(u.username, username) {
			return u
		}
	}
	return nil
}

// labelsUsable lists the labels an issue of the project may carry: its own and those of all groups above.
func (p *project) labelsUsable() []*label {
	all := slices.Clone(p.labels)
	for _, g := range p.group.lineage() {
		all = append(all, g.labels...)
	}
	return all
}

// labelNamed finds a usable label by its exact name, the project's own first.
func (p *project) labelNamed(name string) *label {
	for _, l := range p.labels {
		if l.name == name {
			return l
		}
	}
	for _, g := range p.group.lineage() {
		for _, l := range g.labels {
			if l.name == name {
				return l
			}
		}
	}
	return nil
}

// activeMilestone finds a milestone that an issue of the project may be given: an active one of the project or a group
// above. Closed, foreign and unknown ones are nil.
func (p *project) activeMilestone(fits func(*milestone) bool) *milestone {
	usable := func(m *milestone) bool { return !m.closed && fits(m) }
	if i := slices.IndexFunc(p.milestones, usable); i >= 0 {
		return p.milestones[i]
	}
	for _, g := range p.group.lineage() {
		if i := slices.IndexFunc(g.milestones, usable); i >= 0 {
			return g.milestones[i]
		}
	}
	return nil
}
