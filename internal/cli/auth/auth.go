// Package auth is `prodctl auth`: keep a token, show whose it is, forget it.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package auth

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/config"
)

// New is the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "auth",
		Short: "Access tokens: keep one, see whose it is, forget it",
		Long: `A token is looked for in PRODCTL_TOKEN, GITLAB_TOKEN, the token file, and then among those that were kept by
prodctl auth login: in the system's keyring, or where there is none in a file that only you can read.`,
		Example: `  prodctl auth login --host https://gitlab.example.com
  prodctl auth status`,
	}
	cmd.AddCommand(
		newLoginCmd(a, runLogin),
		newStatusCmd(a, runStatus),
		newLogoutCmd(a, runLogout),
	)
	return cmd
}

// at is the configuration for another host. Certificates that only a found file names are not trusted there.
func at(cfg config.Config, host string) config.Config {
	if cfg.Found && cfg.Source("ca_file").Kind == config.FromFile {
		cfg.CAFile = ""
	}
	cfg.Host = host
	return cfg
}
