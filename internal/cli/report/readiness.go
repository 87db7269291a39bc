package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	workbudget "gitlab.com/prodctl/prodctl/internal/workflow/budget"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/report"
	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/metric"
	"gitlab.com/prodctl/prodctl/pkg/readiness"
)

type readinessOptions struct {
	Period     input.Period
	Months     input.Count
	SpeedIndex input.SpeedIndex
	ExitCode   bool
}

func newReadinessCmd(a *app.App, run command.Run[readinessOptions]) *cobra.Command {
	o := readinessOptions{Period: input.LastDays(28), Months: input.AtLeast(0, 6)}
	cmd := &cobra.Command{
		Use:   "readiness",
		Short: "Compare production with the readiness targets",
		Long: `Compare the five targets of production readiness with what is known (default: the last 28 days, and six months as a trend):
speed index, uptime, restores, the security team's requests, and deploys. A target without evidence is unknown, never met.

Uptime comes from the error budget, restores from drills, deploys from change records. The speed index comes from --speed-index,
or from the query readiness.speed_index_query to Prometheus, which gets no GitLab token. Aims are in the section readiness of the
configuration, and budget.slo.

Exit code 8, only with --exit-code, means that a target is missed.`,
		Example: `  # The last 28 days, and six months as a trend
  prodctl report readiness

  # A quarter as a page
  prodctl report readiness --last 90d -o html

  # In a schedule: fail if a target is missed
  prodctl report readiness --exit-code`,
	}
	addPeriodFlags(cmd, &o.Period)
	cmd.Flags().Var(&o.Months, "months", "show `n` calendar months as a trend")
	cmd.Flags().Var(&o.SpeedIndex, "speed-index", "read the speed index from a CSV or JSON `file`, - for standard input")
	cmd.Flags().BoolVar(&o.ExitCode, "exit-code", false, "exit with 8 if a target is missed")
	command.HasFormats(cmd, render.HTML)
	return command.Define(a, cmd, &o, run)
}

func runReadiness(ctx context.Context, s *app.Session, o readinessOptions) error {
	if err := s.Config.RequireTrackers(manifest.Production); err != nil {
		return err
	}
	rules, err := s.Config.ReadinessRules()
	if err != nil {
		return err
	}
	p := o.Period.Period
	whole := readiness.Period{From: p.Begin(), To: p.End()}
	if whole.To.After(s.Time) {
		whole.To, whole.Running = s.Time, true
	}
	months := readiness.Months(whole, o.Months.Value, s.Config.Timezone)
	e := evidence{Session: s, since: whole.From, to: whole.To, speed: o.SpeedIndex,
		facts: readiness.Facts{Missing: map[string]string{}, Sources: map[string]string{}}}
	if len(months) > 0 && months[0].From.Before(e.since) {
		e.since = months[0].From
	}
	progress := s.Progress("Reading incidents, drills, requests and deployments")
	err = e.read(ctx)
	progress.Stop()
	if err != nil {
		return err
	}
	doc := document.Readiness(p, s.Config.Timezone.String(), readiness.Build(e.facts, rules, whole, months), e.notes)
	if err := s.View.Readiness(doc); err != nil || !o.ExitCode || doc.Missed == 0 {
		return err
	}
	return &fault.Error{Kind: fault.Pending} // the report shows it
}

// evidence reads the facts of all targets.
type evidence struct {
	*app.Session
	since, to time.Time
	speed     input.SpeedIndex
	facts     readiness.Facts
	notes     []string
}

// read reads all facts at the same time. Each part writes only its own.
func (e *evidence) read(ctx context.Context) error {
	r := flow.Readiness{Client: e.Client, Production: e.Config.Production().Path, Infrastructure: e.Config.Infrastructure().Path,
		SecurityLabels: e.Config.SecurityLabels(), RequestLabels: e.Config.RequestLabels(), Changes: e.Config.ChangeLabels(),
		Environments: e.Config.Readiness.Environments, Since: e.since}
	var left int
	var speedUnknown string
	var outages workbudget.Result
	budgets, err := runner.Budgets(e.Session)
	if err != nil {
		return err
	}
	budgets.Rules.Period = budget.Period(fmt.Sprintf("%dd", min(int(e.Time.Sub(e.since)/(24*time.Hour))+2, budget.MaxDays)))
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { outages, err = budgets.Read(gctx, e.Time); return err })
	g.Go(func() (err error) { e.facts.Deploys, left, err = r.Deployments(gctx); return err })
	g.Go(func() (err error) { e.facts.SpeedIndex, speedUnknown, err = e.speedIndex(gctx); return err })
	if r.Infrastructure != "" {
		g.Go(func() (err error) { e.facts.Requests, err = r.Requests(gctx); return err })
		g.Go(func() (err error) { e.facts.Restores, err = e.restores(gctx); return err })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	first, err := e.firstIncident(ctx, r, outages.Outages)
	if err != nil {
		return err
	}
	e.facts.Downtime = downtime(budgets.Rules, outages, first)
	if !slices.ContainsFunc(e.facts.Deploys, func(d readiness.Deploy) bool { return d.At.Before(e.since) }) {
		if e.facts.Deployed, err = r.DeployedBefore(ctx, e.since); err != nil {
			return err
		}
	}
	e.describe(r, len(outages.Outages), left, speedUnknown)
	e.notes = append(e.notes, outages.Gaps...)
	return nil
}

