package config

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

func newValidateCmd(env *app.App, run func(context.Context, *app.App, string) error) *cobra.Command {
	return &cobra.Command{
		Use:   "validate [<file>]",
		Short: "Find every fault of the configuration",
		Long: `Validate tells every fault of the file, or of the one that is found, with file, line and column, all of them at once: unknown
keys, wrong types, impossible values, and what does not fit together. Variables of the environment are checked too. It needs
no GitLab and no token.

Exit codes: 0 no faults, 6 faults, or no file.`,
		Example: `  prodctl config validate
  prodctl config validate team/.prodctl.yaml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file := ""
			if len(args) == 1 {
				file = args[0]
			}
			return run(cmd.Context(), env, file)
		},
	}
}

func runValidate(_ context.Context, env *app.App, file string) error {
	cfg, err := env.ConfigAt(file)
	if err != nil {
		return err
	}
	if cfg.File == "" {
		return fault.New(fault.Usage, "prodctl init", "there is no %s in this directory or above it", config.FileName)
	}
	if !env.Global.Quiet {
		env.Notef("%s has no faults", cfg.File)
	}
	return nil
}
