package journal

import (
	"cmp"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Ledger says what an issue should look like by its comments. Settle is a pure function of both:
// what is to be changed in the issue, nothing when it agrees with the comments already. The comments come with Trusted set.
type Ledger interface {
	Settle(i issue.Issue, notes []issue.Note) (issue.Change, error)
}

// Claim is the ledger of what one person alone can have, and is claimed by a comment.
// Of many who claim it at once the comments decide, for whoever looks.
type Claim interface {
	Ledger
	// Claims are the entry by which somebody has it, without a number when nobody does, and the claims that it has beaten: those say what
	// is not so, and whoever made one deletes it.
	Claims(notes []issue.Note) (holder Entry, beaten []Entry)
}

// linkKind is the kind of the entries by which two issues name each other where GitLab has no links.
const linkKind = "link"

// About are the entries about an issue: those of its kind, and those by which others name it.
func About(notes []issue.Note, kind string) []Entry {
	return Merged(Entries(notes, kind), Entries(notes, linkKind))
}

// Merged are entries in the order of their comments.
func Merged(a, b []Entry) []Entry {
	return slices.SortedFunc(slices.Values(slices.Concat(a, b)), func(a, b Entry) int { return cmp.Compare(a.NoteID, b.NoteID) })
}

// Late reports whether a fresh entry is older than one that is settled: GitLab may show a comment a moment after one with a higher number.
func Late(settled, fresh []Entry) bool {
	return len(settled) > 0 && len(fresh) > 0 && fresh[0].NoteID < settled[len(settled)-1].NoteID
}

// Split parts entries into those that were written until an instant, and those since.
func Split(entries []Entry, at time.Time) (before, since []Entry) {
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
func OneBreath(entries []Entry, e Entry) bool {
	return slices.ContainsFunc(entries, func(o Entry) bool { return o.NoteID < e.NoteID && o.Posted.Equal(e.Posted) })
}
