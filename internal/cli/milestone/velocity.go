package milestone

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type velocityOptions struct {
	Last     int
	NoEvents bool
}

func newVelocityCmd(env *app.App, run func(context.Context, *app.App, velocityOptions) error) *cobra.Command {
	var o velocityOptions
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
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	cmd.Flags().IntVarP(&o.Last, "last", "n", 6, "how many `timeboxes`")
	cmd.Flags().BoolVar(&o.NoEvents, "no-events", false, "tell what was scheduled by the date of creation")
	return cmd
}

func runVelocity(ctx context.Context, env *app.App, o velocityOptions) error {
	if o.Last < 1 {
		return fault.New(fault.Usage, "prodctl milestone velocity -n 6", "-n %d is no number of timeboxes", o.Last)
	}
	return env.Bounded(ctx, func(ctx context.Context) error {
		boxes, _, err := command.Timeboxes(ctx, env)
		if err != nil {
			return err
		}
		client, err := env.Client(ctx)
		if err != nil {
			return err
		}
		var events flow.EventReader
		if !o.NoEvents {
			events = client
		}
		progress := env.Progress("reading %d timeboxes", o.Last)
		list, err := boxes.Velocity(ctx, o.Last, events)
		progress.Stop()
		if err != nil {
			return err
		}
		doc := jsonv1.NewVelocity(boxes.In, list)
		for _, v := range list {
			if v.Carried.Issues > 0 {
				doc.Notes = append(doc.Notes, "issues that were carried over have left their timebox and do not count in its shares")
				break
			}
		}
		if o.NoEvents {
			doc.Notes = append(doc.Notes, "scheduled means created before the timebox began (--no-events)")
		}
		return env.View.Velocity(doc)
	})
}
