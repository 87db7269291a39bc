// Package rad defines the command `prodctl rad` and its verbs, one file each. Start with [New].
//
// A verb has flags, help, and a run function that calls one workflow and one view. Rules and requests are not here: they are in pkg/drill
// and internal/workflow/rad.
package rad

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/config"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/rad"
)

// New returns the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rad",
		Short: "Hold restore drills (Restore Appreciation Days)",
		Long: `A backup is as good as its last restore. On a Restore Appreciation Day two people in turn restore every target to a test
instance, time each restore and verify the data. The days, the people and the targets are in rad of the configuration.`,
		Example: `  # Is every backup tested, and who is next?
  prodctl rad status

  # Open the drill of today, from a daily pipeline
  prodctl rad open

  # Record what was restored
  prodctl rad record --target main-db --start 09:10 --end 10:42 --verified`,
	}
	cmd.AddCommand(
		newOpenCmd(a, runOpen),
		newRecordCmd(a, runRecord),
		newStatusCmd(a, runStatus),
	)
	return cmd
}

// schedule is the configured schedule of drills.
func schedule(cfg config.Config) flow.Schedule {
	return flow.Schedule{Days: cfg.DrillDays(), Rota: cfg.DrillRota(), Targets: cfg.Rad.Targets, Label: cfg.Rad.Label, Within: cfg.Rad.Within}
}
