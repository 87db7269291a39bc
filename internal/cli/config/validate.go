package config

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
)

type validateOptions struct{ File input.File }

func newValidateCmd(a *app.App, run command.LocalRun[validateOptions]) *cobra.Command {
	var o validateOptions
	cmd := &cobra.Command{
		Use:   "validate [<file>]",
		Short: "Find every fault of the configuration",
		Long: `Validate tells every fault of the file, or of the one that is found, with file, line and column, all of them at once: unknown
keys, wrong types, impossible values, and what does not fit together. Variables of the environment are checked too. It needs
no GitLab and no token.

Exit codes: 0 no faults, 6 faults, or no file.`,
		Example: `  prodctl config validate
  prodctl config validate team/.prodctl.yaml`,
	}
	return command.Configured(command.DefineLocal(a, cmd, &o, run, command.Arg{Name: "file", Value: &o.File, Optional: true}))
}

func runValidate(_ context.Context, a *app.App, o validateOptions) error {
	cfg, err := a.ConfigAt(o.File.Name)
	if err != nil {
		return err
	}
	if cfg.File == "" {
		return fault.New(fault.Usage, "prodctl init", "there is no %s in this directory or above it", config.FileName)
	}
	if !a.Global.Quiet {
		a.Notef("%s has no faults", cfg.File)
	}
	return nil
}
