package change

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/input"
)

type showOptions struct {
	Issue input.Issue
	Web   bool
}

func newShowCmd(a *app.App, run command.Run[showOptions]) *cobra.Command {
	o := showOptions{Issue: input.Change()}
	cmd := &cobra.Command{
		Use:   "show <change>",
		Short: "Show one change: state, window, approvals, what it clashes with",
		Long: `Show reads the change, its comments and what is linked to it: who has approved it, whose approval does not count and
why, what is still missing, the locks and the other changes that its window falls into.

Exit codes: 0 done, 1 no such issue, 4 no right, 5 the issue is no change, 6 wrong usage, 7 GitLab out of reach, 130
interrupted.`,
		Example: `  prodctl change show 7
  prodctl change show 7 -o json`,
	}
	cmd.Flags().BoolVar(&o.Web, "web", false, "open it in the browser instead")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run, command.Arg{Name: "change", Value: &o.Issue})
}

func runShow(ctx context.Context, s *app.Session, o showOptions) error {
	rules, err := changes(s)
	if err != nil {
		return err
	}
	progress := s.Progress("reading %s", o.Issue.Ref)
	found, err := rules.Show(ctx, o.Issue.Ref)
	progress.Stop()
	switch {
	case err != nil:
		return err
	case o.Web:
		return s.Browse(found.Issue.WebURL)
	}
	return s.View.Change(document.ShownChange(found))
}
