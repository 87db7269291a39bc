package milestone

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/pkg/issue"
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
		Long: `Show the dates and the description of a milestone, the number and the weight of its open and closed issues, and the issues
by column of the board, the most urgent first, with weight and age.

The age is in days since the issue was created, up to its end if it is closed. In a pipe and as CSV there is one line for the
milestone, without its issues. Outside a terminal, confidential issues appear by reference only.`,
		Example: `  # The Current Milestone
  prodctl milestone show

  # The Next Milestone
  prodctl milestone show next

  # A finished milestone, as JSON
  prodctl milestone show "2018-08-10 Milestone" -o json`,
	}
	command.AddConfidentialFlag(cmd)
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
	doc.SetColumns(s.Config.BoardLayout(), found.Issues, issue.ByPriority(s.Config.Priorities()), s.Time)
	return s.View.Milestone(doc)
}
