package handoff

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/handoff"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
)

type takeOptions struct {
	Issue input.Issue
	Text  string
}

func newTakeCmd(a *app.App, run command.Run[takeOptions]) *cobra.Command {
	o := takeOptions{Issue: input.HandedOn()}
	cmd := &cobra.Command{
		Use:   "take <issue>",
		Short: "Take over an issue that is ready to hand off",
		Long: `Add a comment that you have the issue, assign it to you instead of the previous assignees, remove the label
Ready_to_Handoff, and show the hand-off note. If several people take the issue at once, exactly one gets it.

A number alone means the infrastructure tracker, or the only tracker. A retry is safe. Exit code 3 means that you have the
issue but it was not fully updated, 5 that somebody else has it or that it is not ready.`,
		Example: `  # At the end of a shift
  prodctl handoff mark 121 --left-off "Half of the uploads are restored" --next "Restore the rest from the backup of 04:00"

  # At the start of the next one
  prodctl handoff take 121 -m "Good morning"`,
	}
	cmd.Flags().StringVarP(&o.Text, "message", "m", "", "`text` of the comment")
	command.AddConfidentialFlag(cmd)
	return command.Writes(command.Define(a, cmd, &o, run, command.Arg{Name: "issue", Value: &o.Issue}))
}

func runTake(ctx context.Context, s *app.Session, o takeOptions) error {
	in := flow.TakeInputs{Project: o.Issue.Project, IID: o.Issue.IID, At: s.Time, Text: o.Text}
	planner, err := TakePlanner(s, in)
	if err != nil {
		return err
	}
	event := &runner.Event{Session: s, What: "handoff", Text: o.Text, Issue: planner.Issue, Keyless: true, Hint: hint,
		Recorded: func() (string, time.Time) { return handoff.VerbTake, planner.TakenAt(in.At) },
		Details:  details(func() handoff.Mark { return planner.Offer().Mark }),
		Open:     "taken", Partial: "taken, but the issue was not fully updated"}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Show: event.Show})
}

// TakePlanner returns the planner for inputs from the command line or from a plan file.
func TakePlanner(s *app.Session, in flow.TakeInputs) (*flow.Take, error) {
	return &flow.Take{Read: s.Client, Moves: runner.Moves(s), Label: s.Config.HandoffLabel(), Inputs: in, Origin: s.Origin()}, nil
}
