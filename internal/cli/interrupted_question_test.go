package cli_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// interrupter is a keyboard at which somebody presses ^C at the first question.
type interrupter struct {
	stop context.CancelFunc
	over <-chan struct{}
}

func (i interrupter) Read([]byte) (int, error) {
	i.stop()
	<-i.over
	return 0, context.Canceled
}

// After ^C at a question nobody has to look whether anything happened.
func TestInterruptedQuestionSaysThatNothingWasChanged(t *testing.T) {
	t.Parallel()
	for words, with := range map[string]setup{"milestone roll": unlabeled(), "label apply": unlabeled(), "change approve 1": {seed: secondLead}} {
		l := newLab(t, with)
		l.runAll(t, scheduledAt("C2", "16:00"))
		l.server.ResetRequests()
		ctx, stop := context.WithCancel(t.Context())
		over := make(chan struct{})
		var out, errs bytes.Buffer
		env := map[string]string{"GITLAB_TOKEN": "sandbox-mara", "HOME": l.dir, "PRODCTL_CONFIG": filepath.Join(l.dir, ".prodctl.yaml")}
		code := cli.Main(ctx, strings.Fields(words), app.Machine{
			Terminal: func(bool) *term.Streams {
				return term.New(interrupter{stop, over}, &out, &errs, term.Modes{InTTY: true, OutTTY: true, ErrTTY: true, Width: 100})
			},
			Getenv: func(name string) string { return env[name] }, Dir: l.dir, Now: l.machineTime,
			Sleep:  func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
			Jitter: func() float64 { return 0 }, Transport: l.wire, Browse: func(string) error { return nil },
		})
		close(over)
		if code != 130 || !strings.HasSuffix(errs.String(), "this plan? [y/N] \nprodctl: interrupted: nothing was changed\n") || len(l.writes()) != 0 {
			t.Errorf("%s: exit %d, writes %q\n%s", words, code, l.writes(), errs.String())
		}
	}
}
