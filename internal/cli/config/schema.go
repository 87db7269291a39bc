package config

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/config"
)

func newSchemaCmd(env *app.App, run func(context.Context, *app.App) error) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the configuration",
		Long: `Schema prints the JSON Schema of .prodctl.yaml, with which editors complete and check it. What holds between two keys,
dates and time zones are checked by prodctl config validate alone.

Exit codes: 0, 6 wrong usage.`,
		Example: `  prodctl config schema > .prodctl.schema.json`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env) },
	}
}

func runSchema(_ context.Context, env *app.App) error {
	_, err := env.Out.Write(config.Schema())
	return err
}
