package fakegitlab

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// issueOrder is the order that was asked for other than by creation.
func issueOrder(s *store, q issueQuery) func(a, b *issue) int {
	by := func(compare func(a, b *issue) int) func(a, b *issue) int {
		return func(a, b *issue) int {
			order := cmp.Or(compare(a, b), cmp.Compare(a.id, b.id))
			if q.sort != "asc" {
				return -order
			}
			return order
		}
	}
	asc := q.sort == "asc"
	switch q.order {
	case "updated_at":
		return by(func(a, b *issue) int { return a.updatedAt.Compare(b.updatedAt) })
	case "title":
		return by(func(a, b *issue) int { return strings.Compare(strings.ToLower(a.title), strings.ToLower(b.title)) })
	case "popularity":
		return by(func(a, b *issue) int {
			return cmp.Compare(countAwards(a.awards, "thumbsup"), countAwards(b.awards, "thumbsup"))
		})
	case "relative_position":
		return func(a, b *issue) int { return cmp.Or(cmp.Compare(a.position, b.position), cmp.Compare(b.id, a.id)) }
	case "due_date":
		return nullsLast(asc, func(i *issue) string { return i.dueDate })
	case "milestone_due":
		return nullsLast(asc, milestoneDue)
	case "weight":
		return nullsLast(asc, func(i *issue) string { return sortable(i.weight) })
	case "label_priority":
		return nullsLast(asc, func(i *issue) string { return sortable(labelPriority(i)) })
	case "priority":
		due := nullsLast(asc, milestoneDue)
		labels := nullsLast(asc, func(i *issue) string { return sortable(labelPriority(i)) })
		return func(a, b *issue) int {
			if milestoneDue(a) != milestoneDue(b) {
				return due(a, b)
			}
			return labels(a, b)
		}
	}
	return by(byCreation)
}

// nullsLast orders by a text key; an empty one comes last in either direction.
func nullsLast(asc bool, key func(*issue) string) func(a, b *issue) int {
	return func(a, b *issue) int {
		ka, kb := key(a), key(b)
		if ka != kb && (ka == "" || kb == "") {
			return cmp.Compare(kb, ka)
		}
		order := cmp.Compare(ka, kb)
		if !asc {
			order = -order
		}
		return cmp.Or(order, cmp.Compare(b.id, a.id))
	}
}

// sortable writes a number so that texts compare as numbers do; nil is "".
func sortable(n *int) string {
	if n == nil {
		return ""
	}
	return string(appendDigits(nil, *n, 12))
}

func milestoneDue(i *issue) string {
	if i.milestone == nil {
		return ""
	}
	return i.milestone.dueDate
}

// labelPriority is the best (lowest) priority among the issue's labels, nil when none has one.
func labelPriority(i *issue) *int {
	best := math.MaxInt
	for _, l := range i.labels {
		if n, ok := i.project.priorities[l]; ok {
			best = min(best, n)
		}
	}
	if best == math.MaxInt {
		return nil
	}
	return &best
}

// firstSorted gives the first n issues in order, and how many there are in all. Most readers want the first page of
// many, so no more than 2n are ever held; walking in the direction of the sort meets the likely ones early.
func (q issueQuery) firstSorted(projects []*project, n int, order func(a, b *issue) int) (best []*issue, total int) {
	full := false // the first n of best are in order, and what follows them is not yet
	for i := range q.byCreation(projects) {
		if !q.fits(i) {
			continue
		}
		total++
		if full && order(i, best[n-1]) >= 0 {
			continue
		}
		best = append(best, i)
		if !full && len(best) == n || len(best) == 2*n {
			slices.SortFunc(best, order)
			best, full = best[:n], true
		}
	}
	slices.SortFunc(best, order)
	return best[:min(n, len(best))], total
}

// milestoneIssues lists the issues whose milestone has the title, best label priority first. A group's are those of its
// own projects, not of subgroups.
func milestoneIssues(c *call) (reply, error) {
	pg := c.paging()
	o, m, err := milestoneOfPath(c, false)
	if err != nil {
		return reply{}, err
	}
	projects := []*project{o.project}
	if o.group != nil {
		c.view.within = o.group
		projects = slices.DeleteFunc(c.s.projectsWithin(o.group), func(p *project) bool { return p.group != o.group })
	}
	q := issueQuery{state: "all", order: "label_priority", sort: "asc", archived: true}
	q.add(func(i *issue) bool { return i.milestone != nil && i.milestone.title == m.title }, false)
	return issuePage(c, pg, q, projects)
}
