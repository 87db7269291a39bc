package handoff

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/render"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/handoff"
	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

type reportOptions struct {
	Shift    string
	AsOf     string
	Post     bool
	Reassign bool
}

func newReportCmd(env *app.App, run func(context.Context, *app.App, reportOptions) error) *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{
		Use:     "handoff",
		Aliases: []string{"handoffs"},
		Short:   "Tell the next shift what burns, what may burn and what can wait",
		Long: `Handoff is the report of the shift that ends, for whoever comes: active incidents and outages, (perceived) data loss, what is mitigated,
changes in progress and to come, locks, issues that are ready to be handed off and where they were left, open on-call issues, what was
resolved, and what is left of the error budget. An empty section says none.

The shift that ends is the one whose end is nearest: an hour before the change and ten minutes after it mean the same one. --shift says
another: current, last, EMEA@2018-08-24 or a shift's id. --as-of rebuilds the report of a past moment from what GitLab still knows, and says what
it cannot.

--post writes the report into the on-call log, as one comment for each shift that is edited when it is posted again. It mentions those who come and
nobody else. --reassign then gives them the open on-call issues: to the first who comes.

-o html is the report as a page for a browser and for paper: one file that needs nothing else.

Exit codes: 0 done, 1 failed, 3 stopped midway, 4 no right, also to edit somebody else's comment, 5 refused: nobody is known to come, or
not confirmed, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl handoff
  prodctl handoff --as-of "2018-08-24 04:00" -o md
  prodctl handoff --shift last
  prodctl handoff -o html
  prodctl handoff --post --dry-run
  prodctl handoff --post`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.Shift, "shift", "", "the `shift` that ends: current, last, EMEA@2018-08-24 or an id")
	f.StringVar(&o.AsOf, "as-of", "", "tell of a past `moment`: 2h (ago), 04:00 (UTC), \"2018-08-24 04:00\" or RFC 3339")
	f.BoolVar(&o.Post, "post", false, "write it into the on-call log")
	f.BoolVar(&o.Reassign, "reassign", false, "with --post: give the open on-call issues to whoever comes")
	command.AddConfidentialFlag(cmd)
	command.HasFormats(cmd, render.HTML)
	return cmd
}

func runReport(ctx context.Context, env *app.App, o reportOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		if err := env.NoPage(o.Post, "prodctl handoff -o html, and --post without it"); err != nil {
			return err
		}
		at, err := handoffMoment(env, o)
		if err != nil {
			return err
		}
		shift, err := endingShift(env, o.Shift, at)
		if err != nil {
			return err
		}
		if o.Post {
			cfg, err := env.Config()
			if err != nil {
				return err
			}
			if err := postable(cfg.Oncall, shift, at, o.Reassign); err != nil {
				return err
			}
			return postHandoff(ctx, env, flow.PostInputs{At: at, Shift: shift.ID(), Reassign: o.Reassign, Reveal: env.Reveals()})
		}
		report, err := handoffReport(ctx, env, shift, at, o.AsOf != "")
		if err != nil {
			return err
		}
		progress := env.Progress("reading what the shift leaves")
		built, unknown, err := report.Build(ctx)
		progress.Stop()
		if err != nil {
			return err
		}
		cfg, err := env.Config()
		if err != nil {
			return err
		}
		doc := document.Handoff(built, cfg)
		doc.Notes = append(doc.Notes, oddMoment(report.Facts, at)...)
		if built.Past {
			doc.Unknown = append(unknown, "locks, rotations and the objective of the budget are those of today's configuration",
				"issues and comments that were deleted since are not known")
		}
		return env.View.Handoff(doc)
	})
}

// handoffMoment is the moment that the report tells of, UTC.
func handoffMoment(e *app.App, o reportOptions) (time.Time, error) {
	switch {
	case o.Reassign && !o.Post:
		return time.Time{}, fault.New(fault.Usage, "prodctl handoff --post --reassign", "--reassign goes with --post")
	case o.AsOf != "" && o.Post:
		return time.Time{}, fault.New(fault.Usage, "leave --as-of out, or --post; --shift last posts for the shift before", "what is posted is what stands now: --as-of does not go with --post")
	}
	now, err := e.Clock()
	if o.AsOf != "" && err == nil {
		at, err := input.Time(e, "--as-of", o.AsOf)
		if err == nil && at.After(now) {
			err = fault.New(fault.Usage, "prodctl handoff --as-of 8h", "--as-of %s: %s is yet to come", o.AsOf, at.UTC().Format("2006-01-02 15:04:05 UTC"))
		}
		return at, err
	}
	return now.UTC().Truncate(time.Second), err
}

// endingShift is the shift that a hand-off at a moment is of, unless another was said.
func endingShift(e *app.App, said string, at time.Time) (oncall.Shift, error) {
	cfg, err := e.Config()
	if err != nil {
		return oncall.Shift{}, err
	}
	if said == "" {
		return cfg.Oncall.Ending(at), nil
	}
	shift, err := cfg.Oncall.ParseShift(said, at)
	if err != nil {
		return shift, fault.Wrap(fault.Usage, err, "prodctl handoff --shift last", "--shift")
	}
	return shift, nil
}

// oddMoment says when a shift was asked for that the moment is not of.
func oddMoment(f handoff.Facts, at time.Time) []string {
	if !at.Before(f.Shift.From) && at.Before(f.Next.To) {
		return nil
	}
	return []string{fmt.Sprintf("this is what stands at %s; what stood when that shift ended is told by --as-of %s", at.Format("2006-01-02 15:04 UTC"), document.Instant(f.Shift.To))}
}

// handoffReport is the report of a shift at a moment.
func handoffReport(ctx context.Context, e *app.App, shift oncall.Shift, at time.Time, past bool) (flow.Report, error) {
	cfg, err := e.Config()
	if err != nil {
		return flow.Report{}, err
	}
	if err := cfg.RequireTrackers(manifest.Production); err != nil {
		return flow.Report{}, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return flow.Report{}, err
	}
	slo, err := budget.ParseSLO(cfg.Budget.SLO)
	if err != nil {
		return flow.Report{}, fault.Wrap(fault.Usage, err, "prodctl config validate", "budget.slo")
	}
	return flow.Report{
		Read: client, Production: cfg.Production().Path, Infrastructure: cfg.Infrastructure().Path,
		Facts: handoff.Facts{
			At: at, Past: past, Shift: shift, Next: cfg.Oncall.Next(shift), Labels: cfg.HandoffLabels(), Locks: cfg.Locks, SLO: slo, Window: cfg.Budget.Window,
		},
	}, nil
}
