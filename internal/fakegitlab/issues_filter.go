package fakegitlab

import (
	"slices"
	"strconv"
	"strings"
)

// predicate is one condition on an issue.
type predicate func(i *issue) bool

func not(p predicate) predicate { return func(i *issue) bool { return !p(i) } }

// issueQuery is a list of issues as it was asked for.
type issueQuery struct {
	state       string
	conditions  []predicate // all must hold
	order, sort string
	details     bool
	archived    bool // issues of archived projects too
}

// none and any are special in filters, in any letter case.
func isNone(v string) bool { return strings.EqualFold(v, "none") }
func isAny(v string) bool  { return strings.EqualFold(v, "any") }

// issueKinds are the values of issue_type.
var issueKinds = []string{"issue", "incident", "test_case", "requirement", "task", "ticket"}

// issueQueryOf reads every filter of the issue lists. defaultScope is what /issues shows unless told otherwise.
func issueQueryOf(c *call, defaultScope string) issueQuery {
	q := issueQuery{
		state:    c.p.enumOr("state", "all", "opened", "closed", "all"),
		details:  c.p.boolOr("with_labels_details", false),
		archived: !c.p.bool("non_archived").or(true),
	}
	q.order = c.p.enumOr("order_by", "created_at", "created_at", "updated_at", "priority", "due_date", "relative_position",
		"label_priority", "milestone_due", "popularity", "title", "weight")
	q.sort = c.p.enumOr("sort", "desc", "asc", "desc")
	q.scope(c, defaultScope)
	q.people(c)
	q.labels(c.p, false)
	q.milestones(c, c.p, false)
	q.numbers(c.p, false)
	q.times(c.p)
	q.rest(c)
	q.negated(c)
	return q
}

func (q *issueQuery) add(p predicate, negate bool) {
	if negate {
		p = not(p)
	}
	q.conditions = append(q.conditions, p)
}

func (q *issueQuery) scope(c *call, def string) {
	values := []string{"created_by_me", "assigned_to_me", "all", "created-by-me", "assigned-to-me"}
	scope := c.p.enum("scope", values...).v
	if !c.p.has("scope") && def != "" {
		scope = c.p.enumOr("scope", def, values...)
	}
	switch u := c.user; strings.ReplaceAll(scope, "-", "_") {
	case "created_by_me":
		q.add(func(i *issue) bool { return i.author == u }, false)
	case "assigned_to_me":
		q.add(func(i *issue) bool { return slices.Contains(i.assignees, u) }, false)
	}
}

// people are the author and assignee filters, each by id or by name but not both.
func (q *issueQuery) people(c *call) {
	c.p.exclusive("author_id", "author_username")
	c.p.exclusive("assignee_id", "assignee_username")
	q.authors(c.p, false)
	q.assignees(c, c.p, false)
}

func (q *issueQuery) authors(p *params, negate bool) {
	if id := p.int("author_id"); id.ok() {
		q.add(func(i *issue) bool { return i.author.id == id.v }, negate)
	}
	if name := p.str("author_username"); name.ok() && name.v != "" {
		q.add(func(i *issue) bool { return strings.EqualFold(i.author.username, name.v) }, negate)
	}
}

func (q *issueQuery) assignees(c *call, p *params, negate bool) {
	if who := p.str("assignee_id"); who.ok() && who.v != "" {
		q.assigneeID(p, who.v, negate)
	}
	names := p.list("assignee_username").v
	if len(names) > 1 && !c.s.edition.paid() && !negate {
		p.note("assignee_username", "allows one value, but found "+itoa(len(names))+": "+strings.Join(names, ", "))
		return
	}
	for _, name := range names {
		q.add(func(i *issue) bool {
			return slices.ContainsFunc(i.assignees, func(u *user) bool { return strings.EqualFold(u.username, name) })
		}, negate)
	}
}

func (q *issueQuery) assigneeID(p *params, who string, negate bool) {
	id, err := strconv.Atoi(who)
	switch {
	case isNone(who), err == nil && id == 0:
		q.add(func(i *issue) bool { return len(i.assignees) == 0 }, negate)
	case isAny(who):
		q.add(func(i *issue) bool { return len(i.assignees) > 0 }, negate)
	case err != nil:
		p.note("assignee_id", "should be an integer, 'None' or 'Any'")
	default:
		q.add(func(i *issue) bool {
			return slices.ContainsFunc(i.assignees, func(u *user) bool { return u.id == id })
		}, negate)
	}
}

// labels must all be carried; negated, an issue with any of them is left out.
func (q *issueQuery) labels(p *params, negate bool) {
	for _, name := range p.list("labels").v {
		switch {
		case isNone(name):
			q.add(func(i *issue) bool { return len(i.labels) == 0 }, negate)
		case isAny(name):
			q.add(func(i *issue) bool { return len(i.labels) > 0 }, negate)
		default:
			q.add(func(i *issue) bool { return hasLabel(i, name) }, negate)
		}
	}
}