// firstIncident returns when the first incident was recorded, or a time before which one was. It is zero without incidents. Only if all
// that were read are younger than what is measured does it cost a request.
func (e *evidence) firstIncident(ctx context.Context, r flow.Readiness, read []budget.Outage) (first time.Time, err error) {
	for _, o := range read {
		for _, at := range []time.Time{o.Issue.CreatedAt, o.From.At} {
			if !at.IsZero() && (first.IsZero() || at.Before(first)) {
				first = at
			}
		}
	}
	if !first.IsZero() && !first.After(e.since) {
		return first, nil
	}
	if before, err := r.RecordedBefore(ctx, e.Config.IncidentLabels(), e.since); before || err != nil {
		return e.since, err
	}
	return first, nil
}

// downtime charges a period as the error budget does. first is when the first incident was recorded.
func downtime(rules budget.Rules, read workbudget.Result, first time.Time) func(readiness.Period) readiness.Downtime {
	return func(p readiness.Period) readiness.Downtime {
		w := budget.Window{Period: rules.Period, From: p.From, To: p.To, Now: p.To}
		a := budget.New(budget.Rules{SLO: rules.SLO, Reveal: rules.Reveal}, w, read.Outages, read.Exclusions).Overall
		d := readiness.Downtime{Minutes: a.Spent, Sample: len(a.Charges),
			Unrecorded: first.IsZero() || first.After(p.To)}
		for _, o := range a.Unknown {
			if o.Issue.CreatedAt.Before(p.To) { // later ones are taken for what happened later
				d.Unknown = append(d.Unknown, o.Ref())
			}
		}
		return d
	}
}

// restores reads the drills, as far back as rad status does. Without targets nothing is read.
func (e *evidence) restores(ctx context.Context) (readiness.RestoreFacts, error) {
	c := e.Config.Rad
	f := readiness.RestoreFacts{Targets: c.Targets, Within: c.Within}
	if len(c.Targets) == 0 {
		return f, nil
	}
	var err error
	f.Drills, err = workflow.Drills(ctx, e.Client, e.Config.Infrastructure(), c.Label, e.since.Add(-workflow.DrillHistory))
	return f, err
}

// speedIndex returns the measurements from the file or from Prometheus. Where Prometheus fails, unknown says why: the other targets do not
// depend on it.
func (e *evidence) speedIndex(ctx context.Context) (points []metric.Point, unknown string, err error) {
	c := e.Config.Readiness
	switch {
	case e.speed.Name != "":
		return e.speed.Points, "", nil
	case c.SpeedIndexQuery == "":
		return nil, "no source: use --speed-index, or readiness.speed_index_query", nil
	}
	server, err := e.Prometheus(c.Prometheus)
	if err != nil {
		return nil, "", err
	}
	answer, err := server.Range(ctx, c.SpeedIndexQuery, metric.GridFor(e.since, e.to, time.Hour))
	switch {
	case ctx.Err() != nil:
		return nil, "", err
	case err != nil:
		return nil, err.Error(), nil
	}
	points, unknown = metric.Points(answer)
	if unknown != "" {
		unknown = "Prometheus answered with " + unknown
	}
	return points, unknown, nil
}

// describe names the sources, and why evidence is missing.
func (e *evidence) describe(r flow.Readiness, incidents, left int, speedUnknown string) {
	f := e.facts
	f.Sources[readiness.Uptime] = "error budget: " + workflow.Count(incidents, "incident", "incidents")
	f.Sources[readiness.Security] = fmt.Sprintf("labels %s against %s", joined(r.SecurityLabels), joined(r.RequestLabels))
	f.Sources[readiness.Deploys] = "change records of " + joined(r.Environments)
	f.Sources[readiness.Restores] = "restore drills"
	switch {
	case e.speed.Name != "":
		f.Sources[readiness.Speed] = e.speed.Source()
	case e.Config.Readiness.SpeedIndexQuery != "":
		f.Sources[readiness.Speed] = "Prometheus: " + e.Config.Readiness.SpeedIndexQuery
	}
	if speedUnknown != "" {
		f.Missing[readiness.Speed] = speedUnknown
	}
	if r.Infrastructure == "" {
		const why = "no infrastructure tracker is configured"
		f.Missing[readiness.Security], f.Missing[readiness.Restores] = why, why
	}
	if left > 0 {
		e.notes = append(e.notes, fmt.Sprintf("Lead times come from the newest merge requests; %s not read",
			workflow.Count(left, "older one was", "older ones were")))
	}
}

func joined(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}
