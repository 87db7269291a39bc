package queue

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/queue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// counts are what the notes of a plan are about.
type counts struct {
	issues, confidential int
	unlabeled            int // confidential issues with labels that stay behind
	renamed              map[queue.Renamed]int
	left                 map[string]int // labels that stay behind
	milestones           map[string]int // that are lost
	scopes               map[string]int
	assigned             map[assignee]int
}

type assignee struct {
	id   int64
	name string
}

func (c *counts) add(i issue.Issue, m queue.Move) {
	c.issues++
	for n, id := range i.AssigneeIDs {
		count(&c.assigned, assignee{id, i.Assignees[n]})
	}
	if i.Confidential { // labels and milestone of a confidential issue are nobody's business
		c.confidential++
		if len(m.Lost) > 0 {
			c.unlabeled++
		}
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
	notes := []string{text}
	if c.unlabeled > 0 {
		notes = append(notes, fmt.Sprintf("%s labels that only confidential issues have: they are not created in %s",
			verb(c.unlabeled, "loses", "lose"), m.into.Path))
	}
	if m.into.Readers.Wider(m.from.Readers) {
		notes = append(notes, fmt.Sprintf("More people can read %s than %s", m.into.Path, m.from.Path))
	}
	return notes
}

// staying says what stays, and why.
func (m *Merge) staying(found openIssues) (notes []string) {
	if n := found.confidential; n > 0 {
		text, it := "1 confidential issue stays", "it"
		if n > 1 {
			text, it = fmt.Sprintf("%d confidential issues stay", n), "them"
		}
		why := fmt.Sprintf("%s could read %s in %s", more(m.readers), it, m.into.Path)
		if !m.compared {
			why = fmt.Sprintf("who could read %s in %s is unknown", it, m.into.Path)
		}
		notes = append(notes, fmt.Sprintf("%s: %s. To move %s too, add --include-confidential", text, why, it))
	}
	if n := found.tasks; n > 0 {
		notes = append(notes, fmt.Sprintf("%s: GitLab moves no tasks", task(n)))
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

func more(n int) string {
	if n == 1 {
		return "1 more account"
	}
	return fmt.Sprintf("%d more accounts", n)
}

func task(n int) string {
	if n == 1 {
		return "1 task stays"
	}
	return fmt.Sprintf("%d tasks stay", n)
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

// strangers says which assignees cannot see a private target. A token that may not read their roles gets no note: GitLab decides anyway.
func (m *Merge) strangers(ctx context.Context, c counts) (notes []string, err error) {
	if m.into.Readers != instance.Members || len(c.assigned) == 0 {
		return nil, nil
	}
	var ids []int64
	for who := range c.assigned {
		ids = append(ids, who.id)
	}
	slices.Sort(ids)
	roles, err := m.Read.AccessOf(ctx, target.ProjectAt(m.into.Path), ids)
	if fault.KindOf(err) == fault.Auth {
		return nil, nil
	}
	byName := func(a, b assignee) int { return strings.Compare(a.name, b.name) }
	for _, who := range stable.Sorted(slices.Collect(maps.Keys(c.assigned)), byName) {
		if roles[who.id] == instance.NoAccess && err == nil {
			notes = append(notes, fmt.Sprintf("%s cannot see %s: GitLab drops the assignment (%s)", account.Name(who.name), m.into.Path,
				verb(c.assigned[who], "", "")))
		}
	}
	return notes, err
}
