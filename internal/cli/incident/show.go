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
	Issue string
	Web   bool
}

func newShowCmd(env *app.App, run func(context.Context, *app.App, showOptions) error) *cobra.Command {
	var o showOptions
	cmd := &cobra.Command{
		Use:   "show <incident>",
		Short: "Show one incident: state, times, gaps, actions, what was said last",
		Long: `Show reads the incident, its comments and what is linked to it. Times come from the record; what nobody has written down is
unknown and never guessed. What of the record could not be read is told with its line and column.

Exit codes: 0 done, 1 no such issue, 4 no right, 5 the issue is no incident, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl incident show 8
  prodctl incident show 8 --web`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Issue = args[0]
			return run(cmd.Context(), env, o)
		},
	}
	cmd.Flags().BoolVar(&o.Web, "web", false, "open it in the browser instead")
	command.AddConfidentialFlag(cmd)
	return cmd
}

func runShow(ctx context.Context, env *app.App, o showOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		cfg, err := env.Config()
		if err != nil {
			return err
		}
		ref, err := input.QueueRef(cfg, o.Issue, "prodctl incident show 8")
		if err != nil {
			return err
		}
		client, err := env.Client(ctx)
		if err != nil {
			return err
		}
		progress := env.Progress("reading %s", ref)
		found, err := flow.Show(ctx, client, ref, cfg.IncidentLabels())
		progress.Stop()
		if err != nil {
			return err
		}
		if o.Web {
			return env.Browse(found.Issue.WebURL)
		}
		now, err := env.Clock()
		if err != nil {
			return err
		}
		doc := shownIncident(found, cfg, now)
		return env.View.Incident(doc)
	})
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
