package mergerequest

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// predicate is one condition on a merge request.
type predicate func(mr *store.MergeRequest) bool

// never is the condition that no merge request meets.
func never(*store.MergeRequest) bool { return false }

// query is a request for a list of merge requests.
type query struct {
	conditions   []predicate // all must hold
	order, sort  string
	details      bool // labels as objects
	simple       bool
	skipArchived bool
}

// scopes are the values of the parameter scope.
var scopes = []string{"created-by-me", "assigned-to-me", "created_by_me", "assigned_to_me", "reviews_for_me", "all"}

// queryOf reads every filter of the lists. defaultScope is what the list of the whole instance shows by default.
func queryOf(c *rest.Call, defaultScope string) query {
	var q query
	p := c.Params
	q.negatable(c, p, false)
	p.Exclusive("reviewer_id", "reviewer_username")
	q.state(p)
	q.order = p.EnumOr("order_by", "created_at", "created_at", "label_priority", "milestone_due", "popularity", "priority", "title",
		"updated_at", "merged_at")
	q.sort = p.EnumOr("sort", "desc", "asc", "desc")
	q.details = p.BoolOr("with_labels_details", false)
	p.BoolOr("with_merge_status_recheck", false)
	q.times(p)
	q.simple = p.Enum("view", "simple").OK()
	q.scope(c, defaultScope)
	q.branches(p)
	q.search(p)
	q.draft(p)
	if p.Has("not") {
		q.negatable(c, p.Hash("not"), true)
	}
	q.deployed(p)
	q.approved(c)
	q.merger(p)
	return q
}

func (q *query) fits(mr *store.MergeRequest) bool {
	for _, holds := range q.conditions {
		if !holds(mr) {
			return false
		}
	}
	return true
}

func (q *query) add(p predicate, negate bool) {
	if negate {
		positive := p
		p = func(mr *store.MergeRequest) bool { return !positive(mr) }
	}
	q.conditions = append(q.conditions, p)
}

// isNone and isAny recognize the two special words of filters, in any letter case.
func isNone(v string) bool { return strings.EqualFold(v, "none") }

func isAny(v string) bool { return strings.EqualFold(v, "any") }

// negatable adds the filters that can be in not[...] as well.
func (q *query) negatable(c *rest.Call, p *param.Params, negate bool) {
	p.Exclusive("author_id", "author_username")
	p.Exclusive("assignee_id", "assignee_username")
	author := func(mr *store.MergeRequest) []*store.User { return []*store.User{mr.Author} }
	assignees := func(mr *store.MergeRequest) []*store.User { return mr.Assignees }
	reviewers := func(mr *store.MergeRequest) []*store.User { return mr.Reviewers }
	if id := p.Int("author_id"); id.OK() {
		q.add(withID(author, id.Value), negate)
	}
	q.named(p, "author_username", author, negate)
	q.numbered(p, "assignee_id", assignees, negate)
	for _, name := range p.List("assignee_username").Value {
		q.add(withName(assignees, name), negate)
	}
	q.named(p, "reviewer_username", reviewers, negate)
	q.numbered(p, "reviewer_id", reviewers, negate)
	q.labels(p, negate)
	q.milestone(c, p, negate)
	q.reaction(p, c.User, negate)
}

// people are the users of a merge request that a filter is about.
type people func(mr *store.MergeRequest) []*store.User

func withID(of people, id int) predicate {
	return func(mr *store.MergeRequest) bool {
		return slices.ContainsFunc(of(mr), func(u *store.User) bool { return u.ID == id })
	}
}

func withName(of people, name string) predicate {
	return func(mr *store.MergeRequest) bool {
		return slices.ContainsFunc(of(mr), func(u *store.User) bool { return strings.EqualFold(u.Username, name) })
	}
}

func with(of people) predicate { return func(mr *store.MergeRequest) bool { return len(of(mr)) > 0 } }

// named adds a filter by user name, None or Any.
func (q *query) named(p *param.Params, name string, of people, negate bool) {
	switch v := p.Str(name); {
	case v.Value == "":
	case isNone(v.Value):
		q.add(with(of), !negate)
	case isAny(v.Value):
		q.add(with(of), negate)
	default:
		q.add(withName(of, v.Value), negate)
	}
}

