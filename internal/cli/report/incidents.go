package report

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/render"
)

type incidentsOptions struct{ Period periodOptions }

// incidentDays is how many days are reported about when none are named.
const incidentDays = 28

func newIncidentsCmd(env *app.App, run func(context.Context, *app.App, incidentsOptions) error) *cobra.Command {
	var o incidentsOptions
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
	command.AddConfidentialFlag(cmd)
	command.HasFormats(cmd, render.HTML)
	return cmd
}

func runIncidents(ctx context.Context, env *app.App, o incidentsOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		p, err := period(env, o.Period, incidentDays)
		if err != nil {
			return err
		}
		reports, cfg, err := reports(ctx, env, manifest.Production)
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
		return env.View.IncidentStats(document.Statistics(p, stats, cfg, now))
	})
}
