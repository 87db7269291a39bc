package label

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/label"
)

type listOptions struct {
	In     []string
	Counts bool
}

func newListCmd(env *app.App, run func(context.Context, *app.App, listOptions) error) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show declared labels against the actual ones",
		Long: `List tells of every declared label whether it is there as declared (ok), missing, different, still called by an old name
(renamed), or provided by a group above; and of every other label of the place that it is extra.

Exit codes: 0, 4 no right, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl label list
  prodctl label list --in production --counts
  prodctl label list --jq '.labels[] | select(.state == "missing").name'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	addIn(cmd, env, &o.In)
	cmd.Flags().BoolVar(&o.Counts, "counts", false, "tell how many issues carry each label")
	return cmd
}

func runList(ctx context.Context, env *app.App, o listOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		labels, _, err := labels(ctx, env, o.In)
		if err != nil {
			return err
		}
		progress := env.Progress("reading labels")
		places, err := labels.Compare(ctx, o.Counts, false, false)
		progress.Stop()
		if err != nil {
			return err
		}
		return env.View.Labels(flow.Document(places, o.Counts))
	})
}
