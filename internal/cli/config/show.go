package config

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/document"
)

func newShowCmd(env *app.App, run func(context.Context, *app.App) error) *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Show every setting and where it comes from",
		Long: `Show tells every setting with its value and its source: a flag, a variable of the environment, a line of the file, or the
default. Tokens are no settings and never shown.

Exit codes: 0, 6 an invalid file or variable.`,
		Example: `  prodctl config show
  prodctl config show --jq '.settings[] | select(.source != "default") | .name'`,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env) },
		Args: cobra.NoArgs,
	}
}

func runShow(_ context.Context, env *app.App) error {
	cfg, err := env.Config()
	if err != nil {
		return err
	}
	return env.View.Config(document.Config(cfg))
}
