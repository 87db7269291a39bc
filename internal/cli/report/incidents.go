package report

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/render"
)

type incidentsOptions struct{ Period input.Period }

func newIncidentsCmd(a *app.App, run command.Run[incidentsOptions]) *cobra.Command {
	o := incidentsOptions{Period: input.LastDays(28)}
	cmd := &cobra.Command{
		Use:   "incidents",
		Short: "How the incidents of a period went",
		Long: `Incidents counts the incidents that began in a period, the last 28 days unless others are named: by severity, by
service, by ISO week, with the times to detect, mitigate and resolve (median, mean, 90th percentile), and how many
were mitigated within 30 minutes.

Nothing is guessed. An incident begins when its record says; where that does not say, the day on which its issue was
opened decides whether it is in the period, and how long it took is missing. Times that contradict each other are
missing too. Every number comes with its sample and with how many are missing. Minutes are exact, with one digit, the
half rounded up; the 90th percentile is one that happened (nearest rank). -o html is the report as a page for a
browser and for paper, with charts: one file that needs nothing else.

Exit codes: 0 also when there were none, 1 failed, 4 no right, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl report incidents
  prodctl report incidents --last 90d -o md
  prodctl report incidents --last 90d -o html
  prodctl report incidents --week 2018-W34 -o csv`,
	}
	addPeriodFlags(cmd, &o.Period)
	command.AddConfidentialFlag(cmd)
	command.HasFormats(cmd, render.HTML)
	return command.Define(a, cmd, &o, run)
}

func runIncidents(ctx context.Context, s *app.Session, o incidentsOptions) error {
	if err := s.Config.RequireTrackers(manifest.Production); err != nil {
		return err
	}
	progress := s.Progress("reading incidents")
	stats, err := reports(s).IncidentStatistics(ctx, o.Period.Period)
	progress.Stop()
	if err != nil {
		return err
	}
	return s.View.IncidentStats(document.Statistics(o.Period.Period, stats, s.Config, s.Time))
}
