package issue

import (
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/fulltext"
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
	archived    bool     // include issues of archived projects
	byLabels    []string // the labels asked for, which do not count for the order by priority
	failure     error    // what is wrong with the request that its parameters do not show
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
	q.order = c.Params.EnumOr("order_by", "created_at", orders(c.Store.Edition)...)
	q.sort = c.Params.EnumOr("sort", "desc", "asc", "desc")
	q.scope(c, defaultScope)
	q.people(c)
	q.labels(c)
	q.milestones(c)
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
	if by := p.Int("closed_by_id"); by.OK() {
		q.add(func(i *store.Issue) bool { return i.ClosedBy != nil && i.ClosedBy.ID == by.Value }, false)
	}
	q.search(p)
	q.reactions(p, c.User)
	q.due(p, c.Store.Now())
	if c.Store.Edition.Enterprise() {
		q.enterpriseFilters(p, false)
	}
}

// enterpriseFilters adds the filters of the Enterprise Edition, which need no license. This instance has no epics, iterations
// or health status: asking for none of them matches all issues, anything else matches none.
func (q *query) enterpriseFilters(p *param.Params, negate bool) {
	if weight := p.Str("weight"); weight.OK() && weight.Value != "" {
		q.weight(p, weight.Value, negate)
	}
	for _, name := range []string{"epic_id", "iteration_id", "iteration_title", "health_status"} {
		if v := p.Str(name); v.OK() && v.Value != "" {
			q.add(func(*store.Issue) bool { return isNone(v.Value) }, negate)
		}
	}
}

// search uses full text. What PostgreSQL refuses becomes an error once the list is read.
func (q *query) search(p *param.Params) {
	text := p.Str("search").Value
	if strings.TrimSpace(text) == "" {
		return
	}
	found, err := fulltext.Parse(text, p.Str("in").Value)
	if q.failure = err; err == nil {
		q.add(func(i *store.Issue) bool { return found.Matches(i.Title, i.Description) }, false)
	}
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
	q.notLabels(c, p)
	q.notMilestones(c, p)
	q.numbers(p, true)
	p.Exclusive("author_id", "author_username")
	p.Exclusive("assignee_id", "assignee_username")
	q.notPeople(c, p)
	if c.Store.Edition.Enterprise() {
		q.enterpriseFilters(p, true)
	}
}

// orders are the values of order_by.
func orders(e store.Edition) []string {
	all := []string{"created_at", "updated_at", "priority", "due_date", "relative_position", "label_priority", "milestone_due", "popularity",
		"title"}
	if e.Enterprise() {
		all = append(all, "weight")
	}
	return all
}