// numbered adds a filter by user id, None or Any.
func (q *query) numbered(p *param.Params, name string, of people, negate bool) {
	v := p.Str(name).Value
	id, err := strconv.Atoi(v)
	switch {
	case v == "":
	case isNone(v), err == nil && id == 0:
		q.add(with(of), !negate)
	case isAny(v):
		q.add(with(of), negate)
	case err != nil:
		p.Note(name, "should be an integer, none, or any, however got "+v)
	default:
		q.add(withID(of, id), negate)
	}
}

// labels requires all the labels; negated, it leaves out what has any of them. None and Any count only when not negated.
func (q *query) labels(p *param.Params, negate bool) {
	labeled := func(mr *store.MergeRequest) bool { return len(mr.Labels) > 0 }
	for _, name := range p.List("labels").Value {
		switch {
		case isNone(name) && !negate:
			q.add(labeled, true)
			return
		case isAny(name) && !negate:
			q.add(labeled, false)
			return
		}
		q.add(func(mr *store.MergeRequest) bool {
			return slices.ContainsFunc(mr.Labels, func(l *store.Label) bool { return l.Name == name })
		}, negate)
	}
}

func (q *query) milestone(c *rest.Call, p *param.Params, negate bool) {
	today := c.Store.Today()
	some := func(mr *store.MergeRequest) bool { return mr.Milestone != nil }
	active := func(fits func(m *store.Milestone) bool) predicate {
		return func(mr *store.MergeRequest) bool { return some(mr) && !mr.Milestone.Closed && fits(mr.Milestone) }
	}
	switch title := p.Str("milestone").Value; {
	case title == "":
	case isNone(title) || title == "No Milestone":
		q.add(some, !negate)
	case isAny(title) || title == "Any Milestone":
		q.add(some, negate)
	case title == "#started":
		q.add(active(func(m *store.Milestone) bool { return m.StartDate != "" && m.StartDate <= today }), negate)
	case title == "#upcoming":
		q.add(active(func(m *store.Milestone) bool { return m.DueDate > today && m.StartDate > today }), negate)
	default:
		q.add(func(mr *store.MergeRequest) bool { return some(mr) && mr.Milestone.Title == title }, negate)
	}
}

func (q *query) reaction(p *param.Params, u *store.User, negate bool) {
	name := p.Str("my_reaction_emoji").Value
	if name == "" {
		return
	}
	mine := func(mr *store.MergeRequest) bool {
		return slices.ContainsFunc(mr.Awards, func(a *store.Award) bool {
			return a.User == u && (isNone(name) || isAny(name) || a.Name == name)
		})
	}
	q.add(mine, negate != isNone(name))
}

func (q *query) state(p *param.Params) {
	if state := p.EnumOr("state", "all", "opened", "closed", "locked", "merged", "all"); state != "all" {
		q.add(func(mr *store.MergeRequest) bool { return mr.State == state }, false)
	}
}

func (q *query) iids(p *param.Params) {
	if iids := p.Ints("iids"); len(iids.Value) > 0 {
		q.add(func(mr *store.MergeRequest) bool { return slices.Contains(iids.Value, mr.IID) }, false)
	}
}

func (q *query) times(p *param.Params) {
	created := func(mr *store.MergeRequest) time.Time { return mr.CreatedAt }
	updated := func(mr *store.MergeRequest) time.Time { return mr.UpdatedAt }
	for _, f := range []struct {
		name  string
		of    func(*store.MergeRequest) time.Time
		after bool
	}{
		{"created_after", created, true}, {"created_before", created, false},
		{"updated_after", updated, true}, {"updated_before", updated, false},
	} {
		if at := p.Time(f.name); at.OK() {
			q.add(func(mr *store.MergeRequest) bool {
				return !f.of(mr).Before(at.Value) == f.after || f.of(mr).Equal(at.Value)
			}, false)
		}
	}
}

