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
		Short: "Show the columns and the issues in them",
		Long: `Show prints the board's columns with their open issues, the most urgent first: weight, days in the column, assignees, and a
mark on those that can be handed over. A column over its limit says so, and so does an issue in two columns.

With --milestone it shows the issues of that timebox only, and those that are Completed in it.

Reading costs one request for a hundred open issues, and one for each card whose age is told. That leaves out the first
column, where most issues wait, unless --ages all is given.

Exit codes: 0, 4 no right, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl board show
  prodctl board show --milestone current
  prodctl board show --ages none -o json`,
	}
	f := cmd.Flags()
	f.Var(&o.Milestone, "milestone", "only issues of this `milestone`: current, next or a title")
	f.Var(&o.Ages, "ages", "tell days in column of: {active | all | none}")
	return command.Define(a, cmd, &o, run)
}

func runShow(ctx context.Context, s *app.Session, o showOptions) error {
	if err := s.Config.RequireTrackers(manifest.Infrastructure); err != nil {
		return err
	}
	progress := s.Progress("reading the board")
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
