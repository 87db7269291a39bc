package auth

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

func newLogoutCmd(a *app.App, run command.LocalRun[struct{}]) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "logout",
		Short: "Delete the saved token of a GitLab host",
		Long: `Delete the saved token of a host from the keyring or the credentials file.

The token itself stays valid. To revoke it, use GitLab's web pages.`,
		Example: `  # Delete the token of one host
  prodctl auth logout --host https://gitlab.example.com`,
	}
	return command.Configured(command.DefineLocal(a, cmd, &struct{}{}, run))
}

func runLogout(ctx context.Context, a *app.App, _ struct{}) error {
	cfg, err := a.Config()
	if err != nil {
		return err
	}
	store, hosts, err := a.KeptTokens()
	if err != nil {
		return err
	}
	host := cfg.Host
	if cfg.Trust == config.Untrusted && cfg.Source("host").Kind == config.FromFile {
		host = ""
	}
	switch {
	case host == "" && len(hosts) == 1:
		host = hosts[0]
	case host == "":
		return fault.New(fault.Usage, "To list the hosts with a saved token: prodctl auth status", "--host is required")
	}
	if err := store.Delete(ctx, host); err != nil {
		return err
	}
	if !a.Global.Quiet {
		a.Notef("Deleted the saved token for %s. It stays valid until you revoke it in GitLab.", host)
	}
	return nil
}
