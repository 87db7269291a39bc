package issue

import (
	"cmp"
	"iter"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// This file walks over issues by their creation, without sorting them: each project has its issues in this order, the
// older first and of equal ones that with the lower id.

// head is the part of a project's issues that is still to come. Ascending, issues of the same instant form a run, which
// is taken from its end: the newer id comes first in either direction.
type head struct {
	run, rest []*store.Issue
}

func newHead(issues []*store.Issue, ascending bool) *head {
	if !ascending {
		return &head{run: issues}
	}
	h := &head{rest: issues}
	h.refill()
	return h
}

func (h *head) more() bool { return len(h.run) > 0 }

func (h *head) peek() *store.Issue { return h.run[len(h.run)-1] }

func (h *head) drop() {
	h.run = h.run[:len(h.run)-1]
	if len(h.run) == 0 {
		h.refill()
	}
}

// refill takes the next run.
func (h *head) refill() {
	n := min(1, len(h.rest))
	for n > 0 && n < len(h.rest) && sameInstant(h.rest[n-1], h.rest[n]) {
		n++
	}
	h.run, h.rest = h.rest[:n], h.rest[n:]
}

func sameInstant(a, b *store.Issue) bool { return a.CreatedAt.Equal(b.CreatedAt) }

// byCreation yields the issues of all projects in order of creation, by merging the projects' lists.
func (q query) byCreation(projects []*store.Project) iter.Seq[*store.Issue] {
	return func(yield func(*store.Issue) bool) {
		var heads []*head
		for _, p := range projects {
			if h := newHead(p.Issues, q.sort == "asc"); h.more() {
				heads = append(heads, h)
			}
		}
		for len(heads) > 0 {
			h := slices.MinFunc(heads, func(a, b *head) int { return q.compareCreation(a.peek(), b.peek()) })
			if !yield(h.peek()) {
				return
			}
			if h.drop(); !h.more() {
				heads = slices.DeleteFunc(heads, func(x *head) bool { return x == h })
			}
		}
	}
}

func (q query) compareCreation(a, b *store.Issue) int {
	order := b.CreatedAt.Compare(a.CreatedAt)
	if q.sort == "asc" {
		order = -order
	}
	return cmp.Or(order, cmp.Compare(b.ID, a.ID))
}
