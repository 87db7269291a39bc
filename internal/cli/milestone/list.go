package milestone

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

type listOptions struct {
	All bool
}

func newListCmd(a *app.App, run command.Run[listOptions]) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List milestones",
		Long: `List the open milestones, Current and Next first. --all adds the closed ones.

For a project the list includes the milestones of its parent groups, because their titles are taken too.`,
		Example: `  # Open milestones
  prodctl milestone list

  # The titles of all milestones
  prodctl milestone list --all -o json --jq '.milestones[].title'`,
	}
	cmd.Flags().BoolVarP(&o.All, "all", "a", false, "include closed milestones")
	command.AddLimitFlag(cmd, "first `n` milestones")
	return command.Define(a, cmd, &o, run)
}

func runList(ctx context.Context, s *app.Session, o listOptions) error {
	boxes, err := timeboxes(s)
	if err != nil {
		return err
	}
	query := milestone.Query{State: milestone.Active, Ancestors: boxes.In.Kind == target.Project}
	if o.All {
		query.State = ""
	}
	progress := s.Progress("Reading milestones")
	list, err := boxes.List(ctx, query)
	progress.Stop()
	if err != nil {
		return err
	}
	doc := jsonv1.NewMilestones(boxes.In, list, s.Today)
	for i, m := range list {
		doc.Milestones[i].Role = boxes.Role(m)
	}
	return s.View.Milestones(doc)
}
