package config

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

func newPathCmd(env *app.App, run func(context.Context, *app.App) error) *cobra.Command {
	return &cobra.Command{
		Use:   "path",
		Short: "Print which file is read",
		Long: `Path prints the path of the file that is read, whether it has faults or not: the one that --config or PRODCTL_CONFIG names,
else the nearest .prodctl.yaml from the working directory upward, else the user's own.

Exit codes: 0, 1 there is none, 6 the one that is named is not there.`,
		Example: `  $EDITOR "$(prodctl config path)"`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env) },
	}
}

func runPath(_ context.Context, env *app.App) error {
	cfg, err := env.Config()
	switch {
	case cfg.File != "":
		_, err := fmt.Fprintln(env.Out, cfg.File)
		return err
	case err != nil:
		return err
	}
	return fault.New(fault.Failed, "prodctl init", "there is no %s in this directory or above it, and none of the user's own", config.FileName)
}
