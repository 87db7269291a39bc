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
		Short: "Take an issue that is ready for the hand-off",
		Long: `Take answers with a comment that you have it, assigns the issue to you, in the place of whoever had it, and takes the label
Ready_to_Handoff away. Of many who take it at once exactly one has it, and the others are told who. It shows where the issue was
left off and what comes next. A bare number is an issue of the infrastructure tracker, or of the one tracker there is; production#12 is
one of the production queue.

An issue that was labelled by hand can be taken too, and so can one that has a note of where it was left off and no label any more.
Typed again it goes on where it stopped.

Exit codes: 0 you have it, 1 failed, 3 it is yours but not all that follows is done, 4 no right, 5 somebody else has it, or it is not
ready, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl handoff mark 121 --left-off "Half of the uploads are restored" --next "Restore the rest from the backup of 04:00"
  prodctl handoff take 121 -m "Good morning"`,
	}
	cmd.Flags().StringVarP(&o.Text, "message", "m", "", "what there is to say, in a `sentence`")
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
		Partial:  "it is yours, but not all that follows from it is done"}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Show: event.Show})
}

// TakePlanner is the command for these inputs, typed now or kept in a plan file.
func TakePlanner(s *app.Session, in flow.TakeInputs) (*flow.Take, error) {
	return &flow.Take{Read: s.Client, Label: s.Config.HandoffLabel(), Inputs: in, Origin: s.Origin()}, nil
}
