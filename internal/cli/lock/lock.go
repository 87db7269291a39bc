// Package lock implements `prodctl lock`: when changes are not allowed.
//
// There is one file per verb, with its flags, its help and a run function that calls the rules and one view. Start with [New].
// The rules are in pkg/lock, and the steps of `lock sync`, which alone writes to GitLab, in internal/workflow/lock: neither belongs here.
package lock

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/config"
)

// New returns the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "lock",
		Aliases: []string{"locks"},
		Short:   "Show when changes are locked",
		Long: `A lock is a time when changes are not allowed in production, such as weekends or holidays. A soft lock applies to C1 and
C2 changes, a hard lock to all changes. Locks are defined under "locks" in the configuration.

Only lock sync connects to GitLab: it makes weekly locks known to pipelines. For incidents and other changes, use prodctl change
gate.`,
		Example: `  # When each lock is active
  prodctl lock list

  # Whether a C2 change is allowed now
  prodctl lock check --criticality C2

  # Make the weekly locks known to GitLab's pipelines
  prodctl lock sync --dry-run`,
	}
	cmd.AddCommand(newListCmd(a, runList), newCheckCmd(a, runCheck), newSyncCmd(a, runSync))
	return cmd
}

// noLocks is a note on where to define locks, if there are none.
func noLocks(cfg config.Config) []string {
	switch {
	case len(cfg.Locks) > 0:
		return nil
	case cfg.File == "":
		return []string{`Define locks under "locks" in ` + config.FileName + " (to create it: prodctl init)"}
	}
	return []string{`Define locks under "locks" in ` + cfg.File}
}
