package milestone

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

type velocityOptions struct {
	Last     input.Count
	NoEvents bool
}

func newVelocityCmd(a *app.App, run command.Run[velocityOptions]) *cobra.Command {
	o := velocityOptions{Last: input.AtLeast(1, 6)}
	cmd := &cobra.Command{
		Use:   "velocity",
		Short: "Show what was finished in the last timeboxes",
		Long: `Count the issues and the weight completed in each of the last timeboxes, and the shares that were scheduled (in the milestone
when it started; the handbook's goal is 50-60 %), unscheduled and toil.

The milestone events show whether an issue was scheduled: one request for each issue created before the timebox. --no-events
uses the creation date instead: one request per 100 issues.`,
		Example: `  # The last six timeboxes
  prodctl milestone velocity

  # The last twelve, with fewer requests, as CSV
  prodctl milestone velocity -n 12 --no-events -o csv`,
	}
	cmd.Flags().VarP(&o.Last, "last", "n", "show the last `n` timeboxes")
	cmd.Flags().BoolVar(&o.NoEvents, "no-events", false, "count an issue as scheduled if it was created before the timebox started")
	return command.Define(a, cmd, &o, run)
}

func runVelocity(ctx context.Context, s *app.Session, o velocityOptions) error {
	boxes, err := timeboxes(s)
	if err != nil {
		return err
	}
	var events flow.EventReader
	if !o.NoEvents {
		events = s.Client
	}
	progress := s.Progress("Reading the last %s", workflow.Count(o.Last.Value, "timebox", "timeboxes"))
	list, err := boxes.Velocity(ctx, o.Last.Value, events)
	progress.Stop()
	if err != nil {
		return err
	}
	doc := jsonv1.NewVelocity(boxes.In, list)
	if slices.ContainsFunc(list, func(v milestone.Velocity) bool { return v.Carried.Issues > 0 }) {
		doc.Notes = append(doc.Notes, "Shares leave out issues that were carried over")
	}
	if o.NoEvents {
		doc.Notes = append(doc.Notes, "Scheduled means created before the timebox started (--no-events)")
	}
	return s.View.Velocity(doc)
}
