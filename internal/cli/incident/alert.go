package incident

import (
	"context"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/alertmanager"
	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	"gitlab.com/prodctl/prodctl/pkg/hook"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// runAlert is `incident open --from`. No draft is saved: whoever sends the notification sends it again.
func runAlert(ctx context.Context, s *app.Session, o openOptions) error {
	_, onCall := config.Owners(input.Strings(o.Assign))
	if onCall {
		s.StartCalendar(calendarLimit)
	}
	in, err := alertInputs(s, o)
	if err != nil {
		return err
	}
	planner, err := AlertPlanner(s, in)
	if err != nil {
		return err
	}
	if onCall {
		planner.OnCall = func() string { return s.Config.Oncall.OnCall(s.Time).Person }
	}
	c := &runner.Creation{Session: s, What: "incident", Web: o.Web, Step: workflow.CreatedStep, Existing: planner.Found, NoDraft: true,
		Keyless: true, About: func(i issue.Issue) string { return aboutAlert(s, i, planner) }}
	show := func(p plan.Plan, rounds []workflow.Round, err error) error {
		if _, found := planner.Found(); err == nil && !found && p.Empty() {
			return runner.ShowNothing(s, p)
		}
		return c.Show(p, rounds, err)
	}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Observer: c, Planned: c.Planned, Show: show})
}

// alertInputs reads the alerts, and maps them to an incident. Everything that the mappings decide cannot be given as well.
func alertInputs(s *app.Session, o openOptions) (flow.AlertInputs, error) {
	if err := onlyAlerts(s, o); err != nil {
		return flow.AlertInputs{}, err
	}
	if err := s.Config.RequireTrackers(manifest.Production); err != nil {
		return flow.AlertInputs{}, err
	}
	group, err := alertmanager.Read(o.From.Source(), o.From.Data)
	if err != nil {
		return flow.AlertInputs{}, err
	}
	rules := s.Config.AlertRules()
	in := flow.AlertInputs{Group: group, CloseOnResolved: s.Config.Incidents.CloseOnResolved}
	open := flow.OpenInputs{Project: s.Config.Production().Path, Text: group.Summary(), Declared: s.Time, Started: group.Began(s.Time),
		Detected: group.Began(s.Time), Links: input.Refs(o.Links), Confidential: o.Confidential}
	open.Assign, _ = config.Owners(input.Strings(o.Assign))
	note := ""
	open.Severity, note = rules.SeverityOf(group)
	if open.Services, in.Notes = rules.ServicesOf(group); note != "" {
		in.Notes = append(in.Notes, note)
	}
	open.Title = rules.TitleOf(group, open.Services)
	in.Open = open
	return in, nil
}

// onlyAlerts refuses a title and the flags that describe an incident beside --from.
func onlyAlerts(s *app.Session, o openOptions) error {
	given := ""
	if o.Title != "" {
		given = "a title"
	}
	for _, flag := range []string{"severity", "service", "message", "impact", "data-loss", "started", "detected", "key", "key-since", "new"} {
		if s.Flags.Changed(flag) {
			given = "--" + flag
		}
	}
	if given == "" {
		return nil
	}
	return fault.New(fault.Usage, "Set what alerts mean under alerts in the configuration file (docs/alerts.md)",
		"--from takes the incident from the alerts: %s cannot be given as well", strings.TrimSpace(given))
}

// aboutAlert is [about] for an incident of alerts.
func aboutAlert(s *app.Session, i issue.Issue, planner *flow.Alert) string {
	kind := s.Config.Incidents.Type
	if _, found := planner.Found(); found {
		kind = manifest.TypeIssue
	}
	return about(i, &flow.Open{Labels: planner.Labels}, kind)
}

// AlertPlanner returns the planner for these inputs, which come from the command line or from a plan file.
func AlertPlanner(s *app.Session, in flow.AlertInputs) (*flow.Alert, error) {
	body, err := s.Config.IncidentTemplate()
	self := func(ctx context.Context) (string, error) {
		user, err := s.Client.CurrentUser(ctx)
		return user.Username, err
	}
	a := &flow.Alert{Read: s.Client, Moves: runner.Moves(s), Self: self, Labels: s.Config.IncidentLabels(),
		ReviewAfter: s.Config.Incidents.ReviewAfter, Template: body, Inputs: in, Origin: s.Origin(),
		Native: s.Config.Incidents.Type != manifest.TypeIssue}
	a.AddAfter(flow.SyncAfter(s.Client, a.Labels, a.Scope(s.Time)))
	runner.AddHooks(s, &a.Afters, hook.Opened, func(rounds []workflow.Round, doc *jsonv1.Hook) bool {
		i, key, ours := (&flow.Open{}).Created(rounds)
		doc.Key, doc.Text, doc.Services = key.Name, in.Group.Plain(), in.Open.Services
		aboutIssue(doc, i, in.Open.Severity, incident.Active)
		return ours
	})
	runner.AddHooks(s, &a.Afters, hook.Resolved, func(rounds []workflow.Round, doc *jsonv1.Hook) bool {
		i, key, ours := a.Resolved(rounds)
		inc := incident.Of(i, a.Labels)
		doc.Key, doc.Text, doc.Services = key, "All alerts are resolved", inc.Services
		aboutIssue(doc, i, inc.Severity, incident.Resolved)
		return ours
	})
	return a, err
}
