package cli

import (
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
	boardflow "gitlab.com/prodctl/prodctl/internal/workflow/board"
	labelflow "gitlab.com/prodctl/prodctl/internal/workflow/label"
	lintflow "gitlab.com/prodctl/prodctl/internal/workflow/lint"
	milestoneflow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/lint"
)

type lintOptions struct {
	Rules    input.LintRules
	Fix      bool
	ExitCode bool
}

func newLintCmd(a *app.App, run command.Run[lintOptions]) *cobra.Command {
	var o lintOptions
	cmd := &cobra.Command{
		Use:   "lint [<rule>...]",
		Short: "Check issues, milestones, labels and the board by rules",
		Long: `Check the open issues of both trackers, the milestones, the labels and the board by the team's rules: an issue in two
columns, a goal without an owner, a change past its window, and so on. Each rule has a page in docs/lint. Without arguments, all rules
apply that lint.off does not list.

--fix plans the fixes that need no decision, shows the plan, and applies it. With --exit-code, exit code 8 means that there
are findings; with --fix, that some remain.`,
		Example: `  # Everything
  prodctl lint

  # Two rules, in a pipeline
  prodctl lint two-columns closed-milestone --exit-code

  # Show the fixes, then apply them
  prodctl lint --fix --dry-run
  prodctl lint --fix

  # For programs that read SARIF
  prodctl lint -o sarif`,
	}
	f := cmd.Flags()
	f.BoolVar(&o.Fix, "fix", false, "fix what needs no decision")
	f.BoolVar(&o.ExitCode, "exit-code", false, "exit with 8 if there are findings")
	command.AddLimitFlag(cmd, "first `n` findings")
	cmd.MarkFlagsMutuallyExclusive("fix", app.LimitFlag) // a plan is not cut
	command.AddConfidentialFlag(cmd)
	command.HasFormats(cmd, render.SARIF, render.CodeQuality)
	return command.Writes(command.Define(a, cmd, &o, run, command.Arg{Name: "rule", Value: &o.Rules, Optional: true, Many: true}))
}

func runLint(ctx context.Context, s *app.Session, o lintOptions) error {
	l, err := lintOf(s, lintflow.Inputs{Rules: input.Strings(o.Rules)}, s.Origin())
	if err != nil {
		return err
	}
	if s.Global.Plan != "" && !o.Fix {
		return fault.New(fault.Usage, "Add --fix: prodctl lint --fix --plan-file FILE", "--plan-file requires --fix")
	}
	if o.Fix {
		return fixFindings(ctx, s, l, o.ExitCode)
	}
	progress := s.Progress("Checking")
	found, err := l.Check(ctx)
	progress.Stop()
	if err != nil {
		return err
	}
	if err := s.View.Lint(document.Lint(found, l.Rules)); err != nil {
		return err
	}
	if o.ExitCode && len(found.Findings) > 0 {
		return &fault.Error{Kind: fault.Pending} // the list is the result; there is nothing to add
	}
	return nil
}

// fixFindings applies the fixes.
func fixFindings(ctx context.Context, s *app.Session, l *lintflow.Lint, exitCode bool) error {
	if f := s.View.Format(); f == render.SARIF || f == render.CodeQuality {
		hint := "To get the findings, leave out --fix: prodctl lint -o " + string(f)
		return fault.New(fault.Usage, hint, "-o %s cannot be combined with --fix", f)
	}
	if err := runner.Run(ctx, s, l); err != nil {
		return err
	}
	if exitCode && l.Left() > 0 {
		return &fault.Error{Kind: fault.Pending} // a note of the plan says how many
	}
	return nil
}

// LintPlanner returns the `lint --fix` that a saved plan was made by.
func LintPlanner(s *app.Session, saved plan.Plan) (*lintflow.Lint, error) {
	in, err := plan.InputsOf[lintflow.Inputs](saved)
	if err != nil {
		return nil, err
	}
	if saved.Today.IsZero() {
		return nil, fault.New(fault.Usage, "Save a new plan with --plan-file", `missing field "today"`)
	}
	return lintOf(s, in, plan.Origin{Host: s.Config.Host, Args: saved.Args, Today: saved.Today})
}

// lintOf returns the checks that a team has configured. The planners share their reader, so each list is read once.
func lintOf(s *app.Session, in lintflow.Inputs, origin plan.Origin) (*lintflow.Lint, error) {
	cfg := s.Config
	if err := cfg.RequireTrackers(manifest.Infrastructure); err != nil {
		return nil, err
	}
	if err := cfg.RequireMilestones(); err != nil {
		return nil, err
	}
	ignored, err := cfg.LintIgnores(s.Relative(cfg.File))
	if err != nil {
		return nil, err
	}
	read, layout := lintflow.NewReader(s.Client), cfg.BoardLayout()
	boxes := milestoneflow.Timeboxes{Read: read, In: cfg.MilestoneTarget(), Rules: cfg.MilestoneRules(), Parallel: cfg.Parallel}
	l := &lintflow.Lint{
		Read: read, Settings: cfg.LintSettings(), Work: cfg.Infrastructure(), Queue: cfg.Production(), Timebox: cfg.MilestoneTarget(),
		Boxes: cfg.MilestoneRules(), Rules: in.Rules, Ignored: ignored, Inputs: in, Now: s.Time, Origin: origin,
		Drifts: []lintflow.Drift{
			{Rule: lint.MilestoneDates, Planner: milestoneflow.Ensure{Timeboxes: boxes, Origin: origin,
				EnsureInputs: milestoneflow.EnsureInputs{Realign: true}}},
			{Rule: lint.LabelDrift, Planner: labelflow.Apply{Origin: origin,
				Labels: labelflow.Labels{Read: read, In: cfg.LabelPlaces(), Set: layout.Labels(cfg.Labels.Set())}}},
			{Rule: lint.BoardDrift, Planner: boardflow.Init{Read: read, In: cfg.Infrastructure(), Layout: layout, Set: cfg.Labels.Set(),
				Origin: origin}},
			{Rule: lint.Unscheduled, Planner: &milestoneflow.Sweep{Timeboxes: boxes, Origin: origin, History: s.Client, Team: cfg.Planning.Team,
				Grace: cfg.Planning.Grace, Outage: cfg.Labels.Names.Of(label.Outage), Now: s.Time}},
		},
	}
	if len(l.Rules) == 0 {
		l.Rules = cfg.LintRules()
	}
	return l, nil
}
