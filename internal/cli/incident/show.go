package incident

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/input"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
)

type showOptions struct {
	Issue input.Issue
	Web   bool
}

func newShowCmd(a *app.App, run command.Run[showOptions]) *cobra.Command {
	o := showOptions{Issue: input.Incident()}
	cmd := &cobra.Command{
		Use:   "show <incident>",
		Short: "Show one incident: state, times, gaps, actions, what was said last",
		Long: `Show reads the incident, its comments and what is linked to it. Times come from the record; what nobody has written down is
unknown and never guessed. What of the record could not be read is told with its line and column.

Exit codes: 0 done, 1 no such issue, 4 no right, 5 the issue is no incident, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl incident show 8
  prodctl incident show 8 --web`,
	}
	cmd.Flags().BoolVar(&o.Web, "web", false, "open it in the browser instead")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run, command.Arg{Name: "incident", Value: &o.Issue})
}

func runShow(ctx context.Context, s *app.Session, o showOptions) error {
	progress := s.Progress("reading %s", o.Issue.Ref)
	found, err := flow.Show(ctx, s.Client, o.Issue.Ref, s.Config.IncidentLabels())
	progress.Stop()
	switch {
	case err != nil:
		return err
	case o.Web:
		return s.Browse(found.Issue.WebURL)
	}
	return s.View.Incident(document.ShownIncident(found, s.Config, s.Time))
}
