// Package report is the command `prodctl report`: the weekly report, statistics of incidents, flow and labels, and
// production readiness.
//
// Start with [New]. Each verb has one file with its flags, its help and a short run function that calls one workflow and one view. Rules
// and requests are not here: they are in pkg/report and internal/workflow/report.
package report

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New returns the report command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "report",
		Aliases: []string{"reports"},
		Short:   "Report on a week, incidents, flow, labels or readiness",
		Long: `Build reports from the issues in the trackers. Numbers are exact and nothing is guessed: unknown data is counted as missing.

Reports write nothing to GitLab without --post.`,
		Example: `  # The last seven days
  prodctl report weekly

  # Post the report of last week and close the log of the week before
  prodctl report weekly --week last --post --close

  # Incident statistics of the last 90 days
  prodctl report incidents --last 90d`,
	}
	cmd.AddCommand(
		newWeeklyCmd(a, runWeekly),
		newIncidentsCmd(a, runIncidents),
		newFlowCmd(a, runFlow),
		newLabelsCmd(a, runLabels),
		newReadinessCmd(a, runReadiness),
		newSiteCmd(a, runSite),
	)
	return cmd
}
