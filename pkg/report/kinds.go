package report

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Kind is a group of issues with similar titles: work that comes back, and may be worth automating.
type Kind struct {
	Words  []string // those that at least half of the titles have, by how many have them, then in alphabetical order
	Issues []issue.Issue
}

// Kinds groups issues by their titles, and returns the groups of at least two, the largest first. The result does not depend on the order
// of the issues.
//
// A title joins the group with whose oldest title it shares the most words, if these are at least half of the words that either of them
// has. Case, numbers, dates, a plural s, and words of less than three letters or without a meaning of their own do not count.
func Kinds(issues []issue.Issue) []Kind {
	var groups []Kind
	var leaders [][]string
	for _, i := range stable.Sorted(issues, func(a, b issue.Issue) int { return cmp.Compare(a.ID, b.ID) }) {
		words := wordsOf(i.Title)
		best, shared := -1, 0
		for n, leader := range leaders {
			both := common(words, leader)
			if 2*both >= len(words)+len(leader)-both && both > shared {
				best, shared = n, both
			}
		}
		if best < 0 {
			best = len(groups)
			groups, leaders = append(groups, Kind{}), append(leaders, words)
		}
		groups[best].Issues = append(groups[best].Issues, i)
	}
	groups = slices.DeleteFunc(groups, func(k Kind) bool { return len(k.Issues) < 2 })
	for n := range groups {
		groups[n].Words = shared(groups[n].Issues)
	}
	stable.Sort(groups, func(a, b Kind) int {
		return cmp.Or(cmp.Compare(len(b.Issues), len(a.Issues)), cmp.Compare(a.Issues[0].ID, b.Issues[0].ID))
	})
	return groups
}

// meaningless are frequent words that do not tell one kind of work from another.
const meaningless = " a an and are but for from has into its new not off old one our out that the this was were will with your "

// wordsOf returns the words of a title that count, each once, in alphabetical order.
func wordsOf(title string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") {
			w = strings.TrimSuffix(w, "s")
		}
		if len([]rune(w)) < 3 || strings.ContainsFunc(w, unicode.IsDigit) || strings.Contains(meaningless, " "+w+" ") {
			continue
		}
		words = append(words, w)
	}
	slices.Sort(words)
	return slices.Compact(words)
}

func common(a, b []string) (n int) {
	for _, w := range a {
		if slices.Contains(b, w) {
			n++
		}
	}
	return n
}

// shared returns the words that at least half of the titles have.
func shared(issues []issue.Issue) []string {
	count := map[string]int{}
	for _, i := range issues {
		for _, w := range wordsOf(i.Title) {
			count[w]++
		}
	}
	var words []string
	for w, n := range count {
		if 2*n >= len(issues) {
			words = append(words, w)
		}
	}
	stable.Sort(words, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), strings.Compare(a, b)) })
	return words
}
