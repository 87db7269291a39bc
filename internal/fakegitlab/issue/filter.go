package issue

import (
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// predicate is one condition on an issue.
type predicate func(i *store.Issue) bool

func not(p predicate) predicate { return func(i *store.Issue) bool { return !p(i) } }

// query is a request for a list of issues.
type query struct {
	state       string
	conditions  []predicate // all must hold
	order, sort string
	details     bool
	archived    bool // include issues of archived projects
}

// isNone and isAny recognize the two special words of filters, in any letter case.
func isNone(v string) bool { return strings.EqualFold(v, "none") }

func isAny(v string) bool { return strings.EqualFold(v, "any") }

// kinds are the values of issue_type.
var kinds = []string{"issue", "incident", "test_case", "requirement", "task", "ticket"}

// queryOf reads every filter of the issue lists. defaultScope is what /issues shows by default.
func queryOf(c *rest.Call, defaultScope string) query {
	q := query{
		state:    c.Params.EnumOr("state", "all", "opened", "closed", "all"),
		details:  c.Params.BoolOr("with_labels_details", false),
		archived: !c.Params.Bool("non_archived").Or(true),
	}
	q.order = c.Params.EnumOr("order_by", "created_at", "created_at", "updated_at", "priority", "due_date", "relative_position",
		"label_priority", "milestone_due", "popularity", "title", "weight")
	q.sort = c.Params.EnumOr("sort", "desc", "asc", "desc")
	q.scope(c, defaultScope)
	q.people(c)
	q.labels(c.Params, false)
	q.milestones(c, c.Params, false)
	q.numbers(c.Params, false)
	q.times(c.Params)
	q.rest(c)
	q.negated(c)
	return q
}

func (q *query) add(p predicate, negate bool) {
	if negate {
		p = not(p)
	}
	q.conditions = append(q.conditions, p)
}

func (q *query) scope(c *rest.Call, def string) {
	values := []string{"created_by_me", "assigned_to_me", "all", "created-by-me", "assigned-to-me"}
	scope := c.Params.Enum("scope", values...).Value
	if !c.Params.Has("scope") && def != "" {
		scope = c.Params.EnumOr("scope", def, values...)
	}
	switch u := c.User; strings.ReplaceAll(scope, "-", "_") {
	case "created_by_me":
		q.add(func(i *store.Issue) bool { return i.Author == u }, false)
	case "assigned_to_me":
		q.add(func(i *store.Issue) bool { return slices.Contains(i.Assignees, u) }, false)
	}
}

// people adds the author and assignee filters, each by id or by name but not both.
func (q *query) people(c *rest.Call) {
	c.Params.Exclusive("author_id", "author_username")
	c.Params.Exclusive("assignee_id", "assignee_username")
	q.authors(c.Params, false)
	q.assignees(c, c.Params, false)
}

func (q *query) authors(p *param.Params, negate bool) {
	if id := p.Int("author_id"); id.OK() {
		q.add(func(i *store.Issue) bool { return i.Author.ID == id.Value }, negate)
	}
	if name := p.Str("author_username"); name.OK() && name.Value != "" {
		q.add(func(i *store.Issue) bool { return strings.EqualFold(i.Author.Username, name.Value) }, negate)
	}
}

func (q *query) assignees(c *rest.Call, p *param.Params, negate bool) {
	if who := p.Str("assignee_id"); who.OK() && who.Value != "" {
		q.assigneeID(p, who.Value, negate)
	}
	names := p.List("assignee_username").Value
	if len(names) > 1 && !c.Store.Edition.Paid() && !negate {
		p.Note("assignee_username", "allows one value, but found "+strconv.Itoa(len(names))+": "+strings.Join(names, ", "))
		return
	}
	for _, name := range names {
		q.add(func(i *store.Issue) bool {
			return slices.ContainsFunc(i.Assignees, func(u *store.User) bool { return strings.EqualFold(u.Username, name) })
		}, negate)
	}
}

func (q *query) assigneeID(p *param.Params, who string, negate bool) {
	id, err := strconv.Atoi(who)
	switch {
	case isNone(who), err == nil && id == 0:
		q.add(func(i *store.Issue) bool { return len(i.Assignees) == 0 }, negate)
	case isAny(who):
		q.add(func(i *store.Issue) bool { return len(i.Assignees) > 0 }, negate)
	case err != nil:
		p.Note("assignee_id", "should be an integer, 'None' or 'Any'")
	default:
		q.add(func(i *store.Issue) bool {
			return slices.ContainsFunc(i.Assignees, func(u *store.User) bool { return u.ID == id })
		}, negate)
	}
}

// labels requires all the labels; negated, it leaves out issues with any of them.
func (q *query) labels(p *param.Params, negate bool) {
	for _, name := range p.List("labels").Value {
		switch {
		case isNone(name):
			q.add(func(i *store.Issue) bool { return len(i.Labels) == 0 }, negate)
		case isAny(name):
			q.add(func(i *store.Issue) bool { return len(i.Labels) > 0 }, negate)
		default:
			q.add(func(i *store.Issue) bool { return hasLabel(i, name) }, negate)
		}
	}
}

// hasLabel compares names exactly. key::* matches any label of that scope. On a plan without scopes it is compared
// like any other name.
func hasLabel(i *store.Issue, name string) bool {
	for _, l := range i.Labels {
		if l.Name == name {
			return true
		}
	}
	if scope, ok := strings.CutSuffix(name, "::*"); ok {
		return slices.ContainsFunc(i.Labels, func(l *store.Label) bool { return l.Scope() == scope })
	}
	return false
}

func (q *query) milestones(c *rest.Call, p *param.Params, negate bool) {
	p.Exclusive("milestone", "milestone_id")
	if title := p.Str("milestone"); title.OK() && title.Value != "" {
		switch {
		case isNone(title.Value):
			q.add(func(i *store.Issue) bool { return i.Milestone == nil }, negate)
		case isAny(title.Value):
			q.add(func(i *store.Issue) bool { return i.Milestone != nil }, negate)
		default:
			q.add(func(i *store.Issue) bool { return i.Milestone != nil && i.Milestone.Title == title.Value }, negate)
		}
	}
	today := c.Store.Today()
	switch p.Enum("milestone_id", "Any", "None", "Upcoming", "Started").Value {
	case "None":
		q.add(func(i *store.Issue) bool { return i.Milestone == nil }, negate)
	case "Any":
		q.add(func(i *store.Issue) bool { return i.Milestone != nil }, negate)
	case "Upcoming":
		q.add(upcoming(today), negate)
	case "Started":
		q.add(func(i *store.Issue) bool {
			m := i.Milestone
			return m != nil && !m.Closed && m.StartDate != "" && m.StartDate <= today
		}, negate)
	}
}

func (q *query) numbers(p *param.Params, negate bool) {
	if iids := p.Ints("iids"); iids.OK() && len(iids.Value) > 0 {
		q.add(func(i *store.Issue) bool { return slices.Contains(iids.Value, i.IID) }, negate)
	}
}

func (q *query) rest(c *rest.Call) {
	p := c.Params
	if conf := p.Bool("confidential"); conf.OK() {
		q.add(func(i *store.Issue) bool { return i.Confidential == conf.Value }, false)
	}
	if kind := p.Enum("issue_type", kinds...); kind.OK() {
		q.add(func(i *store.Issue) bool { return i.Kind == kind.Value }, false)
	}
	if p.Int("closed_by_id").OK() { // a merge request that would close the issue; none does here
		q.add(func(*store.Issue) bool { return false }, false)
	}
	q.search(p)
	q.reactions(p, c.User)
	q.due(p, c.Store.Now())
	if c.Store.Edition.Paid() {
		q.paidFilters(p, false)
	}
}

// paidFilters adds the filters of the paid plans. This instance has no epics, iterations or
// health status: asking for none of them matches all issues, anything else matches none.
func (q *query) paidFilters(p *param.Params, negate bool) {
	if weight := p.Str("weight"); weight.OK() && weight.Value != "" {
		q.weight(p, weight.Value, negate)
	}
	for _, name := range []string{"epic_id", "iteration_id", "iteration_title", "health_status"} {
		if v := p.Str(name); v.OK() && v.Value != "" {
			q.add(func(*store.Issue) bool { return isNone(v.Value) }, negate)
		}
	}
}

func (q *query) search(p *param.Params) {
	in := p.List("in").Value
	for _, col := range in {
		if col != "title" && col != "description" {
			p.Note("in", "does not have a valid value")
			return
		}
	}
	text := p.Str("search")
	if !text.OK() || strings.TrimSpace(text.Value) == "" {
		return
	}
	m := param.NewMatcher(text.Value)
	title := len(in) == 0 || slices.Contains(in, "title")
	description := len(in) == 0 || slices.Contains(in, "description")
	q.add(func(i *store.Issue) bool {
		return title && m.Matches(i.Title) || description && m.Matches(i.Description)
	}, false)
}

func (q *query) reactions(p *param.Params, u *store.User) {
	name := p.Str("my_reaction_emoji")
	if !name.OK() || name.Value == "" {
		return
	}
	mine := func(i *store.Issue, fits func(*store.Award) bool) bool {
		return slices.ContainsFunc(i.Awards, func(a *store.Award) bool { return a.User == u && fits(a) })
	}
	always := func(*store.Award) bool { return true }
	switch {
	case isNone(name.Value):
		q.add(func(i *store.Issue) bool { return !mine(i, always) }, false)
	case isAny(name.Value):
		q.add(func(i *store.Issue) bool { return mine(i, always) }, false)
	default:
		q.add(func(i *store.Issue) bool { return mine(i, func(a *store.Award) bool { return a.Name == name.Value }) }, false)
	}
}

func (q *query) weight(p *param.Params, v string, negate bool) {
	n, err := strconv.Atoi(v)
	switch {
	case isNone(v):
		q.add(func(i *store.Issue) bool { return i.Weight == nil }, negate)
	case isAny(v):
		q.add(func(i *store.Issue) bool { return i.Weight != nil }, negate)
	case err != nil:
		p.Note("weight", "should be an integer, 'None' or 'Any'")
	default:
		q.add(func(i *store.Issue) bool { return i.Weight != nil && *i.Weight == n }, negate)
	}
}

// negated reads not[...].
func (q *query) negated(c *rest.Call) {
	if !c.Params.Has("not") {
		return
	}
	p := c.Params.Hash("not")
	q.labels(p, true)
	q.milestones(c, p, true)
	q.numbers(p, true)
	p.Exclusive("author_id", "author_username")
	p.Exclusive("assignee_id", "assignee_username")
	q.authors(p, true)
	q.assignees(c, p, true)
	if c.Store.Edition.Paid() {
		q.paidFilters(p, true)
	}
}
