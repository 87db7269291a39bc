package config

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

func newPathCmd(a *app.App, run command.LocalRun[struct{}]) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "path",
		Short: "Print the path of the configuration file",
		Long: `Print the path of the configuration file: the one named by --config or PRODCTL_CONFIG, or else the nearest .prodctl.yaml in the
working directory or above it, or else ~/.config/prodctl/config.yaml.

The file is not checked.`,
		Example: `  # Edit the configuration
  $EDITOR "$(prodctl config path)"`,
	}
	return command.Configured(command.DefineLocal(a, cmd, &struct{}{}, run))
}

func runPath(_ context.Context, a *app.App, _ struct{}) error {
	cfg, err := a.Config()
	switch {
	case cfg.File != "":
		_, err := fmt.Fprintln(a.Out, cfg.File)
		return err
	case err != nil:
		return err
	}
	return fault.New(fault.Failed, config.InitHint, "no configuration file found")
}
