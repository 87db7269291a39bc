package config

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
)

func newShowCmd(a *app.App, run command.LocalRun[struct{}]) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Show every setting and where it comes from",
		Long: `Show every setting with its value and its source: a flag, an environment variable, a line of the file, or the default.

Below them is the file, and whether it is trusted. Of a trusted file that changed, the trusted content is shown. Tokens are not settings
and are never shown.`,
		Example: `  # Show all settings
  prodctl config show

  # List the settings that differ from the default
  prodctl config show --jq '.settings[] | select(.source != "default") | .name'`,
	}
	return command.Configured(command.DefineLocal(a, cmd, &struct{}{}, run))
}

func runShow(_ context.Context, a *app.App, _ struct{}) error {
	s, err := a.Session()
	if err != nil {
		return err
	}
	return a.View.Config(document.Config(s.Config))
}
