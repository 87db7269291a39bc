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
	budgetflow "gitlab.com/prodctl/prodctl/internal/workflow/budget"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/report"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
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
		Short: "Report on the incidents, changes and hand-offs of a week",
		Long: `Show incidents, changes, deltas, open on-call issues and hand-offs of a period (default: the seven days up to today), compared
with the previous four periods. --post writes the report into the log issue of the week and creates that issue if needed.

Text around the report in that issue is not changed. Confidential issues appear by reference only, unless the log issue is
confidential too.`,
		Example: `  # The last seven days
  prodctl report weekly

  # The summary for the infrastructure call, as Markdown
  prodctl report weekly --view call -o md

  # A page for a browser or for paper
  prodctl report weekly -o html

  # Post the report of last week and close the log issue of the week before
  prodctl report weekly --week last --post --close

  # The previous timebox, for a program
  prodctl report weekly --timebox previous -o json`,
	}
	addPeriodFlags(cmd, &o.Period)
	f := cmd.Flags()
	f.Var(&o.View, "view", "`view`: oncall (everything) or call (summary)")
	f.BoolVar(&o.Post, "post", false, "write the report into the log issue of the week")
	f.BoolVar(&o.Close, "close", false, "with --post: close the log issue of the week before")
	command.AddConfidentialFlag(cmd)
	command.HasFormats(cmd, render.HTML)
	return command.Writes(command.Define(a, cmd, &o, run))
}

func runWeekly(ctx context.Context, s *app.Session, o weeklyOptions) error {
	if o.Close && !o.Post {
		return fault.New(fault.Usage, "Add --post: prodctl report weekly --post --close", "--close requires --post")
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
	progress := s.Progress("Reading GitLab")
	read, err := planner.Weekly(ctx, planner.Period, planner.Now)
	progress.Stop()
	if err != nil {
		return err
	}
	return s.View.Weekly(document.Weekly(planner, read, s.Config))
}

// showPosted prints the outcome of the plan and the address of the issue with the report.
func showPosted(s *app.Session, in flow.PostInputs, p plan.Plan, rounds []workflow.Round, err error) error {
	retry := runner.RetryWithout(s, []string{"--from", "--to", "--week", "--timebox", "--last"}, "--from", in.From, "--to", in.To)
	return runner.Posted(s, "Report", retry, p, rounds, err, func(step plan.Step) bool {
		_, closed := step.(plan.UpdateIssue)
		return !closed
	})
}

// reports returns the reader of a team's reports, with the trackers and labels of its configuration.
func reports(s *app.Session) flow.Reports {
	s.StartCalendar(app.CalendarLimit)
	names := s.Config.Labels.Names
	return flow.Reports{
		Client: s.Client, Production: s.Config.Production().Path, Infrastructure: s.Config.Infrastructure().Path,
		Incidents: s.Config.IncidentLabels(), Changes: s.Config.ChangeLabels(), Delta: names.Of(label.Delta), Oncall: names.Of(label.Oncall),
		Priorities: s.Config.PrioritizedLabels(), Schedule: s.Config.Oncall,
	}
}

// WeeklyPlanner returns the planner for inputs from the command line or from a plan file.
func WeeklyPlanner(s *app.Session, in flow.PostInputs) (*flow.Post, error) {
	cfg := s.Config
	p, err := in.Period(cfg.Timezone)
	if err != nil {
		return nil, err
	}
	if err := cfg.RequireTrackers(manifest.Production, cfg.Handoff.Project); err != nil {
		return nil, err
	}
	post := &flow.Post{Reports: reports(s), Moves: runner.Moves(s), Inputs: in, Period: p, Now: s.Time,
		In: cfg.Tracker(cfg.Handoff.Project).Path, Issue: cfg.ReportLog(p), Previous: cfg.ReportLog(p.Before(1)),
		Confidential: cfg.Handoff.Confidential, Origin: s.Origin()}
	post.Text = func(read flow.Result, reveal bool) (string, error) {
		doc := document.Weekly(post, read, cfg)
		doc.Log = nil // the reader is looking at that issue
		return render.WeeklyPost(account.Shown(jsonv1.For(doc, render.Posted(reveal)), s.Place)), nil
	}
	if post.Log, err = cfg.ShiftLogs(p); err != nil {
		return post, err
	}
	budgets, err := runner.Budgets(s)
	post.Budget = weeklyBudget(budgets)
	return post, err
}

// weeklyBudget returns how the report gets the error budget.
func weeklyBudget(budgets budgetflow.Budgets) *flow.Budget {
	notes := func(r budgetflow.Result) []string { return append(r.Gaps, r.Refused...) }
	return &flow.Budget{Window: budgets.Window,
		Read: func(ctx context.Context, w budget.Window) (budget.Report, []string, error) {
			r, err := budgets.ReadWindow(ctx, w)
			return r.Report, notes(r), err
		},
		Of: func(
			ctx context.Context, w budget.Window, list []incident.Incident, events map[int64][]issue.Event,
		) (budget.Report, []string, error) {
			r, err := budgets.Of(ctx, w, list, events)
			return r.Report, notes(r), err
		}}
}
