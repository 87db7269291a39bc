package auth

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

func newLogoutCmd(a *app.App, run command.LocalRun[struct{}]) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "logout",
		Short: "Forget the token of a GitLab",
		Long: `Logout removes the token that is kept for the host from the keyring or the file. The token itself stays good until it is
revoked in GitLab; GitLab is not asked.

Exit codes: 0, 1 no token is kept for it, 6 wrong usage.`,
		Example: `  prodctl auth logout --host https://gitlab.example.com`,
	}
	return command.Configured(command.DefineLocal(a, cmd, &struct{}{}, run))
}

func runLogout(ctx context.Context, a *app.App, _ struct{}) error {
	cfg, store, hosts, err := a.KeptTokens()
	if err != nil {
		return err
	}
	host := cfg.Host
	switch {
	case host == "" && len(hosts) == 1:
		host = hosts[0]
	case host == "":
		return fault.New(fault.Usage, "prodctl auth logout --host HOST, one of those in prodctl auth status", "which host?")
	}
	if err := store.Forget(ctx, host); err != nil {
		return err
	}
	if !a.Global.Quiet {
		a.Notef("the token for %s is forgotten here; it stays good until you revoke it in GitLab", host)
	}
	return nil
}
