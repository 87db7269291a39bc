package incident

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
)

type adoptOptions struct {
	Issue input.Issue
}

func newAdoptCmd(a *app.App, run command.Run[adoptOptions]) *cobra.Command {
	o := adoptOptions{Issue: input.Incident()}
	cmd := &cobra.Command{
		Use:   "adopt <incident>",
		Short: "Make an incident of an issue opened in GitLab",
		Long: `Give an issue that an alert or a person opened what incidents of prodctl have: the label, a state and a severity, a record and a
timeline. What it has already stays, and a closed one is resolved.

It also brings GitLab's own severity and timeline up to date with the record, so it is safe to repeat.`,
		Example: `  # An alert opened it
  prodctl incident adopt 8`,
	}
	command.AddConfidentialFlag(cmd)
	return command.Writes(command.Define(a, cmd, &o, run, command.Arg{Name: "incident", Value: &o.Issue}))
}

func runAdopt(ctx context.Context, s *app.Session, o adoptOptions) error {
	in := flow.AdoptInputs{Project: o.Issue.Project, IID: o.Issue.IID, Now: s.Time}
	planner, err := AdoptPlanner(s, in)
	if err != nil {
		return err
	}
	e := &runner.Event{Session: s, What: "incident", Recorded: planner.Recorded, Issue: planner.Issue, Before: planner.Before,
		State: planner.State, Began: planner.Began, LeftOut: planner.LeftOut, Keyless: true}
	err = runner.RunWith(ctx, s, planner, runner.Hooks{Show: e.Show})
	if err != nil || s.Global.DryRun || s.Global.Plan != "" || planner.Recording() {
		return err
	}
	if err := flow.Sync(ctx, s.Client, planner.Issue(), s.Config.IncidentLabels(), flow.Scope{Severity: true}); err != nil {
		return fault.Wrap(fault.AfterWrites(err, s.Client.Written()), err, fault.HintOf(err), "update GitLab's severity and timeline of %s",
			planner.Issue().Ref)
	}
	return nil
}

// AdoptPlanner returns the planner for these inputs, which come from the command line or from a plan file.
func AdoptPlanner(s *app.Session, in flow.AdoptInputs) (*flow.Adopt, error) {
	c := s.Config
	e := flow.Event{Read: s.Client, Moves: runner.Moves(s), Labels: c.IncidentLabels(), ReviewAfter: c.Incidents.ReviewAfter,
		Origin: s.Origin(), Inputs: flow.EventInputs{Project: in.Project, IID: in.IID}}
	a := &flow.Adopt{Event: e, Inputs: in, Change: c.ChangeLabels().Change}
	a.AddAfter(flow.SyncAfter(s.Client, a.Labels, a.Scope))
	return a, nil
}
