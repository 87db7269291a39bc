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
	Issue string
	Text  string
}

func newTakeCmd(env *app.App, run func(context.Context, *app.App, takeOptions) error) *cobra.Command {
	var o takeOptions
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
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Issue = args[0]
			return run(cmd.Context(), env, o)
		},
	}
	cmd.Flags().StringVarP(&o.Text, "message", "m", "", "what there is to say, in a `sentence`")
	command.AddConfidentialFlag(cmd)
	return cmd
}

func runTake(ctx context.Context, env *app.App, o takeOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		cfg, err := env.Config()
		if err != nil {
			return err
		}
		ref, err := input.HandoffRef(cfg, o.Issue, "prodctl handoff take 121")
		if err != nil {
			return err
		}
		now, err := env.Clock()
		if err != nil {
			return err
		}
		in := flow.TakeInputs{Project: ref.Project, IID: ref.IID, At: now.UTC().Truncate(time.Second), Text: o.Text}
		planner, err := TakePlanner(ctx, env, in)
		if err != nil {
			return err
		}
		h := &outcome{env: env, verb: handoff.VerbTake, issue: planner.Issue, at: func() time.Time { return planner.TakenAt(in.At) }, text: o.Text, mark: func() handoff.Mark { return planner.Offer().Mark }}
		h.again = func(string) string { return runner.Retry(env) }
		return runner.RunWith(ctx, env, planner, runner.Hooks{Show: h.show})
	})
}

// TakePlanner is the command for these inputs, typed now or kept in a plan file.
func TakePlanner(ctx context.Context, e *app.App, in flow.TakeInputs) (*flow.Take, error) {
	cfg, err := e.Config()
	if err != nil {
		return nil, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return nil, err
	}
	today, err := e.Today()
	return &flow.Take{Read: client, Label: cfg.HandoffLabel(), Inputs: in, Host: cfg.Host, Words: e.Args, Today: today}, err
}
