// Package milestone serves the milestones of projects and groups. Start with Routes; WriteOrNull shows a milestone
// inside other objects. The state of milestones is in package store, not here.
package milestone

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Routes returns the routes for the milestones of projects and groups, without their issues and merge requests.
func Routes() []rest.Route {
	var rows []rest.Route
	for _, base := range []string{"/projects/:id/milestones", "/groups/:id/milestones"} {
		one := base + "/:milestone_id"
		rows = append(rows,
			rest.Get(base, list).Needs("read_milestone"),
			rest.Post(base, create).Needs("create_milestone"),
			rest.Get(one, get).Needs("read_milestone"),
			rest.Put(one, update).Needs("update_milestone"),
			rest.Delete(one, remove).Needs("delete_milestone"),
		)
	}
	return append(rows, rest.Post("/projects/:id/milestones/:milestone_id/promote", promote).Needs("promote_milestone"))
}

// filter holds the filters of a list of milestones.
type filter struct {
	iids          param.Opt[[]int]
	state         string
	title         param.Opt[string]
	search        param.Matcher
	searchTitle   param.Matcher
	ancestors     bool
	descendants   bool // of a group: those of its subgroups and projects too
	before, after param.Opt[time.Time]
	containing    param.Opt[string]
}

func filterOf(c *rest.Call) filter {
	f := filter{
		state:       c.Params.EnumOr("state", "all", "active", "closed", "all"),
		iids:        c.Params.Ints("iids"),
		title:       c.Params.Str("title"),
		search:      param.NewMatcher(c.Params.Str("search").Value),
		searchTitle: param.NewMatcher(c.Params.Str("search_title").Value),
		before:      c.Params.Time("updated_before"),
		after:       c.Params.Time("updated_after"),
		containing:  c.Params.Date("containing_date"),
	}
	c.Params.Exclusive("include_ancestors", "include_parent_milestones")
	if old, ok := c.Params.Values["include_parent_milestones"]; ok {
		delete(c.Params.Values, "include_parent_milestones")
		c.Params.Values["include_ancestors"] = old // the links between pages show it under its present name
	}
	f.ancestors = c.Params.BoolOr("include_ancestors", false)
	if c.InGroup {
		f.descendants = c.Params.Bool("include_descendants").Value
	}
	return f
}

func (f filter) fits(m *store.Milestone) bool {
	switch {
	case f.state != "all" && f.state != m.State(),
		f.title.OK() && f.title.Value != m.Title,
		f.iids.OK() && !f.ancestors && !slices.Contains(f.iids.Value, m.IID),
		f.before.OK() && m.UpdatedAt.After(f.before.Value),
		f.after.OK() && m.UpdatedAt.Before(f.after.Value),
		f.containing.OK() && !contains(m, f.containing.Value):
		return false
	}
	return f.search.Matches(m.Title, m.Description) && f.searchTitle.Matches(m.Title)
}

// contains treats a missing date as open-ended; a milestone without either contains no day.
func contains(m *store.Milestone, date string) bool {
	return (m.StartDate != "" || m.DueDate != "") && m.StartDate <= date && (m.DueDate == "" || date <= m.DueDate)
}

func list(c *rest.Call) (rest.Reply, error) {
	pg, f := c.Paging(), filterOf(c)
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	o, err := c.Parent()
	if err != nil {
		return rest.Reply{}, err
	}
	if f.containing.Null && c.Params.Str("containing_date").Value != "" {
		return rest.Reply{}, failure.Crash() // on every text other than a date
	}
	all := Of(c.Store, c.User, o, f.ancestors)
	if f.descendants {
		all = append(all, below(c.Store, c.User, o.Group)...)
	}
	var found []*store.Milestone
	for _, m := range all {
		if f.fits(m) {
			found = append(found, m)
		}
	}
	slices.SortFunc(found, byDueDate)
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, m *store.Milestone) { write(e, c, m) })
}

// Of lists the parent's own milestones and, on request, those of its parent groups that the caller may read.
func Of(s *store.Store, u *store.User, o store.Parent, ancestors bool) []*store.Milestone {
	all := slices.Clone(o.Milestones())
	if !ancestors {
		return all
	}
	for _, g := range o.Lineage() {
		if g != o.Group && access.MayReadGroup(s, u, g) {
			all = append(all, g.Milestones...)
		}
	}
	return all
}

// below lists the milestones of a group's subgroups and of all projects in them, as far as the user may read them.
func below(s *store.Store, u *store.User, top *store.Group) []*store.Milestone {
	var all []*store.Milestone
	for _, g := range s.Groups {
		if g != top && g.Within(top) && access.MayReadGroup(s, u, g) {
			all = append(all, g.Milestones...)
		}
	}
	for _, p := range s.ProjectsWithin(top) {
		if access.MayReadProject(u, p) {
			all = append(all, p.Milestones...)
		}
	}
	return all
}

// byDueDate is GitLab's current order of milestones: due date ascending with none last, then the newer one first.
func byDueDate(a, b *store.Milestone) int {
	if a.DueDate != b.DueDate {
		if a.DueDate == "" {
			return 1
		}
		if b.DueDate == "" {
			return -1
		}
	}
	return cmp.Or(cmp.Compare(a.DueDate, b.DueDate), cmp.Compare(b.ID, a.ID))
}

// inParent returns the milestone of the path. It must belong to that very project or group.
func inParent(c *rest.Call, o store.Parent, id int) (*store.Milestone, error) {
	all := o.Milestones()
	if i := slices.IndexFunc(all, func(m *store.Milestone) bool { return m.ID == id }); i >= 0 {
		return all[i], nil
	}
	return nil, failure.NoRecord()
}

// OfPath checks the parameters, then looks up parent and milestone. For a change it checks the right between the
// two.
func OfPath(c *rest.Call, change bool) (store.Parent, *store.Milestone, error) {
	id := c.Params.Int("milestone_id")
	if err := c.Params.Err(); err != nil {
		return store.Parent{}, nil, err
	}
	o, err := c.Parent()
	if err != nil {
		return store.Parent{}, nil, err
	}
	if change && !access.MayPlanIn(c.User, o) {
		return store.Parent{}, nil, failure.Forbidden()
	}
	m, err := inParent(c, o, id.Value)
	return o, m, err
}

func get(c *rest.Call) (rest.Reply, error) {
	_, m, err := OfPath(c, false)
	if err != nil {
		return rest.Reply{}, err
	}
	return answer(c, http.StatusOK, m)
}
