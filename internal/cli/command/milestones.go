package command

import (
	"context"
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/config"
	milestoneflow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
	"gitlab.com/prodctl/prodctl/pkg/visible"
)

// Timeboxes is where the configured team's milestones live and by which rules.
func Timeboxes(ctx context.Context, e *app.App) (milestoneflow.Timeboxes, config.Config, error) {
	cfg, err := e.Config()
	if err != nil {
		return milestoneflow.Timeboxes{}, cfg, err
	}
	if cfg.Milestones.Scope != target.Group {
		if err := cfg.RequireTrackers("infrastructure"); err != nil {
			return milestoneflow.Timeboxes{}, cfg, err
		}
	}
	client, err := e.Client(ctx)
	if err != nil {
		return milestoneflow.Timeboxes{}, cfg, err
	}
	return milestoneflow.Timeboxes{Read: client, In: cfg.MilestoneTarget(), Rules: cfg.MilestoneRules(), Parallel: cfg.Parallel}, cfg, nil
}

// OpenMilestones are the titles of open milestones, for completion.
func OpenMilestones(e *app.App) Candidates {
	return func(ctx context.Context, _ string) ([]string, error) {
		boxes, _, err := Timeboxes(ctx, e)
		if err != nil {
			return nil, err
		}
		list, err := boxes.List(ctx, milestone.Query{State: milestone.Active})
		if err != nil {
			return nil, err
		}
		var out []string
		for _, m := range list {
			if visible.Line(m.Title) != m.Title {
				continue // cannot be typed, and must not reach a terminal
			}
			out = append(out, fmt.Sprintf("%s\t%s", m.Title, m.Box()))
		}
		return out, nil
	}
}
