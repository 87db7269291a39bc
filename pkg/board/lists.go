package board

import (
	"cmp"
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Pick returns the team's board: the one with the layout's name and the lowest id. duplicates are the others with that name, which
// GitLab allows. ok is false if no board has the name.
func (l Layout) Pick(boards []Board) (b Board, duplicates []Board, ok bool) {
	var named []Board
	for _, candidate := range boards {
		if candidate.Name == l.Name {
			named = append(named, candidate)
		}
	}
	if len(named) == 0 {
		return Board{}, nil, false
	}
	stable.Sort(named, func(a, b Board) int { return cmp.Compare(a.ID, b.ID) })
	return named[0], named[1:], true
}

// Step moves the list of one label to a position, from 0, counted after the previous steps.
type Step struct {
	Label    string
	Position int
}

// Arrange returns how to get from a board's lists to the layout's columns: the labels whose lists are appended, in order, and then the
// fewest moves that put the columns into the layout's order. Other lists stay on the board and shift only if a column moves past them.
// Positions without a known list belong to lists of people or milestones, which paid editions have and [Board] leaves out.
func (l Layout) Arrange(b Board) (add []string, moves []Step) {
	var order []string // labels of the lists from left to right, after the additions; empty for unknown lists
	for _, list := range sortedLists(b.Lists) {
		for len(order) < list.Position {
			order = append(order, "")
		}
		order = append(order, list.Label)
	}
	var wanted []string
	for _, c := range l.Columns {
		wanted = append(wanted, c.Label)
		if !slices.Contains(order, c.Label) {
			add, order = append(add, c.Label), append(order, c.Label)
		}
	}
	stay := longestRun(order, wanted)
	for n, name := range wanted {
		if stay[name] {
			continue
		}
		from := slices.Index(order, name)
		order = slices.Delete(order, from, from+1)
		to := firstOf(order, wanted)
		if n > 0 {
			to = slices.Index(order, wanted[n-1]) + 1
		}
		order = slices.Insert(order, to, name)
		moves = append(moves, Step{name, to})
	}
	return add, moves
}

func sortedLists(lists []List) []List {
	return stable.Sorted(lists, func(a, b List) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
}

// firstOf returns the first position in order of one of the names, or its end.
func firstOf(order, names []string) int {
	i := slices.IndexFunc(order, func(s string) bool { return slices.Contains(names, s) })
	if i < 0 {
		return len(order)
	}
	return i
}

// longestRun returns a largest set of wanted names that are already in the wanted order. order contains all wanted names.
func longestRun(order, wanted []string) map[string]bool {
	best := make([][]string, len(wanted)) // the longest run that ends with each name
	var longest []string
	for n, name := range wanted {
		for _, run := range best[:n] {
			last := run[len(run)-1]
			if slices.Index(order, last) < slices.Index(order, name) && len(run) > len(best[n]) {
				best[n] = run
			}
		}
		best[n] = append(slices.Clone(best[n]), name)
		if len(best[n]) > len(longest) {
			longest = best[n]
		}
	}
	stay := map[string]bool{}
	for _, name := range longest {
		stay[name] = true
	}
	return stay
}
