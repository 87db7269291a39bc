package incident

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
)

type showOptions struct {
	Issue   input.Issue
	Changes bool
	Web     bool
}

func newShowCmd(a *app.App, run command.Run[showOptions]) *cobra.Command {
	o := showOptions{Issue: input.Incident()}
	cmd := &cobra.Command{
		Use:   "show <incident>",
		Short: "Show an incident",
		Long: `Show the state, times, gaps, corrective actions, related issues, last comment and latest events of an incident, and each line
of the record that cannot be read. Times come from the record. A missing time is unknown; it is never guessed.

On a terminal, and with --changes, it also lists the first three changes before it (prodctl incident changes). What GitLab does not
answer within 3 seconds is left out.`,
		Example: `  # In the terminal
  prodctl incident show 8

  # In the browser
  prodctl incident show 8 --web`,
	}
	cmd.Flags().BoolVar(&o.Changes, "changes", false, "also list what changed before it (default on a terminal)")
	cmd.Flags().BoolVar(&o.Web, "web", false, "open the issue in the browser instead")
	command.AddConfidentialFlag(cmd)
	cmd = command.Watchable(a, command.Define(a, cmd, &o, run, command.Arg{Name: "incident", Value: &o.Issue}), nil)
	cmd.MarkFlagsMutuallyExclusive("watch", "web")
	return cmd
}

func runShow(ctx context.Context, s *app.Session, o showOptions) error {
	progress := s.Progress("Reading %s", o.Issue.Ref)
	read, changed := withChanges(ctx, s, (o.Changes || s.OutTTY) && !o.Web)
	found, err := flow.Show(ctx, read, runner.Moves(s), o.Issue.Ref, s.Config.IncidentLabels())
	before := changed(err)
	progress.Stop()
	if err != nil {
		return err
	}
	s.CopyAddress(found.Issue.WebURL)
	if o.Web {
		return s.OpenPage(found.Issue.WebURL)
	}
	doc := document.ShownIncident(found, s.Config, s.Time)
	doc.Notes = append(doc.Notes, document.DuplicatesOf(workflow.Duplicates(found.Others), found.Issue.Ref, openCommand)...)
	doc.ChangesBefore = document.ChangesBefore(before)
	return s.View.Incident(doc)
}

// patience is how long the page of an incident waits for what changed before it.
const patience = 3 * time.Second

// withChanges returns the reader for an incident, and a function that returns what changed before it: nil if that is not wanted, or the
// incident could not be read.
func withChanges(ctx context.Context, s *app.Session, wanted bool) (flow.ShowReader, func(error) *flow.Changed) {
	if !wanted || s.Config.RequireTrackers(manifest.Production) != nil {
		return s.Client, func(error) *flow.Changed { return nil }
	}
	c := changesOf(s, flow.DefaultBefore)
	c.Patience = patience
	early := c.Early(ctx, s.Client)
	return early, func(err error) *flow.Changed {
		if err != nil {
			early.Stop()
			return nil
		}
		return early.Wait()
	}
}
