package cli

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

func newAuthCmd(env *Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "auth",
		Short: "Access tokens: keep one, see whose it is, forget it",
		Long: `A token is looked for in PRODCTL_TOKEN, GITLAB_TOKEN, the token file, and then among those that were kept by
prodctl auth login: in the system's keyring, or where there is none in a file that only you can read.`,
		Example: `  prodctl auth login --host https://gitlab.example.com
  prodctl auth status`,
	}
	cmd.AddCommand(
		newAuthLoginCmd(env, runAuthLogin),
		newAuthStatusCmd(env, runAuthStatus),
		newAuthLogoutCmd(env, runAuthLogout),
	)
	return cmd
}

// ownerOf asks the GitLab of cfg whose token that is.
func (e *Env) ownerOf(ctx context.Context, cfg config.Config, token string) (instance.User, error) {
	client, err := e.connect(cfg, func(context.Context) (string, error) { return token, nil })
	if err != nil {
		return instance.User{}, err
	}
	return client.CurrentUser(ctx)
}

// at is the configuration for another host. Certificates that only a found file names are not trusted there.
func at(cfg config.Config, host string) config.Config {
	if cfg.Found && cfg.Source("ca_file").Kind == config.FromFile {
		cfg.CAFile = ""
	}
	cfg.Host = host
	return cfg
}

// authHost is what is known of the token of one host.
func authHost(host, source string, user instance.User, err error) jsonv1.AuthHost {
	out := jsonv1.AuthHost{Host: host, Source: source, User: user.Username, Status: jsonv1.CheckOK}
	if err != nil {
		out.Status, out.What, out.Mend = jsonv1.CheckFail, err.Error(), fault.HintOf(err)
	}
	return out
}
