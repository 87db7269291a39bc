package incident

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type timelineOptions struct {
	Issue input.Issue
}

func newTimelineCmd(a *app.App, run command.Run[timelineOptions]) *cobra.Command {
	o := timelineOptions{Issue: input.Incident()}
	cmd := &cobra.Command{
		Use:   "timeline <incident>",
		Short: "Show the timeline of an incident",
		Long: `List the events of an incident in the order in which they happened: its event log, the first line of other comments,
and GitLab's own label and state events. All times are UTC.

With -o md it is Markdown for a report, and mentions nobody.`,
		Example: `  # In the terminal
  prodctl incident timeline 8

  # What happened last
  prodctl incident timeline 8 --limit 5

  # As Markdown for a report
  prodctl incident timeline 8 -o md`,
	}
	command.AddLimitFlag(cmd, "last `n` events")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run, command.Arg{Name: "incident", Value: &o.Issue})
}

func runTimeline(ctx context.Context, s *app.Session, o timelineOptions) error {
	progress := s.Progress("Reading %s", o.Issue.Ref)
	inc, lines, err := flow.Timeline(ctx, s.Client, runner.Moves(s), o.Issue.Ref, s.Config.IncidentLabels())
	progress.Stop()
	if err != nil {
		return err
	}
	var docs []jsonv1.TimelineLine
	for _, l := range lines {
		docs = append(docs, document.Line(l))
	}
	doc := jsonv1.NewTimeline(inc.Issue.Ref.String(), inc.Issue.Title, docs)
	doc.Confidential, doc.WebURL = inc.Issue.Confidential, inc.Issue.WebURL
	return s.View.Timeline(doc)
}
