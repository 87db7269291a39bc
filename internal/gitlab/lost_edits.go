package gitlab

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// sentDescription is a description that was sent, and the last comment that was read before.
type sentDescription struct {
	text  string
	after int64 // id of a comment
}

// newSentDescription is nil for a change that leaves the description alone.
func newSentDescription(change issue.Change, read []issue.Note) *sentDescription {
	if change.Description == nil {
		return nil
	}
	w := sentDescription{text: *change.Description}
	for _, n := range read {
		w.after = max(w.after, n.ID)
	}
	return &w
}

// edit is another user's edit of a description.
type edit struct {
	by string
	at time.Time
}

// detectLostEdits looks, in the comments read after a description was sent, for other users' edits that it may have overwritten.
//
// GitLab adds a system note right after each edit. A note of another user that comes after the comments read before, but before our own
// note, means an edit that we may have missed. A note after ours means a later edit, which shows in the description; if the description is
// still what was sent, the note came late and the edit was earlier. Users who have just written an event are reconciling the same issue
// with prodctl, and their edits are not lost.
func (s *reconciliation) detectLostEdits(ctx context.Context, notes []issue.Note) error {
	sent := s.sent
	s.sent = nil
	if sent == nil {
		return nil
	}
	edits := slices.DeleteFunc(slices.Clone(notes), func(n issue.Note) bool { return n.ID <= sent.after || !isDescriptionEdit(n) })
	others := slices.ContainsFunc(edits, func(n issue.Note) bool { return n.AuthorID != edits[0].AuthorID })
	if !others { // all are our own, because ours is among them
		return nil
	}
	self, err := s.client.selfID(ctx)
	if err != nil {
		return err
	}
	var ours int64
	for _, n := range edits {
		if n.AuthorID == self {
			ours = max(ours, n.ID)
		}
	}
	for _, n := range edits {
		overwritten := n.ID < ours || safetext.Same(sent.text, s.now.Description)
		if n.AuthorID != self && overwritten && !isReconciling(notes, n) {
			s.lost = append(s.lost, edit{n.Author, n.CreatedAt})
		}
	}
	return nil
}

// isDescriptionEdit recognizes GitLab's system notes for an edit of the description. Ticking a box in it has notes of its own.
func isDescriptionEdit(n issue.Note) bool {
	return n.System && (strings.HasPrefix(n.Body, "changed the description") || strings.HasPrefix(n.Body, "marked the checklist item ") ||
		strings.HasPrefix(n.Body, "marked the task "))
}

// sameWorkWindow is how close in time an event of the author has to be to an edit for the edit to be the reconciliation of it.
const sameWorkWindow = 10 * time.Minute

func isReconciling(notes []issue.Note, edit issue.Note) bool {
	return slices.ContainsFunc(notes, func(n issue.Note) bool {
		return n.Trusted && n.AuthorID == edit.AuthorID && edit.CreatedAt.Sub(n.CreatedAt).Abs() <= sameWorkWindow
	})
}

// lostEdits is the error for edits that may be lost; nil when there are none.
func (s *reconciliation) lostEdits() error {
	if len(s.lost) == 0 {
		return nil
	}
	var who []string
	for _, e := range s.lost {
		who = append(who, fmt.Sprintf("@%s at %s UTC", e.by, e.at.Format("15:04:05")))
	}
	return fault.Wrap(fault.Partial, fault.Overwritten, "Check the history of "+s.now.WebURL+" and restore what is missing",
		"the description of %s was edited by %s at the same time", s.ref, strings.Join(who, ", "))
}
