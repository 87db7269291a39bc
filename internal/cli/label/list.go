package label

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/label"
)

type listOptions struct {
	In     input.Places
	Counts bool
}

func newListCmd(a *app.App, run command.Run[listOptions]) *cobra.Command {
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
	}
	addIn(cmd, &o.In)
	cmd.Flags().BoolVar(&o.Counts, "counts", false, "tell how many issues carry each label")
	return command.Define(a, cmd, &o, run)
}

func runList(ctx context.Context, s *app.Session, o listOptions) error {
	labels, err := labels(s, input.Strings(o.In))
	if err != nil {
		return err
	}
	progress := s.Progress("reading labels")
	places, err := labels.Compare(ctx, o.Counts, false, false)
	progress.Stop()
	if err != nil {
		return err
	}
	return s.View.Labels(flow.Document(places, o.Counts))
}
