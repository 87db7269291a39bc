package auth

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/credential"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type loginOptions struct {
	NoKeyring bool
}

func newLoginCmd(a *app.App, run command.LocalRun[loginOptions]) *cobra.Command {
	var o loginOptions
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Keep a token for a GitLab",
		Long: `Login asks for an access token, without showing it, or reads it from standard input when that is no terminal. It finds out
whose token it is and keeps it for this host in the system's keyring, or where there is none, or with --no-keyring, in
prodctl/credentials.yaml in the user's configuration folder, which only you can read. The token needs the scope api.

Exit codes: 0, 4 GitLab does not take the token, 5 not confirmed, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl auth login --host https://gitlab.example.com
  prodctl auth login --host https://gitlab.example.com < token.txt`,
	}
	cmd.Flags().BoolVar(&o.NoKeyring, "no-keyring", false, "keep it in the file, also where there is a keyring")
	return command.Connects(command.DefineLocal(a, cmd, &o, run))
}

func runLogin(ctx context.Context, a *app.App, o loginOptions) error {
	cfg, err := a.Config()
	if err != nil {
		return err
	}
	if err := cfg.RequireHost(); err != nil {
		return err
	}
	store, err := a.Store()
	if err != nil {
		return err
	}
	if o.NoKeyring {
		store.Keyring = nil
	}
	if err := confirmHost(ctx, a, cfg); err != nil {
		return err
	}
	secret, err := readToken(ctx, a, cfg.Host)
	if err != nil {
		return err
	}
	return app.Within(ctx, cfg.Timeout, func(ctx context.Context) error {
		user, err := a.TokenOwner(ctx, cfg, secret.Reveal())
		if err != nil {
			return err
		}
		kept, err := store.Save(ctx, cfg.Host, secret)
		if err != nil {
			return err
		}
		noteKept(a, kept)
		return a.View.Auth(jsonv1.NewAuth([]jsonv1.AuthHost{document.AuthHost(cfg.Host, kept.Where, user, nil)}))
	})
}

// confirmHost makes sure that the owner of the token, and not a stranger's file, says where it goes.
func confirmHost(ctx context.Context, e *app.App, cfg config.Config) error {
	if len(cfg.Claims()) == 0 {
		return nil
	}
	refused := fault.New(fault.Refused, "prodctl auth login --host "+cfg.Host,
		"only %s, which was found in the working directory, says where the token goes: %s", cfg.File, cfg.Host)
	if !e.Interactive() {
		return refused
	}
	ok, err := e.Confirm(ctx, fmt.Sprintf("%s says that GitLab is at %s. Log in there?", cfg.File, cfg.Host))
	if err == nil && !ok {
		err = refused
	}
	return err
}

func readToken(ctx context.Context, e *app.App, host string) (credential.Secret, error) {
	if e.Interactive() {
		text, err := e.Hidden(ctx, "Access token for "+host)
		if err != nil {
			return credential.Secret{}, err
		}
		return credential.NewSecret(text)
	}
	data, err := io.ReadAll(io.LimitReader(e.In, 64<<10))
	if err != nil {
		return credential.Secret{}, fmt.Errorf("read the token from standard input: %w", err)
	}
	return credential.NewSecret(string(data))
}

// noteKept tells what the owner should know: where the token is, and what goes before it.
func noteKept(e *app.App, kept credential.Kept) {
	if e.Global.Quiet {
		return
	}
	if kept.Warning != "" {
		e.Notef("%s", kept.Warning)
	}
	for _, name := range []string{"PRODCTL_TOKEN", "GITLAB_TOKEN"} {
		if e.Getenv(name) != "" {
			e.Notef("%s is set and goes before it", name)
		}
	}
}
