package command

import (
	"context"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// Words of --in besides the names of trackers.
const (
	InAll   = "all"
	InGroup = "group"
)

// PlaceNames are the words that --in takes, for completion.
func PlaceNames(e *app.App) Candidates {
	return func(context.Context, string) ([]string, error) {
		cfg, err := e.Config()
		names := []string{InAll}
		for _, t := range cfg.Trackers {
			names = append(names, t.Name)
		}
		if cfg.Milestones.Group != "" {
			names = append(names, InGroup)
		}
		return names, err
	}
}
