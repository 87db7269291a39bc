package report

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/report"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

type weeklyOptions struct {
	Period periodOptions
	View   string
	Post   bool
	Close  bool
	Reveal bool
}

// weeklyDays is how many days a weekly report has.
const weeklyDays = 7

func newWeeklyCmd(env *app.App, run func(context.Context, *app.App, weeklyOptions) error) *cobra.Command {
	var o weeklyOptions
	cmd := &cobra.Command{
		Use:   "weekly",
		Short: "The report of the week: incidents, changes, deltas, what is handed on",
		Long: `Weekly is the report of the seven days that end today, or of the days that are named: incidents with their times and where each is
written, changes with their outcome, deltas, open on-call issues by priority, the hand-offs of the shifts, and how often things
happened compared with the four periods before. It is told in two ways: --view oncall is the whole report, --view call the summary for
the infrastructure call.

--post keeps it in the issue of the on-call log of the week, between two hidden lines of the description; what people write around them
stays. The issue is made when there is none, and the report is written again only when it differs. Confidential issues are told by their
reference only, unless that issue is confidential too. --close closes the issue of the week before.

-o html is the report as a page for a browser and for paper: one file that needs nothing else.

A time that the record lacks is taken from the timeline in the description, else from when the label was set, and that is said. Numbers
are made from records alone.

Exit codes: 0 done, 1 failed, 3 stopped midway or somebody wrote at the same moment, 4 no right, 5 refused, 6 wrong usage, 7 GitLab out
of reach, 130 interrupted.`,
		Example: `  prodctl report weekly
  prodctl report weekly --view call -o md
  prodctl report weekly -o html
  prodctl report weekly --week last --post --close
  prodctl report weekly --timebox previous -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.Reveal, _ = cmd.Flags().GetBool(app.IncludeConfidential)
			return run(cmd.Context(), env, o)
		},
	}
	addPeriodFlags(cmd, &o.Period)
	f := cmd.Flags()
	f.StringVar(&o.View, "view", string(render.OncallReport), "how it is told: `oncall` or call")
	f.BoolVar(&o.Post, "post", false, "write it into the issue of the week, which is made if need be")
	f.BoolVar(&o.Close, "close", false, "with --post: close the issue of the week before")
	complete(cmd, "view", string(render.OncallReport), string(render.CallSummary))
	command.AddConfidentialFlag(cmd)
	command.HasFormats(cmd, render.HTML)
	return cmd
}

func runWeekly(ctx context.Context, env *app.App, o weeklyOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		p, err := period(env, o.Period, weeklyDays)
		if err != nil {
			return err
		}
		if err := o.check(p); err != nil {
			return err
		}
		if err := env.NoPage(o.Post, "prodctl report weekly -o html, and --post without it"); err != nil {
			return err
		}
		in := flow.PostInputs{From: p.From.String(), To: p.To.String(), View: o.View, Close: o.Close, Reveal: o.Reveal}
		planner, err := WeeklyPlanner(ctx, env, in)
		if err != nil {
			return err
		}
		if o.Post {
			return runner.RunWith(ctx, env, planner, runner.Hooks{Show: func(p plan.Plan, rounds []workflow.Round, err error) error {
				return postedReport(env, in, p, rounds, err)
			}})
		}
		progress := env.Progress("reading the week")
		read, err := planner.Weekly(ctx, planner.Period, planner.Now)
		progress.Stop()
		if err != nil {
			return err
		}
		cfg, err := env.Config()
		if err != nil {
			return err
		}
		return env.View.Weekly(document.Weekly(planner, read, cfg))
	})
}

// check refuses flags that make no sense together, before any request.
func (o weeklyOptions) check(p report.Period) error {
	switch {
	case !slices.Contains([]string{string(render.OncallReport), string(render.CallSummary)}, o.View):
		return fault.New(fault.Usage, "write --view oncall or --view call", "--view %q is no way to tell the report", o.View)
	case o.Close && !o.Post:
		return fault.New(fault.Usage, "prodctl report weekly --post --close", "--close goes with --post: the report is written first")
	case o.Close && p.Days() != weeklyDays:
		return fault.New(fault.Usage, "leave out --close, or report about a week", "--close closes the issue of the week before, and %s to %s is no week", p.From, p.To)
	}
	return nil
}

// postedReport says what became of the plan, and where the report stands.
func postedReport(e *app.App, in flow.PostInputs, p plan.Plan, rounds []workflow.Round, err error) error {
	goOn := runner.RetryWithout(e, []string{"--from", "--to", "--week", "--timebox", "--last"}, "--from", in.From, "--to", in.To)
	return runner.Posted(e, "the report", goOn, p, rounds, err, func(s plan.Step) bool {
		_, closed := s.(plan.UpdateIssue)
		return !closed
	})
}

// reports is what reports are read through. The named trackers have to be configured.
func reports(ctx context.Context, e *app.App, trackers ...string) (flow.Reports, config.Config, error) {
	cfg, err := e.Config()
	if err != nil {
		return flow.Reports{}, cfg, err
	}
	if err := cfg.RequireTrackers(trackers...); err != nil {
		return flow.Reports{}, cfg, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return flow.Reports{}, cfg, err
	}
	names := cfg.Labels.Names
	return flow.Reports{
		Read: client, Production: cfg.Production().Path, Infrastructure: cfg.Infrastructure().Path,
		Incidents: cfg.IncidentLabels(), Changes: cfg.ChangeLabels(), Delta: names.Of(label.Delta), Oncall: names.Of(label.Oncall),
		Priorities: cfg.PrioritizedLabels(),
	}, cfg, nil
}

// WeeklyPlanner is the command for these inputs, typed now or kept in a plan file.
func WeeklyPlanner(ctx context.Context, e *app.App, in flow.PostInputs) (*flow.Post, error) {
	cfg, err := e.Config()
	if err != nil {
		return nil, err
	}
	p, err := inputPeriod(in, cfg.Timezone)
	if err != nil {
		return nil, err
	}
	reports, cfg, err := reports(ctx, e, manifest.Production, cfg.Handoff.Project)
	if err != nil {
		return nil, err
	}
	if reports.Log, err = shiftLogs(cfg, p); err != nil {
		return nil, err
	}
	now, err := e.Clock()
	if err != nil {
		return nil, err
	}
	today, err := e.Today()
	if err != nil {
		return nil, err
	}
	post := &flow.Post{
		Reports: reports, Inputs: in, Period: p, Now: now.UTC(), In: cfg.Tracker(cfg.Handoff.Project).Path,
		Issue: cfg.ReportLog(p), Before: cfg.ReportLog(p.Before(1)), Confidential: cfg.Handoff.Confidential,
		Host: cfg.Host, Words: e.Args, Today: today,
	}
	post.Text = func(read flow.Read, whole bool) (string, error) {
		doc := document.Weekly(post, read, cfg)
		doc.Log = nil // it is where the reader is
		if !whole {
			doc = doc.Withhold()
		}
		return render.WeeklyPost(doc), nil
	}
	return post, nil
}

func inputPeriod(in flow.PostInputs, zone *time.Location) (report.Period, error) {
	from, errFrom := calendar.ParseDate(in.From)
	to, errTo := calendar.ParseDate(in.To)
	if err := errors.Join(errFrom, errTo); err != nil {
		return report.Period{}, fault.Wrap(fault.Usage, err, "make the plan again", "the plan's inputs")
	}
	return report.Period{From: from, To: to, Zone: zone}, nil
}
