package change

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
)

type showOptions struct {
	Issue input.Issue
	Web   bool
}

func newShowCmd(a *app.App, run command.Run[showOptions]) *cobra.Command {
	o := showOptions{Issue: input.Change()}
	cmd := &cobra.Command{
		Use:   "show <change>",
		Short: "Show a change",
		Long: `Show the plan, state, window, approvals and linked issues of a change. Approvals that do not count are listed with the
reason, and so are missing approvals, and the locks and other changes that conflict with its window. An approval is for
the plan with the digest that is shown.`,
		Example: `  # Show a change
  prodctl change show 7

  # For a script
  prodctl change show 7 -o json`,
	}
	cmd.Flags().BoolVar(&o.Web, "web", false, "open the issue in the browser instead")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run, command.Arg{Name: "change", Value: &o.Issue})
}

func runShow(ctx context.Context, s *app.Session, o showOptions) error {
	rules, err := runner.Changes(s)
	if err != nil {
		return err
	}
	progress := s.Progress("Reading %s", o.Issue.Ref)
	found, err := rules.Show(ctx, o.Issue.Ref)
	progress.Stop()
	if err != nil {
		return err
	}
	s.CopyAddress(found.Issue.WebURL)
	if o.Web {
		return s.OpenPage(found.Issue.WebURL)
	}
	doc := document.ShownChange(found)
	doc.Notes = append(doc.Notes, document.DuplicatesOf(workflow.Duplicates(found.Others), o.Issue.Ref, "")...)
	return s.View.Change(doc)
}
