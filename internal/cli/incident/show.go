package incident

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/input"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/journal"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

type showOptions struct {
	Issue input.Issue
	Web   bool
}

func newShowCmd(a *app.App, run command.Run[showOptions]) *cobra.Command {
	o := showOptions{Issue: input.Incident()}
	cmd := &cobra.Command{
		Use:   "show <incident>",
		Short: "Show one incident: state, times, gaps, actions, what was said last",
		Long: `Show reads the incident, its comments and what is linked to it. Times come from the record; what nobody has written down is
unknown and never guessed. What of the record could not be read is told with its line and column.

Exit codes: 0 done, 1 no such issue, 4 no right, 5 the issue is no incident, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl incident show 8
  prodctl incident show 8 --web`,
	}
	cmd.Flags().BoolVar(&o.Web, "web", false, "open it in the browser instead")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run, command.Arg{Name: "incident", Value: &o.Issue})
}

func runShow(ctx context.Context, s *app.Session, o showOptions) error {
	progress := s.Progress("reading %s", o.Issue.Ref)
	found, err := flow.Show(ctx, s.Client, o.Issue.Ref, s.Config.IncidentLabels())
	progress.Stop()
	switch {
	case err != nil:
		return err
	case o.Web:
		return s.Browse(found.Issue.WebURL)
	}
	return s.View.Incident(shownIncident(found, s.Config, s.Time))
}

// lastLines is how many lines of the timeline are shown with an incident.
const lastLines = 5

func shownIncident(f flow.Shown, cfg config.Config, now time.Time) jsonv1.IncidentShow {
	row := document.Incident(f.Incident, cfg.Incidents.ReviewAfter, now)
	entries := journal.Entries(f.Notes, incident.Kind)
	lines := incident.Timeline(f.Incident, cfg.IncidentLabels(), entries, nil, nil, nil)
	if n := len(lines); n > 0 {
		last := lines[n-1]
		row.LastUpdate = &jsonv1.Update{At: document.Instant(last.At), By: last.Author, Text: last.Text}
	}
	doc := jsonv1.NewIncident(row)
	for _, l := range lines[max(0, len(lines)-lastLines):] {
		doc.Timeline = append(doc.Timeline, document.Line(l))
	}
	today := calendar.DateOf(now.In(cfg.Timezone))
	action := cfg.Labels.Names.Of(label.Corrective)
	for _, link := range f.Links {
		if link.Issue.Has(action) {
			doc.Actions = append(doc.Actions, document.Action(link.Issue, today))
		} else {
			doc.Related = append(doc.Related, document.Related(link.Issue))
		}
	}
	for _, ref := range f.Record.Related {
		if !slices.ContainsFunc(f.Links, func(l issue.Link) bool { return l.Issue.Ref.String() == ref }) {
			doc.Related = append(doc.Related, jsonv1.Related{Ref: ref})
		}
	}
	doc.Problems, doc.Notes = document.Problems(f.Record.Problems), f.Gaps
	return doc
}
