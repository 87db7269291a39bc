// Package oncall is `prodctl oncall`: who is on call now, next and in the coming weeks, and whether the schedule holds.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package oncall

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New is the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "oncall",
		Aliases: []string{"on-call"},
		Short:   "Who is on call, now and in the weeks to come",
		Long: `Regions share the day: EMEA from 04:00 to 16:00 UTC and AMER from 16:00 to 04:00, unless the configuration says
others below oncall. With rotations there, and overrides for holidays, it is known who is on call in each shift. GitLab is
not asked: these commands work without a host and without a token.

Now, next and schedule also make a calendar: -o ics.`,
		Example: `  prodctl oncall now
  prodctl oncall schedule --weeks 4`,
	}
	cmd.AddCommand(newNowCmd(a, runNow), newNextCmd(a, runNext), newScheduleCmd(a, runSchedule), newCheckCmd(a, runCheck))
	return cmd
}
