package change

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/change"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

type eventOptions struct {
	command.EventOptions
	Verb     change.Verb
	Outcome  input.Outcome
	Override string
	Digest   string
}

func newApproveCmd(a *app.App, run command.Run[eventOptions]) *cobra.Command {
	cmd, o := newEventCmd(a, change.Approve, run)
	cobra.CheckErr(cmd.Flags().MarkHidden("at")) // an approval is given now
	cmd.Use, cmd.Short = "approve <change>", "Approve the plan of a change"
	cmd.Long = `Approve the plan of a change, in a comment. The change is approved when it has all the approvals that its criticality
requires. Its author and its executor cannot approve it; changes.approvers in the configuration lists who can.

An approval is for the plan that you read. On a terminal the plan is shown first; elsewhere pass the digest that change show
prints. If the plan is edited or the change is reopened, approve it again.`
	cmd.Example = `  # Read the plan and approve it
  prodctl change approve 7

  # With a comment
  prodctl change approve 7 -m "Rollback tested on staging"

  # Without a terminal, after prodctl change show 7 -o md
  prodctl change approve 7 --digest 95ca51be1f1ee16693f6a6f54811b000`
	cmd.Flags().StringVar(&o.Digest, "digest", "", "`digest` of the plan that you read, from change show")
	return cmd
}

func newStartCmd(a *app.App, run command.Run[eventOptions]) *cobra.Command {
	cmd, o := newEventCmd(a, change.Start, run)
	cmd.Use, cmd.Short = "start <change>", "Start a change"
	cmd.Long = `Start a change, and become its executor. Start checks the approvals, the window, locks, active S1 and S2 incidents
(unknown severity counts as S1) and other C1 and C2 changes. If any check fails, it lists every reason and does not start.

With --override the change starts anyway. The reason is recorded in the change.`
	cmd.Example = `  # Start a change
  prodctl change start 7

  # Start it although a check fails
  prodctl change start 7 --override "this change fixes the incident"`
	cmd.Flags().StringVar(&o.Override, "override", "", "start although a check fails; `reason` to record")
	return cmd
}

func newFinishCmd(a *app.App, run command.Run[eventOptions]) *cobra.Command {
	cmd, o := newEventCmd(a, change.Finish, run)
	cmd.Use, cmd.Short = "finish <change>", "Finish a change"
	cmd.Long = `Record when the change finished and whether it succeeded, and close its issue.`
	cmd.Example = `  # It succeeded
  prodctl change finish 7

  # It failed
  prodctl change finish 7 --outcome failure -m "Worked, but slower than before"`
	o.Outcome.Value = change.Success
	cmd.Flags().Var(&o.Outcome, "outcome", "`outcome`: success or failure")
	return cmd
}

func newAbortCmd(a *app.App, run command.Run[eventOptions]) *cobra.Command {
	cmd, _ := newEventCmd(a, change.Abort, run)
	cmd.Use, cmd.Short = "abort <change>", "Abort a change"
	cmd.Long = `Record that a change was stopped or rolled back, and why, and close its issue.

An aborted change cannot be started again. Open a new one with prodctl change open --retry-of.`
	cmd.Example = `  # Rolled back
  prodctl change abort 7 -m "Replication lag rose over the limit; rolled back"`
	return cmd
}

func newEventCmd(a *app.App, verb change.Verb, run command.Run[eventOptions]) (*cobra.Command, *eventOptions) {
	o := &eventOptions{Verb: verb, EventOptions: command.EventOptions{Issue: input.Change()}}
	cmd := &cobra.Command{}
	command.AddEventFlags(cmd, &o.EventOptions)
	return command.Writes(command.Define(a, cmd, o, run, command.Arg{Name: "change", Value: &o.Issue})), o
}

func runEvent(ctx context.Context, s *app.Session, o eventOptions) error {
	if s.Flags.Changed("override") && strings.TrimSpace(o.Override) == "" { // from a variable that is not set
		return fault.New(fault.Usage, `Example: prodctl change start 7 --override "this change fixes the incident"`, "--override needs a reason")
	}
	in := flow.EventInputs{Project: o.Issue.Project, IID: o.Issue.IID, Verb: o.Verb, Text: o.Text, Outcome: o.Outcome.Value,
		Override: o.Override, Digest: strings.TrimSpace(o.Digest), Now: s.Time}
	in.At, in.TimeGiven = o.When(s.Time)
	if err := in.Check(o.Keys(s)); err != nil {
		return err
	}
	if in.Verb == change.Approve && in.Digest == "" && s.Interactive() && !s.Global.DryRun {
		digest, err := readPlan(ctx, s, o.Issue.Ref)
		if err != nil {
			return err
		}
		in.Digest = digest
		again, cancel := s.WithTimeout() // reading took time
		defer cancel()
		ctx = again
	}
	planner, err := EventPlanner(s, in)
	if err != nil {
		return err
	}
	return runner.RunEvent(ctx, s, "change", in.Text, planner)
}

// readPlan shows the plan of a change and asks whether to approve it. It returns its digest.
func readPlan(ctx context.Context, s *app.Session, ref issue.Ref) (digest string, err error) {
	rules, err := runner.Changes(s)
	if err != nil {
		return "", err
	}
	progress := s.Progress("Reading %s", ref)
	found, err := rules.Show(ctx, ref)
	progress.Stop()
	if err != nil {
		return "", err
	}
	if err := s.View.To(s.Err, s.ErrTTY, s.ErrColor()).Change(document.ShownChange(found)); err != nil {
		return "", err
	}
	return found.Digest, runner.Agree(s, "Approve this plan?", "nothing was changed")
}

// EventPlanner returns the planner for inputs from the command line or from a plan file. An approval has to name the plan that was read.
func EventPlanner(s *app.Session, in flow.EventInputs) (*flow.Event, error) {
	if in.Verb == change.Approve && in.Digest == "" && !s.Global.DryRun {
		ref := issue.Ref{Project: in.Project, IID: in.IID}
		return nil, fault.New(fault.Usage, "To read the plan and its digest: "+fault.Command("change show %s", ref),
			"--digest is required without a terminal")
	}
	rules, err := runner.Changes(s)
	return &flow.Event{Changes: rules, Inputs: in, Origin: s.Origin()}, err
}
