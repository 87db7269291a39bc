package eventlog

import (
	"cmp"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Reconciler computes what an issue should look like from its comments.
type Reconciler interface {
	// Reconcile is a pure function: it returns the change that the issue needs, an empty one if it agrees with its comments. The comments
	// must have Trusted set.
	Reconcile(i issue.Issue, notes []issue.Note) (issue.Change, error)
}

// Exclusive is a reconciler of labels that exclude each other.
type Exclusive interface {
	Reconciler
	// ExclusiveLabels returns the sets of labels of each of which an issue has at most one. Simultaneous requests may leave more.
	ExclusiveLabels() [][]string
}

// Claim is the reconciler of something that only one person can have, and that a comment claims.
// If several people claim it at once, the comments decide, with the same result for every reader.
type Claim interface {
	Reconciler
	// Claims returns the event of the holder, without a comment number if there is none, and the claims that lost: they are wrong, and
	// whoever made one deletes it.
	Claims(notes []issue.Note) (holder Event, lost []Event)
}

// Refuser is a claim with words of its own for those who lose it; without them an issue was taken.
type Refuser interface {
	Claim
	// Refusal returns who holds the claim, as a phrase. The holder has no comment number if there is none.
	Refusal(holder Event) string
}

// linkKind is the kind of the events by which two issues reference each other if GitLab has no links.
const linkKind = "link"

// About returns the events about an issue: those of its kind, and references from other issues.
func About(notes []issue.Note, kind string) []Event {
	return Merged(Events(notes, kind), Events(notes, linkKind))
}

// Merged returns events in the order of their comments.
func Merged(a, b []Event) []Event {
	return stable.Sorted(slices.Concat(a, b), func(a, b Event) int { return cmp.Compare(a.NoteID, b.NoteID) })
}

// Late reports whether a fresh event is older than an applied one: GitLab may show a comment a moment after one with a higher number.
func Late(applied, fresh []Event) bool {
	return len(applied) > 0 && len(fresh) > 0 && fresh[0].NoteID < applied[len(applied)-1].NoteID
}

// Split splits events into those posted up to a point in time, and those after it.
func Split(events []Event, at time.Time) (before, since []Event) {
	for _, e := range events {
		if e.Posted.After(at) {
			since = append(since, e)
		} else {
			before = append(before, e)
		}
	}
	return before, since
}

// Simultaneous reports whether another event was posted before e in the same moment.
func Simultaneous(events []Event, e Event) bool {
	return slices.ContainsFunc(events, func(o Event) bool { return o.NoteID < e.NoteID && o.Posted.Equal(e.Posted) })
}
