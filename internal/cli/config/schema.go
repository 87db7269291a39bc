package config

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
)

func newSchemaCmd(a *app.App, run command.LocalRun[struct{}]) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the configuration",
		Long: `Schema prints the JSON Schema of .prodctl.yaml, with which editors complete and check it. What holds between two keys,
dates and time zones are checked by prodctl config validate alone.

Exit codes: 0, 6 wrong usage.`,
		Example: `  prodctl config schema > .prodctl.schema.json`,
	}
	return command.Configured(command.DefineLocal(a, cmd, &struct{}{}, run))
}

func runSchema(_ context.Context, a *app.App, _ struct{}) error {
	_, err := a.Out.Write(config.Schema())
	return err
}
