package store

import "time"

// The kinds of links. IsBlockedBy is Blocks as seen from the target.
const (
	RelatesTo   = "relates_to"
	Blocks      = "blocks"
	IsBlockedBy = "is_blocked_by"
)

// Link links two issues.
type Link struct {
	ID             int
	Source, Target *Issue
	Kind           string // RelatesTo or Blocks
	CreatedAt      time.Time
}

// LinkBetween returns the link between two issues, nil if there is none. There is one at most, in either direction.
func LinkBetween(a, b *Issue) *Link {
	for _, l := range a.Links {
		if other, _ := l.Other(a); other == b {
			return l
		}
	}
	return nil
}

// Other returns the issue at the other end, and the kind of the link as seen from i.
func (l *Link) Other(i *Issue) (*Issue, string) {
	switch {
	case l.Source == i:
		return l.Target, l.Kind
	case l.Kind == Blocks:
		return l.Source, IsBlockedBy
	}
	return l.Source, l.Kind
}
