package gitlab

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// sentDescription is a description that was sent, with what was read before.
type sentDescription struct {
	text  string
	issue issue.Issue
	notes []issue.Note
	after int64 // id of the last comment
}

// newSentDescription is nil for a change that leaves the description alone.
func newSentDescription(change issue.Change, now issue.Issue, read []issue.Note) *sentDescription {
	if change.Description == nil {
		return nil
	}
	w := sentDescription{text: *change.Description, issue: now, notes: read}
	for _, n := range read {
		w.after = max(w.after, n.ID)
	}
	return &w
}

// edit is an edit of a description by somebody else, or by the token's user in the browser.
type edit struct {
	by string
	at time.Time
}

// detectLostEdits looks, in the comments read after a description was sent, for edits that it may have overwritten.
//
// GitLab adds a system note right after each edit. A note that comes after the comments read before, but before our own note, means an edit
// that we may have missed. A note after ours means a later edit, which shows in the description; if the description is still what was sent,
// the note came late and the edit was earlier.
//
// Edits by other runs of prodctl may be lost: they follow from the comments. Whoever has just recorded an event may be reconciling it, and
// the events of others. If one event at most is being reconciled, the token's user has one edit only, our own. If there are more, everybody
// who has recorded an event lately may be reconciling them.
func (s *reconciliation) detectLostEdits(ctx context.Context, notes []issue.Note) error {
	sent := s.sent
	s.sent = nil
	if sent == nil {
		return nil
	}
	edits := slices.DeleteFunc(slices.Clone(notes), func(n issue.Note) bool { return n.ID <= sent.after || !isDescriptionEdit(n) })
	if len(edits) < 2 { // ours, or one that makes the same change
		return nil
	}
	self, err := s.client.selfID(ctx)
	if err != nil {
		return err
	}
	busy, alone := s.busy(sent, notes)
	same := safetext.Same(sent.text, s.now.Description)
	own := slices.DeleteFunc(slices.Clone(edits), func(n issue.Note) bool { return n.AuthorID != self })
	for _, n := range edits {
		overwritten := len(own) > 0 && (n.ID < own[len(own)-1].ID || same)
		reconciling := busy[n.AuthorID] || isReconciling(notes, n, sameRunWindow) || !alone && isReconciling(notes, n, sameWorkWindow)
		if n.AuthorID != self && overwritten && !reconciling {
			s.lost = append(s.lost, edit{n.Author, n.CreatedAt})
		}
	}
	if len(own) > 0 && !same && edits[len(edits)-1].AuthorID == self { // it came after ours
		own = own[:len(own)-1]
	}
	if !alone || len(own) < 2 || otherRuns(notes, self) {
		return nil
	}
	for _, n := range own[:len(own)-1] {
		s.lost = append(s.lost, edit{n.Author, n.CreatedAt})
	}
	return nil
}

// busy returns the authors of events that are being reconciled: those that the description did not contain when it was read, and those that
// came later. alone reports that there is one at most, and that no other run was reconciling while comments and description were read: the
// events that the description contains are those after which an edit by their author was noted.
func (s *reconciliation) busy(sent *sentDescription, notes []issue.Note) (authors map[int64]bool, alone bool) {
	authors, alone = map[int64]bool{}, true
	latest, all, events := notes[len(notes)-1].CreatedAt, s.described(sent, 0), 0
	for _, n := range notes {
		if !n.Trusted || latest.Sub(n.CreatedAt) > sameWorkWindow {
			continue
		}
		contained := n.ID <= sent.after && all != "" && s.described(sent, n.ID) == all
		noted := slices.ContainsFunc(sent.notes, func(o issue.Note) bool {
			return o.ID > n.ID && isDescriptionEdit(o) && o.AuthorID == n.AuthorID
		})
		alone = alone && contained == noted
		if !contained {
			authors[n.AuthorID] = true
			events++
		}
	}
	return authors, alone && events <= 1
}

// described returns the description that follows from the comments that were read, without one of them.
func (s *reconciliation) described(sent *sentDescription, without int64) string {
	notes := slices.DeleteFunc(slices.Clone(sent.notes), func(n issue.Note) bool { return n.ID == without })
	change, err := s.reconciler.Reconcile(sent.issue, notes)
	if err != nil || change.Description == nil {
		return ""
	}
	return *change.Description
}

// isDescriptionEdit recognizes GitLab's system notes for an edit of the description. Ticking a box in it has notes of its own.
func isDescriptionEdit(n issue.Note) bool {
	return n.System && (strings.HasPrefix(n.Body, "changed the description") || strings.HasPrefix(n.Body, "marked the checklist item ") ||
		strings.HasPrefix(n.Body, "marked the task "))
}

// sameWorkWindow is how close in time an event of the author has to be to an edit for the edit to be the reconciliation of it.
const sameWorkWindow = 10 * time.Minute

// otherRuns reports whether the token's user has recorded another event at the same time, as jobs with one token do: its run may be
// reconciling too.
func otherRuns(notes []issue.Note, self int64) bool {
	events := 0
	latest := notes[len(notes)-1].CreatedAt
	for _, n := range notes {
		if n.Trusted && n.AuthorID == self && latest.Sub(n.CreatedAt) <= sameRunWindow {
			events++
		}
	}
	return events > 1
}

// sameRunWindow is the same for one run: it reconciles every event that it finds until none is left, others' too.
const sameRunWindow = 2 * time.Minute

func isReconciling(notes []issue.Note, edit issue.Note, within time.Duration) bool {
	return slices.ContainsFunc(notes, func(n issue.Note) bool {
		return n.Trusted && n.AuthorID == edit.AuthorID && edit.CreatedAt.Sub(n.CreatedAt).Abs() <= within
	})
}

// lostEdits is the error for edits that may be lost; nil when there are none.
func (s *reconciliation) lostEdits() error {
	if len(s.lost) == 0 {
		return nil
	}
	var who, when []string
	for _, e := range s.lost {
		at := e.at.Format("15:04:05") + " UTC"
		who, when = append(who, account.Name(e.by)+" at "+at), append(when, at)
	}
	hint := fmt.Sprintf("Look in the history of %s for \"changed the description\" at %s, and restore what is missing",
		fault.Quote(s.now.WebURL), strings.Join(when, ", "))
	return fault.Wrap(fault.Partial, fault.Overwritten, hint, "the description of %s was edited by %s at the same time", s.ref,
		strings.Join(who, ", "))
}
