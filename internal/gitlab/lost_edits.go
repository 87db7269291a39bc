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

// written is a description that was sent, and the last comment that was read before.
type sentDescription struct {
	text  string
	after int64 // id of a comment
}

// writing is nil for a change that leaves the description alone.
func newSentDescription(change issue.Change, seen []issue.Note) *sentDescription {
	if change.Description == nil {
		return nil
	}
	w := sentDescription{text: *change.Description}
	for _, n := range seen {
		w.after = max(w.after, n.ID)
	}
	return &w
}

// edit is somebody's edit of a description.
type edit struct {
	by string
	at time.Time
}

// compare looks, in the comments read after a description was sent, for edits of others that it may have replaced unseen.
//
// GitLab writes a remark of its own for each edit, right after it. One of somebody else that stands behind the comments that were read
// before, and before our own remark, tells of an edit that the look may have missed. One that stands behind ours tells of a later edit,
// which is to be seen in the description; where that is still what was sent, the remark came late and the edit was before. Those who have
// just written an entry are at the same work with prodctl, and settle the issue after.
func (s *reconciliation) detectLostEdits(ctx context.Context, notes []issue.Note) error {
	wrote := s.sent
	s.sent = nil
	if wrote == nil {
		return nil
	}
	edits := slices.DeleteFunc(slices.Clone(notes), func(n issue.Note) bool { return n.ID <= wrote.after || !isDescriptionEdit(n) })
	others := slices.ContainsFunc(edits, func(n issue.Note) bool { return n.AuthorID != edits[0].AuthorID })
	if !others { // they are our own, since ours is among them
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
		unseen := n.ID < ours || safetext.Same(wrote.text, s.now.Description)
		if n.AuthorID != self && unseen && !isReconciling(notes, n) {
			s.lost = append(s.lost, edit{n.Author, n.CreatedAt})
		}
	}
	return nil
}

// tellsOfAnEdit knows GitLab's words for an edit of the description. Ticking a box in it has words of its own.
func isDescriptionEdit(n issue.Note) bool {
	return n.System && (strings.HasPrefix(n.Body, "changed the description") || strings.HasPrefix(n.Body, "marked the checklist item ") ||
		strings.HasPrefix(n.Body, "marked the task "))
}

// sameWork is how long before an edit its author's entry was written at most, for the edit to be the settling of it.
const sameWorkWindow = 10 * time.Minute

func isReconciling(notes []issue.Note, edit issue.Note) bool {
	return slices.ContainsFunc(notes, func(n issue.Note) bool {
		return n.Trusted && n.AuthorID == edit.AuthorID && edit.CreatedAt.Sub(n.CreatedAt).Abs() <= sameWorkWindow
	})
}

// overwritten is nil when no edit was found that may be lost.
func (s *reconciliation) lostEdits() error {
	if len(s.lost) == 0 {
		return nil
	}
	var who []string
	for _, e := range s.lost {
		who = append(who, fmt.Sprintf("@%s at %s UTC", e.by, e.at.Format("15:04:05")))
	}
	return fault.Wrap(fault.Partial, fault.Overwritten, "look into the history of "+s.now.WebURL+", and put back what is missing",
		"the description of %s was edited by %s while prodctl was writing it", s.ref, strings.Join(who, ", "))
}
