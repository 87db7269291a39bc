// Package handoff is `prodctl handoff`: the report of the shift that ends, and marking, taking, listing and checking what is handed on.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package handoff

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New is the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := newReportCmd(a, runReport)
	cmd.AddCommand(
		newMarkCmd(a, runMark),
		newTakeCmd(a, runTake),
		newListCmd(a, runList),
		newCheckCmd(a, runCheck),
	)
	return cmd
}
