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
		Long: `Print the JSON Schema of .prodctl.yaml. Editors use it to complete and check the file.

The schema does not cover everything: dates, time zones and rules between two keys are checked by prodctl config validate only.`,
		Example: `  # Save the schema for an editor
  prodctl config schema > .prodctl.schema.json`,
	}
	return command.Configured(command.DefineLocal(a, cmd, &struct{}{}, run))
}

func runSchema(_ context.Context, a *app.App, _ struct{}) error {
	_, err := a.Out.Write(config.Schema())
	return err
}
