package eventlog

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// settling is how long after an entry its author's edit of the description may come, for the edit to be the settling of it.
const reconcileDelay = 10 * time.Minute

// ByHand are GitLab's own remarks that the description was edited, where no entry explains them:
// an edit that follows an entry of the same author within a few minutes is how a record follows its comments,
// and an entry explains one edit. Ticking a box has words of its own and is none. The order is that of the comments' numbers.
// GitLab does not tell what was edited.
func ManualEdits(notes []issue.Note) []issue.Note {
	ordered := slices.SortedFunc(slices.Values(notes), func(a, b issue.Note) int { return int(min(max(a.ID-b.ID, -1), 1)) })
	var open []issue.Note // entries that explain no edit yet
	var byHand []issue.Note
	for _, n := range ordered {
		if _, ok := Read(n); ok {
			open = append(open, n)
			continue
		}
		if !n.System || !strings.HasPrefix(n.Body, "changed the description") {
			continue
		}
		at := slices.IndexFunc(open, func(e issue.Note) bool {
			return e.AuthorID == n.AuthorID && n.CreatedAt.Sub(e.CreatedAt).Abs() <= reconcileDelay
		})
		if at < 0 {
			byHand = append(byHand, n)
		} else {
			open = slices.Delete(open, at, at+1)
		}
	}
	return byHand
}
