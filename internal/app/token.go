package app

import (
	"context"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/credential"
)

// Store is the store of tokens.
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
	store, err := e.Store()
	if err != nil {
		return cfg, store, nil, err
	}
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
	store, err := e.Store()
	if err != nil {
		return credential.Token{}, err
	}
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
	store, err := e.Store()
	if err != nil {
		return false
	}
	agreed, err := store.Agreed(claims)
	return err == nil && agreed
}
