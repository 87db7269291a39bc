// Package incident defines the command `prodctl incident` and its verbs, one file each. Start with [New].
//
// A verb has flags, help, and a run function that calls one workflow and one view. Rules and requests are not here: they are in
// pkg/incident and internal/workflow/incident.
package incident

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New returns the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "incident",
		Aliases: []string{"incidents", "inc"},
		Short:   "Open, update, resolve and review incidents",
		Long: `An incident is an issue in the production tracker. It is active, then mitigated (users are no longer affected), resolved (the
cause is gone) and reviewed. Its label and its record hold the state, not whether the issue is open.

Each event is one comment. Record, timeline and labels follow from all comments; what people edit by hand stays.`,
		Example: `  # Open an incident
  prodctl incident open "Registry returns 500s" -s S2

  # Users are no longer affected
  prodctl incident mitigate 8 -m "Failed over to the secondary"

  # What is ongoing?
  prodctl incident list`,
	}
	cmd.AddCommand(
		newOpenCmd(a, runOpen),
		newAdoptCmd(a, runAdopt),
		newUpdateCmd(a, runEvent),
		newMitigateCmd(a, runEvent),
		newResolveCmd(a, runEvent),
		newReopenCmd(a, runEvent),
		newListCmd(a, runList),
		newShowCmd(a, runShow),
		newTimelineCmd(a, runTimeline),
		newChangesCmd(a, runChanges),
		newReviewCmd(a, runReview),
		newActionCmd(a, runAction),
		newActionsCmd(a, runActions),
		newCheckCmd(a, runCheck),
	)
	return cmd
}
