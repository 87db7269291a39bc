package incident

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
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
		Short: "Show an incident",
		Long: `Show the state, times, gaps, corrective actions, related issues and latest events of an incident, and each line of the record that
cannot be read.

Times come from the record. A missing time is unknown; it is never guessed.`,
		Example: `  # In the terminal
  prodctl incident show 8

  # In the browser
  prodctl incident show 8 --web`,
	}
	cmd.Flags().BoolVar(&o.Web, "web", false, "open the issue in the browser instead")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run, command.Arg{Name: "incident", Value: &o.Issue})
}

func runShow(ctx context.Context, s *app.Session, o showOptions) error {
	progress := s.Progress("Reading %s", o.Issue.Ref)
	found, err := flow.Show(ctx, s.Client, runner.Moves(s), o.Issue.Ref, s.Config.IncidentLabels())
	progress.Stop()
	switch {
	case err != nil:
		return err
	case o.Web:
		return s.OpenPage(found.Issue.WebURL)
	}
	doc := document.ShownIncident(found, s.Config, s.Time)
	doc.Notes = append(doc.Notes, document.DuplicatesOf(workflow.Duplicates(found.Others), found.Issue.Ref, openCommand)...)
	return s.View.Incident(doc)
}
