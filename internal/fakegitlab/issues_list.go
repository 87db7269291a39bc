package fakegitlab

import (
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func listAllIssues(c *call) (reply, error) {
	pg, q := c.paging(), issueQueryOf(c, "created_by_me")
	if err := listable(c); err != nil {
		return reply{}, err
	}
	if c.user == nil && c.p.str("scope").v != "all" {
		return reply{}, errUnauthorized()
	}
	c.view.everywhere = true
	return issuePage(c, pg, q, c.s.projects)
}

func listGroupIssues(c *call) (reply, error) {
	pg, q := c.paging(), issueQueryOf(c, "")
	if err := listable(c); err != nil {
		return reply{}, err
	}
	g, err := c.group()
	if err != nil {
		return reply{}, err
	}
	c.view.within = g
	return issuePage(c, pg, q, c.s.projectsWithin(g))
}

func listProjectIssues(c *call) (reply, error) {
	pg, q := c.paging(), issueQueryOf(c, "")
	keyset := c.p.enum("pagination", "legacy", "keyset").v == "keyset"
	cursor := c.p.str("cursor")
	q.archived = true
	if err := listable(c); err != nil {
		return reply{}, err
	}
	p, err := c.project()
	if err != nil {
		return reply{}, err
	}
	if keyset && (q.order == "created_at" || q.order == "updated_at") {
		return issuesAfter(c, pg, q, p, cursor.v)
	}
	return issuePage(c, pg, q, []*project{p})
}

// listable checks the parameters of a list, and counts it against the search limit when it has a search.
func listable(c *call) error {
	if err := c.p.err(); err != nil {
		return err
	}
	if c.p.str("search").v == "" {
		return nil
	}
	return c.spend(&c.limits.searches)
}

// issuePage cuts one page out of the issues of the projects.
//
// In the list of the whole instance, rows that the caller may not read are dropped only after the page was cut, so a
// page can be short; elsewhere they are missing from the start.
func issuePage(c *call, pg paging, q issueQuery, projects []*project) (reply, error) {
	projects = projectsListed(c, q, projects)
	hideConfidential(c, &q, projects)
	rows, total := q.cut(c.s, pg, projects)
	if c.view.everywhere {
		rows = slices.DeleteFunc(slices.Clone(rows), func(i *issue) bool { return !mayReadIssue(c.user, i) })
	}
	return issueRows(c, pg, q, rows, total)
}

func issueRows(c *call, pg paging, q issueQuery, rows []*issue, total int) (reply, error) {
	c.view.labelDetails = q.details
	return pageReply(c, pg, rows, total, func(e *enc, i *issue) { writeIssue(e, c, i) })
}

// projectsListed leaves out the projects whose issues the caller may not see, and archived ones unless wanted.
func projectsListed(c *call, q issueQuery, projects []*project) []*project {
	var listed []*project
	for _, p := range projects {
		if mayReadIssues(c.user, p) && (q.archived || !p.archived) {
			listed = append(listed, p)
		}
	}
	return listed
}

// hideConfidential adds the condition that the caller may read the issue, where it is not plain that they may.
func hideConfidential(c *call, q *issueQuery, projects []*project) {
	if c.view.everywhere {
		return
	}
	seesAll := func(p *project) bool { return mayReadInternal(c.user, p) }
	if !slices.ContainsFunc(projects, func(p *project) bool { return !seesAll(p) }) {
		return
	}
	q.add(func(i *issue) bool { return !i.confidential || seesConfidential(c.user, i) }, false)
}

func (q issueQuery) fits(i *issue) bool {
	switch q.state {
	case "opened":
		if i.closed {
			return false
		}
	case "closed":
		if !i.closed {
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

// cut gives the rows of the page and how many there are in all. The total is exact up to maxCounted; beyond that it
// only says whether there is a further page.
func (q issueQuery) cut(s *store, pg paging, projects []*project) (rows []*issue, total int) {
	if q.order != "created_at" {
		rows, total = q.firstSorted(projects, pg.page*pg.per, issueOrder(s, q))
		from, to := pg.bounds(len(rows))
		return rows[from:to], total
	}
	if len(projects) == 1 && q.state == "all" && len(q.conditions) == 0 {
		return q.slice(pg, projects[0].issues), len(projects[0].issues)
	}
	skip := (pg.page - 1) * pg.per
	enough := max(maxCounted, skip+pg.per)
	for i := range q.byCreation(projects) {
		if !q.fits(i) {
			continue
		}
		if total >= skip && len(rows) < pg.per {
			rows = append(rows, i)
		}
		if total++; total > enough {
			break
		}
	}
	return rows, total
}

// slice is the page of an unfiltered list: no issue outside it is looked at.
func (q issueQuery) slice(pg paging, issues []*issue) []*issue {
	from, to := pg.bounds(len(issues))
	if q.sort == "asc" {
		return issues[from:to]
	}
	rows := slices.Clone(issues[len(issues)-to : len(issues)-from])
	slices.Reverse(rows)
	return rows
}

func (q issueQuery) collect(projects []*project) []*issue {
	var all []*issue
	for _, p := range projects {
		for _, i := range p.issues {
			if q.fits(i) {
				all = append(all, i)
			}
		}
	}
	return all
}

// byCreation walks the issues of all projects in order of creation. Each project's are in that order already.
func (q issueQuery) byCreation(projects []*project) iter.Seq[*issue] {
	return func(yield func(*issue) bool) {
		heads := make([][]*issue, 0, len(projects))
		for _, p := range projects {
			if len(p.issues) > 0 {
				heads = append(heads, p.issues)
			}
		}
		for len(heads) > 0 {
			at := q.foremost(heads)
			var i *issue
			if rest := heads[at]; q.sort == "asc" {
				i, heads[at] = rest[0], rest[1:]
			} else {
				i, heads[at] = rest[len(rest)-1], rest[:len(rest)-1]
			}
			if len(heads[at]) == 0 {
				heads = slices.Delete(heads, at, at+1)
			}
			if !yield(i) {
				return
			}
		}
	}
}

// foremost says which project has the next issue.
func (q issueQuery) foremost(heads [][]*issue) int {
	best := 0
	for n := 1; n < len(heads); n++ {
		a, b := heads[n], heads[best]
		if q.sort == "asc" && byCreation(a[0], b[0]) < 0 ||
			q.sort != "asc" && byCreation(a[len(a)-1], b[len(b)-1]) > 0 {
			best = n
		}
	}
	return best
}

// issuesAfter is a page by keyset: no totals, and a link to the next page as long as there is one.
func issuesAfter(c *call, pg paging, q issueQuery, p *project, cursor string) (reply, error) {
	projects := projectsListed(c, q, []*project{p})
	hideConfidential(c, &q, projects)
	field := func(i *issue) time.Time { return i.createdAt }
	if q.order == "updated_at" {
		field = func(i *issue) time.Time { return i.updatedAt }
	}
	if cursor != "" {
		behind, err := behindCursor(cursor, field, q.sort == "asc")
		if err != nil {
			return reply{}, errParam("cursor is invalid")
		}
		q.add(behind, false)
	}
	rows, total := q.cut(c.s, paging{page: 1, per: pg.per}, projects)
	rep, err := issueRows(c, pg, q, rows, total)
	rep.header = http.Header{}
	if total > len(rows) {
		last := rows[len(rows)-1]
		mark := encodeCursor(fmt.Sprintf("%d:%d", field(last).UnixMilli(), last.id))
		rep.header.Set("Link", c.link("next", map[string]string{"cursor": mark}))
	}
	return rep, err
}

// behindCursor holds for issues that come after the one the cursor stands for.
func behindCursor(cursor string, field func(*issue) time.Time, ascending bool) (predicate, error) {
	text, ok := decodeCursor(cursor)
	millis, id, found := strings.Cut(text, ":")
	at, err1 := strconv.ParseInt(millis, 10, 64)
	last, err2 := strconv.Atoi(id)
	if !ok || !found || err1 != nil || err2 != nil {
		return nil, errMalformed()
	}
	return func(i *issue) bool {
		t := field(i).UnixMilli()
		if ascending {
			return t > at || t == at && i.id > last
		}
		return t < at || t == at && i.id < last
	}, nil
}

func allStatistics(c *call) (reply, error) {
	q := issueQueryOf(c, "created_by_me")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	return statistics(c, q, c.s.projects)
}

func groupStatistics(c *call) (reply, error) {
	q := issueQueryOf(c, "")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	g, err := c.group()
	if err != nil {
		return reply{}, err
	}
	return statistics(c, q, c.s.projectsWithin(g))
}

func projectStatistics(c *call) (reply, error) {
	q := issueQueryOf(c, "")
	q.archived = true
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	p, err := c.project()
	if err != nil {
		return reply{}, err
	}
	return statistics(c, q, []*project{p})
}

// statistics counts by state, whatever state was asked for.
func statistics(c *call, q issueQuery, projects []*project) (reply, error) {
	projects = projectsListed(c, q, projects)
	hideConfidential(c, &q, projects)
	q.state = "all"
	all, closed := q.collect(projects), 0
	for _, i := range all {
		if i.closed {
			closed++
		}
	}
	return c.json(http.StatusOK, func(e *enc) {
		for _, name := range []string{"statistics", "counts"} {
			if name == "statistics" {
				e.open('{')
			}
			e.key(name)
			e.open('{')
		}
		e.num("all", len(all))
		e.num("closed", closed)
		e.num("opened", len(all)-closed)
		e.shut('}')
		e.shut('}')
		e.shut('}')
	})
}
