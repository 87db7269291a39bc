package app

import (
	"gitlab.com/prodctl/prodctl/internal/buildinfo"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/internal/prometheus"
)

// Prometheus returns a client of a Prometheus server. It has the credentials of the environment, never a GitLab token, and follows the
// same rules for certificates and plain http as the client of GitLab.
func (e *App) Prometheus(address string) (*prometheus.Client, error) {
	cfg, err := e.Config()
	if err != nil {
		return nil, err
	}
	if cfg.Trust == config.Untrusted {
		return nil, e.untrusted(cfg)
	}
	o := prometheus.Options{Address: address, AllowHTTP: cfg.AllowHTTP, CAFile: cfg.CAFile, ReadFile: cfg.ReadFile,
		User: e.Getenv(prometheus.UserVariable), Token: e.Getenv(prometheus.TokenVariable),
		UserAgent: buildinfo.UserAgent(), Now: e.Now, Sleep: e.Sleep}
	if o.ReadFile == nil {
		o.ReadFile = config.ReadFile
	}
	if e.Global.Debug {
		o.Trace = func(x gitlab.Exchange) { e.Notef("%s", debugLine(x)) }
	}
	return prometheus.New(o)
}
