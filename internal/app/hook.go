package app

import (
	"context"
	"os/exec"

	"gitlab.com/prodctl/prodctl/internal/buildinfo"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/hook"
	rules "gitlab.com/prodctl/prodctl/pkg/hook"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Hook runs a hook once. A webhook never gets a GitLab token, and follows the same rules for certificates and plain http as the client of
// GitLab. A command gets no token in its environment. name is for what the command prints.
func (s *Session) Hook(ctx context.Context, name string, h rules.Hook, doc jsonv1.Hook) error {
	cfg := s.Config
	if cfg.Trust == config.Untrusted {
		return s.untrusted(cfg)
	}
	if err := cfg.CheckCommand(h.Command, s.Getenv, exec.LookPath); err != nil {
		return err
	}
	m := hook.Machine{Getenv: s.Getenv, Run: s.Run, UserAgent: buildinfo.UserAgent(),
		Path:      func(path string) string { return cfg.SafePath(path, s.Getenv) },
		Transport: s.Transport, AllowHTTP: cfg.AllowHTTP, CAFile: cfg.CAFile, ReadFile: cfg.ReadFile}
	if m.ReadFile == nil {
		m.ReadFile = config.ReadFile
	}
	if token, err := s.Token(ctx, cfg); err == nil && len(h.Command) > 0 {
		m.Secrets = append(m.Secrets, token)
	}
	printed, err := hook.Deliver(ctx, m, h, doc)
	if printed != "" && !s.Global.Quiet {
		s.Notef("%s: %s", name, printed)
	}
	if err == nil && s.Global.Debug {
		s.Notef("debug: %s done", name)
	}
	return err
}
