package incident

import (
	"context"
	"maps"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	"gitlab.com/prodctl/prodctl/pkg/incident"
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
}

const eventExits = `
Exit codes: 0 done, or told already with the same words, 1 failed, 3 told but something after it failed, 4 no right, 5 not possible
where the incident stands, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`

func newUpdateCmd(a *app.App, run command.Run[eventOptions]) *cobra.Command {
	cmd, _ := newEventCmd(a, incident.Update, run)
	cmd.Use, cmd.Short = "update <incident>", "Tell what happened, or what has become known"
	cmd.Long = `Update adds a line to the timeline and sets what is known better now: severity, services, impact, cause,
times. It is a comment on the issue first; the record and the timeline in the description follow from all comments, so that
of many people who update at once nobody's line is lost.

The same words about the same incident within ten minutes are told once; --new tells them again.
` + eventExits
	cmd.Example = `  prodctl incident update 8 -m "Registry pods restarted, error rate falling"
  prodctl incident update 8 -s S1 --service registry,web
  prodctl incident update 8 --started 09:50 --at 10:02 -m "First alert"`
	return cmd
}

func newMitigateCmd(a *app.App, run command.Run[eventOptions]) *cobra.Command {
	cmd, _ := newEventCmd(a, incident.Mitigate, run)
	cmd.Use, cmd.Short = "mitigate <incident>", "Users are not affected any more"
	cmd.Long = `Mitigate says that users are not affected any more although the cause is still there. An incident that is mitigated
already gets what you say as an update; with --at the time of its mitigation is corrected.` + eventExits
	cmd.Example = `  prodctl incident mitigate 8 -m "Failed over to the secondary"
  prodctl incident mitigate 8 --at 10:28`
	return cmd
}

func newResolveCmd(a *app.App, run command.Run[eventOptions]) *cobra.Command {
	cmd, o := newEventCmd(a, incident.Resolve, run)
	cmd.Use, cmd.Short = "resolve <incident>", "The cause is gone"
	cmd.Long = `Resolve says that the cause is gone. When users were helped before that and nobody has told so, the time of
the mitigation stays unknown. The issue is closed when no review is due, or with --close.
` + eventExits
	cmd.Example = `  prodctl incident resolve 8 -m "Disk replaced" --cause "disk full"
  prodctl incident resolve 8 --at 2018-08-24T11:10:00Z --close`
	cmd.Flags().BoolVar(&o.Close, "close", false, "close the issue, also when a review is due")
	return cmd
}

func newReopenCmd(a *app.App, run command.Run[eventOptions]) *cobra.Command {
	cmd, _ := newEventCmd(a, incident.Reopen, run)
	cmd.Use, cmd.Short = "reopen <incident>", "Users are affected again"
	cmd.Long = `Reopen makes an incident active again that was mitigated, resolved or reviewed, and opens its issue. The times of the
mitigation and the resolution leave the record; the timeline keeps them.` + eventExits
	cmd.Example = `  prodctl incident reopen 8 -m "500s are back"`
	return cmd
}

func newEventCmd(a *app.App, verb incident.Verb, run command.Run[eventOptions]) (*cobra.Command, *eventOptions) {
	o := &eventOptions{Verb: verb, EventOptions: command.EventOptions{Issue: input.Incident()}}
	cmd := &cobra.Command{}
	f := cmd.Flags()
	f.VarP(&o.Severity, "severity", "s", "`severity`: S1, S2, S3 or S4")
	f.Var(&o.Services, "service", "all `services` that are affected, parted by commas")
	f.Var(&o.Impact, "impact", "`share` of users affected, from 0 to 1")
	f.BoolVar(&o.DataLoss, "data-loss", false, "somebody believes that data was lost")
	f.StringVar(&o.Cause, "cause", "", "the root `cause`: never a person")
	f.Var(&o.Started, "started", "`when` it began")
	f.Var(&o.Detected, "detected", "`when` it was noticed")
	command.AddEventFlags(cmd, &o.EventOptions, "what happened, in a `sentence`")
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

// fields are the fields of the record that were given, nil for none.
func fields(o eventOptions) map[string]string {
	fields := map[string]string{
		incident.KeySeverity: string(o.Severity.Value), incident.KeyImpact: string(o.Impact), incident.KeyCause: strings.TrimSpace(o.Cause),
		incident.KeyServices: strings.Join(input.Strings(o.Services), ", "), incident.KeyStarted: document.Instant(o.Started.Time),
		incident.KeyDetected: document.Instant(o.Detected.Time),
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

// EventPlanner is the command for these inputs, typed now or kept in a plan file.
func EventPlanner(s *app.Session, in flow.EventInputs) (*flow.Event, error) {
	return &flow.Event{Read: s.Client, Labels: s.Config.IncidentLabels(), ReviewAfter: s.Config.Incidents.ReviewAfter, Inputs: in,
		Origin: s.Origin()}, nil
}
