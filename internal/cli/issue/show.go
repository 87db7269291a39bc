package issue

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/issue"
)

type showOptions struct {
	Issue input.Issue
	Web   bool
}

func newShowCmd(a *app.App, run command.Run[showOptions]) *cobra.Command {
	var o showOptions
	cmd := &cobra.Command{
		Use:   "show <issue>",
		Short: "Show an issue",
		Long: `Show the column of an issue and since when it is there, its priority, weight and milestone, how often it was carried over, its
hand-off note, the goals that it is linked with, and what it lacks before it is ready.`,
		Example: `  # In the terminal
  prodctl issue show 66

  # In the browser
  prodctl issue show 66 --web`,
	}
	cmd.Flags().BoolVar(&o.Web, "web", false, "open the issue in the browser instead")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run, command.Arg{Name: "issue", Value: &o.Issue})
}

func runShow(ctx context.Context, s *app.Session, o showOptions) error {
	progress := s.Progress("Reading %s", o.Issue.Ref)
	found, err := flow.Show{Read: s.Client, Moves: runner.Moves(s).ForReaders(), Carries: carries(s), Layout: s.Config.BoardLayout(),
		Names: s.Config.GoalLabels(), Handoff: s.Config.HandoffLabel()}.Issue(ctx, o.Issue.Ref)
	progress.Stop()
	if err != nil {
		return err
	}
	s.CopyAddress(found.WebURL)
	if o.Web {
		return s.OpenPage(found.WebURL)
	}
	return s.View.Issue(document.IssueShow(found, s.Config, s.Time))
}
