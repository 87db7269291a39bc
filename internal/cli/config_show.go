package cli

import (
	"context"

	"github.com/spf13/cobra"
)

func newConfigShowCmd(env *Env, run func(context.Context, *Env) error) *cobra.Command {
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

func runConfigShow(_ context.Context, env *Env) error {
	cfg, err := env.Config()
	if err != nil {
		return err
	}
	return env.view.Config(configDocument(cfg))
}
