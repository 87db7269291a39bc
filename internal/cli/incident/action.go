package incident

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
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
		Short: "Create a corrective action for an incident",
		Long: `Create an issue in the infrastructure tracker with the label "corrective action" and the incident's severity, link both issues,
and add a line to the incident's timeline. If the incident is confidential, so is the action.

Without --due it is due in 7 days for S1, 30 for S2, 60 for S3 and 90 for S4 or unknown (incidents.action_due). The same title for the
same incident is the same action.`,
		Example: `  # Assign it to a user
  prodctl incident action 8 "Alert before the disk is full" --owner ines

  # Set the due date
  prodctl incident action 8 "Restore drill for the registry" --due 2018-10-01`,
	}
	f := cmd.Flags()
	f.Var(&o.Owner, "owner", "`user` to assign")
	f.Var(&o.Due, "due", "due `date` (default: by severity)")
	f.StringVarP(&o.Text, "message", "m", "", "`text` of the description: what has to be done")
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
	c := &runner.Creation{Session: s, What: "action", Key: in.IdempotencyKey.Name, Step: "open", Existing: planner.Found,
		About: aboutAction}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Observer: c, Show: c.Show})
}

// aboutAction is the note on an action that was created or found: its due date and assignees.
func aboutAction(i issue.Issue) string {
	if i.Due.IsZero() {
		return ""
	}
	if len(i.Assignees) == 0 {
		return fmt.Sprintf("Due %s, not assigned", i.Due)
	}
	var names []string
	for _, user := range i.Assignees {
		names = append(names, account.Name(user))
	}
	return fmt.Sprintf("Due %s, assigned to %s", i.Due, strings.Join(names, ", "))
}

// ActionPlanner returns the planner for these inputs, which come from the command line or from a plan file.
func ActionPlanner(s *app.Session, in flow.ActionInputs) (*flow.Action, error) {
	return &flow.Action{Read: s.Client, Moves: runner.Moves(s), Labels: s.Config.IncidentLabels(),
		Days: incident.ActionDays(s.Config.Incidents.ActionDue), Inputs: in, Origin: s.Origin()}, nil
}
