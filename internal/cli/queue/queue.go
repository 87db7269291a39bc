// Package queue defines the command `prodctl queue` and its verbs, one file each. Start with [New].
//
// A verb has flags, help, and a run function that calls one workflow and one view. Rules and requests are not here: they are in pkg/queue
// and internal/workflow/queue.
package queue

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New returns the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "queue",
		Aliases: []string{"queues"},
		Short:   "Merge issue trackers",
		Long: `A team that takes over work, such as that of the database team, takes over its tracker as well: its open issues move into the
tracker infrastructure, and a label says where they came from.`,
		Example: `  # What would move, and what would be lost?
  prodctl queue merge --from database --dry-run`,
	}
	cmd.AddCommand(newMergeCmd(a, runMerge))
	return cmd
}
