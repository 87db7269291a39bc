package app

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/internal/buildinfo"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/feed"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/ics"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// CalendarLimit is how long commands wait for the calendar of the on-call schedule.
const CalendarLimit = 10 * time.Second

// Calendar reads the calendar of the on-call schedule: the address in the environment, or else the file that the configuration names. No
// part of the address is in the error.
func (e *App) Calendar(ctx context.Context, cfg config.Config) (*ics.Calendar, error) {
	data, err := e.calendarData(ctx, cfg)
	var out *ics.Calendar
	if err == nil {
		out, err = cfg.ParseCalendar(data)
	}
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, fault.HintOf(err), "read the on-call calendar")
	}
	return out, nil
}

// CalendarAsIs is [App.Calendar] for a check of the configuration as it is now, within [CalendarLimit]. The file that was found counts,
// whether or not it changed since it was trusted.
func (e *App) CalendarAsIs(ctx context.Context, cfg config.Config) (*ics.Calendar, error) {
	trusted, err := e.Config()
	if err == nil && cfg.Trust == config.Untrusted && trusted.Trust != config.Untrusted && trusted.File == cfg.File {
		cfg.Trust = trusted.Trust
		cfg.AllowHTTP, cfg.CAFile = trusted.AllowHTTP, trusted.CAFile
	}
	ctx, cancel := context.WithTimeout(ctx, CalendarLimit)
	defer cancel()
	return e.Calendar(ctx, cfg)
}

// CalendarSource is the key or the variable that names the calendar.
func (e *App) CalendarSource() string {
	if e.Getenv(feed.Variable) != "" {
		return feed.Variable
	}
	return config.CalendarKey
}

func (e *App) calendarData(ctx context.Context, cfg config.Config) ([]byte, error) {
	address := e.Getenv(feed.Variable)
	switch {
	case cfg.Trust == config.Untrusted:
		return nil, e.untrusted(cfg)
	case address == "" && cfg.OncallFile == "":
		return nil, fault.New(fault.Usage, "Set oncall.ics_file in the configuration, or "+feed.Variable, "no file and no address is set")
	case address == "":
		data, err := cfg.Calendar()
		if path, ok := errors.AsType[*fs.PathError](err); ok {
			err = path.Err
		}
		if err != nil {
			return nil, fault.Wrap(fault.Usage, err, "Fix oncall.ics_file in the configuration", "%s", cfg.OncallFile)
		}
		return data, nil
	}
	o := feed.Options{Address: address, AllowHTTP: cfg.AllowHTTP, CAFile: cfg.CAFile, ReadFile: cfg.ReadFile, Transport: e.Transport,
		UserAgent: buildinfo.UserAgent(), Now: e.Now}
	if e.Global.Debug {
		o.Trace = func(x gitlab.Exchange) { e.Notef("%s", debugLine(x)) }
	}
	return feed.Read(ctx, o)
}

// StartCalendar starts to read the calendar of the on-call schedule, if it has one, so that it costs no time beside other requests. Who
// is on call is then known after limit at the latest: without an answer it is who the file has.
func (s *Session) StartCalendar(limit time.Duration) {
	if c, ok := s.Config.Oncall.Calendar.(*awaited); ok {
		c.start(s.Context, limit)
	}
}

// awaited is a calendar that is read when it is needed. If it cannot be read, it is empty, so that the file decides, and one warning says
// so.
type awaited struct {
	*App
	cfg     config.Config
	started sync.Once
	warned  sync.Once
	ctx     context.Context // of the reading: ends after the limit
	limit   time.Duration
	done    chan struct{}
	found   *ics.Calendar
	err     error
}

func (c *awaited) start(ctx context.Context, limit time.Duration) {
	c.started.Do(func() {
		var cancel context.CancelFunc
		c.ctx, cancel = context.WithTimeout(ctx, limit)
		c.limit, c.done = limit, make(chan struct{})
		go func() {
			defer cancel()
			c.found, c.err = c.Calendar(c.ctx, c.cfg)
			close(c.done)
		}()
	})
}

// During waits for the calendar.
func (c *awaited) During(from, to time.Time, day calendar.Date) []oncall.Presence {
	c.start(c.Context, CalendarLimit)
	select {
	case <-c.done:
	case <-c.ctx.Done():
	}
	var found *ics.Calendar
	err := context.DeadlineExceeded
	select {
	case <-c.done: // after which the limit does not matter
		found, err = c.found, c.err
	default:
	}
	c.warned.Do(func() { c.warn(found, err) })
	if err != nil {
		return nil
	}
	return found.During(from, to, day)
}

func (c *awaited) warn(found *ics.Calendar, err error) {
	switch {
	case c.Context.Err() != nil: // interrupted
	case errors.Is(err, context.DeadlineExceeded):
		c.Notef("warning: the on-call calendar did not answer within %.0f s; using the rotations in %s",
			c.limit.Seconds(), c.cfg.File)
	case err != nil:
		c.Notef("warning: %s; using the rotations in %s (to check it: prodctl oncall check)", strings.TrimSuffix(err.Error(), "."), c.cfg.File)
	case len(found.Problems) == 1:
		c.Notef("warning: 1 event of the on-call calendar is ignored (to see it: prodctl oncall check)")
	case len(found.Problems) > 1:
		c.Notef("warning: %d events of the on-call calendar are ignored (to see them: prodctl oncall check)", len(found.Problems))
	}
}
