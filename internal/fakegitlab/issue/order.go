package issue

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// ordering returns the requested order, for orders other than by creation. Of issues that are equal the newest comes first,
// in either direction.
func ordering(q query) func(a, b *store.Issue) int {
	by := func(compare func(a, b *store.Issue) int) func(a, b *store.Issue) int {
		return func(a, b *store.Issue) int {
			order := compare(a, b)
			if q.sort != "asc" {
				order = -order
			}
			return cmp.Or(order, cmp.Compare(b.ID, a.ID))
		}
	}
	asc := q.sort == "asc"
	switch q.order {
	case "updated_at":
		return by(func(a, b *store.Issue) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
	case "title":
		return by(func(a, b *store.Issue) int {
			return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
		})
	case "popularity":
		return by(func(a, b *store.Issue) int {
			return cmp.Compare(countAwards(a.Awards, "thumbsup"), countAwards(b.Awards, "thumbsup"))
		})
	case "relative_position":
		return nullsLast(true, func(i *store.Issue) string { return sortable(position(i)) })
	case "due_date":
		return nullsLast(asc, func(i *store.Issue) string { return i.DueDate })
	case "milestone_due":
		return nullsLast(asc, milestoneDue)
	case "weight":
		return nullsLast(asc, func(i *store.Issue) string { return sortable(i.Weight) })
	case "label_priority":
		return nullsLast(asc, func(i *store.Issue) string { return sortable(q.labelPriority(i)) })
	case "priority":
		due := nullsLast(asc, milestoneDue)
		labels := nullsLast(asc, func(i *store.Issue) string { return sortable(q.labelPriority(i)) })
		return func(a, b *store.Issue) int {
			if milestoneDue(a) != milestoneDue(b) {
				return due(a, b)
			}
			return labels(a, b)
		}
	}
	return by(func(a, b *store.Issue) int { return a.CreatedAt.Compare(b.CreatedAt) })
}

// nullsLast orders by a text key; an empty key comes last in either direction.
func nullsLast(asc bool, key func(*store.Issue) string) func(a, b *store.Issue) int {
	return func(a, b *store.Issue) int {
		ka, kb := key(a), key(b)
		if ka != kb && (ka == "" || kb == "") {
			return cmp.Compare(kb, ka)
		}
		order := cmp.Compare(ka, kb)
		if !asc {
			order = -order
		}
		return cmp.Or(order, cmp.Compare(b.ID, a.ID))
	}
}

// sortable formats a number so that texts compare like numbers; nil is "".
func sortable(n *int) string {
	if n == nil {
		return ""
	}
	return string(jsonenc.AppendDigits(nil, *n, 12))
}

func milestoneDue(i *store.Issue) string {
	if i.Milestone == nil {
		return ""
	}
	return i.Milestone.DueDate
}

// position returns the place that somebody gave the issue, nil if nobody did.
func position(i *store.Issue) *int {
	if i.Position == 0 {
		return nil
	}
	return &i.Position
}

// labelPriority returns the best (lowest) priority among the issue's labels other than those asked for, nil if none has
// one.
func (q query) labelPriority(i *store.Issue) *int {
	best := math.MaxInt
	for _, l := range i.Labels {
		if n, ok := i.Project.Priorities[l]; ok && !slices.Contains(q.byLabels, l.Name) {
			best = min(best, n)
		}
	}
	if best == math.MaxInt {
		return nil
	}
	return &best
}

// firstSorted returns the first n issues in order, and the total. Most readers want the first page of many, so it
// never holds more than 2n issues. It walks in the direction of the sort, which meets the likely ones early.
func (q query) firstSorted(projects []*store.Project, n int, order func(a, b *store.Issue) int) (best []*store.Issue, total int) {
	full := false // the first n of best are in order, and the rest are not yet
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
