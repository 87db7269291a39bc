package cli

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

func newHandoffCmd(env *Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "handoff",
		Aliases: []string{"handoffs"},
		Short:   "Hand-offs: mark, take, list, check",
		Long: `What one shift leaves to the next. An issue is marked with words of where it is left off and what comes next, and taken by one person;
the label on the board follows from these words and is never there without them.`,
		Example: `  prodctl handoff mark 12 --left-off "Replica rebuilt to 40%" --next "Look at the lag at 18:00"
  prodctl handoff list
  prodctl handoff take 12`,
	}
	cmd.AddCommand(
		newHandoffMarkCmd(env, runHandoffMark),
		newHandoffTakeCmd(env, runHandoffTake),
		newHandoffListCmd(env, runHandoffList),
		newHandoffCheckCmd(env, runHandoffCheck),
	)
	return cmd
}

// handoffLabel is the label of what is ready for a hand-off, in the team's words.
func handoffLabel(cfg config.Config) string { return cfg.Labels.Names.Of(label.Handoff) }
