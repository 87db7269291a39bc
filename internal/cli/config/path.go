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
		Short: "Print which file is read",
		Long: `Path prints the path of the file that is read, whether it has faults or not: the one that --config or PRODCTL_CONFIG names,
else the nearest .prodctl.yaml from the working directory upward, else the user's own.

Exit codes: 0, 1 there is none, 6 the one that is named is not there.`,
		Example: `  $EDITOR "$(prodctl config path)"`,
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
	return fault.New(fault.Failed, "prodctl init", "there is no %s in this directory or above it, and none of the user's own", config.FileName)
}
