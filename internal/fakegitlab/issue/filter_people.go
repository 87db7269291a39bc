package issue

import (
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// This file has the filters of the issue lists by author and assignee.

// people adds the author and assignee filters, each by id or by name but not both.
func (q *query) people(c *rest.Call) {
	c.Params.Exclusive("author_id", "author_username")
	c.Params.Exclusive("assignee_id", "assignee_username")
	if is := author(c.Params); is != nil {
		q.add(is, false)
	}
	q.assignees(c)
}

// author returns the condition for the author, nil without one.
func author(p *param.Params) predicate {
	if id := p.Int("author_id"); id.OK() {
		return func(i *store.Issue) bool { return i.Author.ID == id.Value }
	}
	if name := p.Str("author_username"); name.OK() && name.Value != "" {
		return func(i *store.Issue) bool { return strings.EqualFold(i.Author.Username, name.Value) }
	}
	return nil
}

// assignees requires all of the assignees.
func (q *query) assignees(c *rest.Call) {
	who := c.Params.Str("assignee_id").Value
	switch {
	case isNone(who):
		q.add(isAssigned, true)
	case isAny(who):
		q.add(isAssigned, false)
	case who != "":
		q.assigneeID(c.Params, who)
	}
	names := nonBlank(c.Params.Names("assignee_username").Value)
	if len(names) > 1 && !c.Store.Edition.Paid() {
		c.Params.Note("assignee_username", "allows one value, but found "+strconv.Itoa(len(names))+": "+strings.Join(names, ", "))
		return
	}
	for _, name := range names {
		q.add(assignedTo(name), false)
	}
}

func (q *query) assigneeID(p *param.Params, who string) {
	id, err := strconv.Atoi(strings.TrimSpace(who))
	if err != nil {
		p.Note("assignee_id", "should be an integer, none, or any, however got "+who)
		return
	}
	q.add(hasAssignee(id), false)
}

func isAssigned(i *store.Issue) bool { return len(i.Assignees) > 0 }

func hasAssignee(id int) predicate {
	return func(i *store.Issue) bool {
		return slices.ContainsFunc(i.Assignees, func(u *store.User) bool { return u.ID == id })
	}
}

func assignedTo(name string) predicate {
	return func(i *store.Issue) bool {
		return slices.ContainsFunc(i.Assignees, func(u *store.User) bool { return strings.EqualFold(u.Username, name) })
	}
}

func nonBlank(names []string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return name == "" })
}

// notPeople leaves out issues of an author and issues with any of the assignees. None and any are taken as ids, which
// nobody has.
func (q *query) notPeople(c *rest.Call, p *param.Params) {
	if is := author(p); is != nil {
		q.add(is, true)
	}
	if id, err := strconv.Atoi(p.Str("assignee_id").Value); err == nil {
		q.add(hasAssignee(id), true)
	}
	for _, name := range nonBlank(p.Names("assignee_username").Value) {
		q.add(assignedTo(name), true)
	}
}
