// Package handoff is the command `prodctl handoff`: the report of the shift that ends, accepting it,
// and marking, taking, listing and checking issues.
//
// Start with [New]. Each verb has one file with its flags, its help and a short run function that calls one workflow and one view. Rules
// and requests are not here: they are in pkg/handoff and internal/workflow/handoff.
package handoff

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New returns the handoff command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := newReportCmd(a, runReport)
	cmd.AddCommand(
		newMarkCmd(a, runMark),
		newTakeCmd(a, runTake),
		newAcceptCmd(a, runAccept),
		newListCmd(a, runList),
		newCheckCmd(a, runCheck),
	)
	return cmd
}
