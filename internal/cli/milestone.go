package cli

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

func newMilestoneCmd(env *Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "milestone",
		Aliases: []string{"milestones"},
		Short:   "Current, Next and finished timeboxes",
		Long: `The team works in timeboxes of two weeks, a Monday to the Friday 11 days later. There is always one open
Current Milestone and one open Next Milestone; a finished one is renamed and closed.`,
		Example: `  prodctl milestone list
  prodctl milestone roll --dry-run`,
	}
	cmd.AddCommand(
		newMilestoneListCmd(env, runMilestoneList),
		newMilestoneShowCmd(env, runMilestoneShow),
		newMilestoneEnsureCmd(env, runMilestoneEnsure),
		newMilestoneRollCmd(env, runMilestoneRoll),
		newMilestoneVelocityCmd(env, runMilestoneVelocity),
	)
	return cmd
}

// timeboxes is where the configured team's milestones live and by which rules.
func (e *Env) timeboxes(ctx context.Context) (workflow.Timeboxes, config.Config, error) {
	cfg, err := e.Config()
	if err != nil {
		return workflow.Timeboxes{}, cfg, err
	}
	if cfg.Milestones.Scope != target.Group {
		if err := cfg.RequireTrackers("infrastructure"); err != nil {
			return workflow.Timeboxes{}, cfg, err
		}
	}
	client, err := e.Client(ctx)
	if err != nil {
		return workflow.Timeboxes{}, cfg, err
	}
	return workflow.Timeboxes{Read: client, In: cfg.MilestoneTarget(), Rules: cfg.MilestoneRules(), Parallel: cfg.Parallel}, cfg, nil
}
