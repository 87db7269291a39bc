package incident

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
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

type openOptions struct {
	Title        input.Text
	Text         string
	Severity     input.Severity
	Services     input.Services
	Impact       input.Share
	DataLoss     bool
	Started      input.Time
	Detected     input.Time
	Links        input.Issues
	Assign       input.Users
	Confidential bool
	Web          bool
	From         input.Alerts
	runner.KeyFlags
}

func newOpenCmd(a *app.App, run command.Run[openOptions]) *cobra.Command {
	var o openOptions
	cmd := &cobra.Command{
		Use:   "open {<title> | --from <file>}",
		Short: "Open an incident",
		Long: `Create an incident, and print its URL as soon as the issue exists. Links and assignees are added after that. It is assigned
to whoever is on call, unless --assign is given. With a title nothing is asked; without one, on a terminal, five questions.

The same title is the same incident until it is resolved, today and tomorrow (UTC): it is safe to run the command again. If somebody
opened an issue with this title by hand in the last 24 hours, it becomes the incident. If GitLab is down, a draft with the text and
the command to retry is saved to a file. With --from, alerts open the incident of their group, or are added to it (docs/alerts.md).`,
		Example: `  # A title is enough
  prodctl incident open "Registry returns 500s"

  # Give what is known; it started 10 minutes ago
  prodctl incident open "Registry returns 500s" -s S2 --service registry --started 10m

  # Only the team can see it
  prodctl incident open "Customer data shown to others" -s S1 --confidential --link infrastructure#4

  # From a notification of Alertmanager
  prodctl incident open --from alert.json`,
	}
	f := cmd.Flags()
	f.VarP(&o.Severity, "severity", "s", "severity: S1, S2, S3 or S4")
	f.Var(&o.Services, "service", "affected `services`, separated by commas")
	f.StringVarP(&o.Text, "message", "m", "", "`text` of the summary: what is known so far")
	f.Var(&o.Impact, "impact", "`share` of users affected, from 0 to 1")
	f.BoolVar(&o.DataLoss, "data-loss", false, "data may have been lost")
	f.Var(&o.Started, "started", "start `time`: 10m (ago), 10:02 or RFC 3339"+input.Zone)
	f.Var(&o.Detected, "detected", "detection `time`: 10m (ago), 10:02 or RFC 3339"+input.Zone)
	f.Var(&o.Links, "link", "related `issues`, such as infrastructure#12")
	f.Var(&o.Assign, "assign", "`users` to assign; none for nobody (default: whoever is on call)")
	f.BoolVar(&o.Confidential, "confidential", false, "make the issue confidential")
	f.BoolVar(&o.Web, "web", false, "open the issue in the browser")
	f.Var(&o.From, "from", "alerts of a webhook: alertmanager for standard input, or a `file` (- for standard input)")
	command.AddKeyFlags(cmd, &o.KeyFlags)
	command.AddConfidentialFlag(cmd)
	title := command.Arg{Name: "title", Value: &o.Title, Rest: true, Unless: "from"}
	return command.Writes(command.Define(a, cmd, &o, run, title.Asks(openDialog())))
}

// calendarLimit is how long a new incident may wait for the on-call calendar, counted from the start of the command.
const calendarLimit = time.Second

func runOpen(ctx context.Context, s *app.Session, o openOptions) error {
	if o.From.Name != "" {
		return runAlert(ctx, s, o)
	}
	_, onCall := config.Owners(input.Strings(o.Assign))
	if onCall {
		s.StartCalendar(calendarLimit)
	}
	in, err := openInputs(s, o)
	if err != nil {
		return err
	}
	planner, err := OpenPlanner(s, in)
	if err != nil {
		return err
	}
	if onCall {
		planner.OnCall = func() string { return s.Config.Oncall.OnCall(s.Time).Person }
	}
	c := &runner.Creation{Session: s, What: "incident", Key: in.IdempotencyKey.Name, Web: o.Web, Step: "open", Existing: planner.Found,
		About:       func(i issue.Issue) string { return about(i, planner, s.Config.Incidents.Type) },
		Unmentioned: func(i issue.Issue) error { return ignoredInputs(s, planner, i) }}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Observer: c, Planned: c.Planned, Show: c.Show,
		Unplanned: c.Unplanned(func() (plan.Plan, error) { return planner.Draft(in.IdempotencyKey) })})
}

// openInputs converts the options to the workflow's inputs, and checks them.
func openInputs(s *app.Session, o openOptions) (flow.OpenInputs, error) {
	in := flow.OpenInputs{Project: s.Config.Production().Path, Title: string(o.Title), Text: o.Text, Severity: o.Severity.Value,
		Services: input.Strings(o.Services), Impact: string(o.Impact), DataLoss: o.DataLoss, Declared: s.Time, Started: o.Started.Time,
		Detected: o.Detected.Time, Links: input.Refs(o.Links), Confidential: o.Confidential}
	in.Assign, _ = config.Owners(input.Strings(o.Assign))
	keys := o.Keys(s)
	keys.New = keys.New || s.Config.Incidents.SameTitle == manifest.New
	err := errors.Join(s.Config.RequireTrackers(manifest.Production), in.Check(keys, s.Config.IncidentLabels()))
	return in, err
}

// OpenPlanner returns the planner for these inputs, which come from the command line or from a plan file.
func OpenPlanner(s *app.Session, in flow.OpenInputs) (*flow.Open, error) {
	body, err := s.Config.IncidentTemplate()
	o := &flow.Open{Read: s.Client, Inputs: in, Labels: s.Config.IncidentLabels(), Template: body, Origin: s.Origin(),
		Native: s.Config.Incidents.Type != manifest.TypeIssue}
	o.AddAfter(flow.SyncAfter(s.Client, o.Labels, o.Scope(s.Time)))
	runner.AddHooks(s, &o.Afters, hook.Opened, func(rounds []workflow.Round, doc *jsonv1.Hook) bool {
		i, key, ours := o.Created(rounds)
		doc.Key, doc.Text, doc.Services = key.Name, in.Text, in.Services
		aboutIssue(doc, i, in.Severity, incident.Active)
		return ours
	})
	return o, err
}

// about is the note on an incident that was opened or found: its state, or that its severity is missing.
func about(i issue.Issue, planner *flow.Open, kind string) string {
	inc := incident.Of(i, planner.Labels)
	if state := runner.ExistingState(i, string(inc.State), "prodctl incident reopen"); state != "" {
		return state
	}
	if _, found := planner.Found(); !found && kind == manifest.TypeIncident && !i.Incident {
		return "It is an ordinary issue, not of GitLab's type incident, which needs the Reporter role"
	}
	if known := planner.Adopted() && planner.Inputs.Severity != incident.UnknownSeverity; inc.Severity == incident.UnknownSeverity && !known {
		return "Severity unknown. To set it, use S1, S2, S3 or S4: " + fault.Command("incident update %d -s S2", i.Ref.IID)
	}
	return ""
}
