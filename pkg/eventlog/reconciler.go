package eventlog

import (
	"cmp"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Reconciler says what an issue should look like by its comments. Settle is a pure function of both:
// what is to be changed in the issue, nothing when it agrees with the comments already. The comments come with Trusted set.
type Reconciler interface {
	Reconcile(i issue.Issue, notes []issue.Note) (issue.Change, error)
}

// Claim is the reconciler of what one person alone can have, and is claimed by a comment.
// Of many who claim it at once the comments decide, for whoever looks.
type Claim interface {
	Reconciler
	// Claims are the entry by which somebody has it, without a number when nobody does, and the claims that it has beaten: those say what
	// is not so, and whoever made one deletes it.
	Claims(notes []issue.Note) (holder Event, beaten []Event)
}

// linkKind is the kind of the entries by which two issues name each other where GitLab has no links.
const linkKind = "link"

// About are the entries about an issue: those of its kind, and those by which others name it.
func About(notes []issue.Note, kind string) []Event {
	return Merged(Events(notes, kind), Events(notes, linkKind))
}

// Merged are entries in the order of their comments.
func Merged(a, b []Event) []Event {
	return slices.SortedFunc(slices.Values(slices.Concat(a, b)), func(a, b Event) int { return cmp.Compare(a.NoteID, b.NoteID) })
}

// Late reports whether a fresh entry is older than one that is settled: GitLab may show a comment a moment after one with a higher number.
func Late(settled, fresh []Event) bool {
	return len(settled) > 0 && len(fresh) > 0 && fresh[0].NoteID < settled[len(settled)-1].NoteID
}

// Split parts entries into those that were written until an instant, and those since.
func Split(entries []Event, at time.Time) (before, since []Event) {
	for _, e := range entries {
		if e.Posted.After(at) {
			since = append(since, e)
		} else {
			before = append(before, e)
		}
	}
	return before, since
}

// OneBreath reports whether another entry was written before e in the same moment.
func Simultaneous(entries []Event, e Event) bool {
	return slices.ContainsFunc(entries, func(o Event) bool { return o.NoteID < e.NoteID && o.Posted.Equal(e.Posted) })
}
