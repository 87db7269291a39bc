package report

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/folder"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/internal/workflow/budget"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/report"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/host"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/report"
	"gitlab.com/prodctl/prodctl/pkg/site"
)

type siteOptions struct {
	Folder   input.Text
	Weeks    input.Count
	Audience input.Word
	Project  input.Project
}

// asPages is the audience that follows from who can read the Pages of the project.
const asPages = "pages"

// calendarWeeks is how far ahead the on-call calendar of a site goes.
const calendarWeeks = 12

func newSiteCmd(a *app.App, run command.Run[siteOptions]) *cobra.Command {
	o := siteOptions{Weeks: input.Between(1, 52, 12), Audience: input.OneOf(asPages, string(site.Everybody), string(site.Tracker))}
	cmd := &cobra.Command{
		Use:   "site <folder>",
		Short: "Write a static site of reports for GitLab Pages",
		Long: `Write pages for the last finished weeks, incidents, the error budget, flow and the on-call calendar into a folder. The pages
need no server and no script. A run replaces the files of the run before, and refuses a folder with other files.

Unless only readers of the trackers can read the Pages of the project, issues are shown by reference, state, severity and
times, and people by their initials. What is not known counts as readable by everybody. --audience tracker shows what readers
of the trackers can read. Confidential issues are always withheld. Above 500 issues on the board it takes --yes.`,
		Example: `  # In a job of GitLab Pages
  prodctl report site public

  # For a server that only the team can reach
  prodctl report site /srv/reports --audience tracker

  # A year, for everybody
  prodctl report site public --weeks 52 --audience public`,
	}
	f := cmd.Flags()
	f.Var(&o.Weeks, "weeks", "report on the last `n` finished weeks, 1 to 52")
	f.Var(&o.Audience, "audience", "`readers`: pages (those of the project's Pages), public or tracker")
	f.Var(&o.Project, "project", "`project` whose Pages have the site (default: CI_PROJECT_PATH)")
	return command.Shows(command.Define(a, cmd, &o, run, command.Arg{Name: "folder", Value: &o.Folder}), "yes")
}

func runSite(ctx context.Context, s *app.Session, o siteOptions) error {
	dir := strings.TrimSpace(o.Folder.String())
	if dir == "" {
		return fault.New(fault.Usage, "Name a folder: prodctl report site public", "the folder has no name")
	}
	if s.Global.DryRun || s.Global.Plan != "" {
		return fault.New(fault.Usage, "Write to a new folder and look at it: prodctl report site draft",
			"report site supports neither --dry-run nor --plan-file: it writes nothing to GitLab")
	}
	if err := cmp.Or(s.Config.RequireTrackers(manifest.Production), folder.Check(s.Path(dir))); err != nil {
		return err
	}
	audience, why, err := audienceOf(ctx, s, o)
	if err != nil {
		return err
	}
	r, err := readSite(ctx, s, o.Weeks.Value)
	if err != nil {
		return err
	}
	var files []folder.File
	for _, p := range s.View.SiteFiles(render.Site{Site: r.docs, Audience: audience, People: s.Config.Oncall.Name, Now: s.Time}) {
		files = append(files, folder.File{Name: p.Name, Text: p.Text})
	}
	done, err := folder.Write(s.Path(dir), files)
	if err != nil {
		return err
	}
	doc := jsonv1.NewSite(dir, string(audience))
	doc.Reason, doc.From, doc.To = why, r.period.From.String(), r.period.To.String()
	for _, d := range done {
		doc.Files = append(doc.Files, jsonv1.SiteFile{Name: d.Name, Bytes: d.Bytes, State: string(d.State)})
	}
	if why != "" {
		doc.Notes = append(doc.Notes, "If only readers of the trackers can read the site, add --audience tracker to show titles and names")
	}
	return s.View.Site(doc)
}

