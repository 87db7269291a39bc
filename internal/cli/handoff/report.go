package handoff

import (
	"cmp"
	"context"
	"time"

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
	flow "gitlab.com/prodctl/prodctl/internal/workflow/handoff"
	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

type reportOptions struct {
	Shift    input.Shift
	AsOf     input.PastTime
	Post     bool
	Reassign bool
}

func newReportCmd(a *app.App, run command.Run[reportOptions]) *cobra.Command {
	var o reportOptions
	o.Shift = input.EndingShift(&o.AsOf)
	cmd := &cobra.Command{
		Use:     "handoff",
		Aliases: []string{"handoffs"},
		Short:   "Tell the next shift what burns, what may burn and what can wait",
		Long: `Handoff is the report of the shift that ends, for whoever comes: active incidents and outages, (perceived) data loss,
what is mitigated, changes in progress and to come, locks, issues that are ready to be handed off and where they were
left, open on-call issues, what was resolved, and what is left of the error budget. An empty section says none.

The shift that ends is the one whose end is nearest: an hour before the change and ten minutes after it mean the same
one. --shift says another: current, last, EMEA@2018-08-24 or a shift's id. --as-of rebuilds the report of a past
moment from what GitLab still knows, and says what it cannot.

--post writes the report into the on-call log, as one comment for each shift that is edited when it is posted again.
It mentions those who come and nobody else. --reassign then gives them the open on-call issues: to the first who
comes.

-o html is the report as a page for a browser and for paper: one file that needs nothing else.

Exit codes: 0 done, 1 failed, 3 stopped midway, 4 no right, also to edit somebody else's comment, 5 refused: nobody is
known to come, or not confirmed, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl handoff
  prodctl handoff --as-of "2018-08-24 04:00" -o md
  prodctl handoff --shift last
  prodctl handoff -o html
  prodctl handoff --post --dry-run
  prodctl handoff --post`,
	}
	f := cmd.Flags()
	f.Var(&o.Shift, "shift", "the `shift` that ends: current, last, EMEA@2018-08-24 or an id")
	f.Var(&o.AsOf, "as-of", "tell of a past `moment`: 2h (ago), 04:00 (UTC), \"2018-08-24 04:00\" or RFC 3339")
	f.BoolVar(&o.Post, "post", false, "write it into the on-call log")
	f.BoolVar(&o.Reassign, "reassign", false, "with --post: give the open on-call issues to whoever comes")
	command.AddConfidentialFlag(cmd)
	command.HasFormats(cmd, render.HTML)
	return command.Writes(command.Define(a, cmd, &o, run))
}

func runReport(ctx context.Context, s *app.Session, o reportOptions) error {
	if err := cmp.Or(s.NoPage(o.Post, "Run them separately: prodctl handoff -o html"), o.check()); err != nil {
		return err
	}
	at := s.Time
	if !o.AsOf.IsZero() {
		at = o.AsOf.Time.Time
	}
	if o.Post {
		in := flow.PostInputs{At: at, Shift: o.Shift.ID(), Reassign: o.Reassign, Reveal: s.Reveals()}
		if err := in.Check(s.Config.Oncall, o.Shift.Shift); err != nil {
			return err
		}
		return runPost(ctx, s, in)
	}
	report, err := shiftReport(s, o.Shift.Shift, at, !o.AsOf.IsZero())
	if err != nil {
		return err
	}
	progress := s.Progress("reading what the shift leaves")
	built, unknown, err := report.Build(ctx)
	progress.Stop()
	if err != nil {
		return err
	}
	doc := document.Handoff(built, s.Config)
	doc.Unknown = unknown
	return s.View.Handoff(doc)
}

// check refuses flags that do not go together.
func (o reportOptions) check() error {
	switch {
	case o.Reassign && !o.Post:
		return fault.New(fault.Usage, "prodctl handoff --post --reassign", "--reassign goes with --post")
	case !o.AsOf.IsZero() && o.Post:
		return fault.New(fault.Usage, "leave --as-of out, or --post; --shift last posts for the shift before",
			"what is posted is what stands now: --as-of does not go with --post")
	}
	return nil
}

// runPost writes the report into the on-call log.
func runPost(ctx context.Context, s *app.Session, in flow.PostInputs) error {
	planner, err := PostPlanner(s, in)
	if err != nil {
		return err
	}
	retry := runner.RetryWithout(s, []string{"--shift"}, "--shift", in.Shift)
	return runner.RunWith(ctx, s, planner, runner.Hooks{Show: func(p plan.Plan, rounds []workflow.Round, err error) error {
		return runner.Posted(s, "Hand-off", retry, p, rounds, err, func(step plan.Step) bool {
			_, made := step.(plan.CreateIssue) // one that was there before is told by a note of the plan
			return made
		})
	}})
}

// PostPlanner is the command for these inputs, typed now or kept in a plan file.
func PostPlanner(s *app.Session, in flow.PostInputs) (*flow.Post, error) {
	cfg := s.Config
	shift, err := cfg.Oncall.ParseShift(in.Shift, in.At)
	if err != nil {
		return nil, fault.Wrap(fault.Refused, err, "make the plan again", "the shift of the plan")
	}
	report, err := shiftReport(s, shift, in.At, false)
	if err != nil {
		return nil, err
	}
	incoming := cfg.Oncall.People(report.Facts.Next)
	planner := &flow.Post{
		Report: report, Read: s.Client, Inputs: in, Label: cfg.Labels.Names.Of(label.OncallReport),
		Confidential: cfg.Handoff.Confidential, Incoming: incoming,
		Text: func(r handoff.Report, reveal bool) (string, error) {
			return render.HandoffPost(document.Handoff(r, cfg), handoff.Mention(incoming), reveal)
		},
		Origin: s.Origin(),
	}
	planner.Project, planner.Log, planner.Issue, err = cfg.HandoffLog(shift)
	return planner, err
}

// shiftReport is the report of a shift at a moment.
func shiftReport(s *app.Session, shift oncall.Shift, at time.Time, past bool) (flow.Report, error) {
	cfg := s.Config
	if err := cfg.RequireTrackers(manifest.Production); err != nil {
		return flow.Report{}, err
	}
	slo, err := budget.ParseSLO(cfg.Budget.SLO)
	if err != nil {
		return flow.Report{}, fault.Wrap(fault.Usage, err, "prodctl config validate", "budget.slo")
	}
	return flow.Report{
		Read: s.Client, Production: cfg.Production().Path, Infrastructure: cfg.Infrastructure().Path,
		Facts: handoff.Facts{At: at, Past: past, Shift: shift, Next: cfg.Oncall.Next(shift), Labels: cfg.HandoffLabels(), Locks: cfg.Locks,
			SLO: slo, Window: cfg.Budget.Window},
	}, nil
}
