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
func (e *App) KeptTokens() (credential.Store, []string, error) {
	store, _ := e.Store()
	hosts, err := store.Hosts()
	return store, hosts, err
}

// Token is the token for the configured host, see [App.FindToken].
func (e *App) Token(ctx context.Context, cfg config.Config) (string, error) {
	found, err := e.FindToken(ctx, cfg)
	if err != nil {
		return "", err
	}
	return found.Reveal(), nil
}

// FindToken finds the token for the configured host, and where it was. The caller made sure that the configuration is trusted.
func (e *App) FindToken(ctx context.Context, cfg config.Config) (credential.Token, error) {
	if cfg.Trust == config.Untrusted {
		return credential.Token{}, e.untrusted(cfg)
	}
	store, _ := e.Store()
	found, err := store.Find(ctx, credential.Want{Host: cfg.Host, TokenFile: cfg.TokenFile, Getenv: e.Getenv, ReadFile: config.ReadFile})
	if found.Shared != nil && !e.Completing {
		e.sharedToken.Do(func() { e.Notef("warning: %v", found.Shared) })
	}
	return found, err
}
