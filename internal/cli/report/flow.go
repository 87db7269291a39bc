package report

import (
	"cmp"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/report"
	measures "gitlab.com/prodctl/prodctl/pkg/flow"
)

type flowOptions struct {
	Period input.Period
	Column input.Column
}

func newFlowCmd(a *app.App, run command.Run[flowOptions]) *cobra.Command {
	o := flowOptions{Period: input.LastDays(90)}
	cmd := &cobra.Command{
		Use:   "flow",
		Short: "Show how work flows over the board",
		Long: `Measure a period (default: the last 90 days) by the Kanban Guide: work in progress, throughput, cycle time (50, 85 and 95 %) and
the age of what is in progress, with where the time went. -o html writes a page with a cumulative flow diagram.

Cycle time runs from entering the starting column (board.start, by default In Progress) to the last closing. For each issue
that was finished or is in progress, its label and state events are read: two requests. Above 500 issues that takes --yes.`,
		Example: `  # The last 90 days
  prodctl report flow

  # The last timebox as a page
  prodctl report flow --timebox previous -o html

  # Count from entering Ready, for a spreadsheet
  prodctl report flow --last 28d --column Ready -o csv`,
	}
	addPeriodFlags(cmd, &o.Period)
	cmd.Flags().Var(&o.Column, "column", "count cycle time from entering this `column`")
	command.AddConfidentialFlag(cmd)
	command.HasFormats(cmd, render.HTML)
	return command.Shows(command.Define(a, cmd, &o, run), "yes")
}

// manyIssues is the number of issues above which reading their events has to be asked for.
const manyIssues = 500

func runFlow(ctx context.Context, s *app.Session, o flowOptions) error {
	if err := s.Config.RequireTrackers(manifest.Infrastructure); err != nil {
		return err
	}
	board, err := boardFrom(s, o.Column)
	if err != nil {
		return err
	}
	f := flow.Flow{Client: s.Client, Project: s.Config.Infrastructure().Path, Board: board,
		Period: o.Period.Period, Now: s.Time}
	progress := s.Progress("Reading the issues that were finished or are in progress")
	issues, err := f.Issues(ctx)
	progress.Stop()
	if err = cmp.Or(err, affordable(s, len(issues), "--last 28d")); err != nil {
		return err
	}
	progress = s.Progress("Reading the events of %s (%s)", workflow.Count(len(issues), "issue", "issues"), requests(len(issues)))
	paths, err := f.Paths(ctx, issues)
	progress.Stop()
	if err != nil {
		return err
	}
	return s.View.Flow(document.Flow(o.Period.Period, f.Measure(paths), board, s.Config))
}

// boardFrom returns the team's board, with another column in which work starts if one is given.
func boardFrom(s *app.Session, start input.Column) (measures.Board, error) {
	b := s.Config.FlowBoard()
	if start == "" {
		return b, nil
	}
	column, ok := b.Layout.Find(string(start))
	if !ok || column.Closed() {
		var names []string
		for _, c := range b.Layout.Columns {
			names = append(names, c.Name)
		}
		return b, fault.New(fault.Usage, "To see the columns: prodctl board show", "invalid --column %q (use %s)", string(start),
			manifest.Alternatives(names))
	}
	b.Layout.Start = column.Name
	return b, nil
}

// affordable refuses thousands of requests that nobody asked for. shorter are the flags of a shorter period.
func affordable(s *app.Session, issues int, shorter string) error {
	if issues <= manyIssues || s.Global.Yes {
		return nil
	}
	return fault.New(fault.Usage, "Shorten the period, such as "+shorter+", or add --yes to read them",
		"the events of %d issues take %s", issues, requests(issues))
}

func requests(issues int) string { return fmt.Sprintf("%d requests", issues*flow.RequestsPerIssue) }
