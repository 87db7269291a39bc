package queue

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/queue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// counts are what the notes of a plan are about.
type counts struct {
	issues, confidential int
	renamed              map[queue.Renamed]int
	left                 map[string]int // labels that stay behind
	milestones           map[string]int // that are lost
	scopes               map[string]int
}

func (c *counts) add(i issue.Issue, m queue.Move) {
	c.issues++
	if i.Confidential { // labels and milestone of a confidential issue are nobody's business
		c.confidential++
		return
	}
	for _, r := range m.Renamed {
		count(&c.renamed, r)
	}
	for _, l := range m.Left {
		count(&c.left, l)
	}
	for scope := range m.Scopes {
		count(&c.scopes, scope)
	}
	if m.Milestone != "" {
		count(&c.milestones, m.Milestone)
	}
}

func count[K comparable](in *map[K]int, key K) {
	if *in == nil {
		*in = map[K]int{}
	}
	(*in)[key]++
}

// moving says how much moves.
func (m *Merge) moving(c counts) []string {
	text := fmt.Sprintf("%s from %s to %s", verb(c.issues, "moves", "move"), m.from.Path, m.into.Path)
	if c.confidential > 0 {
		text += fmt.Sprintf(", %d of them confidential", c.confidential)
	}
	return []string{text}
}

// staying says what stays, and why.
func (m *Merge) staying(found openIssues) (notes []string) {
	if n := found.confidential; n > 0 {
		notes = append(notes, fmt.Sprintf("%s: more people could read them in %s. To move them too, add --include-confidential",
			verb(n, "confidential stays", "confidential stay"), m.into.Path))
	}
	if n := found.tasks; n > 0 {
		notes = append(notes, fmt.Sprintf("%s: GitLab moves no tasks", verb(n, "that is a task stays", "that are tasks stay")))
	}
	if n := found.moved; n > 0 {
		notes = append(notes, fmt.Sprintf("%s: moved before", verb(n, "that was reopened stays", "that were reopened stay")))
	}
	return notes
}

// losses says what GitLab does not take along, and which labels are others in the target.
func (m *Merge) losses(c counts, rules *queue.Rules) (notes []string) {
	byName := func(a, b queue.Renamed) int { return strings.Compare(a.Before, b.Before) }
	for _, r := range stable.Sorted(slices.Collect(maps.Keys(c.renamed)), byName) {
		notes = append(notes, fmt.Sprintf("Label %q becomes %q (%s)", r.Before, r.After, verb(c.renamed[r], "", "")))
	}
	for _, l := range sorted(c.left) {
		notes = append(notes, fmt.Sprintf("Label %q stays behind (%s)", l, verb(c.left[l], "", "")))
	}
	for _, title := range sorted(c.milestones) {
		notes = append(notes, fmt.Sprintf("Milestone %q is lost (%s): %s has no active milestone of that title", title,
			verb(c.milestones[title], "", ""), m.into.Path))
	}
	for _, scope := range sorted(c.scopes) {
		notes = append(notes, fmt.Sprintf("Several labels %s:: on one issue (%s): a paid GitLab keeps one of them", scope,
			verb(c.scopes[scope], "", "")))
	}
	for _, l := range rules.Unused() {
		notes = append(notes, fmt.Sprintf("No open issue has the label %q of the mapping", l))
	}
	return notes
}

func sorted(m map[string]int) []string {
	return stable.Sorted(slices.Collect(maps.Keys(m)), strings.Compare)
}

// verb is a number of issues with what they do, if anything.
func verb(n int, one, many string) string {
	text := fmt.Sprintf("%d issues %s", n, many)
	if n == 1 {
		text = "1 issue " + one
	}
	return strings.TrimSpace(text)
}
