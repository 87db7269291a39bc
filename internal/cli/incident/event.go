package incident

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	"gitlab.com/prodctl/prodctl/pkg/hook"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type eventOptions struct {
	command.EventOptions
	Verb     incident.Verb
	Severity input.Severity
	Services input.Services
	Impact   input.Share
	DataLoss bool
	Cause    string
	Started  input.Time
	Detected input.Time
	Close    bool
	Next     string
	If       string
}

func newUpdateCmd(a *app.App, run command.Run[eventOptions]) *cobra.Command {
	cmd, o := newEventCmd(a, incident.Update, run)
	cmd.Use, cmd.Short = "update <incident>", "Add an update to an incident"
	cmd.Long = `Add a comment with a message, new values or both: severity, services, impact, cause, times. Record, timeline and labels
follow from all comments, so no line is lost when several people update at once. --next and --if
are for the next shift: what comes next, and what to do if it gets worse. The last of each counts until the incident is
reopened; incident show and handoff have them.

The same update to the same incident within 10 minutes is added once; use --new to add it again.`
	cmd.Example = `  # Add a message
  prodctl incident update 8 -m "Registry pods restarted, error rate falling"

  # Change severity and services
  prodctl incident update 8 -s S1 --service registry,web

  # For the next shift
  prodctl incident update 8 --next "Restart nodes 3 to 6" --if "error rate above 5 %: fail back"

  # Add what happened earlier, and correct the start time
  prodctl incident update 8 --started 09:50 --at 10:02 -m "First alert"`
	cmd.Flags().StringVar(&o.Next, "next", "", "next steps, as `text`")
	cmd.Flags().StringVar(&o.If, "if", "", "contingency: when it gets worse, and what to do then, as `text`")
	return cmd
}

func newMitigateCmd(a *app.App, run command.Run[eventOptions]) *cobra.Command {
	cmd, _ := newEventCmd(a, incident.Mitigate, run)
	cmd.Use, cmd.Short = "mitigate <incident>", "Mark an incident as mitigated"
	cmd.Long = `Record that users are no longer affected, although the cause remains.

If the incident is already mitigated, the message is added as an update; --at corrects the mitigation time.`
	cmd.Example = `  # Mitigated now
  prodctl incident mitigate 8 -m "Failed over to the secondary"

  # Mitigated at 10:28
  prodctl incident mitigate 8 --at 10:28`
	return cmd
}

func newResolveCmd(a *app.App, run command.Run[eventOptions]) *cobra.Command {
	cmd, o := newEventCmd(a, incident.Resolve, run)
	cmd.Use, cmd.Short = "resolve <incident>", "Mark an incident as resolved"
	cmd.Long = `Record that the cause is gone. Close the issue if no review is due, if it is one of GitLab's own incidents, or with --close.

Resolve does not set the mitigation time: if nobody recorded one, it stays unknown.`
	cmd.Example = `  # Resolved now
  prodctl incident resolve 8 -m "Disk replaced" --cause "disk full"

  # Resolved earlier; close the issue even if a review is due
  prodctl incident resolve 8 --at 2018-08-24T11:10:00Z --close`
	cmd.Flags().BoolVar(&o.Close, "close", false, "close the issue even if a review is due")
	return cmd
}

func newReopenCmd(a *app.App, run command.Run[eventOptions]) *cobra.Command {
	cmd, _ := newEventCmd(a, incident.Reopen, run)
	cmd.Use, cmd.Short = "reopen <incident>", "Mark an incident as active again"
	cmd.Long = `Make a mitigated, resolved or reviewed incident active again, and reopen its issue.

Reopen removes the mitigation and resolution times from the record; the timeline keeps them.`
	cmd.Example = `  # The problem is back
  prodctl incident reopen 8 -m "500s are back"`
	return cmd
}

