package cli

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

func newHandoffCmd(env *Env, run func(context.Context, *Env, handoffOptions) error) *cobra.Command {
	cmd := newHandoffReportCmd(env, run)
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
