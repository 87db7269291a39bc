package board

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/board"
)

type showOptions struct {
	Milestone input.Milestone
	Ages      input.Word
}

func newShowCmd(a *app.App, run command.Run[showOptions]) *cobra.Command {
	o := showOptions{Ages: input.OneOf(string(flow.AgesActive), string(flow.AgesAll), string(flow.AgesNone))}
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Show the board",
		Long: `Show the columns with their open issues, the most urgent first: weight, days in the column, assignees, and whether the issue is
ready for hand-off. Columns over their limit and issues in several columns are marked. --milestone limits the board to the
issues of one milestone and adds its completed ones.

The days in the column cost one request per issue. By default they are left out for the first column, where most issues wait.`,
		Example: `  # The whole board
  prodctl board show

  # The current timebox
  prodctl board show --milestone current

  # Without ages, as JSON
  prodctl board show --ages none -o json`,
	}
	f := cmd.Flags()
	f.Var(&o.Milestone, "milestone", "only issues in this `milestone`: current, next, a title, an id or a URL")
	f.Var(&o.Ages, "ages", "days in the column for `cards`: active, all or none")
	command.AddConfidentialFlag(cmd)
	return command.Watchable(a, command.Define(a, cmd, &o, run), nil)
}

func runShow(ctx context.Context, s *app.Session, o showOptions) error {
	if err := s.Config.RequireTrackers(manifest.Infrastructure); err != nil {
		return err
	}
	progress := s.Progress("Reading the board")
	doc, err := flow.Show{
		Read: s.Client, In: s.Config.Infrastructure(), Layout: s.Config.BoardLayout(), Set: s.Config.Labels.Set(),
		Handoff: s.Config.HandoffLabel(), Milestone: s.Config.MilestoneTitle(string(o.Milestone)), Ages: flow.Ages(o.Ages.Value), Now: s.Time,
	}.Document(ctx)
	progress.Stop()
	if err != nil {
		return err
	}
	return s.View.Board(doc)
}
