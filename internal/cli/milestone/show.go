package milestone

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

type showOptions struct{ Milestone input.Milestone }

func newShowCmd(a *app.App, run command.Run[showOptions]) *cobra.Command {
	o := showOptions{Milestone: "current"}
	cmd := &cobra.Command{
		Use:     "show [current | next | <title> | <id> | <url>]",
		Aliases: []string{"view"},
		Short:   "Show a milestone",
		Long:    `Show the dates and the description of a milestone, and the number and the weight of its open and closed issues.`,
		Example: `  # The Current Milestone
  prodctl milestone show

  # The Next Milestone
  prodctl milestone show next

  # A finished milestone, as JSON
  prodctl milestone show "2018-08-10 Milestone" -o json`,
	}
	return command.Define(a, cmd, &o, run, command.Arg{Name: "milestone", Value: &o.Milestone, Optional: true})
}

func runShow(ctx context.Context, s *app.Session, o showOptions) error {
	boxes, err := timeboxes(s)
	if err != nil {
		return err
	}
	progress := s.Progress("Reading the milestone")
	found, err := boxes.Show(ctx, string(o.Milestone))
	progress.Stop()
	if err != nil {
		return err
	}
	doc := jsonv1.NewMilestone(boxes.In, found.Milestone, s.Today)
	doc.Role = boxes.Role(found.Milestone)
	m := milestone.Measure(found.Issues, boxes.Rules.Labels, milestone.CreatedBefore(found.Milestone.Box(), boxes.Rules.Zone))
	doc.Issues = &jsonv1.Count{Open: m.Open.Issues, Closed: m.Done.Issues}
	if m.NoWeight < m.All.Issues {
		doc.Weight = &jsonv1.Count{Open: m.Open.Weight, Closed: m.Done.Weight}
	}
	return s.View.Milestone(doc)
}
