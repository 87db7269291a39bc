package cli

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

func newHandoffCmd(env *Env) *cobra.Command {
	cmd := newHandoffReportCmd(env, runHandoff)
	cmd.AddCommand(
		newHandoffMarkCmd(env, runHandoffMark),
		newHandoffTakeCmd(env, runHandoffTake),
		newHandoffListCmd(env, runHandoffList),
		newHandoffCheckCmd(env, runHandoffCheck),
	)
	return cmd
}

// handoffRef reads the words for an issue that is handed on; a bare number is one of the team's own work, or of the only tracker that a team has.
func handoffRef(cfg config.Config, typed, example string) (issue.Ref, error) {
	home := manifest.Infrastructure
	if len(cfg.Trackers) == 1 {
		home = cfg.Trackers[0].Name
	}
	return cfg.IssueRef(home, typed, example)
}
