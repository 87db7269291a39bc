package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

type reportIncidentsOptions struct{ Period periodOptions }

// incidentDays is how many days are reported about when none are named.
const incidentDays = 28

func newReportIncidentsCmd(env *Env, run func(context.Context, *Env, reportIncidentsOptions) error) *cobra.Command {
	var o reportIncidentsOptions
	cmd := &cobra.Command{
		Use:   "incidents",
		Short: "How the incidents of a period went",
		Long: `Incidents counts the incidents that began in a period, the last 28 days unless others are named: by severity, by service, by ISO week,
with the times to detect, mitigate and resolve (median, mean, 90th percentile), and how many were mitigated within 30 minutes.

Nothing is guessed. An incident begins when its record says; where that does not say, the day on which its issue was opened decides
whether it is in the period, and how long it took is missing. Times that contradict each other are missing too. Every number comes with
its sample and with how many are missing. Minutes are exact, with one digit, the half rounded up; the 90th percentile is one that
happened (nearest rank). -o html is the report as a page for a browser and for paper, with charts: one file that needs nothing else.

Exit codes: 0 also when there were none, 1 failed, 4 no right, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl report incidents
  prodctl report incidents --last 90d -o md
  prodctl report incidents --last 90d -o html
  prodctl report incidents --week 2018-W34 -o csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	addPeriodFlags(cmd, &o.Period)
	addConfidentialFlag(cmd)
	hasFormats(cmd, render.HTML)
	return cmd
}

func runReportIncidents(ctx context.Context, env *Env, o reportIncidentsOptions) error {
	return env.bounded(ctx, func(ctx context.Context) error {
		p, err := env.period(o.Period, incidentDays)
		if err != nil {
			return err
		}
		reports, cfg, err := env.reports(ctx, manifest.Production)
		if err != nil {
			return err
		}
		progress := env.Progress("reading incidents")
		stats, err := reports.IncidentStatistics(ctx, p)
		progress.Stop()
		if err != nil {
			return err
		}
		now, err := env.Clock()
		if err != nil {
			return err
		}
		return env.view.IncidentStats(statsDoc(p, stats, cfg, now))
	})
}

func statsDoc(p report.Period, stats report.IncidentStatistics, cfg config.Config, now time.Time) jsonv1.IncidentStats {
	doc := jsonv1.NewIncidentStats(p.From.String(), p.To.String(), cfg.Timezone.String())
	doc.Number = len(stats.Incidents)
	doc.Severities, doc.Services = groupDocs(stats.Severities), groupDocs(stats.Services)
	doc.Times = timesDoc(stats.Times)
	for _, w := range stats.Weeks {
		doc.Weeks = append(doc.Weeks, jsonv1.IncidentWeek{Week: w.Week.String(), Monday: w.Week.Monday().String(), Number: w.Number})
	}
	unrecorded := 0
	for _, i := range stats.Incidents {
		if _, recorded := report.Began(i); !recorded {
			unrecorded++
		}
		e := report.EvidenceOf(i, cfg.IncidentLabels(), nil)
		doc.Incidents = append(doc.Incidents, weeklyIncidentDoc(report.Incident{Incident: i, Evidence: e, GoesOn: !i.State.Over()}, cfg, now))
	}
	if unrecorded > 0 {
		doc.Notes = append(doc.Notes, fmt.Sprintf("%s: no start time in the record, so the day of the issue counts and the times are missing", counted(unrecorded, "incident")))
	}
	if p.Day(now).Before(p.To) {
		doc.Notes = append(doc.Notes, "the period is not over: it ends with "+p.To.String())
	}
	return doc
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func groupDocs(list []report.Group) []jsonv1.IncidentGroup {
	var docs []jsonv1.IncidentGroup
	for _, g := range list {
		docs = append(docs, jsonv1.IncidentGroup{Name: g.Name, Number: g.Number, Times: timesDoc(g.Times)})
	}
	return docs
}

func timesDoc(t report.Times) jsonv1.IncidentTimes {
	spread := func(s report.Sample) jsonv1.Spread {
		of := s.Spread()
		return jsonv1.Spread{Sample: of.Sample, Missing: of.Missing, Median: of.Median, Mean: of.Mean, P90: of.P90}
	}
	w := t.Within()
	return jsonv1.IncidentTimes{Detect: spread(t.Detect), Mitigate: spread(t.Mitigate), Resolve: spread(t.Resolve),
		Within: jsonv1.Share{Sample: w.Sample, Missing: w.Missing, Number: w.Number, Percent: w.Percent}}
}

// weeklyIncidentDoc is the published form of an incident with the evidence of its times. What evidence other than the record tells fills what the record
// leaves open, and says so.
func weeklyIncidentDoc(i report.Incident, cfg config.Config, now time.Time) jsonv1.WeeklyIncident {
	doc := jsonv1.WeeklyIncident{Incident: incidentDoc(i.Incident, cfg.Incidents.ReviewAfter, now), OpenedAt: instant(i.Issue.CreatedAt), GoesOn: i.GoesOn}
	e := i.Evidence
	for _, t := range []struct {
		m        report.Moment
		at, from *string
		took     **int
	}{
		{e.Started, &doc.StartedAt, &doc.StartedFrom, nil},
		{e.Detected, &doc.DetectedAt, &doc.DetectedFrom, &doc.ToDetect},
		{e.Mitigated, &doc.MitigatedAt, &doc.MitigatedFrom, &doc.ToMitigate},
		{e.Resolved, &doc.ResolvedAt, &doc.ResolvedFrom, &doc.ToResolve},
	} {
		if !t.m.Known() {
			continue
		}
		*t.at, *t.from = instant(t.m.At), string(t.m.From)
		if start := e.Started; t.took != nil && *t.took == nil && start.Known() && !t.m.At.Before(start.At) {
			*t.took = new(int(t.m.At.Sub(start.At) / time.Minute))
		}
	}
	return doc
}
