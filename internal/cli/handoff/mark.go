package handoff

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/handoff"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

type markOptions struct {
	Issue   input.Issue
	LeftOff string
	Next    string
	If      string
	File    input.File
	runner.KeyFlags
}

func newMarkCmd(a *app.App, run command.Run[markOptions]) *cobra.Command {
	o := markOptions{Issue: input.ToHandOn()}
	cmd := &cobra.Command{
		Use:   "mark <issue>",
		Short: "Mark an issue as ready to hand off",
		Long: `Add a hand-off note (where the issue was left off, what comes next, and with --if what to do if it gets worse) as a comment,
then set the label Ready_to_Handoff. The note comes from flags, from a file with headings, or from an editor. A new note
replaces the previous one. Without an issue, on a terminal, prodctl asks for it and for the note.

A number alone means the infrastructure tracker, or the only tracker. The same note within ten minutes is not added again.
Exit code 3 means that the note was added but the label was not set.`,
		Example: `  # In the infrastructure tracker
  prodctl handoff mark 121 --left-off "Half of the uploads are restored" --next "Restore the rest from the backup of 04:00"

  # In the production queue, with a contingency
  prodctl handoff mark production#8 --left-off "Failed over" --next "Replace the disk; ask @kate" --if "error rate above 5 %: fail back"`,
	}
	f := cmd.Flags()
	f.StringVar(&o.LeftOff, "left-off", "", "where the issue was left off, as `text`")
	f.StringVar(&o.Next, "next", "", "next steps, as `text`")
	f.StringVar(&o.If, "if", "", "contingency: when it gets worse, and what to do then, as `text`")
	f.VarP(&o.File, "file", "f", "`file` with the headings \"Left off\", \"Next steps\" and \"Contingency\" (- for standard input)")
	cmd.MarkFlagsMutuallyExclusive("file", "left-off")
	cmd.MarkFlagsMutuallyExclusive("file", "next")
	cmd.MarkFlagsMutuallyExclusive("file", "if")
	command.AddKeyFlags(cmd, &o.KeyFlags)
	command.AddConfidentialFlag(cmd)
	return command.Writes(command.Define(a, cmd, &o, run, command.Arg{Name: "issue", Value: &o.Issue}.Asks(markDialog())))
}

func runMark(ctx context.Context, s *app.Session, o markOptions) error {
	in := flow.MarkInputs{Project: o.Issue.Project, IID: o.Issue.IID, At: s.Time, LeftOff: o.LeftOff, Next: o.Next, If: o.If}
	switch {
	case o.LeftOff+o.Next+o.If != "":
	case o.File.Name != "":
		if err := in.ReadForm(string(o.File.Data)); err != nil && !errors.Is(err, workflow.ErrBlank) {
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
		Open:     "marked", Partial: "hand-off note added, but the label was not set"}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Show: event.Show, Unplanned: func(err error) error { return planFailed(event, err) }})
}

// editNote lets the user write the hand-off note in an editor.
func editNote(ctx context.Context, s *app.Session, on issue.Ref, in *flow.MarkInputs) error {
	progress := s.Progress("Reading %s", on)
	text, err := flow.MarkForm(ctx, s.Client, runner.Moves(s), on, s.Reveals())
	progress.Stop()
	if err != nil {
		return err
	}
	return runner.Form{Name: "handoff.md", Text: text, Required: "Fill in both parts", Instead: "Pass the note with --left-off and --next",
		Parse: in.ReadForm,
		Retry: func(file string) string { return runner.RetryWithout(s, nil, "-f", file) },
	}.Fill(s)
}

// MarkPlanner returns the planner for inputs from the command line or from a plan file.
func MarkPlanner(s *app.Session, in flow.MarkInputs) (*flow.Mark, error) {
	return &flow.Mark{Read: s.Client, Moves: runner.Moves(s), Label: s.Config.HandoffLabel(), Inputs: in, Origin: s.Origin()}, nil
}

// retryCommand returns a function that builds the command line for a retry, or nil if the original command line is enough. A note from an
// editor or a pipe becomes part of that line, so that it is not lost.
func retryCommand(s *app.Session, o markOptions, in flow.MarkInputs) func(key string) string {
	if o.LeftOff+o.Next+o.If != "" || o.File.Name != "" && o.File.Name != "-" {
		return nil
	}
	return func(key string) string {
		without, with := []string{"-f", "--file"}, []string{"--left-off", in.LeftOff, "--next", in.Next}
		if in.If != "" {
			with = append(with, "--if", in.If)
		}
		if key != "" {
			without, with = append(without, "--new", "--key"), append([]string{"--key", key}, with...)
		}
		return runner.RetryWithout(s, without, with...)
	}
}

// planFailed adds the retry command to an error from before anything was sent, so that a note from an editor or a pipe is not lost.
func planFailed(event *runner.Event, err error) error {
	if event.Retry == nil {
		return err
	}
	hint := "To retry, run the same command with the same text"
	if line := runner.Shareable(event.Session, event.Retry(""), "", event.Issue().Confidential); line != "" {
		hint = "To retry (safe to repeat): " + line
	}
	if own := fault.HintOf(err); own != "" {
		hint = own + "\n" + hint
	}
	return fault.Wrap(fault.KindOf(err), err, hint, "nothing was changed")
}
