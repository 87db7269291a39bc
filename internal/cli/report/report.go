// Package report is `prodctl report`: the weekly report and the statistics of incidents.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package report

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New is the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "report",
		Aliases: []string{"reports"},
		Short:   "Reports: of the week, and about incidents",
		Long: `Reports are made from what the trackers say: nothing is guessed, what is not known is counted as missing, and numbers are exact.
Nothing is written to GitLab unless --post is said.`,
		Example: `  prodctl report weekly
  prodctl report weekly --week last --post --close
  prodctl report incidents --last 90d`,
	}
	cmd.AddCommand(
		newWeeklyCmd(a, runWeekly),
		newIncidentsCmd(a, runIncidents),
	)
	return cmd
}
