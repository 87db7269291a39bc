package milestone

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

func newShowCmd(env *app.App, run func(context.Context, *app.App, string) error) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "show [current | next | <title> | <id>]",
		Aliases: []string{"view"},
		Short:   "Show one milestone and what is in it",
		Long: `Show tells a milestone's dates, its description, and how many issues of which weight are open and done in it.

Exit codes: 0, 1 there is none of that name, 4 no right, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl milestone show
  prodctl milestone show next
  prodctl milestone show "2018-08-10 Milestone" -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			named := "current"
			if len(args) == 1 {
				named = args[0]
			}
			return run(cmd.Context(), env, named)
		},
	}
	cmd.ValidArgsFunction = command.CompleteArgument(env, command.OpenMilestones(env))
	return cmd
}

func runShow(ctx context.Context, env *app.App, named string) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		boxes, _, err := command.Timeboxes(ctx, env)
		if err != nil {
			return err
		}
		today, err := env.Today()
		if err != nil {
			return err
		}
		progress := env.Progress("reading the milestone")
		found, err := boxes.Show(ctx, named)
		progress.Stop()
		if err != nil {
			return err
		}
		doc := jsonv1.NewMilestone(boxes.In, found.Milestone, today)
		doc.Role = boxes.Role(found.Milestone)
		m := milestone.Measure(found.Issues, boxes.Rules.Labels, milestone.CreatedBefore(found.Milestone.Box(), boxes.Rules.Zone))
		doc.Issues = &jsonv1.Count{Open: m.Open.Issues, Closed: m.Done.Issues}
		if m.NoWeight < m.All.Issues {
			doc.Weight = &jsonv1.Count{Open: m.Open.Weight, Closed: m.Done.Weight}
		}
		return env.View.Milestone(doc)
	})
}
