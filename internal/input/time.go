package input

import (
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// Since reads a date, a time, or how long ago; zero for none.
func Since(e *app.App, typed string) (time.Time, error) {
	if typed == "" {
		return time.Time{}, nil
	}
	now, err := e.Clock()
	if err != nil {
		return time.Time{}, err
	}
	if span, err := manifest.ParseSpan(typed); err == nil {
		return now.UTC().Add(-span).Truncate(time.Second), nil
	}
	t, err := incident.ParseWhen(typed, now.UTC())
	if err != nil {
		return time.Time{}, fault.New(fault.Usage, "write --since 2018-08-01 or --since 30d", "--since %q is neither a date nor a length of time", typed)
	}
	return t, nil
}

// Time reads a time that was typed, such as 10m (ago) or 10:02 (UTC); zero for none.
func Time(e *app.App, flag, typed string) (time.Time, error) {
	if typed == "" {
		return time.Time{}, nil
	}
	now, err := e.Clock()
	if err != nil {
		return time.Time{}, err
	}
	t, err := incident.ParseWhen(typed, now.UTC())
	if err != nil {
		return time.Time{}, fault.Wrap(fault.Usage, err, "write "+flag+" 10m, "+flag+" 10:02 or "+flag+" 2018-08-24T10:02:00Z; all times are UTC", "%s", flag)
	}
	return t.Truncate(time.Second), nil
}
