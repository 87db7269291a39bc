// Package auth is `prodctl auth`: save, check and delete access tokens. Start with [New].
//
// It has one file per verb, with its flags, its help and a run function. Finding and storing tokens is not here but in
// internal/credential.
package auth

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/config"
)

// New builds the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "auth",
		Short: "Manage access tokens",
		Long: `Manage the access tokens that prodctl uses. A token is taken from PRODCTL_TOKEN, GITLAB_TOKEN, the configured token file, or the
token saved by prodctl auth login, in this order.`,
		Example: `  # Save a token for a GitLab host
  prodctl auth login --host https://gitlab.example.com

  # Whose tokens are these, and do they work?
  prodctl auth status`,
	}
	cmd.AddCommand(
		newLoginCmd(a, runLogin),
		newStatusCmd(a, runStatus),
		newLogoutCmd(a, runLogout),
	)
	return cmd
}

// at returns the configuration for another host, without certificates that only a discovered file names: they are trusted for its host.
func at(cfg config.Config, host string) config.Config {
	if cfg.Found && cfg.Source("ca_file").Kind == config.FromFile {
		cfg.CAFile = ""
	}
	cfg.Host = host
	return cfg
}
