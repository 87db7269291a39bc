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

func newListCmd(a *app.App, run command.Run[struct{}]) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show what is ready to be taken",
		Long: `List shows the open issues of all trackers that carry the label Ready_to_Handoff, the one that was marked first at the
top: where each is left off, what comes next, and who said so. One that was labelled by hand is shown with what is
missing.

Outside a terminal, confidential issues are listed by their reference only, unless --include-confidential is said.

Exit codes: 0 also when there are none, 1 failed, 4 no right, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl handoff list
  prodctl handoff list -o json`,
	}
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, new(struct{}), run)
}

func runList(ctx context.Context, s *app.Session, _ struct{}) error {
	look, err := newMarks(s)
	if err != nil {
		return err
	}
	progress := s.Progress("reading what is ready")
	list, err := look.List(ctx)
	progress.Stop()
	if err != nil {
		return err
	}
	return s.View.HandoffList(document.HandoffList(list, s.Config, s.Time))
}

// marks is what there is to look at: all trackers that are configured.
func newMarks(s *app.Session) (flow.Marks, error) {
	names := s.Config.Labels.Names
	look := flow.Marks{Read: s.Client, Projects: s.Config.TrackerPaths(), Queue: s.Config.Production().Path, Label: s.Config.HandoffLabel(),
		Outage: names.Of(label.Outage), DataLoss: names.Of(label.DataLoss), Incident: s.Config.IncidentLabels()}
	if len(look.Projects) == 0 {
		return look, s.Config.RequireTrackers(manifest.Infrastructure)
	}
	return look, nil
}
