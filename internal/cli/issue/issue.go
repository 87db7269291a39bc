// Package issue defines the command `prodctl issue` and its verbs, one file each. Start with [New].
//
// A verb has flags, help, and a run function that calls one workflow and one view. Rules and requests are not here: they are in
// pkg/issue, pkg/board and internal/workflow/issue.
package issue

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New returns the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "issue",
		Aliases: []string{"issues"},
		Short:   "Request, prioritize and check issues",
		Long: `The team's work is issues in the infrastructure tracker. Anyone may ask for work. A planning session gives an issue its priority
and weight, and writes down when it is done. Then it is ready, and somebody pulls it.`,
		Example: `  # Ask for work
  prodctl issue request "Read access to the search logs" --team search --due 2018-09-01

  # What can be pulled next?
  prodctl issue list --column ready

  # What is missing before somebody can pull it?
  prodctl issue ready 66

  # How urgent is it, and how bad?
  prodctl issue priority 66 --urgency U2 --impact I2`,
	}
	cmd.AddCommand(
		newRequestCmd(a, runRequest),
		newListCmd(a, runList),
		newShowCmd(a, runShow),
		newReadyCmd(a, runReady),
		newPriorityCmd(a, runPriority),
	)
	return cmd
}
