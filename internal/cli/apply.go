package cli

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/board"
	"gitlab.com/prodctl/prodctl/internal/cli/change"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/cli/handoff"
	"gitlab.com/prodctl/prodctl/internal/cli/incident"
	"gitlab.com/prodctl/prodctl/internal/cli/label"
	"gitlab.com/prodctl/prodctl/internal/cli/report"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	boardflow "gitlab.com/prodctl/prodctl/internal/workflow/board"
	changeflow "gitlab.com/prodctl/prodctl/internal/workflow/change"
	handoffflow "gitlab.com/prodctl/prodctl/internal/workflow/handoff"
	incidentflow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	labelflow "gitlab.com/prodctl/prodctl/internal/workflow/label"
	milestoneflow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"
	reportflow "gitlab.com/prodctl/prodctl/internal/workflow/report"
)

func newApplyCmd(env *app.App, run func(context.Context, *app.App, string) error) *cobra.Command {
	return &cobra.Command{
		Use:   "apply <plan-file>",
		Short: "Apply a plan that was saved with --plan-file",
		Long: `Apply carries out a saved plan, and nothing but that plan. It looks at GitLab again first and refuses when what the plan was
made from has changed. A plan that was applied in part goes on where it stopped; one that was applied whole does nothing.
The file "-" is standard input.

Exit codes: 0 done, 3 stopped midway, 4 no right, 5 stale or not confirmed, 6 the file is no plan, 7 GitLab out of reach,
130 interrupted.`,
		Example: `  prodctl milestone roll --plan-file roll.json
  prodctl apply roll.json --yes`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return run(cmd.Context(), env, args[0]) },
	}
}

func runApply(ctx context.Context, env *app.App, file string) error {
	if env.Global.Plan != "" {
		return fault.New(fault.Usage, "make the plan again with its own command", "--plan-file does not go with apply")
	}
	return env.Bounded(ctx, func(ctx context.Context) error {
		saved, err := runner.ReadPlan(env, file)
		if err != nil {
			return err
		}
		cfg, err := env.Config()
		if err != nil {
			return err
		}
		if err := workflow.OtherHost(saved, cfg.Host); err != nil {
			return err
		}
		planner, err := replanner(ctx, env, saved)
		if err != nil {
			return err
		}
		progress := env.Progress("looking whether the plan still holds")
		now, err := planner.Plan(ctx)
		progress.Stop()
		if fault.KindOf(err) == fault.Refused {
			return fault.Wrap(fault.Refused, err, fault.HintOf(err), "the plan is stale")
		}
		if err != nil {
			return err
		}
		if err := workflow.Stale(saved, now); err != nil {
			return err
		}
		switch {
		case env.Global.DryRun:
			return env.View.Plan(now.Document())
		case now.Empty():
			return env.View.Applied(runner.AppliedDocument(now.Command, nil, now.Notes))
		}
		return runner.Confirmed(ctx, env, planner, now, func(ctx context.Context, now plan.Plan) error {
			return runner.Apply(ctx, env, planner, now, runner.Hooks{}, func(next plan.Plan) error { return workflow.Stale(saved, next) })
		})
	})
}

// replanner makes the command again that a saved plan came from.
func replanner(ctx context.Context, e *app.App, saved plan.Plan) (workflow.Planner, error) {
	for command, again := range planners(e) {
		if command == saved.Command {
			return again(ctx, saved)
		}
	}
	return nil, fault.New(fault.Usage, "make the plan again with --plan-file", "prodctl makes no plans for %q", saved.Command)
}

// planners are the commands whose plans can be saved.
func planners(e *app.App) map[string]func(context.Context, plan.Plan) (workflow.Planner, error) {
	return map[string]func(context.Context, plan.Plan) (workflow.Planner, error){
		"milestone roll": func(ctx context.Context, saved plan.Plan) (workflow.Planner, error) {
			boxes, cfg, err := command.Timeboxes(ctx, e)
			if err != nil {
				return nil, err
			}
			return milestoneflow.RollFrom(boxes, cfg.Host, saved)
		},
		"milestone ensure": func(ctx context.Context, saved plan.Plan) (workflow.Planner, error) {
			boxes, cfg, err := command.Timeboxes(ctx, e)
			if err != nil {
				return nil, err
			}
			return milestoneflow.EnsureFrom(boxes, cfg.Host, saved)
		},
		"label apply": func(ctx context.Context, saved plan.Plan) (workflow.Planner, error) {
			in, err := labelflow.InputsOf(saved)
			if err != nil {
				return nil, err
			}
			return label.ApplyPlanner(ctx, e, in)
		},
		"board init": func(ctx context.Context, _ plan.Plan) (workflow.Planner, error) { return board.InitPlanner(ctx, e) },
		"board move": func(ctx context.Context, saved plan.Plan) (workflow.Planner, error) {
			in, err := boardflow.MoveInputsOf(saved)
			if err != nil {
				return nil, err
			}
			return board.MovePlanner(ctx, e, in)
		},
		"handoff --post":    replan(handoffflow.PostInputsOf, e, handoff.PostPlanner),
		"incident open":     replan(incidentflow.OpenInputsOf, e, incident.OpenPlanner),
		"incident update":   replan(incidentflow.EventInputsOf, e, incident.EventPlanner),
		"incident mitigate": replan(incidentflow.EventInputsOf, e, incident.EventPlanner),
		"incident resolve":  replan(incidentflow.EventInputsOf, e, incident.EventPlanner),
		"incident reopen":   replan(incidentflow.EventInputsOf, e, incident.EventPlanner),
		"incident review": func(ctx context.Context, saved plan.Plan) (workflow.Planner, error) {
			return replanReview(ctx, e, saved)
		},
		"incident action": replan(incidentflow.ActionInputsOf, e, incident.ActionPlanner),
		"change open":     replan(changeflow.OpenInputsOf, e, change.OpenPlanner),
		"change approve":  replan(changeflow.EventInputsOf, e, change.EventPlanner),
		"change start":    replan(changeflow.EventInputsOf, e, change.EventPlanner),
		"change finish":   replan(changeflow.EventInputsOf, e, change.EventPlanner),
		"change abort":    replan(changeflow.EventInputsOf, e, change.EventPlanner),
		"change record":   replan(changeflow.RecordInputsOf, e, change.RecordPlanner),
		"report weekly":   replan(reportflow.PostInputsOf, e, report.WeeklyPlanner),
		"handoff mark":    replan(handoffflow.MarkInputsOf, e, handoff.MarkPlanner),
		"handoff take":    replan(handoffflow.TakeInputsOf, e, handoff.TakePlanner),
	}
}

// replan makes a command again from the inputs that its plan keeps.
func replan[In any, P workflow.Planner](inputs func(plan.Plan) (In, error), e *app.App, again func(context.Context, *app.App, In) (P, error)) func(context.Context, plan.Plan) (workflow.Planner, error) {
	return func(ctx context.Context, saved plan.Plan) (workflow.Planner, error) {
		in, err := inputs(saved)
		if err != nil {
			return nil, err
		}
		return again(ctx, e, in)
	}
}

// replanReview tells the two things apart that incident review does: writing the form, and saying that the review was held.
func replanReview(ctx context.Context, e *app.App, saved plan.Plan) (workflow.Planner, error) {
	if in, err := incidentflow.EventInputsOf(saved); err == nil && in.Verb != "" {
		return incident.EventPlanner(ctx, e, in)
	}
	return replan(incidentflow.ReviewInputsOf, e, incident.ReviewPlanner)(ctx, saved)
}
