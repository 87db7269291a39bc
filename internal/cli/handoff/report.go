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
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/hook"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

type reportOptions struct {
	Shift    input.Shift
	AsOf     input.PastTime
	Post     bool
	Reassign bool
	All      bool
}

func newReportCmd(a *app.App, run command.Run[reportOptions]) *cobra.Command {
	var o reportOptions
	o.Shift = input.EndingShift(&o.AsOf)
	cmd := &cobra.Command{
		Use:     "handoff",
		Aliases: []string{"handoffs"},
		Short:   "Show what the next shift needs to know",
		Long: `Report what the incoming people need to know: incidents, changes, locks, issues that are ready to hand off, open on-call
issues and the error budget. The default is the shift whose end is nearest to now. --as-of rebuilds the report of an earlier
time and lists what is unknown.

--post writes the report as one comment per shift into the on-call log and mentions only the incoming people. Posting again
edits that comment. One that a person has changed, or that you may not edit, stays, and another one that replaces it is
added; the newest counts. Exit code 5 also means that nobody is known to be on call next.`,
		Example: `  # The shift that is about to end, or has just ended
  prodctl handoff

  # The report as of an earlier time, as Markdown
  prodctl handoff --as-of "2018-08-24 04:00" -o md

  # The previous shift
  prodctl handoff --shift last

  # A page for a browser or for paper
  prodctl handoff -o html

  # Show what would be posted, then post it
  prodctl handoff --post --dry-run
  prodctl handoff --post`,
	}
	f := cmd.Flags()
	f.Var(&o.Shift, "shift", "`shift` that ends: current, last, EMEA@2018-08-24 or an id")
	f.Var(&o.AsOf, "as-of", "earlier `time`: 2h (ago), 04:00, \"2018-08-24 04:00\" or RFC 3339"+input.Zone)
	f.BoolVar(&o.Post, "post", false, "write the report into the on-call log")
	f.BoolVar(&o.Reassign, "reassign", false, "with --post: assign the open on-call issues to the incoming person")
	f.BoolVar(&o.All, "all", false, "show every entry and every empty section on a terminal and in Markdown")
	command.AddConfidentialFlag(cmd)
	command.HasFormats(cmd, render.HTML)
	cmd = command.Watchable(a, command.Define(a, cmd, &o, run), nil)
	cmd.MarkFlagsMutuallyExclusive("watch", "post")
	return command.Writes(cmd)
}

func runReport(ctx context.Context, s *app.Session, o reportOptions) error {
	if err := cmp.Or(s.NoPage(o.Post, "To get the page, leave out --post: prodctl handoff -o html"), o.check()); err != nil {
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
	report, err := newReport(s, o.Shift.Shift, at, !o.AsOf.IsZero())
	if err != nil {
		return err
	}
	progress := s.Progress("Reading GitLab")
	built, unknown, err := report.Build(ctx)
	progress.Stop()
	if err != nil {
		return err
	}
	doc := document.Handoff(built, s.Config)
	doc.Unknown = unknown
	return s.View.Handoff(doc, o.All)
}

// check refuses flags that do not go together.
func (o reportOptions) check() error {
	switch {
	case o.Reassign && !o.Post:
		return fault.New(fault.Usage, "Add --post: prodctl handoff --post --reassign", "--reassign requires --post")
	case !o.AsOf.IsZero() && o.Post:
		return fault.New(fault.Usage, "To post the report of the previous shift: prodctl handoff --post --shift last",
			"--as-of cannot be combined with --post: only the current state can be posted")
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
			_, created := step.(plan.CreateIssue) // a note of the plan names a log that already exists
			return created
		})
	}})
}

// PostPlanner returns the planner for inputs from the command line or from a plan file.
func PostPlanner(s *app.Session, in flow.PostInputs) (*flow.Post, error) {
	cfg := s.Config
	shift, err := cfg.Oncall.ParseShift(in.Shift, in.At)
	if err != nil {
		return nil, fault.Wrap(fault.Refused, err, "Create the plan again", "the shift of the plan")
	}
	report, err := newReport(s, shift, in.At, false)
	if err != nil {
		return nil, err
	}
	incoming := cfg.Oncall.People(report.Facts.Next)
	planner := &flow.Post{
		Report: report, Read: s.Client, Moves: runner.Moves(s), Inputs: in, Incoming: incoming,
		Text: func(r handoff.Report, replaces string, reveal bool) (string, error) {
			return render.HandoffPost(account.Shown(document.Handoff(r, cfg), s.Place), handoff.Mention(incoming), replaces, reveal)
		},
		Origin: s.Origin(),
	}
	runner.AddHooks(s, &planner.Afters, hook.Posted, func(rounds []workflow.Round, doc *jsonv1.Hook) bool {
		log, ours := planner.Posted(rounds)
		doc.Shift, doc.Ref, doc.Title, doc.Confidential, doc.WebURL = in.Shift, log.Ref.String(), log.Title, log.Confidential, log.WebURL
		return ours
	})
	planner.Log, err = oncallLog(s, shift)
	return planner, err
}

// oncallLog returns where the comments of a shift are.
func oncallLog(s *app.Session, shift oncall.Shift) (log flow.OncallLog, err error) {
	log.Label, log.Confidential = s.Config.Labels.Names.Of(label.OncallReport), s.Config.Handoff.Confidential
	log.Project, log.Log, log.Issue, err = s.Config.HandoffLog(shift)
	return log, err
}

// newReport returns the reader for the report of a shift at a point in time.
func newReport(s *app.Session, shift oncall.Shift, at time.Time, historical bool) (flow.Report, error) {
	cfg := s.Config
	if err := cfg.RequireTrackers(manifest.Production); err != nil {
		return flow.Report{}, err
	}
	s.StartCalendar(app.CalendarLimit)
	budgets, err := runner.Budgets(s)
	if err != nil {
		return flow.Report{}, err
	}
	return flow.Report{
		Read: s.Client, Production: cfg.Production().Path, Infrastructure: cfg.Infrastructure().Path,
		Facts: handoff.Facts{At: at, Historical: historical, Shift: shift, Next: cfg.Oncall.Next(shift), Labels: cfg.HandoffLabels(),
			Locks: cfg.Locks, Budget: &budgets.Rules, Window: budgets.Window(at)},
		Exclusions: budgets.Exclusions,
	}, nil
}
