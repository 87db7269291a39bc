package cli

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

func newAuthLogoutCmd(env *Env, run func(context.Context, *Env) error) *cobra.Command {
	return &cobra.Command{
		Use:   "logout",
		Short: "Forget the token of a GitLab",
		Long: `Logout removes the token that is kept for the host from the keyring or the file. The token itself stays good until it is
revoked in GitLab; GitLab is not asked.

Exit codes: 0, 1 no token is kept for it, 6 wrong usage.`,
		Example: `  prodctl auth logout --host https://gitlab.example.com`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env) },
	}
}

func runAuthLogout(ctx context.Context, env *Env) error {
	cfg, store, hosts, err := env.kept()
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
	if !env.global.Quiet {
		env.Notef("the token for %s is forgotten here; it stays good until you revoke it in GitLab", host)
	}
	return nil
}
