package change

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type listOptions struct {
	All           bool
	States        input.ChangeStates
	Criticalities input.Criticalities
	Services      input.ServiceNames
	Since         input.Since
}

func newListCmd(a *app.App, run command.Run[listOptions]) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List planned and running changes",
		Long: `List changes that are scheduled, approved or in progress, ordered by window start. The state comes from the label and
the record of a change, not from its issue being open or closed.`,
		Example: `  # Planned and running changes
  prodctl change list

  # What is being changed right now
  prodctl change list --state in-progress

  # All changes of the last 7 days, as CSV
  prodctl change list --all --since 7d -o csv`,
	}
	f := cmd.Flags()
	f.BoolVar(&o.All, "all", false, "include finished changes and those recorded by automation")
	f.Var(&o.States, "state", "only these `states`: scheduled, approved, in-progress, complete, aborted, unknown")
	f.Var(&o.Criticalities, "criticality", "only these `criticalities`: C1, C2, C3, C4")
	f.Var(&o.Services, "service", "only these `services`")
	f.Var(&o.Since, "since", "only those opened since this `date`: 2018-08-01, or 30d (ago)")
	command.AddLimitFlag(cmd, "first `n` changes")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run)
}

func runList(ctx context.Context, s *app.Session, o listOptions) error {
	if err := s.Config.RequireTrackers(manifest.Production); err != nil {
		return err
	}
	filter := workflow.ChangeFilter{All: o.All, States: input.Values(o.States), Classes: input.Values(o.Criticalities),
		Services: input.Strings(o.Services), Since: o.Since.Time.Time}
	progress := s.Progress("Reading changes")
	list, err := workflow.Changes(ctx, s.Client, s.Config.Production().Path, s.Config.ChangeLabels(), filter)
	progress.Stop()
	if err != nil {
		return err
	}
	var rows []jsonv1.Change
	var issues []issue.Issue
	for _, c := range list {
		rows, issues = append(rows, document.Change(c)), append(issues, c.Issue)
	}
	doc := jsonv1.NewChanges(filter.Words("criticality", "open"), rows)
	doc.Notes = document.Duplicates(workflow.Duplicates(issues), "")
	return s.View.Changes(doc)
}
