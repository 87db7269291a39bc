package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/host"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// trusts returns the trusted copy of a configuration file, if there is one.
func (e *App) trusts(identity string) []byte {
	store, _ := e.Store()
	data, err := store.Trusted(identity)
	if err != nil {
		return nil
	}
	return data
}

// Authorize makes sure that the configuration may be used for what sends a token or words. If a file was found and is not trusted, it asks
// the user once, on a terminal. The configuration may be another one afterwards.
func (e *App) Authorize(ctx context.Context) error {
	cfg, err := e.Config()
	if err != nil {
		return err
	}
	if cfg.Trust == config.Untrusted {
		if err := e.askToTrust(ctx, cfg); err != nil {
			return err
		}
		if cfg, err = e.Config(); err != nil {
			return err
		}
	}
	e.noteSources(cfg)
	return nil
}

// noteSources says once what a user may not expect: an older copy of the file is used, or another host than a variable names.
func (e *App) noteSources(cfg config.Config) {
	if e.Noted || e.Completing {
		return
	}
	e.Noted = true
	if cfg.Trust == config.Changed {
		e.Notef("warning: %s changed since you trusted it; using the trusted copy (to review the change: prodctl config trust)", cfg.File)
	}
	if note := cfg.HostNote(); note != "" && !e.Global.Quiet {
		e.Notef("%s", note)
	}
}

// untrusted is the error of a command that would use a file that was found and is not trusted.
func (e *App) untrusted(cfg config.Config) error {
	hint := "Read it, and trust it once: prodctl config trust"
	if _, in := config.PipelineOf(e.Getenv, e.Dir); in {
		hint = "If this pipeline may use the file as it is: export PRODCTL_CONFIG=" + fault.Quote(cfg.File)
	} else if _, err := e.Store(); err != nil {
		hint = "If you trust the file: export PRODCTL_CONFIG=" + fault.Quote(cfg.File)
	}
	return fault.New(fault.Refused, hint, "%s is not trusted: it decides where your token and your words go", cfg.File)
}

func (e *App) askToTrust(ctx context.Context, cfg config.Config) error {
	if !e.Interactive() || e.Completing {
		return e.untrusted(cfg)
	}
	copied := cfg.OnDisk(e.Getenv)
	fmt.Fprint(e.Err, e.Review(cfg, copied, nil).Text())
	yes, err := e.Confirm(ctx, fmt.Sprintf("Trust %s, now and in the future?", cfg.File))
	if err == nil && !yes {
		err = e.untrusted(cfg)
	}
	if err != nil {
		return err
	}
	if err := e.SaveTrust(copied); err != nil {
		e.Notef("warning: not remembered: %v", err)
	}
	data, err := copied.Encode()
	if err != nil {
		return err
	}
	e.load(func(string) []byte { return data })
	return nil
}

// SaveTrust remembers that the user trusts a configuration file with this content.
func (e *App) SaveTrust(copied config.Copy) error {
	store, err := e.Store()
	if err != nil {
		return err
	}
	data, err := copied.Encode()
	if err != nil {
		return err
	}
	return store.Trust(config.Identity(copied.Files[0].Path), data)
}

// TrustedCopy returns what the user trusted of a configuration file; nil: nothing.
func (e *App) TrustedCopy(file string) *config.Copy {
	return config.DecodeCopy(e.trusts(config.Identity(file)))
}

// Review is what the user sees before trusting a configuration. before is what was trusted, or nil.
func (e *App) Review(cfg config.Config, copied config.Copy, before *config.Copy) render.Review {
	r := render.Review{Unusual: cfg.Unusual(copied, e.knownHosts(copied.Files[0].Path))}
	for _, f := range copied.Files {
		shown := render.ReviewedFile{Path: f.Path, Key: f.Key, Content: f.Data}
		switch {
		case f.Key == config.TokenFileKey:
			shown.Note = "a secret, not shown"
		case f.Missing:
			shown.Note = "does not exist or cannot be read"
		}
		if before != nil {
			old := slices.IndexFunc(before.Files, func(o config.CopiedFile) bool { return o.Key == f.Key && o.Path == f.Path && !o.Missing })
			if shown.Before = old >= 0; shown.Before {
				shown.Trusted = before.Files[old].Data
			}
		}
		r.Files = append(r.Files, shown)
	}
	return r
}

// knownHosts are the hosts that the user has used before: with a saved token, in a variable, or in another file that is trusted.
func (e *App) knownHosts(except string) (hosts []string) {
	store, _ := e.Store()
	hosts, _ = store.Hosts()
	for _, data := range store.TrustedCopies() {
		if c := config.DecodeCopy(data); c != nil && c.Files[0].Path != except {
			hosts = append(hosts, config.HostIn(*c))
		}
	}
	for _, name := range []string{"PRODCTL_HOST", "GITLAB_HOST", "CI_SERVER_URL"} {
		if address, err := host.Parse(e.Getenv(name)); err == nil {
			hosts = append(hosts, address)
		}
	}
	stable.Sort(hosts, strings.Compare)
	return slices.DeleteFunc(slices.Compact(hosts), func(h string) bool { return h == "" })
}

// WithoutFile is the configuration for a command that can do without a file, such as a login. A file that was found and is not trusted is
// left out if the host is known without it; otherwise the user is asked.
func (e *App) WithoutFile(ctx context.Context) (config.Config, error) {
	if cfg, _ := e.Config(); cfg.Trust == config.Untrusted {
		src := e.sources()
		src.NamedOnly = true
		bare, err := config.Load(src)
		if err != nil {
			return bare, err
		}
		if bare.Host != "" {
			e.Notef("not using %s, which is not trusted (to trust it: prodctl config trust)", cfg.File)
			e.cfg, e.cfgErr = &bare, nil
		}
	}
	if err := e.Authorize(ctx); err != nil {
		return config.Config{}, err
	}
	return e.Config()
}

// ConfigBeside is the configuration for a command that writes a new file: without a named one, and without one that is not trusted.
func (e *App) ConfigBeside() (config.Config, error) {
	src := e.sources()
	src.Flag = func(name string) (string, bool) {
		if name == "config" {
			return "", false
		}
		return e.Flag(name)
	}
	src.Getenv = func(name string) string {
		if name == "PRODCTL_CONFIG" {
			return ""
		}
		return e.Getenv(name)
	}
	cfg, err := config.Load(src)
	if cfg.Trust == config.Untrusted {
		src.NamedOnly = true
		return config.Load(src)
	}
	return cfg, err
}
