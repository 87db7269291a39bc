package app

import (
	"context"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// Session is one run of a command that uses the configuration: the file is read and the clock is fixed.
type Session struct {
	*App
	Config config.Config
	Time   time.Time      // now: the machine's clock or --now; UTC, whole seconds
	Today  calendar.Date  // in the team's zone
	Client *gitlab.Client // nil before [Session.Connect]
}

// Session reads the configuration and fixes the clock. An invalid --now is an error even where no rule uses the date.
func (e *App) Session() (*Session, error) {
	cfg, err := e.Config()
	if err != nil {
		return nil, err
	}
	if cfg.Trust == config.Changed {
		e.noteSources(cfg)
	}
	if cfg.HasCalendar() {
		cfg.Oncall.Calendar = &awaited{App: e, cfg: cfg}
	}
	now, err := e.Clock()
	if err != nil {
		return nil, err
	}
	return &Session{App: e, Config: cfg, Time: now.UTC().Truncate(time.Second), Today: calendar.DateOf(now.In(cfg.Timezone))}, nil
}

// Connect sets the client of the configured GitLab.
func (s *Session) Connect(ctx context.Context) (err error) {
	s.Client, err = s.App.Client(ctx)
	return err
}

// Bounded runs a command within --timeout.
func (s *Session) Bounded(ctx context.Context, work func(context.Context) error) error {
	s.Context = ctx
	ctx, cancel := s.WithTimeout()
	defer cancel()
	return work(ctx)
}

// Origin describes the run that a plan comes from.
func (s *Session) Origin() plan.Origin {
	return plan.Origin{Host: s.Config.Host, Args: s.Args, Today: s.Today}
}
