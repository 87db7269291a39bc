// Package lock is `prodctl lock`: the windows in which changes wait.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package lock

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/config"
)

// New is the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "lock",
		Aliases: []string{"locks"},
		Short:   "Locks: the times in which changes wait",
		Long: `A lock is a time in which changes of production are not made: every weekend, over a holiday. A soft one holds for changes of the
criticalities C1 and C2, a hard one for all. They stand below locks in the configuration, and GitLab is not asked about them:
both commands work without a host and without a token.

What else may stand against a change, such as an active incident, is told by prodctl change gate.`,
		Example: `  prodctl lock list
  prodctl lock check --criticality C2`,
	}
	cmd.AddCommand(newListCmd(a, runList), newCheckCmd(a, runCheck))
	return cmd
}

// noLocks says where locks are written, where there are none.
func noLocks(cfg config.Config) []string {
	switch {
	case len(cfg.Locks) > 0:
		return nil
	case cfg.File == "":
		return []string{"locks are written below locks in " + config.FileName + ": prodctl init makes one"}
	}
	return []string{"locks are written below locks in " + cfg.File}
}
