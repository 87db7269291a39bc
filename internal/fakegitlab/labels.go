package fakegitlab

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

func labelRoutes() []route {
	var rows []route
	for _, base := range []string{"/projects/:id/labels", "/groups/:id/labels"} {
		rows = append(rows,
			get(base, listLabels), post(base, createLabel),
			put(base, updateLabel), del(base, deleteLabel),
			get(base+"/:name", getLabel), put(base+"/:name", updateLabel), del(base+"/:name", deleteLabel),
		)
	}
	return append(rows, put("/projects/:id/labels/:name/promote", promoteLabel))
}

// labelReach says which labels beside the parent's own are looked at.
type labelReach int

const (
	directGroup labelReach = iota // of a project, the group it lies in
	ancestors                     // all groups above
)

// labelsOf lists the labels of a project or group and of the groups above it.
func labelsOf(o parent, reach labelReach) []*label {
	all := slices.Clone(o.labels())
	for n, g := range o.lineage() {
		if g != o.group && (reach == ancestors || o.project != nil && n == 0) {
			all = append(all, g.labels...)
		}
	}
	return all
}

// listLabels always has the labels of a project's direct group.
func listLabels(c *call) (reply, error) {
	pg := c.paging()
	counts := c.p.boolOr("with_counts", false)
	reach := directGroup
	if c.p.boolOr("include_ancestor_groups", true) {
		reach = ancestors
	}
	search := newMatcher(c.p.str("search").v)
	descend, own := false, true
	if c.inGroup {
		descend, own = c.p.boolOr("include_descendant_groups", false), c.p.boolOr("only_group_labels", true)
	}
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	o, err := c.parent()
	if err != nil {
		return reply{}, err
	}
	found := labelsOf(o, reach)
	if c.inGroup {
		found = append(found, labelsBelow(c.s, o.group, descend, !own)...)
	}
	found = slices.DeleteFunc(found, func(l *label) bool { return !search.matches(l.name, l.description) })
	slices.SortStableFunc(found, func(a, b *label) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id)) })
	view := labelView{parent: o}
	if counts {
		view.counts = countLabels(c, o)
	}
	return listReply(c, pg, found, func(e *enc, l *label) { view.write(e, l) })
}

// labelsBelow lists the labels of the subgroups and of the projects in a group.
func labelsBelow(s *store, top *group, groups, projects bool) []*label {
	var all []*label
	for _, g := range s.groups {
		if groups && g != top && g.within(top) {
			all = append(all, g.labels...)
		}
	}
	for _, p := range s.projectsWithin(top) {
		if projects && (groups || p.group == top) {
			all = append(all, p.labels...)
		}
	}
	return all
}

// labelCounts are the numbers of issues and merge requests with a label.
type labelCounts struct{ open, closed, mergeRequests int }

// countLabels counts what the caller may read in the project or below the
// group.
func countLabels(c *call, o parent) map[*label]labelCounts {
	projects := []*project{o.project}
	if o.group != nil {
		projects = c.s.projectsWithin(o.group)
	}
	counts := map[*label]labelCounts{}
	for _, p := range projects {
		if !mayReadIssues(c.user, p) {
			continue
		}
		all := mayReadInternal(c.user, p)
		for _, i := range p.issues {
			if !all && !mayReadIssue(c.user, i) {
				continue
			}
			for _, l := range i.labels {
				n := counts[l]
				if i.closed {
					n.closed++
				} else {
					n.open++
				}
				counts[l] = n
			}
		}
		for _, mr := range p.mergeRequests {
			for _, l := range mr.labels {
				if n := counts[l]; mr.state == "opened" {
					n.mergeRequests++
					counts[l] = n
				}
			}
		}
	}
	return counts
}

// labelView is where labels are looked at from, and what is counted.
type labelView struct {
	parent parent
	counts map[*label]labelCounts // nil: no counts wanted
}

func (v labelView) write(e *enc, l *label) {
	e.open('{')
	e.num("id", l.id)
	e.str("name", l.name)
	e.strOrNull("description", l.description)
	e.str("description_html", htmlText(l.description))
	e.str("text_color", textColor(l.color))
	e.str("color", l.color)
	if v.counts != nil {
		n := v.counts[l]
		e.num("open_issues_count", n.open)
		e.num("closed_issues_count", n.closed)
		e.num("open_merge_requests_count", n.mergeRequests)
	}
	e.bool("subscribed", false)
	if p := v.parent.project; p != nil {
		if priority, ok := p.priorities[l]; ok {
			e.num("priority", priority)
		} else {
			e.null("priority")
		}
		e.bool("is_project_label", l.parent.project != nil)
	}
	e.bool("archived", false)
	e.shut('}')
}

func labelReply(c *call, status int, o parent, l *label) (reply, error) {
	view := labelView{parent: o}
	return c.json(status, func(e *enc) { view.write(e, l) })
}

// findLabel takes the text for an id first and for a name after that. As in
// GitLab's database a text that begins with figures is that number.
func findLabel(labels []*label, ref string) *label {
	digits := len(ref) - len(strings.TrimLeft(ref, "0123456789"))
	if n, null, ok := asInt(ref[:digits]); ok && !null {
		if i := slices.IndexFunc(labels, func(l *label) bool { return l.id == n }); i >= 0 {
			return labels[i]
		}
	}
	if i := slices.IndexFunc(labels, func(l *label) bool { return l.name == ref }); i >= 0 {
		return labels[i]
	}
	return nil
}

func getLabel(c *call) (reply, error) {
	ref := c.p.str("name")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	o, err := c.parent()
	if err != nil {
		return reply{}, err
	}
	l := findLabel(labelsOf(o, ancestors), ref.v)
	if l == nil {
		return reply{}, errNotFound("Label")
	}
	return labelReply(c, http.StatusOK, o, l)
}
