package oncall

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

type nextOptions struct {
	At     string
	Person string
}

func newNextCmd(env *app.App, run func(context.Context, *app.App, nextOptions) error) *cobra.Command {
	var o nextOptions
	cmd := &cobra.Command{
		Use:   "next",
		Short: "Tell who comes next, or when somebody's next turn is",
		Long: `Next tells who is on call after this moment's duty; with --person, when that person is on call next, and then again. A duty that goes on is
not the next one. Times are UTC. Nothing is asked of GitLab.

Besides the usual formats there is -o ics, a calendar of the two.

Exit codes: 0, 1 failed or --person is not on call within a year, 6 wrong usage or a fault in the configuration, 130 interrupted.`,
		Example: `  prodctl oncall next
  prodctl oncall next --at "2018-08-24 15:00" -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.At, "at", "", "after another `time` than now: RFC 3339, \"2018-12-25 10:00\" (UTC) or a day")
	f.StringVar(&o.Person, "person", "", "the duties of this `person`, by user name, alone")
	command.Complete(env, cmd, "person", peopleOnCall(env))
	command.HasFormats(cmd, render.ICS)
	return cmd
}

func runNext(ctx context.Context, env *app.App, o nextOptions) error {
	return env.Bounded(ctx, func(context.Context) error {
		cfg, err := env.Config()
		if err != nil {
			return err
		}
		at, err := moment(env, "--at", o.At)
		if err != nil {
			return err
		}
		doc, err := nextDoc(cfg, at, o.Person)
		if err != nil {
			return err
		}
		doc.Notes = noRotations(cfg)
		return env.View.Oncall(doc)
	})
}

// nextDoc are the next duty and the one after it: anybody's, or a person's.
func nextDoc(cfg config.Config, at time.Time, person string) (jsonv1.Oncall, error) {
	turns := newTurns(cfg.Oncall, at)
	turns.next()
	if person == "" {
		duty := turns.next()
		return jsonv1.NewOncall(document.Instant(at), "next", duty, turns.next()), nil
	}
	who, err := knownPerson(cfg, person)
	if err != nil {
		return jsonv1.Oncall{}, err
	}
	var found []jsonv1.Duty
	for end := at.AddDate(1, 0, 0); len(found) < 2 && turns.shift.From.Before(end); {
		if d := turns.next(); d.Person != nil && oncall.Same(d.Person.User, who) {
			found = append(found, d)
		}
	}
	if len(found) == 0 {
		return jsonv1.Oncall{}, fault.New(fault.Failed, "prodctl oncall schedule --weeks 52", "@%s is not on call within a year of %s", who, at.Format(time.DateOnly))
	}
	after := jsonv1.Duty{}
	if len(found) > 1 {
		after = found[1]
	}
	return jsonv1.NewOncall(document.Instant(at), "next", found[0], after), nil
}
