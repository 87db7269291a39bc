package issue

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/issue"
)

type priorityOptions struct {
	Issue   input.Issue
	Urgency input.Urgency
	Impact  input.Harm
	Explain bool
}

func newPriorityCmd(a *app.App, run command.Run[priorityOptions]) *cobra.Command {
	var o priorityOptions
	cmd := &cobra.Command{
		Use:   "priority [<issue>]",
		Short: "Set the availability and performance priority",
		Long: `Set one of the labels AP1, AP2 and AP3 from the urgency and the impact of a problem, and remove the other ones in the same
request. A later priority replaces an earlier one. Other labels stay.

--explain prints the matrix, and what its rows and columns mean. It sends no request and changes nothing.`,
		Example: `  # An outage is likely within three months, and would last 10 minutes
  prodctl issue priority 66 --urgency U2 --impact I2

  # The matrix
  prodctl issue priority --explain`,
	}
	f := cmd.Flags()
	f.Var(&o.Urgency, "urgency", "urgency: U1, U2 or U3")
	f.Var(&o.Impact, "impact", "impact: I1, I2 or I3")
	f.BoolVar(&o.Explain, "explain", false, "print the matrix instead")
	command.AddConfidentialFlag(cmd)
	return command.Writes(command.Define(a, cmd, &o, run, command.Arg{Name: "issue", Value: &o.Issue, Optional: true}))
}

func runPriority(ctx context.Context, s *app.Session, o priorityOptions) error {
	if o.Explain {
		return s.View.PriorityMatrix(document.PriorityMatrix(o.Urgency.Value, o.Impact.Value, s.Config.Priorities().Availability))
	}
	in := flow.PriorityInputs{Project: o.Issue.Project, IID: o.Issue.IID, Urgency: o.Urgency.Value, Impact: o.Impact.Value}
	err := in.Check()
	if in.IID == 0 {
		err = errors.Join(fault.New(fault.Usage, "", "missing argument <issue>"), err)
	}
	if err != nil {
		return err
	}
	planner, err := PriorityPlanner(s, in)
	if err != nil {
		return err
	}
	return runner.Run(ctx, s, planner)
}

// PriorityPlanner returns `issue priority` for inputs from the command line or from a plan file.
func PriorityPlanner(s *app.Session, in flow.PriorityInputs) (*flow.Priority, error) {
	return &flow.Priority{Read: s.Client, Moves: runner.Moves(s), Labels: s.Config.Priorities().Availability, Inputs: in, Origin: s.Origin()},
		in.Check()
}
