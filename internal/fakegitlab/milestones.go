package fakegitlab

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

func milestoneRoutes() []route {
	var rows []route
	for _, base := range []string{"/projects/:id/milestones", "/groups/:id/milestones"} {
		one := base + "/:milestone_id"
		rows = append(rows,
			get(base, listMilestones), post(base, createMilestone),
			get(one, getMilestone), put(one, updateMilestone), del(one, deleteMilestone),
		)
	}
	return append(rows, post("/projects/:id/milestones/:milestone_id/promote", promoteMilestone))
}

// milestoneFilter is what a list of milestones may be narrowed by.
type milestoneFilter struct {
	iids          opt[[]int]
	state         string
	title         opt[string]
	search        matcher
	searchTitle   matcher
	ancestors     bool
	before, after opt[time.Time]
	containing    opt[string]
}

func milestoneFilterOf(c *call) milestoneFilter {
	f := milestoneFilter{
		state:       c.p.enumOr("state", "all", "active", "closed", "all"),
		iids:        c.p.ints("iids"),
		title:       c.p.str("title"),
		search:      newMatcher(c.p.str("search").v),
		searchTitle: newMatcher(c.p.str("search_title").v),
		ancestors:   c.p.bool("include_parent_milestones").v,
		before:      c.p.time("updated_before"),
		after:       c.p.time("updated_after"),
		containing:  c.p.date("containing_date"),
	}
	f.ancestors = c.p.bool("include_ancestors").or(f.ancestors)
	c.p.exclusive("include_ancestors", "include_parent_milestones")
	return f
}

func (f milestoneFilter) fits(m *milestone) bool {
	switch {
	case f.state != "all" && f.state != m.state(),
		f.title.ok() && f.title.v != m.title,
		f.iids.ok() && !f.ancestors && !slices.Contains(f.iids.v, m.iid),
		f.before.ok() && m.updatedAt.After(f.before.v),
		f.after.ok() && m.updatedAt.Before(f.after.v),
		f.containing.ok() && !contains(m, f.containing.v):
		return false
	}
	return f.search.matches(m.title, m.description) && f.searchTitle.matches(m.title)
}

// contains takes a missing date as open-ended; a milestone without both holds no day.
func contains(m *milestone, date string) bool {
	return (m.startDate != "" || m.dueDate != "") && m.startDate <= date && (m.dueDate == "" || date <= m.dueDate)
}

func listMilestones(c *call) (reply, error) {
	pg, f := c.paging(), milestoneFilterOf(c)
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	o, err := c.parent()
	if err != nil {
		return reply{}, err
	}
	var found []*milestone
	for _, m := range milestonesOf(c.s, c.user, o, f.ancestors) {
		if f.fits(m) {
			found = append(found, m)
		}
	}
	slices.SortFunc(found, byDueDate)
	return listReply(c, pg, found, func(e *enc, m *milestone) { writeMilestone(e, c, m) })
}

// milestonesOf lists the parent's own milestones, and on request those of the groups above that the caller may read.
func milestonesOf(s *store, u *user, o parent, ancestors bool) []*milestone {
	all := slices.Clone(o.milestones())
	if !ancestors {
		return all
	}
	for _, g := range o.lineage() {
		if g != o.group && mayReadGroup(s, u, g) {
			all = append(all, g.milestones...)
		}
	}
	return all
}

// byDueDate is today's order of milestones: due date ascending with none last, then the newer one first.
func byDueDate(a, b *milestone) int {
	if a.dueDate != b.dueDate {
		if a.dueDate == "" {
			return 1
		}
		if b.dueDate == "" {
			return -1
		}
	}
	return cmp.Or(cmp.Compare(a.dueDate, b.dueDate), cmp.Compare(b.id, a.id))
}

// milestoneIn is the milestone of the path. It must hang under that very project or group.
func milestoneIn(c *call, o parent, id int) (*milestone, error) {
	all := o.milestones()
	if i := slices.IndexFunc(all, func(m *milestone) bool { return m.id == id }); i >= 0 {
		return all[i], nil
	}
	return nil, errNoRecord()
}

// milestoneOfPath checks the parameters, then looks up parent and milestone; a change needs the right between the two.
func milestoneOfPath(c *call, change bool) (parent, *milestone, error) {
	id := c.p.int("milestone_id")
	if err := c.p.err(); err != nil {
		return parent{}, nil, err
	}
	o, err := c.parent()
	if err != nil {
		return parent{}, nil, err
	}
	if change && !mayPlanIn(c.user, o) {
		return parent{}, nil, errForbidden()
	}
	m, err := milestoneIn(c, o, id.v)
	return o, m, err
}

func getMilestone(c *call) (reply, error) {
	_, m, err := milestoneOfPath(c, false)
	if err != nil {
		return reply{}, err
	}
	return milestoneReply(c, http.StatusOK, m)
}

func milestoneReply(c *call, status int, m *milestone) (reply, error) {
	return c.json(status, func(e *enc) { writeMilestone(e, c, m) })
}

func (m *milestone) state() string {
	if m.closed {
		return "closed"
	}
	return "active"
}

// writeMilestone has project_id or group_id, whichever it belongs to; the other key is absent.
func writeMilestone(e *enc, c *call, m *milestone) {
	e.open('{')
	e.num("id", m.id)
	e.num("iid", m.iid)
	web := c.base.url + "/"
	if p := m.parent.project; p != nil {
		e.num("project_id", p.id)
		web += p.fullPath()
	} else {
		e.num("group_id", m.parent.group.id)
		web += "groups/" + m.parent.group.fullPath()
	}
	e.str("title", m.title)
	e.strOrNull("description", m.description)
	e.str("state", m.state())
	e.time("created_at", m.createdAt)
	e.time("updated_at", m.updatedAt)
	e.strOrNull("due_date", m.dueDate)
	e.strOrNull("start_date", m.startDate)
	e.bool("expired", m.dueDate != "" && m.dueDate < c.s.today())
	e.str("web_url", web+"/-/milestones/"+itoa(m.iid))
	e.shut('}')
}

func writeMilestoneOrNull(e *enc, c *call, name string, m *milestone) {
	if m == nil || m.deleted {
		e.null(name)
		return
	}
	e.key(name)
	writeMilestone(e, c, m)
}
