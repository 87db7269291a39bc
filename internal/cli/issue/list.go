package issue

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/issue"
	"gitlab.com/prodctl/prodctl/pkg/board"
)

type listOptions struct {
	Column     input.Column
	Labels     input.Labels
	Ready      bool
	Goal       bool
	Unweighted bool
	Stale      input.Since
	Carried    input.Count
}

func newListCmd(a *app.App, run command.Run[listOptions]) *cobra.Command {
	o := listOptions{Carried: input.AtLeast(1, 0)}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List open issues in the order in which to pick them",
		Long: `List the open issues of the infrastructure tracker, the highest prioritized label first, then AP1 to AP3, then the oldest. With
several filters, an issue has to pass all of them.

--carried costs one request for each issue with the label carried-over. Outside a terminal, confidential issues appear by reference
only.`,
		Example: `  # What can be pulled next?
  prodctl issue list --column ready --ready

  # The ten most urgent ones
  prodctl issue list --limit 10

  # What to talk about in a planning session
  prodctl issue list --column planning --unweighted
  prodctl issue list --stale 14d
  prodctl issue list --carried 2`,
	}
	f := cmd.Flags()
	f.Var(&o.Column, "column", "only this `column` of the board")
	f.Var(&o.Labels, "label", "only issues with all of these `labels`")
	f.BoolVar(&o.Ready, "ready", false, "only issues that are ready to pull")
	f.BoolVar(&o.Goal, "goal", false, "only goals and meta goals")
	f.BoolVar(&o.Unweighted, "unweighted", false, "only issues without a weight")
	f.Var(&o.Stale, "stale", "only those not updated for a `time` such as 14d")
	f.Var(&o.Carried, "carried", "only those carried over at least this `number` of times")
	command.AddLimitFlag(cmd, "first `n` issues")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run)
}

func runList(ctx context.Context, s *app.Session, o listOptions) error {
	if err := s.Config.RequireTrackers(manifest.Infrastructure); err != nil {
		return err
	}
	column, err := openColumn(s, string(o.Column))
	if err != nil {
		return err
	}
	l := flow.List{Read: s.Client, Carries: carries(s), In: s.Config.Infrastructure(), Names: s.Config.GoalLabels(),
		Order: s.Config.Priorities(), Filter: flow.Filter{Column: column, Labels: input.Strings(o.Labels), Ready: o.Ready, Goal: o.Goal,
			Unweighted: o.Unweighted, Idle: o.Stale.Time.Time, Carried: o.Carried.Value}}
	progress := s.Progress("Reading issues")
	list, err := l.Issues(ctx)
	progress.Stop()
	if err != nil {
		return err
	}
	return s.View.Issues(document.Issues(l, list, s.Config, s.Time))
}

// openColumn finds a column by its name; none for no name. Completed issues are not in the list.
func openColumn(s *app.Session, name string) (board.Column, error) {
	if name == "" {
		return board.Column{}, nil
	}
	layout := s.Config.BoardLayout()
	column, ok := layout.Find(name)
	switch {
	case !ok:
		return column, fault.New(fault.Usage, "To see the columns: prodctl board show", "--column: invalid column %q", name)
	case column.Closed():
		return column, fault.New(fault.Usage, "To see the completed ones of a timebox: prodctl board show --milestone current",
			"--column %s: the list is of open issues", column.Name)
	}
	return column, nil
}

// carries counts carry-overs in the team's timeboxes.
func carries(s *app.Session) flow.Carries {
	return flow.Carries{Read: s.Client, In: s.Config.MilestoneTarget(), Label: s.Config.Milestones.CarriedLabel, Zone: s.Config.Timezone}
}
