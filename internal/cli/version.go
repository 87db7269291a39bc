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
		Short: "Say which build this is",
		Long: `Version tells the release, the commit and the platform of this program. It asks nobody whether there is a newer one.

Exit codes: 0, 6 wrong usage.`,
		Example: `  prodctl version
  prodctl version -o json --jq .release`,
	}
	return command.Instant(command.DefineLocal(a, cmd, &struct{}{}, runVersion))
}

func runVersion(_ context.Context, a *app.App, _ struct{}) error {
	b := buildinfo.Read()
	return a.View.Version(jsonv1.NewBuild(b.Version, b.Commit, b.Date, b.Go, b.Platform))
}
