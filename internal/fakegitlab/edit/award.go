package edit

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Award gives an issue or a note an emoji, by its name. Nothing is left to do for the user there.
func Award(s *store.Store, on store.Awardable, name string, by *store.User, at time.Time) *store.Award {
	s.FinishTodos(on.Issue, by, at)
	return s.AddAward(on, name, by, at)
}

// ToggleAward gives an issue an emoji, or takes it back if the user already gave it.
func ToggleAward(s *store.Store, i *store.Issue, name string, by *store.User, at time.Time) {
	on := store.Awardable{Issue: i}
	had := slices.IndexFunc(i.Awards, func(a *store.Award) bool { return a.User == by && a.Name == name })
	if had < 0 {
		Award(s, on, name, by, at)
		return
	}
	s.RemoveAward(on, i.Awards[had], at)
}
