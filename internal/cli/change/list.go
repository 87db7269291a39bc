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
		Short: "Show the changes that are planned or in progress",
		Long: `List shows the changes that are not over, by the start of their windows. Where one stands is told by its label and its
record, not by the issue being open.

Exit codes: 0 also when there are none, 1 failed, 4 no right, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl change list
  prodctl change list --state in-progress
  prodctl change list --all --since 7d -o csv`,
	}
	f := cmd.Flags()
	f.BoolVar(&o.All, "all", false, "also those that are over, and the records of automation")
	f.Var(&o.States, "state", "only those in these `states`: scheduled, approved, in-progress, complete, aborted, unknown")
	f.Var(&o.Criticalities, "criticality", "only those of these `criticalities`: C1 to C4")
	f.Var(&o.Services, "service", "only those of these `services`")
	f.Var(&o.Since, "since", "only those opened since then: a `date`, or 30d ago")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run)
}

func runList(ctx context.Context, s *app.Session, o listOptions) error {
	if err := s.Config.RequireTrackers(manifest.Production); err != nil {
		return err
	}
	filter := workflow.ChangeFilter{All: o.All, States: input.Values(o.States), Classes: input.Values(o.Criticalities),
		Services: input.Strings(o.Services), Since: o.Since.Time.Time}
	progress := s.Progress("reading changes")
	list, err := workflow.Changes(ctx, s.Client, s.Config.Production().Path, s.Config.ChangeLabels(), filter)
	progress.Stop()
	if err != nil {
		return err
	}
	var rows []jsonv1.Change
	for _, c := range list {
		rows = append(rows, document.Change(c))
	}
	return s.View.Changes(jsonv1.NewChanges(filter.Words("criticality"), rows))
}
