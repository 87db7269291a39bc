package app

import (
	"context"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/credential"
)

// Store is the store of tokens. Without a home folder it is empty, which is enough for a run whose token comes from elsewhere; the error
// is for runs that save one.
func (e *App) Store() (credential.Store, error) {
	dir, err := config.UserDir(e.Getenv)
	return credential.Store{Dir: dir, Keyring: e.Keyring}, err
}

// KeptTokens is the store of tokens, and the hosts that it has tokens for.
func (e *App) KeptTokens() (config.Config, credential.Store, []string, error) {
	cfg, err := e.Config()
	if err != nil {
		return cfg, credential.Store{}, nil, err
	}
	store, _ := e.Store()
	hosts, err := store.Hosts()
	return cfg, store, hosts, err
}

// Token is the token for the configured host, see [App.FindToken].
func (e *App) Token(ctx context.Context, cfg config.Config) (string, error) {
	found, err := e.FindToken(ctx, cfg)
	if err != nil {
		return "", err
	}
	return found.Reveal(), nil
}

// FindToken finds the token for the configured host, and where it was. If a file that the user did not write may have named that host, it
// asks the user once.
func (e *App) FindToken(ctx context.Context, cfg config.Config) (credential.Token, error) {
	store, _ := e.Store()
	want := credential.Want{Host: cfg.Host, TokenFile: cfg.TokenFile, Getenv: e.Getenv, ReadFile: config.ReadFile,
		Claims: cfg.Claims(), File: cfg.File}
	if e.Interactive() && !e.Completing {
		want.Confirm = func(question string) (bool, error) { return e.Confirm(ctx, question) }
	}
	return store.Find(ctx, want)
}

// Trusted reports whether a configuration may be used without asking the user: a file that was found decides nothing in it, or the user
// agreed before.
func (e *App) Trusted(cfg config.Config) bool {
	claims := cfg.Claims()
	if len(claims) == 0 {
		return true
	}
	store, _ := e.Store()
	agreed, err := store.Agreed(claims)
	return err == nil && agreed
}
