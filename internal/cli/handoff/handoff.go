// Package handoff is `prodctl handoff`: the report of the shift that ends, and marking, taking, listing and checking what is handed on.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package handoff

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New is the command with all its verbs.
func New(env *app.App) *cobra.Command {
	cmd := newReportCmd(env, runReport)
	cmd.AddCommand(
		newMarkCmd(env, runMark),
		newTakeCmd(env, runTake),
		newListCmd(env, runList),
		newCheckCmd(env, runCheck),
	)
	return cmd
}