func newEventCmd(a *app.App, verb incident.Verb, run command.Run[eventOptions]) (*cobra.Command, *eventOptions) {
	o := &eventOptions{Verb: verb, EventOptions: command.EventOptions{Issue: input.Incident()}}
	cmd := &cobra.Command{}
	f := cmd.Flags()
	f.VarP(&o.Severity, "severity", "s", "severity: S1, S2, S3 or S4")
	f.Var(&o.Services, "service", "all affected `services`, separated by commas")
	f.Var(&o.Impact, "impact", "`share` of users affected, from 0 to 1")
	f.BoolVar(&o.DataLoss, "data-loss", false, "data may have been lost")
	f.StringVar(&o.Cause, "cause", "", "root cause `text`; never name a person")
	f.Var(&o.Started, "started", "start `time` of the incident")
	f.Var(&o.Detected, "detected", "detection `time` of the incident")
	command.AddEventFlags(cmd, &o.EventOptions)
	return command.Writes(command.Define(a, cmd, o, run, command.Arg{Name: "incident", Value: &o.Issue})), o
}

func runEvent(ctx context.Context, s *app.Session, o eventOptions) error {
	in := flow.EventInputs{Project: o.Issue.Project, IID: o.Issue.IID, Verb: o.Verb, Text: o.Text, Fields: fields(o), Close: o.Close}
	in.At, in.TimeGiven = o.When(s.Time)
	if err := in.Check(o.Keys(s)); err != nil {
		return err
	}
	planner, err := EventPlanner(s, in)
	if err != nil {
		return err
	}
	return runner.RunEvent(ctx, s, "incident", in.Text, planner)
}

// fields returns the record fields given as flags; nil for none.
func fields(o eventOptions) map[string]string {
	fields := map[string]string{
		incident.KeySeverity: string(o.Severity.Value), incident.KeyImpact: string(o.Impact), incident.KeyCause: strings.TrimSpace(o.Cause),
		incident.KeyServices: strings.Join(input.Strings(o.Services), ", "), incident.KeyStarted: document.Instant(o.Started.Time),
		incident.KeyDetected: document.Instant(o.Detected.Time),
		incident.KeyNext:     incident.SafeStep(o.Next), incident.KeyIf: incident.SafeStep(o.If),
	}
	if o.DataLoss {
		fields[incident.KeyDataLoss] = "true"
	}
	maps.DeleteFunc(fields, func(_, text string) bool { return text == "" })
	if len(fields) == 0 {
		return nil
	}
	return fields
}

// EventPlanner returns the planner for these inputs, which come from the command line or from a plan file.
func EventPlanner(s *app.Session, in flow.EventInputs) (*flow.Event, error) {
	e := &flow.Event{Read: s.Client, Moves: runner.Moves(s), Labels: s.Config.IncidentLabels(),
		ReviewAfter: s.Config.Incidents.ReviewAfter, Inputs: in, Origin: s.Origin()}
	e.AddAfter(flow.SyncAfter(s.Client, e.Labels, e.Scope(s.Time)))
	if event := hook.Event("incident." + string(in.Verb)); slices.Contains(hook.Events(), event) {
		runner.AddHooks(s, &e.Afters, event, func(rounds []workflow.Round, doc *jsonv1.Hook) bool {
			i, ours := e.Changed(rounds)
			inc := incident.Of(i, e.Labels)
			doc.Key, doc.Text, doc.Services = in.IdempotencyKey.Name, in.Text, inc.Services
			aboutIssue(doc, i, inc.Severity, incident.After(in.Verb))
			return ours
		})
	}
	return e, nil
}

// aboutIssue sets what the document of a hook has about the issue of an incident.
func aboutIssue(doc *jsonv1.Hook, i issue.Issue, s incident.Severity, state incident.State) {
	doc.Ref, doc.Title, doc.State, doc.Confidential, doc.WebURL = i.Ref.String(), i.Title, string(state), i.Confidential, i.WebURL
	if s != incident.UnknownSeverity {
		doc.Severity = string(s)
	}
}
