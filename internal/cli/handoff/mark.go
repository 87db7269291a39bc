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
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

type markOptions struct {
	Issue   input.Issue
	LeftOff string
	Next    string
	File    input.File
	runner.KeyFlags
}

func newMarkCmd(a *app.App, run command.Run[markOptions]) *cobra.Command {
	o := markOptions{Issue: input.ToHandOn()}
	cmd := &cobra.Command{
		Use:   "mark <issue>",
		Short: "Mark an issue as ready for the hand-off, with where it is left off",
		Long: `Mark writes a comment that says where the issue is left off and what comes next, and then sets the label
Ready_to_Handoff: never the label without the words. A bare number is an issue of the infrastructure tracker, or of
the one tracker there is; production#12 is one of the production queue. New words take the place of those that stand;
the comment may be edited afterwards, and what it says then counts.

The words come from two flags, from a file with the two heads "Left off" and "Next steps" (-f FILE, - is standard
input), or, on a terminal, from an editor ($VISUAL, $EDITOR). Both are needed.

The same words within ten minutes are told once, and the label is mended if it is missing, unless somebody has taken
the issue since.

Exit codes: 0 done, or told already with the same words, 1 failed, 3 told but the label is not set, 4 no right, 5 the
issue is closed or nothing was written in the editor, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl handoff mark 121 --left-off "Half of the uploads are restored" --next "Restore the rest from the backup of 04:00"
  prodctl handoff mark production#8 --left-off "Failed over" --next "Replace the disk; ask @kate"`,
	}
	f := cmd.Flags()
	f.StringVar(&o.LeftOff, "left-off", "", "where it is left off, in a `sentence`")
	f.StringVar(&o.Next, "next", "", "what comes next, in a `sentence`")
	f.VarP(&o.File, "file", "f", "`file` with both; - is standard input")
	cmd.MarkFlagsMutuallyExclusive("file", "left-off")
	cmd.MarkFlagsMutuallyExclusive("file", "next")
	command.AddKeyFlags(cmd, &o.KeyFlags)
	command.AddConfidentialFlag(cmd)
	return command.Writes(command.Define(a, cmd, &o, run, command.Arg{Name: "issue", Value: &o.Issue}))
}

func runMark(ctx context.Context, s *app.Session, o markOptions) error {
	in := flow.MarkInputs{Project: o.Issue.Project, IID: o.Issue.IID, At: s.Time, LeftOff: o.LeftOff, Next: o.Next}
	switch {
	case o.LeftOff != "" || o.Next != "":
	case o.File.Name != "":
		if err := in.Read(string(o.File.Data)); err != nil {
			return fault.Wrap(fault.Usage, err, "", "%s", o.File.Source())
		}
	case s.Interactive() && s.Edit != nil:
		if err := editNote(ctx, s, o.Issue.Ref, &in); err != nil {
			return err
		}
		var cancel context.CancelFunc
		ctx, cancel = s.WithTimeout()
		defer cancel()
	}
	if err := in.Check(o.Keys(s)); err != nil {
		return err
	}
	planner, err := MarkPlanner(s, in)
	if err != nil {
		return err
	}
	event := &runner.Event{Session: s, What: "handoff", Issue: planner.Issue, Hint: hint, Retry: retryCommand(s, o, in),
		Recorded: func() (string, time.Time) { return handoff.VerbMark, planner.Recorded().At },
		Details:  details(func() handoff.Mark { return handoff.MarkOf(planner.Recorded()) }),
		Partial:  "the words are told, but the label is not set"}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Show: event.Show, Unplanned: func(err error) error { return planFailed(event, err) }})
}

// write lets the person write the words in an editor.
func editNote(ctx context.Context, s *app.Session, on issue.Ref, in *flow.MarkInputs) error {
	progress := s.Progress("reading %s", on)
	text, err := flow.MarkForm(ctx, s.Client, on)
	progress.Stop()
	if err != nil {
		return err
	}
	return runner.Form{Name: "handoff.md", Text: text, Required: "both are needed", Instead: "say it with flags: --left-off and --next",
		Parse: in.ReadForm,
		Retry: func(file string) string { return runner.RetryWithout(s, nil, "-f", file) },
	}.Fill(s)
}

// MarkPlanner is the command for these inputs, typed now or kept in a plan file.
func MarkPlanner(s *app.Session, in flow.MarkInputs) (*flow.Mark, error) {
	return &flow.Mark{Read: s.Client, Label: s.Config.HandoffLabel(), Inputs: in, Origin: s.Origin()}, nil
}

// retry is the command line that goes on with the same mark, nil where it is the one that was typed. Words that were written in an editor
// or came from a pipe are in it, so that they are not lost.
func retryCommand(s *app.Session, o markOptions, in flow.MarkInputs) func(key string) string {
	if o.LeftOff != "" || o.File.Name != "" && o.File.Name != "-" {
		return nil
	}
	return func(key string) string {
		without, with := []string{"-f", "--file"}, []string{"--left-off", in.LeftOff, "--next", in.Next}
		if key != "" {
			without, with = append(without, "--new", "--key"), append([]string{"--key", key}, with...)
		}
		return runner.RetryWithout(s, without, with...)
	}
}

// unplanned is an error before anything was sent, with the words that would else be lost.
func planFailed(event *runner.Event, err error) error {
	if event.Retry == nil {
		return err
	}
	hint := "once that is mended type the same command with the same words"
	if line := runner.Shareable(event.Session, event.Retry(""), "", event.Issue().Confidential); line != "" {
		hint = "your words are not lost: " + line
	}
	if own := fault.HintOf(err); own != "" {
		hint = own + "\n" + hint
	}
	return fault.Wrap(fault.KindOf(err), err, hint, "nothing was written")
}