func (q *query) scope(c *rest.Call, def string) {
	scope := c.Params.Enum("scope", scopes...).Value
	if !c.Params.Has("scope") && def != "" {
		scope = c.Params.EnumOr("scope", def, scopes...)
	}
	switch u := c.User; strings.ReplaceAll(scope, "-", "_") {
	case "created_by_me":
		q.add(func(mr *store.MergeRequest) bool { return u != nil && mr.Author == u }, false)
	case "assigned_to_me":
		q.add(func(mr *store.MergeRequest) bool { return slices.Contains(mr.Assignees, u) }, false)
	case "reviews_for_me":
		q.add(func(mr *store.MergeRequest) bool { return slices.Contains(mr.Reviewers, u) }, false)
	}
}

func (q *query) branches(p *param.Params) {
	if v := p.Str("source_branch").Value; v != "" {
		q.add(func(mr *store.MergeRequest) bool { return mr.Source == v }, false)
	}
	if id := p.Int("source_project_id"); id.OK() {
		q.add(func(mr *store.MergeRequest) bool { return mr.Project.ID == id.Value }, false)
	}
	if v := p.Str("target_branch").Value; v != "" {
		q.add(func(mr *store.MergeRequest) bool { return mr.Target == v }, false)
	}
}

// search looks at the title and the description, unless the request names one of them.
func (q *query) search(p *param.Params) {
	text, in := p.Str("search").Value, p.List("in").Value
	if strings.TrimSpace(text) == "" {
		return
	}
	m := param.NewMatcher(text)
	title, description := slices.Contains(in, "title"), slices.Contains(in, "description")
	if !title && !description {
		title, description = true, true
	}
	q.add(func(mr *store.MergeRequest) bool {
		return title && m.Matches(mr.Title) || description && m.Matches(mr.Description)
	}, false)
}

func (q *query) draft(p *param.Params) {
	if v := p.Enum("wip", "yes", "no"); v.OK() {
		q.add((*store.MergeRequest).Draft, v.Value == "no")
	}
}

// deployed knows of no deployment of a merge request.
func (q *query) deployed(p *param.Params) {
	for _, name := range []string{"deployed_before", "deployed_after", "environment"} {
		if p.Str(name).Value != "" {
			q.add(never, false)
		}
	}
}

// approved adds the filters about approvals; those that name users are only on the Enterprise Edition.
func (q *query) approved(c *rest.Call) {
	approvers := func(mr *store.MergeRequest) []*store.User { return mr.ApprovedBy }
	if v := c.Params.Enum("approved", "yes", "no"); v.OK() {
		q.add(with(approvers), v.Value == "no")
	}
	if !c.Store.Edition.Enterprise() {
		return
	}
	c.Params.Exclusive("approved_by_ids", "approved_by_usernames")
	for _, id := range c.Params.List("approved_by_ids").Value {
		q.listed(id, approvers, withID)
	}
	for _, name := range c.Params.List("approved_by_usernames").Value {
		q.add(withName(approvers, name), false)
	}
	for _, id := range c.Params.List("approver_ids").Value {
		q.listed(id, eligible, withID)
	}
}

// listed adds a filter by one id of a list, None or Any. A word is the id 0.
func (q *query) listed(id string, of people, fits func(people, int) predicate) {
	n, _ := strconv.Atoi(id)
	switch {
	case isNone(id):
		q.add(with(of), true)
	case isAny(id):
		q.add(with(of), false)
	default:
		q.add(fits(of, n), false)
	}
}

// eligible are the users that the project's approval rules name.
func eligible(mr *store.MergeRequest) []*store.User {
	var all []*store.User
	for _, r := range mr.Project.Rules {
		all = append(all, r.Users...)
	}
	return all
}

func (q *query) merger(p *param.Params) {
	p.Exclusive("merge_user_id", "merge_user_username")
	by := func(mr *store.MergeRequest) []*store.User {
		if mr.MergedBy == nil {
			return nil
		}
		return []*store.User{mr.MergedBy}
	}
	if id := p.Int("merge_user_id"); id.OK() {
		q.add(withID(by, id.Value), false)
	}
	if v := p.Str("merge_user_username").Value; v != "" {
		q.add(withName(by, v), false)
	}
}
