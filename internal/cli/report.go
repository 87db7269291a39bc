package cli

import (
	"github.com/spf13/cobra"
)

func newReportCmd(env *Env) *cobra.Command {
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
		newReportWeeklyCmd(env, runReportWeekly),
		newReportIncidentsCmd(env, runReportIncidents),
	)
	return cmd
}
