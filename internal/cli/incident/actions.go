package incident

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	"gitlab.com/prodctl/prodctl/pkg/followup"
	"gitlab.com/prodctl/prodctl/pkg/suggest"
)

type actionsOptions struct {
	Issue    input.Issue
	Overdue  bool
	All      bool
	Team     string
	Owner    input.User
	Remind   bool
	ExitCode bool
}

func newActionsCmd(a *app.App, run command.Run[actionsOptions]) *cobra.Command {
	o := actionsOptions{Issue: input.Incident()}
	cmd := &cobra.Command{
		Use:   "actions [<incident>]",
		Short: "List corrective actions, and remind their owners",
		Long: `List the corrective actions of an incident, or of all incidents: what is overdue first, then what is open, then what was done
in the last 90 days (--all: ever). An action is in time if its issue is closed on its due date or before.

--remind adds a comment to each overdue action that mentions its owners, unless it had one in the last 7 days. It is safe to
repeat, also in a daily schedule. Without it, --exit-code gives exit code 8 if a listed action is overdue.`,
		Example: `  # Everything that is open or was done lately
  prodctl incident actions

  # Of one incident
  prodctl incident actions 12

  # What is overdue, and whose it is
  prodctl incident actions --overdue --owner ines

  # Show the reminders, then add them
  prodctl incident actions --overdue --remind --dry-run
  prodctl incident actions --overdue --remind --yes`,
	}
	f := cmd.Flags()
	f.BoolVar(&o.Overdue, "overdue", false, "only overdue actions")
	f.BoolVar(&o.All, "all", false, "include those that were done more than 90 days ago")
	f.StringVar(&o.Team, "team", "", "only those of this `team` of the configuration")
	f.Var(&o.Owner, "owner", "only those assigned to this `user`")
	f.BoolVar(&o.Remind, "remind", false, "remind the owners of overdue actions in a comment")
	f.BoolVar(&o.ExitCode, "exit-code", false, "exit with 8 if an action is overdue")
	command.AddLimitFlag(cmd, "first `n` actions")
	cmd.MarkFlagsMutuallyExclusive("remind", app.LimitFlag) // a reminder is not a row of a list
	cmd.MarkFlagsMutuallyExclusive("remind", "exit-code")   // the code after writes says what was written
	command.AddConfidentialFlag(cmd)
	return command.Writes(command.Define(a, cmd, &o, run, command.Arg{Name: "incident", Value: &o.Issue, Optional: true}))
}

func runActions(ctx context.Context, s *app.Session, o actionsOptions) error {
	in := flow.ActionsInputs{Project: o.Issue.Project, IID: o.Issue.IID, Overdue: o.Overdue, All: o.All, Team: o.Team, Owner: string(o.Owner)}
	if err := s.Config.RequireTrackers(); err != nil {
		return err
	}
	if err := checkTeam(s.Config.Teams(), &in.Team); err != nil {
		return err
	}
	if s.Global.Plan != "" && !o.Remind {
		return fault.New(fault.Usage, "Add --remind: prodctl incident actions --remind --plan-file FILE", "--plan-file requires --remind")
	}
	if o.Remind {
		planner, err := RemindPlanner(s, in)
		if err != nil {
			return err
		}
		return runner.Run(ctx, s, planner)
	}
	progress := s.Progress("Reading corrective actions")
	list, notes, err := actions(s, in).List(ctx)
	progress.Stop()
	if err != nil {
		return err
	}
	doc := document.CorrectiveActions(list, in.Words(), s.Today)
	doc.Notes = notes
	if err := s.View.CorrectiveActions(doc); err != nil {
		return err
	}
	if o.ExitCode && doc.Overdue > 0 {
		return &fault.Error{Kind: fault.Pending} // the list is the result; there is nothing to add
	}
	return nil
}

// checkTeam refuses a team that the configuration does not know, and sets the name as it is written there.
func checkTeam(teams followup.Teams, name *string) error {
	names := teams.Names()
	at := slices.IndexFunc(names, func(own string) bool { return strings.EqualFold(own, *name) })
	switch {
	case *name == "":
		return nil
	case at >= 0:
		*name = names[at]
		return nil
	case len(names) == 0:
		return fault.New(fault.Usage, "Name its people in approvals.teams, or its services in budget.services",
			"--team %s: the configuration has no teams", *name)
	}
	hint := "Use " + strings.Join(names, ", ")
	if near := suggest.Nearest(*name, names); near != "" {
		hint = "Did you mean " + near + "?"
	}
	return fault.New(fault.Usage, hint, "--team %s: not in the configuration (approvals.teams, budget.services)", *name)
}

func actions(s *app.Session, in flow.ActionsInputs) flow.Actions {
	return flow.Actions{Read: s.Client, Moves: runner.Moves(s), In: s.Config.Infrastructure().Path, Trackers: s.Config.TrackerPaths(),
		Labels: s.Config.IncidentLabels(), Teams: s.Config.Teams(), Now: s.Time, Inputs: in,
		Calendar: followup.Calendar{Today: s.Today, Zone: s.Config.Timezone}}
}

// RemindPlanner returns the planner for these inputs, which come from the command line or from a plan file.
func RemindPlanner(s *app.Session, in flow.ActionsInputs) (*flow.Remind, error) {
	return &flow.Remind{Actions: actions(s, in), Comments: s.Client, Origin: s.Origin()}, nil
}
