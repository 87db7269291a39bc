package handoff

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/handoff"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

type listOptions struct{ All bool }

func newListCmd(a *app.App, run command.Run[listOptions]) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List issues that are ready to hand off",
		Long: `List the open issues of all trackers with the label Ready_to_Handoff, oldest mark first: where each was left off, what
comes next, and who marked it. Issues that were labeled by hand come last, with what is missing.

Outside a terminal, confidential issues appear by reference only.`,
		Example: `  # What is ready
  prodctl handoff list

  # The same for a program
  prodctl handoff list -o json`,
	}
	cmd.Flags().BoolVar(&o.All, "all", false, "show every issue on a terminal and in Markdown")
	command.AddLimitFlag(cmd, "first `n` issues")
	cmd.MarkFlagsMutuallyExclusive("all", app.LimitFlag)
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run)
}

func runList(ctx context.Context, s *app.Session, o listOptions) error {
	marks, err := newMarks(s)
	if err != nil {
		return err
	}
	progress := s.Progress("Reading GitLab")
	list, err := marks.List(ctx)
	progress.Stop()
	if err != nil {
		return err
	}
	return s.View.HandoffList(document.HandoffList(list, s.Config, s.Time), o.All || s.Limit() > 0)
}

// newMarks returns the reader of hand-off marks in all configured trackers.
func newMarks(s *app.Session) (flow.Marks, error) {
	names := s.Config.Labels.Names
	marks := flow.Marks{Read: s.Client, Projects: s.Config.TrackerPaths(), Queue: s.Config.Production().Path, Label: s.Config.HandoffLabel(),
		Outage: names.Of(label.Outage), DataLoss: names.Of(label.DataLoss), Incident: s.Config.IncidentLabels()}
	if len(marks.Projects) == 0 {
		return marks, s.Config.RequireTrackers(manifest.Infrastructure)
	}
	return marks, nil
}
