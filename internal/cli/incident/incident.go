// Package incident is `prodctl incident`: open an incident, record what happens, show it, review it, follow it up.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package incident

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New is the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "incident",
		Aliases: []string{"incidents", "inc"},
		Short:   "Incidents: open, update, mitigate, resolve, review",
		Long: `An incident is an issue of the production queue. It is active until users are not affected any more (mitigated), then until its
cause is gone (resolved), and reviewed at the end. Where it stands is told by its label and its record, not by the issue being open.

What happens is told in comments, once each; the record and the timeline in the description are made from them, and what people write
there themselves stays.`,
		Example: `  prodctl incident open "Registry returns 500s" -s S2
  prodctl incident mitigate 8 -m "Failed over to the secondary"
  prodctl incident list`,
	}
	cmd.AddCommand(
		newOpenCmd(a, runOpen),
		newUpdateCmd(a, runEvent),
		newMitigateCmd(a, runEvent),
		newResolveCmd(a, runEvent),
		newReopenCmd(a, runEvent),
		newListCmd(a, runList),
		newShowCmd(a, runShow),
		newTimelineCmd(a, runTimeline),
		newReviewCmd(a, runReview),
		newActionCmd(a, runAction),
	)
	return cmd
}
