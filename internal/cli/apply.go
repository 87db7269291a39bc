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
	"gitlab.com/prodctl/prodctl/internal/cli/milestone"
	"gitlab.com/prodctl/prodctl/internal/cli/report"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	incidentflow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
)

type applyOptions struct{ File input.File }

func newApplyCmd(a *app.App, run command.Run[applyOptions]) *cobra.Command {
	var o applyOptions
	cmd := &cobra.Command{
		Use:   "apply <plan-file>",
		Short: "Apply a plan that was saved with --plan-file",
		Long: `Apply carries out a saved plan, and nothing but that plan. It looks at GitLab again first and refuses when what the plan was
made from has changed. A plan that was applied in part goes on where it stopped; one that was applied whole does nothing.
The file "-" is standard input.

Exit codes: 0 done, 3 stopped midway, 4 no right, 5 stale or not confirmed, 6 the file is no plan, 7 GitLab out of reach,
130 interrupted.`,
		Example: `  prodctl milestone roll --plan-file roll.json
  prodctl apply roll.json --yes`,
	}
	return command.Shows(command.Define(a, cmd, &o, run, command.Arg{Name: "plan-file", Value: &o.File}), "dry-run", "yes")
}

func runApply(ctx context.Context, s *app.Session, o applyOptions) error {
	if s.Global.Plan != "" {
		return fault.New(fault.Usage, "make the plan again with its own command", "--plan-file does not go with apply")
	}
	saved, err := plan.Decode(o.File.Data)
	if err != nil {
		return fault.Wrap(fault.Usage, err, fault.HintOf(err), "%s", o.File.Source())
	}
	if err := workflow.OtherHost(saved, s.Config.Host); err != nil {
		return err
	}
	again, known := planners(s)[saved.Command]
	if !known {
		return fault.New(fault.Usage, "make the plan again with --plan-file", "prodctl makes no plans for %q", saved.Command)
	}
	planner, err := again(saved)
	if err != nil {
		return err
	}
	return runner.ApplySaved(ctx, s, planner, saved)
}

// replan makes a command again from a saved plan.
type replan = func(saved plan.Plan) (workflow.Planner, error)

// planners are the commands whose plans can be saved.
func planners(s *app.Session) map[string]replan {
	incidentEvent, changeEvent := fromInputs(s, incident.EventPlanner), fromInputs(s, change.EventPlanner)
	return map[string]replan{
		"milestone roll":    fromPlan(s, milestone.RollPlanner),
		"milestone ensure":  fromPlan(s, milestone.EnsurePlanner),
		"label apply":       fromInputs(s, label.ApplyPlanner),
		"board init":        func(plan.Plan) (workflow.Planner, error) { return board.InitPlanner(s) },
		"board move":        fromInputs(s, board.MovePlanner),
		"handoff --post":    fromInputs(s, handoff.PostPlanner),
		"handoff mark":      fromInputs(s, handoff.MarkPlanner),
		"handoff take":      fromInputs(s, handoff.TakePlanner),
		"incident open":     fromInputs(s, incident.OpenPlanner),
		"incident update":   incidentEvent,
		"incident mitigate": incidentEvent,
		"incident resolve":  incidentEvent,
		"incident reopen":   incidentEvent,
		"incident review":   func(saved plan.Plan) (workflow.Planner, error) { return review(s, saved) },
		"incident action":   fromInputs(s, incident.ActionPlanner),
		"change open":       fromInputs(s, change.OpenPlanner),
		"change approve":    changeEvent,
		"change start":      changeEvent,
		"change finish":     changeEvent,
		"change abort":      changeEvent,
		"change record":     fromInputs(s, change.RecordPlanner),
		"report weekly":     fromInputs(s, report.WeeklyPlanner),
	}
}

// fromPlan makes a command again from the whole plan.
func fromPlan[P workflow.Planner](s *app.Session, planner func(*app.Session, plan.Plan) (P, error)) replan {
	return func(saved plan.Plan) (workflow.Planner, error) { return planner(s, saved) }
}

// fromInputs makes a command again from the inputs that its plan keeps.
func fromInputs[In any, P workflow.Planner](s *app.Session, planner func(*app.Session, In) (P, error)) replan {
	return func(saved plan.Plan) (workflow.Planner, error) {
		in, err := plan.InputsOf[In](saved)
		if err != nil {
			return nil, err
		}
		return planner(s, in)
	}
}

// review tells the two things apart that incident review does: writing the form, and saying that the review was held.
func review(s *app.Session, saved plan.Plan) (workflow.Planner, error) {
	if in, err := plan.InputsOf[incidentflow.EventInputs](saved); err == nil && in.Verb != "" {
		return incident.EventPlanner(s, in)
	}
	return fromInputs(s, incident.ReviewPlanner)(saved)
}
