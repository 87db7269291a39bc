package cli

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/buildinfo"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

func newVersionCmd(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Long:  `Print the release, commit, build date and platform of prodctl. It does not check for a newer release.`,
		Example: `  # Print the version
  prodctl version

  # Print the release number only
  prodctl version -o json --jq .release`,
	}
	return command.Instant(command.DefineLocal(a, cmd, &struct{}{}, runVersion))
}

func runVersion(_ context.Context, a *app.App, _ struct{}) error {
	b := buildinfo.Read()
	return a.View.Version(jsonv1.NewBuild(b.Version, b.Commit, b.Date, b.Go, b.Platform))
}
