package runner

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/internal/workflow"
)

// following runs work like a command whose result was printed, and returns the notes and how long it took.
func following(ctx context.Context, work ...workflow.After) (notes string, took time.Duration) {
	var errs bytes.Buffer
	s := &app.Session{App: &app.App{Streams: term.New(strings.NewReader(""), &bytes.Buffer{}, &errs, term.Modes{}), Context: ctx}}
	s.Global.Quiet = true // failures are reported nevertheless
	start := time.Now()
	follow(s, work)
	return errs.String(), time.Since(start)
}

func piece(name string, do func(context.Context) error) workflow.After {
	return workflow.After{NotDone: name + " was not done", Do: do}
}

func waits(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }

func TestFollowUps(t *testing.T) {
	t.Parallel()
	fine := func(context.Context) error { return nil }
	fails := func(context.Context) error { return errors.New("403\n Forbidden") }
	sleeps := func(ctx context.Context) error { time.Sleep(3 * time.Second); return nil }
	repeated := piece("Severity", fails)
	repeated.Repeat = "prodctl incident update 8 -s S1"
	for _, tt := range []struct {
		name string
		stop time.Duration // ^C; 0: never
		work []workflow.After
		want string
		took time.Duration
	}{
		{name: "none"},
		{name: "done", work: []workflow.After{piece("A", fine), piece("B", sleeps), piece("C", sleeps)}, took: 3 * time.Second},
		{name: "failed", work: []workflow.After{piece("A", fails), piece("B", fine)}, want: "prodctl: A was not done: 403 Forbidden\n"},
		{name: "with a command", work: []workflow.After{repeated},
			want: "prodctl: Severity was not done: 403 Forbidden. To do it: prodctl incident update 8 -s S1\n"},
		{name: "never answers", work: []workflow.After{piece("A", waits), piece("B", fails)}, took: 10 * time.Second,
			want: "prodctl: A was not done: no answer within 10s\nprodctl: B was not done: 403 Forbidden\n"},
		{name: "interrupted", stop: 4 * time.Second, work: []workflow.After{piece("A", waits), piece("B", sleeps)}, took: 4 * time.Second,
			want: "prodctl: A was not done: interrupted\n"},
		{name: "interrupted before", stop: -1, work: []workflow.After{piece("A", fine)}, want: "prodctl: A was not done: interrupted\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				if tt.stop < 0 {
					stop()
				} else if tt.stop > 0 {
					time.AfterFunc(tt.stop, stop)
				}
				if notes, took := following(ctx, tt.work...); notes != tt.want || took != tt.took {
					t.Errorf("got %q after %s, want %q after %s", notes, took, tt.want, tt.took)
				}
			})
		})
	}
}

// A piece that does not end when it is canceled is left behind.
func TestFollowUpThatIgnoresItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		end := make(chan struct{})
		defer close(end)
		notes, took := following(t.Context(), piece("A", func(context.Context) error { <-end; return nil }))
		if notes != "prodctl: A was not done: no answer within 10s\n" || took != followLimit+followEnding {
			t.Errorf("%q after %s", notes, took)
		}
	})
}

// Follow-ups run at once, but not all of many.
func TestFollowUpsAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int64
		var work []workflow.After
		for range 20 {
			work = append(work, piece("A", func(context.Context) error {
				most.Store(max(most.Load(), now.Add(1)))
				time.Sleep(time.Second)
				now.Add(-1)
				return nil
			}))
		}
		if notes, took := following(t.Context(), work...); notes != "" || took != 3*time.Second || most.Load() != followParallel {
			t.Errorf("%d at once, %s, %q", most.Load(), took, notes)
		}
	})
}