// hasLabel compares names exactly. key::* stands for any label of that scope; no label can bear that very name's
// meaning on a plan without scopes, where it is compared like any other.
func hasLabel(i *issue, name string) bool {
	for _, l := range i.labels {
		if l.name == name {
			return true
		}
	}
	if scope, ok := strings.CutSuffix(name, "::*"); ok {
		return slices.ContainsFunc(i.labels, func(l *label) bool { return l.scope() == scope })
	}
	return false
}

func (q *issueQuery) milestones(c *call, p *params, negate bool) {
	p.exclusive("milestone", "milestone_id")
	if title := p.str("milestone"); title.ok() && title.v != "" {
		switch {
		case isNone(title.v):
			q.add(func(i *issue) bool { return i.milestone == nil }, negate)
		case isAny(title.v):
			q.add(func(i *issue) bool { return i.milestone != nil }, negate)
		default:
			q.add(func(i *issue) bool { return i.milestone != nil && i.milestone.title == title.v }, negate)
		}
	}
	today := c.s.today()
	switch p.enum("milestone_id", "Any", "None", "Upcoming", "Started").v {
	case "None":
		q.add(func(i *issue) bool { return i.milestone == nil }, negate)
	case "Any":
		q.add(func(i *issue) bool { return i.milestone != nil }, negate)
	case "Upcoming":
		q.add(upcoming(today), negate)
	case "Started":
		q.add(func(i *issue) bool {
			m := i.milestone
			return m != nil && !m.closed && m.startDate != "" && m.startDate <= today
		}, negate)
	}
}

func (q *issueQuery) numbers(p *params, negate bool) {
	if iids := p.ints("iids"); iids.ok() && len(iids.v) > 0 {
		q.add(func(i *issue) bool { return slices.Contains(iids.v, i.iid) }, negate)
	}
}

func (q *issueQuery) rest(c *call) {
	p := c.p
	if conf := p.bool("confidential"); conf.ok() {
		q.add(func(i *issue) bool { return i.confidential == conf.v }, false)
	}
	if kind := p.enum("issue_type", issueKinds...); kind.ok() {
		q.add(func(i *issue) bool { return i.kind == kind.v }, false)
	}
	if p.int("closed_by_id").ok() { // a merge request that would close the issue; none does here
		q.add(func(*issue) bool { return false }, false)
	}
	q.search(p)
	q.reactions(p, c.user)
	q.due(p, c.s.now())
	if c.s.edition.paid() {
		q.paid(p, false)
	}
}

// paid are the filters of the paid plans. There are no epics and no iterations here, and no health is ever set: what
// asks for none of them fits all issues, anything else fits none.
func (q *issueQuery) paid(p *params, negate bool) {
	if weight := p.str("weight"); weight.ok() && weight.v != "" {
		q.weight(p, weight.v, negate)
	}
	for _, name := range []string{"epic_id", "iteration_id", "iteration_title", "health_status"} {
		if v := p.str(name); v.ok() && v.v != "" {
			q.add(func(*issue) bool { return isNone(v.v) }, negate)
		}
	}
}

func (q *issueQuery) search(p *params) {
	in := p.list("in").v
	for _, col := range in {
		if col != "title" && col != "description" {
			p.note("in", "does not have a valid value")
			return
		}
	}
	text := p.str("search")
	if !text.ok() || strings.TrimSpace(text.v) == "" {
		return
	}
	m := newMatcher(text.v)
	title := len(in) == 0 || slices.Contains(in, "title")
	description := len(in) == 0 || slices.Contains(in, "description")
	q.add(func(i *issue) bool {
		return title && m.matches(i.title) || description && m.matches(i.description)
	}, false)
}

func (q *issueQuery) reactions(p *params, u *user) {
	name := p.str("my_reaction_emoji")
	if !name.ok() || name.v == "" {
		return
	}
	mine := func(i *issue, fits func(*award) bool) bool {
		return slices.ContainsFunc(i.awards, func(a *award) bool { return a.user == u && fits(a) })
	}
	always := func(*award) bool { return true }
	switch {
	case isNone(name.v):
		q.add(func(i *issue) bool { return !mine(i, always) }, false)
	case isAny(name.v):
		q.add(func(i *issue) bool { return mine(i, always) }, false)
	default:
		q.add(func(i *issue) bool { return mine(i, func(a *award) bool { return a.name == name.v }) }, false)
	}
}

func (q *issueQuery) weight(p *params, v string, negate bool) {
	n, err := strconv.Atoi(v)
	switch {
	case isNone(v):
		q.add(func(i *issue) bool { return i.weight == nil }, negate)
	case isAny(v):
		q.add(func(i *issue) bool { return i.weight != nil }, negate)
	case err != nil:
		p.note("weight", "should be an integer, 'None' or 'Any'")
	default:
		q.add(func(i *issue) bool { return i.weight != nil && *i.weight == n }, negate)
	}
}

// negated reads not[...].
func (q *issueQuery) negated(c *call) {
	if !c.p.has("not") {
		return
	}
	p := c.p.hash("not")
	q.labels(p, true)
	q.milestones(c, p, true)
	q.numbers(p, true)
	p.exclusive("author_id", "author_username")
	p.exclusive("assignee_id", "assignee_username")
	q.authors(p, true)
	q.assignees(c, p, true)
	if c.s.edition.paid() {
		q.paid(p, true)
	}
}
