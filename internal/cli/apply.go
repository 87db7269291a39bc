package cli

import (
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
)

func newApplyCmd(env *Env, run func(context.Context, *Env, string) error) *cobra.Command {
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

func runApply(ctx context.Context, env *Env, file string) error {
	if env.global.Plan != "" {
		return fault.New(fault.Usage, "make the plan again with its own command", "--plan-file does not go with apply")
	}
	return env.bounded(ctx, func(ctx context.Context) error {
		saved, err := env.readPlan(file)
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
		planner, err := env.replanner(ctx, saved)
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
		case env.global.DryRun:
			return env.view.Plan(now.Document())
		case now.Empty():
			return env.view.Applied(applied(now.Command, nil, now.Notes))
		}
		return env.agreed(ctx, planner, now, func(ctx context.Context, now plan.Plan) error {
			return env.apply(ctx, planner, now, ending{}, func(next plan.Plan) error { return workflow.Stale(saved, next) })
		})
	})
}

func (e *Env) readPlan(file string) (plan.Plan, error) {
	const most, again = 64 << 20, "make the plan with --plan-file, then prodctl apply FILE"
	var in io.Reader = e.In
	if file != "-" {
		f, err := os.Open(e.path(file))
		if err != nil {
			return plan.Plan{}, fault.Wrap(fault.Usage, plain(err), again, "read the plan")
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, most))
	if err != nil {
		return plan.Plan{}, fault.Wrap(fault.Usage, plain(err), again, "read the plan")
	}
	p, err := plan.Decode(data)
	if err != nil {
		return plan.Plan{}, fault.Wrap(fault.Usage, err, fault.HintOf(err), "%s", file)
	}
	return p, nil
}

// replanner makes the command again that a saved plan came from.
func (e *Env) replanner(ctx context.Context, saved plan.Plan) (workflow.Planner, error) {
	for command, again := range e.planners() {
		if command == saved.Command {
			return again(ctx, saved)
		}
	}
	return nil, fault.New(fault.Usage, "make the plan again with --plan-file", "prodctl makes no plans for %q", saved.Command)
}

// planners are the commands whose plans can be saved.
func (e *Env) planners() map[string]func(context.Context, plan.Plan) (workflow.Planner, error) {
	return map[string]func(context.Context, plan.Plan) (workflow.Planner, error){
		"milestone roll": func(ctx context.Context, saved plan.Plan) (workflow.Planner, error) {
			boxes, cfg, err := e.timeboxes(ctx)
			if err != nil {
				return nil, err
			}
			return workflow.RollFrom(boxes, cfg.Host, saved)
		},
		"milestone ensure": func(ctx context.Context, saved plan.Plan) (workflow.Planner, error) {
			boxes, cfg, err := e.timeboxes(ctx)
			if err != nil {
				return nil, err
			}
			return workflow.EnsureFrom(boxes, cfg.Host, saved)
		},
		"label apply": func(ctx context.Context, saved plan.Plan) (workflow.Planner, error) {
			in, err := workflow.LabelInputsOf(saved)
			if err != nil {
				return nil, err
			}
			return labelApply(ctx, e, in)
		},
		"board init": func(ctx context.Context, _ plan.Plan) (workflow.Planner, error) { return boardInit(ctx, e) },
		"board move": func(ctx context.Context, saved plan.Plan) (workflow.Planner, error) {
			in, err := workflow.MoveInputsOf(saved)
			if err != nil {
				return nil, err
			}
			return boardMove(ctx, e, in)
		},
		"handoff --post":    replan(workflow.PostInputsOf, e, handoffPost),
		"incident open":     replan(workflow.OpenInputsOf, e, incidentOpen),
		"incident update":   replan(workflow.EventInputsOf, e, incidentEvent),
		"incident mitigate": replan(workflow.EventInputsOf, e, incidentEvent),
		"incident resolve":  replan(workflow.EventInputsOf, e, incidentEvent),
		"incident reopen":   replan(workflow.EventInputsOf, e, incidentEvent),
		"incident review": func(ctx context.Context, saved plan.Plan) (workflow.Planner, error) {
			return replanReview(ctx, e, saved)
		},
		"incident action": replan(workflow.ActionInputsOf, e, incidentAction),
		"change open":     replan(workflow.ChangeOpenInputsOf, e, changeOpen),
		"change approve":  replan(workflow.ChangeEventInputsOf, e, changeEvent),
		"change start":    replan(workflow.ChangeEventInputsOf, e, changeEvent),
		"change finish":   replan(workflow.ChangeEventInputsOf, e, changeEvent),
		"change abort":    replan(workflow.ChangeEventInputsOf, e, changeEvent),
		"change record":   replan(workflow.RecordInputsOf, e, changeRecord),
		"report weekly":   replan(workflow.ReportInputsOf, e, reportWeekly),
		"handoff mark":    replan(workflow.MarkInputsOf, e, handoffMark),
		"handoff take":    replan(workflow.TakeInputsOf, e, handoffTake),
	}
}

// replan makes a command again from the inputs that its plan keeps.
func replan[In any, P workflow.Planner](inputs func(plan.Plan) (In, error), e *Env, again func(context.Context, *Env, In) (P, error)) func(context.Context, plan.Plan) (workflow.Planner, error) {
	return func(ctx context.Context, saved plan.Plan) (workflow.Planner, error) {
		in, err := inputs(saved)
		if err != nil {
			return nil, err
		}
		return again(ctx, e, in)
	}
}

// replanReview tells the two things apart that incident review does: writing the form, and saying that the review was held.
func replanReview(ctx context.Context, e *Env, saved plan.Plan) (workflow.Planner, error) {
	if in, err := workflow.EventInputsOf(saved); err == nil && in.Verb != "" {
		return incidentEvent(ctx, e, in)
	}
	return replan(workflow.ReviewInputsOf, e, incidentReview)(ctx, saved)
}
