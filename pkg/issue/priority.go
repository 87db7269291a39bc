package issue

import (
	"cmp"
	"slices"
)

// Priorities holds the team's names of the labels that order issues, both lists highest first.
type Priorities struct {
	Labels       []string // prioritized labels (handbook: data loss, critical, SL1 ...)
	Availability []string // availability and performance: AP1 to AP3
}

// ByPriority returns the order in which a team picks issues, for [stable.Sort]: first by the highest prioritized label, as GitLab's own
// "label priority" does, then by the AP label, then by age, the oldest first. An issue without such a label comes after those with one.
func ByPriority(p Priorities) func(a, b Issue) int {
	return func(a, b Issue) int {
		return cmp.Or(
			cmp.Compare(rank(p.Labels, a), rank(p.Labels, b)), cmp.Compare(rank(p.Availability, a), rank(p.Availability, b)),
			a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.Ref.Project, b.Ref.Project), cmp.Compare(a.Ref.IID, b.Ref.IID))
	}
}

// Of returns the labels that give an issue its place, the highest of each list, or nil if it has none.
func (p Priorities) Of(i Issue) (names []string) {
	for _, list := range [][]string{p.Labels, p.Availability} {
		if n := rank(list, i); n < len(list) {
			names = append(names, list[n])
		}
	}
	return names
}

// rank returns the position of the first of the labels that an issue has; their number if it has none.
func rank(labels []string, i Issue) int {
	if n := slices.IndexFunc(labels, i.Has); n >= 0 {
		return n
	}
	return len(labels)
}
