package report

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/report"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

type weeklyOptions struct {
	Period input.Period
	View   input.Word
	Post   bool
	Close  bool
}

func newWeeklyCmd(a *app.App, run command.Run[weeklyOptions]) *cobra.Command {
	o := weeklyOptions{Period: input.LastDays(7), View: input.OneOf(string(render.OncallReport), string(render.CallSummary))}
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
	}
	addPeriodFlags(cmd, &o.Period)
	f := cmd.Flags()
	f.Var(&o.View, "view", "how it is told: `oncall` or call")
	f.BoolVar(&o.Post, "post", false, "write it into the issue of the week, which is made if need be")
	f.BoolVar(&o.Close, "close", false, "with --post: close the issue of the week before")
	command.AddConfidentialFlag(cmd)
	command.HasFormats(cmd, render.HTML)
	return command.Writes(command.Define(a, cmd, &o, run))
}

func runWeekly(ctx context.Context, s *app.Session, o weeklyOptions) error {
	if o.Close && !o.Post {
		return fault.New(fault.Usage, "prodctl report weekly --post --close", "--close goes with --post: the report is written first")
	}
	in := flow.PostInputs{From: o.Period.From.String(), To: o.Period.To.String(), View: o.View.Value, Close: o.Close, Reveal: s.Reveals()}
	err := cmp.Or(in.Check(o.Period.Period), s.NoPage(o.Post, "Run them separately: prodctl report weekly -o html"))
	if err != nil {
		return err
	}
	planner, err := WeeklyPlanner(s, in)
	if err != nil {
		return err
	}
	if o.Post {
		return runner.RunWith(ctx, s, planner, runner.Hooks{Show: func(p plan.Plan, rounds []workflow.Round, err error) error {
			return showPosted(s, in, p, rounds, err)
		}})
	}
	progress := s.Progress("reading the week")
	read, err := planner.Weekly(ctx, planner.Period, planner.Now)
	progress.Stop()
	if err != nil {
		return err
	}
	return s.View.Weekly(document.Weekly(planner, read, s.Config))
}

// showPosted says what became of the plan, and where the report stands.
func showPosted(s *app.Session, in flow.PostInputs, p plan.Plan, rounds []workflow.Round, err error) error {
	retry := runner.RetryWithout(s, []string{"--from", "--to", "--week", "--timebox", "--last"}, "--from", in.From, "--to", in.To)
	return runner.Posted(s, "Report", retry, p, rounds, err, func(step plan.Step) bool {
		_, closed := step.(plan.UpdateIssue)
		return !closed
	})
}

// reports is what reports are read through.
func reports(s *app.Session) flow.Reports {
	names := s.Config.Labels.Names
	return flow.Reports{
		Read: s.Client, Production: s.Config.Production().Path, Infrastructure: s.Config.Infrastructure().Path,
		Incidents: s.Config.IncidentLabels(), Changes: s.Config.ChangeLabels(), Delta: names.Of(label.Delta), Oncall: names.Of(label.Oncall),
		Priorities: s.Config.PrioritizedLabels(),
	}
}

// WeeklyPlanner is the command for these inputs, typed now or kept in a plan file.
func WeeklyPlanner(s *app.Session, in flow.PostInputs) (*flow.Post, error) {
	cfg := s.Config
	p, err := in.Period(cfg.Timezone)
	if err != nil {
		return nil, err
	}
	if err := cfg.RequireTrackers(manifest.Production, cfg.Handoff.Project); err != nil {
		return nil, err
	}
	post := &flow.Post{Reports: reports(s), Inputs: in, Period: p, Now: s.Time, In: cfg.Tracker(cfg.Handoff.Project).Path,
		Issue: cfg.ReportLog(p), Before: cfg.ReportLog(p.Before(1)), Confidential: cfg.Handoff.Confidential, Origin: s.Origin()}
	post.Text = func(read flow.Read, whole bool) (string, error) {
		doc := document.Weekly(post, read, cfg)
		doc.Log = nil // it is where the reader is
		if !whole {
			doc = doc.Withhold()
		}
		return render.WeeklyPost(doc), nil
	}
	post.Log, err = cfg.ShiftLogs(p)
	return post, err
}
