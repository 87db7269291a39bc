package board

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/board"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

type showOptions struct {
	Milestone string
	Ages      string
}

func newShowCmd(env *app.App, run func(context.Context, *app.App, showOptions) error) *cobra.Command {
	var o showOptions
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
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.Milestone, "milestone", "", "only issues of this `milestone`: current, next or a title")
	f.StringVar(&o.Ages, "ages", string(flow.AgesActive), "tell days in column of: {active | all | none}")
	command.Complete(env, cmd, "milestone", command.OpenMilestones(env))
	command.Complete(env, cmd, "ages", command.Fixed(ages()...))
	return cmd
}

func ages() []string {
	return []string{string(flow.AgesActive), string(flow.AgesAll), string(flow.AgesNone)}
}

func runShow(ctx context.Context, env *app.App, o showOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		if err := input.OneOf("ages", o.Ages, ages()...); err != nil {
			return err
		}
		cfg, err := env.Config()
		if err != nil {
			return err
		}
		if err := cfg.RequireTrackers("infrastructure"); err != nil {
			return err
		}
		now, err := env.Clock()
		if err != nil {
			return err
		}
		client, err := env.Client(ctx)
		if err != nil {
			return err
		}
		title := o.Milestone
		switch title {
		case "current":
			title = cfg.Milestones.Names.Current
		case "next":
			title = cfg.Milestones.Names.Next
		}
		progress := env.Progress("reading the board")
		doc, err := flow.Show{
			Read: client, In: cfg.Infrastructure(), Layout: cfg.BoardLayout(), Set: cfg.Labels.Set(), Handoff: cfg.Labels.Names.Of(label.Handoff),
			Milestone: title, Ages: flow.Ages(o.Ages), Now: now,
		}.Document(ctx)
		progress.Stop()
		if err != nil {
			return err
		}
		return env.View.Board(doc)
	})
}
