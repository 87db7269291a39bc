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
		Short: "Show incident statistics for a period",
		Long: `Count the incidents that started in a period (default: the last 28 days) by severity, service and ISO week, with the times to
detect, mitigate and resolve, how many were mitigated within 30 minutes, and how corrective actions are followed up. -o html writes a
page with charts.

Times come from incident records only and are never estimated. An incident without a recorded start counts on the day its
issue was opened, and its times count as missing. Every number shows its sample size.`,
		Example: `  # The last 28 days
  prodctl report incidents

  # The last 90 days as Markdown, for a comment or a wiki page
  prodctl report incidents --last 90d -o md

  # The same as a page with charts
  prodctl report incidents --last 90d -o html

  # One ISO week for a spreadsheet
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
	progress := s.Progress("Reading incidents")
	stats, err := reports(s).IncidentStatistics(ctx, o.Period.Period, s.Time)
	progress.Stop()
	if err != nil {
		return err
	}
	return s.View.IncidentStats(document.Statistics(o.Period.Period, stats, s.Config, s.Time))
}
