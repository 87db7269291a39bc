package auth

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/credential"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

func newStatusCmd(a *app.App, run command.LocalRun[struct{}]) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Tell whose tokens there are and whether they are good",
		Long: `Status asks the configured GitLab, and every other one that a token is kept for, whose token it is. Only that GitLab is sent
it. No token is ever shown.

Exit codes: 0, 4 there is no token, or one that GitLab does not take, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl auth status
  prodctl auth status --jq '.hosts[] | select(.status != "ok") | .host'`,
	}
	return command.Connects(command.DefineLocal(a, cmd, &struct{}{}, run))
}

func runStatus(ctx context.Context, a *app.App, _ struct{}) error {
	cfg, store, hosts, err := a.KeptTokens()
	if err != nil {
		return err
	}
	if cfg.Host != "" && !slices.Contains(hosts, cfg.Host) {
		hosts = slices.Insert(hosts, 0, cfg.Host)
	}
	if len(hosts) == 0 {
		return fault.New(fault.Auth, "prodctl auth login --host https://gitlab.example.com", "no token is kept, and no host is configured")
	}
	return app.Within(ctx, cfg.Timeout, func(ctx context.Context) error {
		known := make([]jsonv1.AuthHost, len(hosts))
		errs := make([]error, len(hosts))
		group, ctx := errgroup.WithContext(ctx)
		for n, host := range hosts {
			group.Go(func() error {
				known[n], errs[n] = statusOf(ctx, a, cfg, store, host)
				return ctx.Err()
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		if err := a.View.Auth(jsonv1.NewAuth(known)); err != nil {
			return err
		}
		return unwell(errs)
	})
}

func statusOf(ctx context.Context, e *app.App, cfg config.Config, store credential.Store, host string) (jsonv1.AuthHost, error) {
	var token credential.Token
	var err error
	if host == cfg.Host {
		token, err = e.FindToken(ctx, cfg)
	} else {
		token, err = store.Load(ctx, host)
		cfg = at(cfg, host)
	}
	if err != nil {
		return document.AuthHost(host, "", instance.User{}, err), err
	}
	user, err := e.TokenOwner(ctx, cfg, token.Reveal())
	return document.AuthHost(host, token.Source, user, err), err
}

// unwell is the error of the command when a token is no good: the details stand in the result.
func unwell(errs []error) error {
	if err := errors.Join(errs...); err != nil {
		return fault.New(fault.KindOf(err), "prodctl auth login --host HOST", "not every token is good")
	}
	return nil
}