// audienceOf returns who the site is for, and why it is for everybody if that was not asked for.
func audienceOf(ctx context.Context, s *app.Session, o siteOptions) (audience site.Audience, why string, err error) {
	if o.Audience.Value != asPages {
		return site.Audience(o.Audience.Value), "", nil
	}
	paths := []string{pagesProject(s, o)}
	for _, t := range []string{s.Config.Production().Path, s.Config.Infrastructure().Path, s.Config.Tracker(s.Config.Handoff.Project).Path} {
		if t != "" && !slices.Contains(paths[1:], t) {
			paths = append(paths, t)
		}
	}
	found := make([]instance.Project, len(paths))
	g, gctx := errgroup.WithContext(ctx)
	for n, path := range paths {
		if path == "" {
			continue
		}
		g.Go(func() (err error) {
			if found[n], err = s.Client.Project(gctx, path); workflow.Unreadable(err) {
				found[n], err = instance.Project{}, nil
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return "", "", err
	}
	audience, why = site.Decide(found[0], found[1:]...)
	return audience, why, nil
}

// pagesProject returns the project whose Pages have the site; empty if it is unknown, or on another GitLab.
func pagesProject(s *app.Session, o siteOptions) string {
	if o.Project != "" {
		return o.Project.String()
	}
	if server := s.Getenv("CI_SERVER_URL"); server != "" {
		at, err := host.Parse(server)
		if err != nil || at != s.Config.Host && !slices.Contains(s.Config.WebHosts, at) {
			return ""
		}
	}
	return s.Getenv("CI_PROJECT_PATH")
}

// siteRead is what was read for a site.
type siteRead struct {
	period report.Period // of statistics: from the first week up to today
	docs   render.SiteDocs
}

// readSite reads each list once, whatever the number of weeks, and the events of the issues on the board.
func readSite(ctx context.Context, s *app.Session, weeks int) (siteRead, error) {
	zone, this := s.Config.Timezone, handoff.WeekOf(s.Today)
	r := siteRead{period: report.Period{From: this.Add(-weeks).Monday(), To: s.Today, Zone: zone}}
	r.docs = render.SiteDocs{Name: s.Config.Production().Path, At: document.Instant(s.Time),
		Schedule: document.OncallSchedule(this.Monday(), calendarWeeks, "", s.Config)}
	work, issues, err := flowIssues(ctx, s, r.period)
	if err != nil {
		return r, err
	}
	progress := s.Progress("Reading %s", workflow.Count(weeks, "week", "weeks"))
	defer progress.Stop()
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return r.reports(gctx, s, weeks) })
	if work != nil {
		g.Go(func() error {
			paths, err := work.Paths(gctx, issues)
			r.docs.Flow = new(document.Flow(r.period, work.Measure(paths), work.Board, s.Config))
			return err
		})
	}
	return r, g.Wait()
}

// flowIssues reads the issues whose flow is measured; none if the team has no board.
func flowIssues(ctx context.Context, s *app.Session, p report.Period) (*flow.Flow, []issue.Issue, error) {
	if s.Config.Infrastructure().Path == "" {
		return nil, nil, nil
	}
	board, err := boardFrom(s, "")
	if err != nil {
		return nil, nil, err
	}
	f := flow.Flow{Client: s.Client, Project: s.Config.Infrastructure().Path, Board: board, Period: p, Now: s.Time}
	progress := s.Progress("Reading the issues that were finished or are in progress")
	defer progress.Stop()
	issues, err := f.Issues(ctx)
	return &f, issues, cmp.Or(err, affordable(s, len(issues), "--weeks 4"))
}

// reports reads the weekly reports, the latest first, the statistics and the error budget. They share what they read.
func (r *siteRead) reports(ctx context.Context, s *app.Session, weeks int) error {
	budgets, err := runner.Budgets(s)
	if err != nil {
		return err
	}
	shared := &flow.Shared{Reader: s.Client, Since: sinceOf(budgets, report.Week(handoff.WeekOf(r.period.From), s.Config.Timezone))}
	budgets.Client, budgets.Approved = shared, shared.Approved(budgets.Approved)
	for n := range weeks {
		p := report.Week(handoff.WeekOf(s.Today).Add(-1-n), s.Config.Timezone)
		planner, err := WeeklyPlanner(s, flow.PostInputs{From: p.From.String(), To: p.To.String(), View: string(render.OncallReport)})
		if err != nil {
			return err
		}
		planner.Client, planner.Budget = shared, weeklyBudget(budgets)
		read, err := planner.Weekly(ctx, p, s.Time)
		if err != nil {
			return err
		}
		r.docs.Weeks = append(r.docs.Weeks, document.Weekly(planner, read, s.Config))
	}
	all := reports(s)
	all.Client = shared
	stats, err := all.IncidentStatistics(ctx, r.period, s.Time)
	if err != nil {
		return err
	}
	r.docs.Incidents = document.Statistics(r.period, stats, s.Config, s.Time)
	spent, err := budgets.Read(ctx, s.Time)
	r.docs.Budget = document.Budget(spent, s.Config.Timezone, "", "")
	return err
}

// sinceOf returns the earliest time that a report on the first week needs.
func sinceOf(budgets budget.Budgets, first report.Period) (since time.Time) {
	since = first.Since()
	if from := budgets.Window(first.End().Add(-time.Second)).From; from.Before(since) {
		since = from
	}
	return since.Add(-issue.UpdateSlack - 24*time.Hour) // logs are created before their week
}
