package milestone

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
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
		Short: "What was finished in the last timeboxes",
		Long: `Velocity counts the issues and the weight that were completed in each of the last timeboxes, and the shares that were
scheduled (in the milestone when it began; the handbook wants 50-60 %), unscheduled and toil.

Whether an issue was there at the beginning is read from its milestone events, one request for each issue that is old enough.
--no-events takes the date of creation instead, which needs one request for a hundred issues.

Exit codes: 0 also when no timebox is finished, 4 no right, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl milestone velocity
  prodctl milestone velocity -n 12 --no-events -o csv`,
	}
	cmd.Flags().VarP(&o.Last, "last", "n", "how many `timeboxes`")
	cmd.Flags().BoolVar(&o.NoEvents, "no-events", false, "tell what was scheduled by the date of creation")
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
	progress := s.Progress("reading %d timeboxes", o.Last.Value)
	list, err := boxes.Velocity(ctx, o.Last.Value, events)
	progress.Stop()
	if err != nil {
		return err
	}
	doc := jsonv1.NewVelocity(boxes.In, list)
	if slices.ContainsFunc(list, func(v milestone.Velocity) bool { return v.Carried.Issues > 0 }) {
		doc.Notes = append(doc.Notes, "issues that were carried over have left their timebox and do not count in its shares")
	}
	if o.NoEvents {
		doc.Notes = append(doc.Notes, "scheduled means created before the timebox began (--no-events)")
	}
	return s.View.Velocity(doc)
}
