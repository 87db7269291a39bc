package store

import (
	"crypto/sha1"
	"encoding/hex"
	"strconv"
	"time"
)

// Root is the id of the first note of the discussion that the note is in: its own if nobody replied to it.
func (n *Note) Root() int {
	if n.Thread != 0 {
		return n.Thread
	}
	return n.ID
}

// Threaded reports whether the note is in a discussion that can have replies and be resolved.
func (n *Note) Threaded() bool { return n.Thread != 0 }

// DiscussionID is the id of the discussion that the note is in: 40 hexadecimal digits.
func (n *Note) DiscussionID() string {
	sum := sha1.Sum([]byte("discussion-" + strconv.Itoa(n.Root())))
	return hex.EncodeToString(sum[:])
}

// Reply puts a note into the discussion of another one. If that was a plain note, it becomes the first of a
// discussion, which changes its updated_at.
func (s *Store) Reply(to, n *Note) {
	if to.Thread == 0 {
		to.Thread, to.UpdatedAt = to.ID, Later(to.UpdatedAt, n.CreatedAt)
	}
	n.Thread = to.Thread
}

// Resolve marks a note of a discussion as resolved or not. It does nothing if the note already is.
func (s *Store) Resolve(n *Note, resolved bool, by *User) {
	switch {
	case resolved == (n.ResolvedBy != nil):
	case resolved:
		n.ResolvedBy, n.ResolvedAt = by, s.Stamp()
	default:
		n.ResolvedBy, n.ResolvedAt = nil, time.Time{}
	}
}
