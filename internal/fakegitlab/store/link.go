package store

import "time"

// The kinds of links. IsBlockedBy is Blocks seen from the target.
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

// LinkBetween is the link between two issues, nil for none. There is one at most, in either direction.
func LinkBetween(a, b *Issue) *Link {
	for _, l := range a.Links {
		if other, _ := l.Other(a); other == b {
			return l
		}
	}
	return nil
}

// Other is the issue at the far end, and what the link is as seen from i.
func (l *Link) Other(i *Issue) (*Issue, string) {
	switch {
	case l.Source == i:
		return l.Target, l.Kind
	case l.Kind == Blocks:
		return l.Source, IsBlockedBy
	}
	return l.Source, l.Kind
}
