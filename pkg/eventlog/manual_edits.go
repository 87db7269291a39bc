package eventlog

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// reconcileDelay is how long after an event an edit of the description by its author counts as the command's own edit.
const reconcileDelay = 10 * time.Minute

// ManualEdits returns GitLab's system notes "changed the description" that no event explains, in the order of their numbers.
//
// An edit within a few minutes after an event of the same author is the command that updates the record, and each event explains one
// edit. Ticking a checkbox has a note of its own and does not count. The note does not contain the edit.
func ManualEdits(notes []issue.Note) []issue.Note {
	ordered := stable.Sorted(notes, func(a, b issue.Note) int { return int(min(max(a.ID-b.ID, -1), 1)) })
	var open []issue.Note // events that explain no edit yet
	var manual []issue.Note
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
			manual = append(manual, n)
		} else {
			open = slices.Delete(open, at, at+1)
		}
	}
	return manual
}
