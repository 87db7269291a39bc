package app

import (
	"context"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// Session is the run of a command that goes by the team's configuration, which is read, and by a clock, which is set.
type Session struct {
	*App
	Config config.Config
	Time   time.Time      // now: the machine's clock or --now; UTC, whole seconds
	Today  calendar.Date  // in the team's zone
	Client *gitlab.Client // nil until [Session.Connect]
}

// Session reads the configuration and sets the clock. A wrong --now is an error also where nothing asks for the date.
func (e *App) Session() (*Session, error) {
	cfg, err := e.Config()
	if err != nil {
		return nil, err
	}
	now, err := e.Clock()
	if err != nil {
		return nil, err
	}
	return &Session{App: e, Config: cfg, Time: now.UTC().Truncate(time.Second), Today: calendar.DateOf(now.In(cfg.Timezone))}, nil
}

// Connect makes the client of the configured GitLab.
func (s *Session) Connect(ctx context.Context) (err error) {
	s.Client, err = s.App.Client(ctx)
	return err
}

// Bounded does a command's work within --timeout.
func (s *Session) Bounded(ctx context.Context, work func(context.Context) error) error {
	s.Context = ctx
	ctx, cancel := s.WithTimeout()
	defer cancel()
	return work(ctx)
}

// Origin is where the plans of this run come from.
func (s *Session) Origin() plan.Origin {
	return plan.Origin{Host: s.Config.Host, Args: s.Args, Today: s.Today}
}
