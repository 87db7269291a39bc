package edit

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Relate links two issues unless they are already linked, and writes a system note on both.
func Relate(s *store.Store, source, target *store.Issue, kind string, by *store.User, at time.Time) {
	if s.NoLinks || source == target || store.LinkBetween(source, target) != nil {
		return
	}
	l := &store.Link{ID: store.Next(&s.Last.Link), Source: source, Target: target, Kind: kind, CreatedAt: at}
	source.Links = append(source.Links, l)
	target.Links = append(target.Links, l)
	there, back := "marked this issue as related to ", "marked this issue as related to "
	if kind == store.Blocks {
		there, back = "marked this issue as blocking ", "marked this issue as blocked by "
	}
	s.SystemNote(source, by, there+target.Reference(source.Project))
	s.SystemNote(target, by, back+source.Reference(target.Project))
}

// Unrelate removes a link from both issues and writes a system note on both.
func Unrelate(s *store.Store, l *store.Link, by *store.User) {
	is := func(x *store.Link) bool { return x == l }
	l.Source.Links = slices.DeleteFunc(l.Source.Links, is)
	l.Target.Links = slices.DeleteFunc(l.Target.Links, is)
	s.SystemNote(l.Source, by, "removed the relation with "+l.Target.Reference(l.Source.Project))
	s.SystemNote(l.Target, by, "removed the relation with "+l.Source.Reference(l.Target.Project))
}
