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
		Short: "Compare the labels with the declared ones",
		Long: `List every declared label with its state: ok, missing, differs, renamed (it still has an old name) or above (it comes from a
parent group). Labels that are not declared are listed as extra.`,
		Example: `  # All labels
  prodctl label list

  # One tracker, with the number of issues
  prodctl label list --in production --counts

  # The names of the missing labels
  prodctl label list --jq '.labels[] | select(.state == "missing").name'`,
	}
	addIn(cmd, &o.In)
	cmd.Flags().BoolVar(&o.Counts, "counts", false, "show how many issues carry each label")
	command.AddLimitFlag(cmd, "first `n` labels")
	return command.Define(a, cmd, &o, run)
}

func runList(ctx context.Context, s *app.Session, o listOptions) error {
	labels, err := labels(s, input.Strings(o.In))
	if err != nil {
		return err
	}
	progress := s.Progress("Reading labels")
	places, err := labels.Compare(ctx, o.Counts, false, false)
	progress.Stop()
	if err != nil {
		return err
	}
	return s.View.Labels(flow.Document(places, o.Counts))
}
