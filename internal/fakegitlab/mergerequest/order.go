package mergerequest

import (
	"cmp"
	"math"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// ordering returns the requested order. Where two are equal, the newer one comes first.
func (q *query) ordering() func(a, b *store.MergeRequest) int {
	compare := q.comparison()
	return func(a, b *store.MergeRequest) int { return cmp.Or(compare(a, b), cmp.Compare(b.ID, a.ID)) }
}

func (q *query) comparison() func(a, b *store.MergeRequest) int {
	directed := func(compare func(a, b *store.MergeRequest) int) func(a, b *store.MergeRequest) int {
		if q.sort == "asc" {
			return compare
		}
		return func(a, b *store.MergeRequest) int { return compare(b, a) }
	}
	switch q.order {
	case "updated_at":
		return directed(func(a, b *store.MergeRequest) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
	case "title":
		return directed(func(a, b *store.MergeRequest) int {
			return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
		})
	case "popularity":
		return directed(func(a, b *store.MergeRequest) int { return cmp.Compare(votes(a, "thumbsup"), votes(b, "thumbsup")) })
	case "merged_at":
		return q.lastIf(notMerged, directed(func(a, b *store.MergeRequest) int { return a.MergedAt.Compare(b.MergedAt) }))
	case "milestone_due":
		return q.milestoneDue(directed)
	case "label_priority":
		return q.labelPriority(directed)
	case "priority":
		due, labels := q.milestoneDue(directed), q.labelPriority(directed)
		return func(a, b *store.MergeRequest) int { return cmp.Or(due(a, b), labels(a, b)) }
	}
	return directed(func(a, b *store.MergeRequest) int { return a.CreatedAt.Compare(b.CreatedAt) })
}

// direction turns an ascending comparison into the requested one.
type direction func(func(a, b *store.MergeRequest) int) func(a, b *store.MergeRequest) int

// lastIf puts what lacks a value last, in both directions.
func (q *query) lastIf(lacks predicate, compare func(a, b *store.MergeRequest) int) func(a, b *store.MergeRequest) int {
	return func(a, b *store.MergeRequest) int {
		switch la, lb := lacks(a), lacks(b); {
		case la && lb:
			return 0
		case la:
			return 1
		case lb:
			return -1
		}
		return compare(a, b)
	}
}

func notMerged(mr *store.MergeRequest) bool { return mr.MergedAt.IsZero() }

func (q *query) milestoneDue(directed direction) func(a, b *store.MergeRequest) int {
	lacks := func(mr *store.MergeRequest) bool { return mr.Milestone == nil || mr.Milestone.DueDate == "" }
	return q.lastIf(lacks, directed(func(a, b *store.MergeRequest) int {
		return strings.Compare(a.Milestone.DueDate, b.Milestone.DueDate)
	}))
}

func (q *query) labelPriority(directed direction) func(a, b *store.MergeRequest) int {
	lacks := func(mr *store.MergeRequest) bool { return priority(mr) == math.MaxInt }
	return q.lastIf(lacks, directed(func(a, b *store.MergeRequest) int { return cmp.Compare(priority(a), priority(b)) }))
}

// priority is the best (lowest) priority among the labels; the highest number if none has one.
func priority(mr *store.MergeRequest) int {
	best := math.MaxInt
	for _, l := range mr.Labels {
		if n, ok := mr.Project.Priorities[l]; ok {
			best = min(best, n)
		}
	}
	return best
}

func votes(mr *store.MergeRequest, emoji string) int {
	n := 0
	for _, a := range mr.Awards {
		if a.Name == emoji {
			n++
		}
	}
	return n
}
