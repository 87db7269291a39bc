package handoff

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/handoff"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
)

type acceptOptions struct {
	Shift input.Shift
	Text  string
	For   input.User
}

func newAcceptCmd(a *app.App, run command.Run[acceptOptions]) *cobra.Command {
	o := acceptOptions{Shift: input.EndingShift(new(input.PastTime))}
	cmd := &cobra.Command{
		Use:   "accept",
		Short: "Accept the hand-off of a shift",
		Long: `Record that you have read the hand-off of the shift that is about to end or has just ended, and that you take over: a comment
on the shift's issue in the on-call log, where handoff --post has written the report. Read back what you understood with -m.

Anybody who is on call in the next shift may accept, once a shift; --for records it for one of them. If several people
accept at once, the first comment counts. A retry is safe. Exit code 5 means that somebody else has accepted, that you are
not on call next, or that the report is not posted.`,
		Example: `  # At the end of a shift
  prodctl handoff --post

  # At the start of the next one
  prodctl handoff accept -m "Watch the registry; above 5 % errors fail back"

  # In a script, for the person on call
  prodctl handoff accept --for @maria`,
	}
	f := cmd.Flags()
	f.StringVarP(&o.Text, "message", "m", "", "what you understood, as `text`")
	f.Var(&o.For, "for", "`user` on call in the next shift who accepts (default: you)")
	f.Var(&o.Shift, "shift", "`shift` that ends: current, last, EMEA@2018-08-24 or an id")
	command.AddConfidentialFlag(cmd)
	return command.Writes(command.Define(a, cmd, &o, run))
}

func runAccept(ctx context.Context, s *app.Session, o acceptOptions) error {
	if err := flow.CheckStarted(o.Shift.Shift, s.Time); err != nil {
		return err
	}
	in := flow.AcceptInputs{At: s.Time, Shift: o.Shift.ID(), For: string(o.For), Text: o.Text}
	planner, err := AcceptPlanner(s, in)
	if err != nil {
		return err
	}
	event := &runner.Event{Session: s, What: "handoff", Text: o.Text, Issue: planner.Issue, Keyless: true,
		Recorded: func() (string, time.Time) { return handoff.VerbAccept, planner.AcceptedAt() },
		Partial:  "comment added, but not checked whether somebody else was first"}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Show: event.Show})
}

// AcceptPlanner returns the planner for inputs from the command line or from a plan file.
func AcceptPlanner(s *app.Session, in flow.AcceptInputs) (*flow.Accept, error) {
	shift, err := s.Config.Oncall.ParseShift(in.Shift, in.At)
	if err != nil {
		return nil, fault.Wrap(fault.Refused, err, "Create the plan again", "the shift of the plan")
	}
	log, err := oncallLog(s, shift)
	next := s.Config.Oncall.Next(shift)
	return &flow.Accept{Read: s.Client, Moves: runner.Moves(s), Log: log, Shift: shift, Next: next, People: s.Config.Oncall.People(next),
		Inputs: in, Origin: s.Origin()}, err
}
