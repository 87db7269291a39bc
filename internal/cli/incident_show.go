package cli

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/journal"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

type incidentShowOptions struct {
	Issue string
	Web   bool
}

func newIncidentShowCmd(env *Env, run func(context.Context, *Env, incidentShowOptions) error) *cobra.Command {
	var o incidentShowOptions
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
	addConfidentialFlag(cmd)
	return cmd
}

func runIncidentShow(ctx context.Context, env *Env, o incidentShowOptions) error {
	return env.bounded(ctx, func(ctx context.Context) error {
		cfg, err := env.Config()
		if err != nil {
			return err
		}
		ref, err := queueRef(cfg, o.Issue, "prodctl incident show 8")
		if err != nil {
			return err
		}
		client, err := env.Client(ctx)
		if err != nil {
			return err
		}
		progress := env.Progress("reading %s", ref)
		found, err := workflow.ShowIncident(ctx, client, ref, cfg.IncidentLabels())
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
		return env.view.Incident(doc)
	})
}

// lastLines is how many lines of the timeline are shown with an incident.
const lastLines = 5

func shownIncident(f workflow.IncidentWithLinks, cfg config.Config, now time.Time) jsonv1.IncidentShow {
	row := incidentDoc(f.Incident, cfg.Incidents.ReviewAfter, now)
	entries := journal.Entries(f.Notes, incident.Kind)
	lines := incident.Timeline(f.Incident, cfg.IncidentLabels(), entries, nil, nil, nil)
	if n := len(lines); n > 0 {
		last := lines[n-1]
		row.LastUpdate = &jsonv1.Update{At: instant(last.At), By: last.Author, Text: last.Text}
	}
	doc := jsonv1.NewIncident(row)
	for _, l := range lines[max(0, len(lines)-lastLines):] {
		doc.Timeline = append(doc.Timeline, lineDoc(l))
	}
	today := calendar.DateOf(now.In(cfg.Timezone))
	action := cfg.Labels.Names.Of(label.Corrective)
	for _, link := range f.Links {
		if link.Issue.Has(action) {
			doc.Actions = append(doc.Actions, actionDoc(link.Issue, today))
		} else {
			doc.Related = append(doc.Related, relatedDoc(link.Issue))
		}
	}
	for _, ref := range f.Record.Related {
		if !slices.ContainsFunc(f.Links, func(l issue.Link) bool { return l.Issue.Ref.String() == ref }) {
			doc.Related = append(doc.Related, jsonv1.Related{Ref: ref})
		}
	}
	doc.Problems, doc.Notes = problemDocs(f.Record.Problems), f.Gaps
	return doc
}

func relatedDoc(i issue.Issue) jsonv1.Related {
	return jsonv1.Related{Ref: i.Ref.String(), Title: i.Title, Confidential: i.Confidential, WebURL: i.WebURL}
}

func actionDoc(i issue.Issue, today calendar.Date) jsonv1.CorrectiveAction {
	doc := jsonv1.CorrectiveAction{Related: relatedDoc(i), Done: !i.Open()}
	if len(i.Assignees) > 0 {
		doc.Owner = i.Assignees[0]
	}
	if !i.Due.IsZero() {
		doc.Due, doc.Overdue = i.Due.String(), i.Open() && i.Due.Before(today)
	}
	return doc
}

func problemDocs(list []record.Problem) []jsonv1.Problem {
	var docs []jsonv1.Problem
	for _, p := range list {
		docs = append(docs, jsonv1.Problem{Line: p.Line, Column: p.Column, Text: p.Text})
	}
	return docs
}

func lineDoc(l incident.Line) jsonv1.TimelineLine {
	return jsonv1.TimelineLine{At: instant(l.At), Text: l.Text, Author: l.Author, Source: string(l.Source), NoteID: l.NoteID}
}

// instant is a time in a published document; empty for one that is not known.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// incidentDoc is the published form of an incident.
func incidentDoc(i incident.Incident, reviewAfter time.Duration, now time.Time) jsonv1.Incident {
	r := i.Record
	doc := jsonv1.Incident{
		Ref: i.Issue.Ref.String(), Title: i.Issue.Title, State: jsonv1.IncidentState(i.State), Services: i.Services,
		StartedAt: instant(r.StartedAt), DetectedAt: instant(r.DetectedAt), MitigatedAt: instant(r.MitigatedAt), ResolvedAt: instant(r.ResolvedAt),
		Cause: r.Cause, DataLoss: r.DataLoss, Assignees: i.Issue.Assignees, Confidential: i.Issue.Confidential, Open: i.Issue.Open(),
		Gaps: i.Gaps, WebURL: i.Issue.WebURL,
	}
	if i.Severity != incident.UnknownSeverity {
		doc.Severity = string(i.Severity)
	}
	if r.Impact != nil {
		doc.Impact = *r.Impact
	}
	began := r.StartedAt
	if began.IsZero() {
		began = i.Issue.CreatedAt
	}
	doc.AgeMinutes = new(max(0, int(now.Sub(began)/time.Minute)))
	for _, d := range []struct {
		to *(*int)
		of func() (time.Duration, bool)
	}{{&doc.ToDetect, i.ToDetect}, {&doc.ToMitigate, i.ToMitigate}, {&doc.ToResolve, i.ToResolve}} {
		if took, known := d.of(); known {
			*d.to = new(int(took / time.Minute))
		}
	}
	due := i.ReviewDue(now, reviewAfter)
	doc.ReviewDueReason = due.Reason
	if due.Answer != incident.Maybe {
		doc.ReviewDue = new(due.Answer == incident.Yes)
	}
	return doc
}
