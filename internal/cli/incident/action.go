package incident

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

type actionOptions struct {
	Issue input.Issue
	Title input.Text
	Text  string
	Owner input.User
	Due   input.Day
	runner.KeyFlags
}

func newActionCmd(a *app.App, run command.Run[actionOptions]) *cobra.Command {
	o := actionOptions{Issue: input.Incident()}
	cmd := &cobra.Command{
		Use:   "action <incident> <title>",
		Short: "Make a corrective action in the infrastructure tracker",
		Long: `Action makes an issue in the infrastructure tracker that keeps the incident from coming again. It carries the label
corrective action and the severity of the incident, is linked with it both ways, and is due by severity unless --due
says otherwise: S1 in a week, S2 in 30 days, S3 in 60, S4 or unknown in 90 (incidents.action_due). The incident's
timeline gets a line. One that comes from a confidential incident is confidential.

The same title for the same incident is the same action.

Exit codes: 0 made or there already, 1 failed, 3 made but something after it failed, 4 no right, 5 the issue is no
incident, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl incident action 8 "Alert before the disk is full" --owner ines
  prodctl incident action 8 "Restore drill for the registry" --due 2018-10-01`,
	}
	f := cmd.Flags()
	f.Var(&o.Owner, "owner", "`who` carries it out, by user name")
	f.Var(&o.Due, "due", "`date` until which it is to be done")
	f.StringVarP(&o.Text, "message", "m", "", "what is to be done, in a `sentence`")
	command.AddKeyFlags(cmd, &o.KeyFlags)
	command.AddConfidentialFlag(cmd)
	return command.Writes(command.Define(a, cmd, &o, run, command.Arg{Name: "incident", Value: &o.Issue},
		command.Arg{Name: "title", Value: &o.Title, Rest: true}))
}

func runAction(ctx context.Context, s *app.Session, o actionOptions) error {
	in := flow.ActionInputs{Project: o.Issue.Project, IID: o.Issue.IID, In: s.Config.Infrastructure().Path, Title: string(o.Title),
		Text:  o.Text,
		Owner: string(o.Owner), Due: o.Due.Date}
	if err := errors.Join(s.Config.RequireTrackers(), in.Check(o.Keys(s), s.Config.IncidentLabels(), s.Today)); err != nil {
		return err
	}
	planner, err := ActionPlanner(s, in)
	if err != nil {
		return err
	}
	c := &runner.Creation{Session: s, What: "action", Key: in.IdempotencyKey.Name, Step: "open", Existing: planner.Found}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Observer: c, Show: c.Show})
}

// ActionPlanner is the command for these inputs, typed now or kept in a plan file.
func ActionPlanner(s *app.Session, in flow.ActionInputs) (*flow.Action, error) {
	return &flow.Action{Read: s.Client, Labels: s.Config.IncidentLabels(), Days: incident.ActionDays(s.Config.Incidents.ActionDue), Inputs: in,
		Origin: s.Origin()}, nil
}
