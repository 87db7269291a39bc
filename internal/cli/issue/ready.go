package issue

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/issue"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

type readyOptions struct {
	Issues   input.Issues
	ExitCode bool
}

func newReadyCmd(a *app.App, run command.Run[readyOptions]) *cobra.Command {
	var o readyOptions
	cmd := &cobra.Command{
		Use:   "ready <issue>...",
		Short: "Show what issues lack before they are ready",
		Long: `An issue is ready to pull if it has a weight of 1, 2, 3 or 5, done criteria or guiding notes in its description, and fits one
timebox. Ready lists what is missing and how to fix it; it changes nothing. board move to Ready applies the same rules.

Outside a terminal, confidential issues appear by reference only. With --exit-code, exit code 8 means that an issue is not ready.`,
		Example: `  # One issue
  prodctl issue ready 66

  # Several, in a pipeline
  prodctl issue ready 66 infrastructure#78 --exit-code`,
	}
	cmd.Flags().BoolVar(&o.ExitCode, "exit-code", false, "exit with 8 if an issue is not ready")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run, command.Arg{Name: "issue", Value: &o.Issues, Many: true})
}

func runReady(ctx context.Context, s *app.Session, o readyOptions) error {
	var refs []issue.Ref
	for _, i := range o.Issues {
		refs = append(refs, i.Ref)
	}
	progress := s.Progress("Reading issues")
	list, err := flow.Ready{Read: s.Client, Moves: runner.Moves(s).ForReaders(), Meta: s.Config.Labels.Names.Of(label.Meta)}.Check(ctx, refs)
	progress.Stop()
	if err != nil {
		return err
	}
	doc := document.IssueReady(list, s.Config, s.Time)
	if err := s.View.IssueReady(doc); err != nil {
		return err
	}
	if o.ExitCode && doc.Ready < len(doc.Issues) {
		return &fault.Error{Kind: fault.Pending} // the list is the result; there is nothing to add
	}
	return nil
}
