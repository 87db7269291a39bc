package oncall

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

type nowOptions struct {
	At string
}

func newNowCmd(env *app.App, run func(context.Context, *app.App, nowOptions) error) *cobra.Command {
	var o nowOptions
	cmd := &cobra.Command{
		Use:   "now",
		Short: "Tell who is on call, and who comes after",
		Long: `Now tells who is on call at this moment or another, until when, whether that is by the rotation, and who comes after. Times are UTC, and
behind them on the team's clocks where those show others. Nothing is asked of GitLab.

Besides the usual formats there is -o ics, a calendar of the two.

Exit codes: 0 also when nobody is known, 1 failed, 6 wrong usage or a fault in the configuration, 130 interrupted.`,
		Example: `  prodctl oncall now
  prodctl oncall now --at "2018-12-25 10:00"
  prodctl oncall now --jq .duty.person.user`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	cmd.Flags().StringVar(&o.At, "at", "", "another `time` than now: RFC 3339, \"2018-12-25 10:00\" (UTC) or a day")
	command.HasFormats(cmd, render.ICS)
	return cmd
}

func runNow(ctx context.Context, env *app.App, o nowOptions) error {
	return env.Bounded(ctx, func(context.Context) error {
		cfg, err := env.Config()
		if err != nil {
			return err
		}
		at, err := moment(env, "--at", o.At)
		if err != nil {
			return err
		}
		turns := newTurns(cfg.Oncall, at)
		duty := turns.next()
		doc := jsonv1.NewOncall(document.Instant(at), "now", duty, turns.next())
		doc.Notes = noRotations(cfg)
		return env.View.Oncall(doc)
	})
}

// turns goes from duty to duty, over the ends of shifts too.
type turns struct {
	schedule oncall.Schedule
	shift    oncall.Shift
	duties   []oncall.Duty // of the shift, those to come
}

// newTurns begins with the duty that goes on at an instant.
func newTurns(s oncall.Schedule, at time.Time) *turns {
	t := &turns{schedule: s, shift: s.At(at)}
	for _, d := range s.Duties(t.shift) {
		if at.Before(d.To) {
			t.duties = append(t.duties, d)
		}
	}
	return t
}

func (t *turns) next() jsonv1.Duty {
	if len(t.duties) == 0 {
		t.shift = t.schedule.Next(t.shift)
		t.duties = t.schedule.Duties(t.shift)
	}
	d := t.duties[0]
	t.duties = t.duties[1:]
	return document.Duty(t.schedule, t.shift, d)
}
