// Package oncall is the command `prodctl oncall`: who is on call now, next and in the coming weeks, and whether the schedule is valid.
//
// Start with [New]. Each verb has one file with its flags, its help and a short run function that calls one view. Rules are not here:
// they are in pkg/oncall.
package oncall

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New returns the oncall command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "oncall",
		Aliases: []string{"on-call"},
		Short:   "Show who is on call, now and in the coming weeks",
		Long: `Show the on-call schedule from the configuration. Regions share the day: by default EMEA from 04:00 to 16:00 UTC and AMER
from 16:00 to 04:00. Rotations and overrides under oncall in the configuration set the people of each shift.

GitLab is not contacted: these commands need neither a host nor a token.`,
		Example: `  # Who is on call
  prodctl oncall now

  # The next four weeks
  prodctl oncall schedule --weeks 4`,
	}
	cmd.AddCommand(newNowCmd(a, runNow), newNextCmd(a, runNext), newScheduleCmd(a, runSchedule), newCheckCmd(a, runCheck))
	return cmd
}
