package auth

import (
	"context"
	"errors"
	"slices"
	"strings"

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
		Short: "Show whose tokens these are and whether they work",
		Long: `Ask the configured host, and every host with a saved token, whose token it is. The exit code is 0 if all tokens work.

Each token is sent to its own host only, and never shown.`,
		Example: `  # Check all tokens
  prodctl auth status

  # List the hosts whose token does not work
  prodctl auth status --jq '.hosts[] | select(.status != "ok") | .host'`,
	}
	return command.Connects(command.DefineLocal(a, cmd, &struct{}{}, run))
}

func runStatus(ctx context.Context, a *app.App, _ struct{}) error {
	cfg, err := a.WithoutFile(ctx)
	if err != nil {
		return err
	}
	store, hosts, err := a.KeptTokens()
	if err != nil {
		return err
	}
	if cfg.Host != "" && !slices.Contains(hosts, cfg.Host) {
		hosts = slices.Insert(hosts, 0, cfg.Host)
	}
	if len(hosts) == 0 {
		return fault.New(fault.Auth, "Log in: prodctl auth login --host https://gitlab.example.com", "no saved token and no configured host")
	}
	return app.Within(ctx, cfg.Timeout, func(ctx context.Context) error {
		status := make([]jsonv1.AuthHost, len(hosts))
		errs := make([]error, len(hosts))
		group, ctx := errgroup.WithContext(ctx)
		for n, host := range hosts {
			group.Go(func() error {
				status[n], errs[n] = statusOf(ctx, a, cfg, store, host)
				return ctx.Err()
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		if err := a.View.Auth(jsonv1.NewAuth(status)); err != nil {
			return err
		}
		return failed(hosts, errs)
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
		return document.AuthHost(host, "", instance.User{}, instance.Token{}, err), err
	}
	user, about, err := e.TokenOwner(ctx, cfg, token.Reveal())
	status := document.AuthHost(host, token.Source, user, about, err)
	if status.Status == jsonv1.CheckWarn {
		err = nil
	}
	return status, err
}

// failed returns the error of the command if a token does not work. The cause and the fix are in the result.
func failed(hosts []string, errs []error) error {
	var bad []string
	for n, err := range errs {
		if err != nil {
			bad = append(bad, hosts[n])
		}
	}
	if len(bad) == 0 {
		return nil
	}
	err := errors.Join(errs...)
	if fault.KindOf(err) != fault.Auth {
		return fault.New(fault.KindOf(err), "", "could not check the token for %s", strings.Join(bad, ", "))
	}
	return fault.New(fault.Auth, "", "no working token for %s", strings.Join(bad, ", "))
}
