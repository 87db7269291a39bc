package cli

import (
	"context"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/credential"
)

// store is where tokens are kept.
func (e *Env) store() (credential.Store, error) {
	dir, err := config.UserDir(e.Getenv)
	return credential.Store{Dir: dir, Keyring: e.Keyring}, err
}

// kept is where tokens are kept, and for which hosts.
func (e *Env) kept() (config.Config, credential.Store, []string, error) {
	cfg, err := e.Config()
	if err != nil {
		return cfg, credential.Store{}, nil, err
	}
	store, err := e.store()
	if err != nil {
		return cfg, store, nil, err
	}
	hosts, err := store.Hosts()
	return cfg, store, hosts, err
}

// token finds the token for the configured host. Where a stranger's file may have named that host, its owner is asked once.
func (e *Env) token(ctx context.Context, cfg config.Config) (string, error) {
	found, err := e.findToken(ctx, cfg)
	if err != nil {
		return "", err
	}
	return found.Reveal(), nil
}

func (e *Env) findToken(ctx context.Context, cfg config.Config) (credential.Token, error) {
	store, err := e.store()
	if err != nil {
		return credential.Token{}, err
	}
	want := credential.Want{Host: cfg.Host, TokenFile: cfg.TokenFile, Getenv: e.Getenv, ReadFile: config.ReadFile,
		Claims: cfg.Claims(), File: cfg.File}
	if e.Interactive() && !e.completing {
		want.Confirm = func(question string) (bool, error) { return e.Confirm(ctx, question) }
	}
	return store.Find(ctx, want)
}
