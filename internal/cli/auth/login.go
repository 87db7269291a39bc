package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/credential"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/pkg/host"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type loginOptions struct {
	NoKeyring bool
}

func newLoginCmd(a *app.App, run command.LocalRun[loginOptions]) *cobra.Command {
	var o loginOptions
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Save an access token for a GitLab host",
		Long: `Ask for an access token with the scope api, check it, and save it in the system keyring. The question names GitLab's page for
a new token, with its name and scope filled in. Without a terminal the token is read from standard input, never from the command line.

Without a keyring, or with --no-keyring, the token is saved in plain text in ~/.config/prodctl/credentials.yaml, which only you can
read.`,
		Example: `  # Ask for the token without showing it
  prodctl auth login --host https://gitlab.example.com

  # Read the token from a file
  prodctl auth login --host https://gitlab.example.com < token.txt`,
	}
	cmd.Flags().BoolVar(&o.NoKeyring, "no-keyring", false, "save the token in a file, not in the keyring")
	return command.Connects(command.DefineLocal(a, cmd, &o, run))
}

func runLogin(ctx context.Context, a *app.App, o loginOptions) error {
	cfg, err := a.WithoutFile(ctx)
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
	secret, err := readToken(ctx, a, cfg.Host)
	if err != nil {
		return invalidToken(cfg.Host, err)
	}
	return app.Within(ctx, cfg.Timeout, func(ctx context.Context) error {
		user, about, err := a.TokenOwner(ctx, cfg, secret.Reveal())
		if refused, ok := errors.AsType[*gitlab.Error](err); ok && refused.Status == http.StatusUnauthorized {
			return invalidToken(cfg.Host, err)
		}
		if err != nil && !errors.Is(err, fault.NotPermitted) {
			return err
		}
		saved, failure := store.Save(ctx, cfg.Host, secret)
		if failure != nil {
			return failure
		}
		noteSaved(a, saved)
		return a.View.Auth(jsonv1.NewAuth([]jsonv1.AuthHost{document.AuthHost(cfg.Host, saved.Where, user, about, err)}))
	})
}

// invalidToken replaces the hint of an error about the token that was just entered, which may say to log in.
func invalidToken(address string, err error) error {
	if fault.KindOf(err) != fault.Auth {
		return err
	}
	return fault.Wrap(fault.Auth, err, "Create a token with the scope api: "+fault.Quote(host.NewToken(address)), "")
}

func readToken(ctx context.Context, e *app.App, address string) (credential.Secret, error) {
	if e.Interactive() {
		if !e.Global.Quiet {
			e.Notef("To create a token with the scope api: %s", host.NewToken(address))
		}
		text, err := e.Hidden(ctx, "Access token for "+address)
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

// noteSaved warns if the token is saved in plain text, or if a variable takes precedence over it.
func noteSaved(e *app.App, saved credential.Saved) {
	if e.Global.Quiet {
		return
	}
	if saved.Warning != "" {
		e.Notef("%s", saved.Warning)
	}
	for _, name := range []string{"PRODCTL_TOKEN", "GITLAB_TOKEN"} {
		if e.Getenv(name) != "" {
			e.Notef("%s is set and takes precedence over the saved token", name)
		}
	}
}
