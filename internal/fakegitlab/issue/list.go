package issue

import (
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func listAll(c *rest.Call) (rest.Reply, error) {
	pg, q := c.Paging(), queryOf(c, "created_by_me")
	if err := checkList(c); err != nil {
		return rest.Reply{}, err
	}
	if c.User == nil && c.Params.Str("scope").Value != "all" {
		return rest.Reply{}, failure.Unauthorized()
	}
	c.View.Everywhere = true
	return page(c, pg, q, c.Store.Projects)
}

func listOfGroup(c *rest.Call) (rest.Reply, error) {
	pg, q := c.Paging(), queryOf(c, "")
	if err := checkList(c); err != nil {
		return rest.Reply{}, err
	}
	g, err := c.Group()
	if err != nil {
		return rest.Reply{}, err
	}
	c.View.Within = g
	return page(c, pg, q, c.Store.ProjectsWithin(g))
}

func listOfProject(c *rest.Call) (rest.Reply, error) {
	pg, q := c.Paging(), queryOf(c, "")
	keyset := c.Params.Enum("pagination", "legacy", "keyset").Value == "keyset"
	cursor := c.Params.Str("cursor")
	q.archived = true
	if err := checkList(c); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	if err != nil {
		return rest.Reply{}, err
	}
	if keyset && (q.order == "created_at" || q.order == "updated_at") {
		return listAfter(c, pg, q, p, cursor.Value)
	}
	return page(c, pg, q, []*store.Project{p})
}

// checkList checks the parameters of a list, and counts it against the search limit if it has a search.
func checkList(c *rest.Call) error {
	if err := c.Params.Err(); err != nil {
		return err
	}
	if c.Params.Str("search").Value == "" {
		return nil
	}
	return c.Spend(&c.Limits.Searches)
}

// page returns one page of the projects' issues.
//
// In the list of the whole instance, rows that the caller may not read are dropped only after paging, so a page can
// be short. Elsewhere they are left out before.
func page(c *rest.Call, pg rest.Paging, q query, projects []*store.Project) (rest.Reply, error) {
	if q.failure != nil {
		return rest.Reply{}, q.failure
	}
	projects = projectsListed(c, q, projects)
	hideConfidential(c, &q, projects)
	rows, total := q.cut(pg, projects)
	if c.View.Everywhere {
		rows = slices.DeleteFunc(slices.Clone(rows), func(i *store.Issue) bool { return !access.MayReadIssue(c.User, i) })
	}
	return listRows(c, pg, q, rows, total)
}

func listRows(c *rest.Call, pg rest.Paging, q query, rows []*store.Issue, total int) (rest.Reply, error) {
	c.View.LabelDetails = q.details
	show := write
	if c.View.Basic {
		show = writeBasic
	}
	return rest.Page(c, pg, rows, total, func(e *jsonenc.Encoder, i *store.Issue) { show(e, c, i) })
}

// projectsListed leaves out projects whose issues the caller may not see, and archived ones unless wanted.
func projectsListed(c *rest.Call, q query, projects []*store.Project) []*store.Project {
	var listed []*store.Project
	for _, p := range projects {
		if access.MayReadIssues(c.User, p) && (q.archived || !p.Archived) {
			listed = append(listed, p)
		}
	}
	return listed
}

// hideConfidential adds the condition that the caller may read the issue, unless they may read all of them anyway.
func hideConfidential(c *rest.Call, q *query, projects []*store.Project) {
	if c.View.Everywhere {
		return
	}
	seesAll := func(p *store.Project) bool { return access.MayReadInternal(c.User, p) }
	if !slices.ContainsFunc(projects, func(p *store.Project) bool { return !seesAll(p) }) {
		return
	}
	q.add(func(i *store.Issue) bool { return !i.Confidential || access.SeesConfidential(c.User, i) }, false)
}

func (q query) fits(i *store.Issue) bool {
	switch q.state {
	case "opened":
		if i.Closed {
			return false
		}
	case "closed":
		if !i.Closed {
			return false
		}
	}
	for _, holds := range q.conditions {
		if !holds(i) {
			return false
		}
	}
	return true
}

// cut returns the rows of the page and the total. The total is exact up to rest.MaxCounted; above that it only says
// whether there is another page.
func (q query) cut(pg rest.Paging, projects []*store.Project) (rows []*store.Issue, total int) {
	if q.order != "created_at" {
		rows, total = q.firstSorted(projects, pg.Page*pg.Per, ordering(q))
		from, to := pg.Bounds(len(rows))
		return rows[from:to], total
	}
	if len(projects) == 1 && q.state == "all" && len(q.conditions) == 0 {
		return q.slice(pg, projects[0].Issues), len(projects[0].Issues)
	}
	skip := (pg.Page - 1) * pg.Per
	enough := max(rest.MaxCounted, skip+pg.Per)
	for i := range q.byCreation(projects) {
		if !q.fits(i) {
			continue
		}
		if total >= skip && len(rows) < pg.Per {
			rows = append(rows, i)
		}
		if total++; total > enough {
			break
		}
	}
	return rows, total
}

// slice returns the page of an unfiltered list without looking at any other issue.
func (q query) slice(pg rest.Paging, issues []*store.Issue) []*store.Issue {
	from, to := pg.Bounds(len(issues))
	if q.sort != "asc" {
		rows := slices.Clone(issues[len(issues)-to : len(issues)-from])
		slices.Reverse(rows)
		return rows
	}
	first, last := from, to
	for ; first > 0 && first < len(issues) && sameInstant(issues[first-1], issues[first]); first-- {
	}
	for ; last > 0 && last < len(issues) && sameInstant(issues[last-1], issues[last]); last++ {
	}
	rows := make([]*store.Issue, 0, last-first)
	for h := newHead(issues[first:last], true); h.more(); h.drop() {
		rows = append(rows, h.peek())
	}
	return rows[from-first : to-first]
}

func (q query) collect(projects []*store.Project) []*store.Issue {
	var all []*store.Issue
	for _, p := range projects {
		for _, i := range p.Issues {
			if q.fits(i) {
				all = append(all, i)
			}
		}
	}
	return all
}
