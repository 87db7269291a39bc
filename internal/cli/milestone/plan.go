package milestone

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"
	"gitlab.com/prodctl/prodctl/pkg/forecast"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/planning"
)

type planOptions struct {
	Current  bool
	Last     input.Count
	Days     input.Count // missing: by holidays and absences
	Theme    string
	ExitCode bool
	Backtest bool
	Fill     bool
}

func newPlanCmd(a *app.App, run command.Run[planOptions]) *cobra.Command {
	o := planOptions{Last: input.Between(1, 100, 6), Days: input.Optional(0)}
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what fits into the next timebox, and what is in it",
		Long: `Show the screen of a planning session for the Next Milestone: what the team is likely to finish, the room for scheduled work,
what is in it, and the planned issues that need a fix. Each figure is reached with the chance named: a simulation over the
last finished timeboxes, or with fewer than three of them their mean. Holidays and absences from the configuration reduce it.

The room is planning.share (60 %) of the 50 % figure; the rest is for emergent work. An issue needs a fix if it is not ready,
has no weight or a weight of 8 or more, was carried over twice or more, is blocked, or lacks the label of the theme. --fill
puts ready issues from the Ready column into the room, those of the theme first, then by priority and age.

Exit code 8, only with --exit-code, means that too much is planned, or that an issue needs a fix.`,
		Example: `  # The Next Milestone
  prodctl milestone plan

  # With 8 of 10 person-days, and a theme
  prodctl milestone plan --days 8 --theme backups

  # Show which ready issues would fill the room, then plan them without one of them
  prodctl milestone plan --fill --dry-run
  prodctl milestone plan --fill --plan-file fill.json
  prodctl apply fill.json --except 80 --yes

  # How often such forecasts would have held
  prodctl milestone plan --backtest

  # In a pipeline, for the Current Milestone
  prodctl milestone plan --current --exit-code -o json`,
	}
	f := cmd.Flags()
	f.BoolVar(&o.Current, "current", false, "plan the Current Milestone instead of the next one")
	f.VarP(&o.Last, "last", "n", "learn from the last `n` finished timeboxes")
	f.Var(&o.Days, "days", "available `person-days` in the timebox (default: all but holidays and absences)")
	f.StringVar(&o.Theme, "theme", "", "`label` of the theme (default: planning.theme)")
	f.BoolVar(&o.ExitCode, "exit-code", false, "exit with 8 if too much is planned, or an issue needs a fix")
	f.BoolVar(&o.Backtest, "backtest", false, "show how often the forecast would have held in every finished timebox")
	f.BoolVar(&o.Fill, "fill", false, "put issues from the Ready column into the timebox, up to its room")
	for _, other := range []string{"current", "days", "theme", "exit-code", "fill"} {
		cmd.MarkFlagsMutuallyExclusive("backtest", other)
	}
	cmd.MarkFlagsMutuallyExclusive("fill", "exit-code")
	command.AddConfidentialFlag(cmd)
	return command.Writes(command.Define(a, cmd, &o, run))
}

func runPlan(ctx context.Context, s *app.Session, o planOptions) error {
	if err := o.check(s); err != nil {
		return err
	}
	if o.Fill {
		return runFill(ctx, s, o)
	}
	session, err := planningSession(s, o.inputs(s))
	if err != nil {
		return err
	}
	if o.Backtest {
		return runBacktest(ctx, s, session)
	}
	progress := s.Progress("Reading the timeboxes")
	out, err := session.Outlook(ctx)
	progress.Stop()
	if err != nil {
		return err
	}
	doc := planDocument(s, session, out)
	if err := s.View.MilestonePlan(doc); err != nil {
		return err
	}
	if o.ExitCode && (doc.Over || len(doc.Findings) > 0) {
		return &fault.Error{Kind: fault.Pending} // the document is the result; there is nothing to add
	}
	return nil
}

func runBacktest(ctx context.Context, s *app.Session, session flow.Session) error {
	progress := s.Progress("Reading all finished timeboxes")
	trials, finished, err := session.Backtest(ctx)
	progress.Stop()
	if err != nil {
		return err
	}
	doc := jsonv1.NewBacktest(session.In, trials)
	switch {
	case finished <= forecast.Least:
		doc.Notes = append(doc.Notes, fmt.Sprintf("A backtest needs %d finished timeboxes (found %d)", forecast.Least+1, finished))
	case len(trials) == 0:
		doc.Notes = append(doc.Notes, fmt.Sprintf("A forecast needs %d finished timeboxes (--last %d)", forecast.Least, session.Last))
	}
	return s.View.Backtest(doc)
}

// inputs returns the options that decide what is planned.
func (o planOptions) inputs(s *app.Session) flow.FillInputs {
	theme := strings.TrimSpace(o.Theme)
	return flow.FillInputs{Current: o.Current, Last: o.Last.Value, Days: o.Days.Given(), Theme: cmp.Or(theme, s.Config.Planning.Theme)}
}

func planningSession(s *app.Session, in flow.FillInputs) (flow.Session, error) {
	boxes, err := timeboxes(s)
	p, names := s.Config.Planning, s.Config.Labels.Names
	return flow.Session{Timeboxes: boxes, Events: s.Client, Team: p.Team, Share: p.Share, Today: s.Today, Current: in.Current, Last: in.Last,
		Days: in.Days, Labels: planning.Labels{Blocked: names.Of(label.Blocked), Goal: names.Of(label.Goal), Meta: names.Of(label.Meta),
			CarriedOver: boxes.Rules.Labels.CarriedOver, Unscheduled: boxes.Rules.Labels.Unscheduled, Theme: in.Theme}}, err
}

// planDocument is the document of a planning session, with a note for everything that is unknown.
func planDocument(s *app.Session, session flow.Session, out flow.Outlook) jsonv1.MilestonePlan {
	role := "next"
	if session.Current {
		role = "current"
	}
	doc := jsonv1.NewMilestonePlan(session.In, role)
	if out.Milestone.ID == 0 {
		doc.Notes = append(doc.Notes, session.NoMilestone())
		return doc
	}
	item := jsonv1.MilestoneOf(out.Milestone, s.Today)
	item.Role, doc.Milestone, doc.Theme = role, &item, session.Labels.Theme
	doc.SetCapacity(out.Capacity, out.Room)
	for _, i := range out.Goals {
		doc.Goals = append(doc.Goals, jsonv1.PlannedIssueOf(i))
	}
	for _, f := range out.Findings {
		doc.Findings = append(doc.Findings, jsonv1.FindingOf(f))
	}
	doc.Notes = planNotes(session, out)
	return doc
}

func planNotes(session flow.Session, out flow.Outlook) (notes []string) {
	switch n := len(out.Capacity.History); {
	case n == 0:
		notes = append(notes, fmt.Sprintf("No finished timeboxes in %s, so the capacity is unknown", session.In))
	case n < forecast.Least:
		notes = append(notes, fmt.Sprintf("A forecast needs %d finished timeboxes (found %d), so the capacity is their mean", forecast.Least, n))
	}
	if out.Capacity.Known() && !out.Capacity.Weighed() {
		notes = append(notes, "No finished issue has a weight, so only the number of issues counts")
	}
	if out.Unknown {
		notes = append(notes, "How often issues were carried over is unknown: this GitLab has no milestone events")
	}
	return notes
}
