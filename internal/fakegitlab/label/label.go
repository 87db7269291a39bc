// Package label serves the labels of projects and groups. Start with Routes; Write shows a label inside other
// objects. What a change does to a label is not here but in package edit.
package label

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Routes returns the routes for the labels of projects and groups.
func Routes() []rest.Route {
	const ofProject, ofGroup = "/projects/:id/labels", "/groups/:id/labels"
	noPermission := func(r rest.Route, _ string) rest.Route { return r.NoPermission() }
	promotions := []rest.Route{
		rest.Put(ofProject+"/promote", promote).NoPermission(), // before the route of a label with that name
		rest.Put(ofProject+"/:name/promote", promote).NoPermission(),
	}
	return slices.Concat(promotions, rows(ofProject, noPermission), rows(ofGroup, rest.Route.Needs))
}

// rows returns the routes that projects and groups have. GitLab 18.10 declares permissions for the labels of groups only.
func rows(base string, needs func(rest.Route, string) rest.Route) []rest.Route {
	one := base + "/:name"
	return []rest.Route{
		needs(rest.Get(base, list), "read_label"), needs(rest.Post(base, create), "create_label"),
		needs(rest.Put(base, update), "update_label"), needs(rest.Delete(base, remove), "delete_label"),
		needs(rest.Get(one, get), "read_label"), needs(rest.Put(one, update), "update_label"),
		needs(rest.Delete(one, remove), "delete_label"),
		rest.Post(one+"/subscribe", subscribe).NoPermission(), rest.Post(one+"/unsubscribe", unsubscribe).NoPermission(),
	}
}

// Reach says whose labels are included besides the parent's own.
type Reach int

const (
	directGroup Reach = iota // for a project: the group it is in
	Ancestors                // all parent groups
)

// Of lists the labels of a project or group and of its parent groups, as far as reach goes.
func Of(o store.Parent, reach Reach) []*store.Label {
	all := slices.Clone(o.Labels())
	for n, g := range o.Lineage() {
		if g != o.Group && (reach == Ancestors || o.Project != nil && n == 0) {
			all = append(all, g.Labels...)
		}
	}
	return all
}

// list always includes the labels of a project's direct group.
func list(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	counts := c.Params.BoolOr("with_counts", false)
	reach := directGroup
	if c.Params.BoolOr("include_ancestor_groups", true) {
		reach = Ancestors
	}
	search := param.NewMatcher(c.Params.Str("search").Value)
	descend, own := false, true
	if c.InGroup {
		descend, own = c.Params.BoolOr("include_descendant_groups", false), c.Params.BoolOr("only_group_labels", true)
	}
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	o, err := c.Parent()
	if err != nil {
		return rest.Reply{}, err
	}
	found := Of(o, reach)
	if c.InGroup {
		found = append(found, below(c.Store, o.Group, descend, !own)...)
	}
	found = slices.DeleteFunc(found, func(l *store.Label) bool { return !search.Matches(l.Name, l.Description) })
	slices.SortStableFunc(found, func(a, b *store.Label) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	view := listing{parent: o, viewer: c.User}
	if counts {
		view.counts = count(c, o)
	}
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, l *store.Label) { view.write(e, l) })
}

// below lists the labels of the subgroups and projects of a group.
func below(s *store.Store, top *store.Group, groups, projects bool) []*store.Label {
	var all []*store.Label
	for _, g := range s.Groups {
		if groups && g != top && g.Within(top) {
			all = append(all, g.Labels...)
		}
	}
	for _, p := range s.ProjectsWithin(top) {
		if projects && (groups || p.Group == top) {
			all = append(all, p.Labels...)
		}
	}
	return all
}

// find treats the text as an id first and then as a name. As in GitLab's database, a text that begins with digits is
// that number.
func find(labels []*store.Label, ref string) *store.Label {
	digits := len(ref) - len(strings.TrimLeft(ref, "0123456789"))
	if n, null, ok := param.AsInt(ref[:digits]); ok && !null {
		if i := slices.IndexFunc(labels, func(l *store.Label) bool { return l.ID == n }); i >= 0 {
			return labels[i]
		}
	}
	if i := slices.IndexFunc(labels, func(l *store.Label) bool { return l.Name == ref }); i >= 0 {
		return labels[i]
	}
	return nil
}

func get(c *rest.Call) (rest.Reply, error) {
	ref := c.Params.Str("name")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	o, err := c.Parent()
	if err != nil {
		return rest.Reply{}, err
	}
	l := find(Of(o, Ancestors), ref.Value)
	if l == nil {
		return rest.Reply{}, failure.NotFound("Label")
	}
	return answer(c, http.StatusOK, o, l)
}
