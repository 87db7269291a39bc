package change

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/change"
	"gitlab.com/prodctl/prodctl/pkg/change"
)

type eventOptions struct {
	command.EventOptions
	Verb     change.Verb
	Outcome  input.Outcome
	Override string
}

const eventExits = `
Exit codes: 0 done, or done already, 1 failed, 3 told but something after it failed, 4 no right, 5 not possible where the change
stands, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`

func newApproveCmd(a *app.App, run command.Run[eventOptions]) *cobra.Command {
	cmd, _ := newEventCmd(a, change.Approve, run)
	cmd.Use, cmd.Short = "approve <change>", "Approve the plan of a change as it is now"
	cmd.Long = `Approve tells in a comment that you have read the plan and agree to it. The author of a change and whoever carries it
out cannot approve it; who counts as a manager, lead or peer is said by changes.approvers in the configuration. An
approval holds for the text of the plan as it is now: when the plan is edited, or the change reopened, it has to be
given again. Once enough have approved, the change is approved.` + eventExits
	cmd.Example = `  prodctl change approve 7
  prodctl change approve 7 -m "Roll-back tried on staging"`
	return cmd
}

func newStartCmd(a *app.App, run command.Run[eventOptions]) *cobra.Command {
	cmd, o := newEventCmd(a, change.Start, run)
	cmd.Use, cmd.Short = "start <change>", "Start a change, if nothing stands against it"
	cmd.Long = `Start checks the approvals, the window, locks, active S1 and S2 incidents (an unknown severity counts as S1) and other
C1 and C2 changes, and names everything that stands against it. With --override and a reason it starts all the same,
and the change records that. Whoever starts a change is its executor.` + eventExits
	cmd.Example = `  prodctl change start 7
  prodctl change start 7 --override "the incident is what this change mends"`
	cmd.Flags().StringVar(&o.Override, "override", "", "`reason` to start although something stands against it")
	return cmd
}

func newFinishCmd(a *app.App, run command.Run[eventOptions]) *cobra.Command {
	cmd, o := newEventCmd(a, change.Finish, run)
	cmd.Use, cmd.Short = "finish <change>", "A change was carried out and checked"
	cmd.Long = `Finish records when the change was over and whether it succeeded, and closes its issue.
` + eventExits
	cmd.Example = `  prodctl change finish 7
  prodctl change finish 7 --outcome failure -m "Worked, but slower than before"`
	o.Outcome.Value = change.Success
	cmd.Flags().Var(&o.Outcome, "outcome", "`outcome`: success or failure")
	return cmd
}

func newAbortCmd(a *app.App, run command.Run[eventOptions]) *cobra.Command {
	cmd, _ := newEventCmd(a, change.Abort, run)
	cmd.Use, cmd.Short = "abort <change>", "A change was stopped or rolled back"
	cmd.Long = `Abort says why, records when, and closes the issue. Another try is a new change: prodctl change open --retry-of.
` + eventExits
	cmd.Example = `  prodctl change abort 7 -m "Replication lag rose over the limit; rolled back"`
	return cmd
}

func newEventCmd(a *app.App, verb change.Verb, run command.Run[eventOptions]) (*cobra.Command, *eventOptions) {
	o := &eventOptions{Verb: verb, EventOptions: command.EventOptions{Issue: input.Change()}}
	cmd := &cobra.Command{}
	command.AddEventFlags(cmd, &o.EventOptions, "what there is to say, in a `sentence`")
	return command.Writes(command.Define(a, cmd, o, run, command.Arg{Name: "change", Value: &o.Issue})), o
}

func runEvent(ctx context.Context, s *app.Session, o eventOptions) error {
	in := flow.EventInputs{Project: o.Issue.Project, IID: o.Issue.IID, Verb: o.Verb, Text: o.Text, Outcome: o.Outcome.Value,
		Override: o.Override, Now: s.Time}
	in.At, in.TimeGiven = o.When(s.Time)
	if err := in.Check(o.Keys(s)); err != nil {
		return err
	}
	planner, err := EventPlanner(s, in)
	if err != nil {
		return err
	}
	return runner.RunEvent(ctx, s, "change", in.Text, planner)
}

// EventPlanner is the command for these inputs, typed now or kept in a plan file.
func EventPlanner(s *app.Session, in flow.EventInputs) (*flow.Event, error) {
	rules, err := changes(s)
	return &flow.Event{Changes: rules, Inputs: in, Origin: s.Origin()}, err
}
