package incident

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

type eventOptions struct {
	Verb     incident.Verb
	Issue    string
	Text     string
	At       string
	Severity string
	Services []string
	Impact   string
	DataLoss bool
	Cause    string
	Started  string
	Detected string
	Close    bool
	runner.KeyFlags
}

const eventExits = `
Exit codes: 0 done, or told already with the same words, 1 failed, 3 told but something after it failed, 4 no right, 5 not possible
where the incident stands, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`

func newUpdateCmd(env *app.App, run func(context.Context, *app.App, eventOptions) error) *cobra.Command {
	cmd, o := incidentEventCmd(env, incident.Update, run)
	cmd.Use, cmd.Short = "update <incident>", "Tell what happened, or what has become known"
	cmd.Long = `Update adds a line to the timeline and sets what is known better now: severity, services, impact, cause, times. It is a comment on
the issue first; the record and the timeline in the description follow from all comments, so that of many people who update at once
nobody's line is lost.

The same words about the same incident within ten minutes are told once; --new tells them again.
` + eventExits
	cmd.Example = `  prodctl incident update 8 -m "Registry pods restarted, error rate falling"
  prodctl incident update 8 -s S1 --service registry,web
  prodctl incident update 8 --started 09:50 --at 10:02 -m "First alert"`
	return addFieldFlags(cmd, o)
}

func newMitigateCmd(env *app.App, run func(context.Context, *app.App, eventOptions) error) *cobra.Command {
	cmd, o := incidentEventCmd(env, incident.Mitigate, run)
	cmd.Use, cmd.Short = "mitigate <incident>", "Users are not affected any more"
	cmd.Long = `Mitigate says that users are not affected any more although the cause is still there. An incident that is mitigated already gets what
you say as an update; with --at the time of its mitigation is corrected.
` + eventExits
	cmd.Example = `  prodctl incident mitigate 8 -m "Failed over to the secondary"
  prodctl incident mitigate 8 --at 10:28`
	return addFieldFlags(cmd, o)
}

func newResolveCmd(env *app.App, run func(context.Context, *app.App, eventOptions) error) *cobra.Command {
	cmd, o := incidentEventCmd(env, incident.Resolve, run)
	cmd.Use, cmd.Short = "resolve <incident>", "The cause is gone"
	cmd.Long = `Resolve says that the cause is gone. When users were helped before that and nobody has told so, the time of the mitigation stays
unknown. The issue is closed when no review is due, or with --close.
` + eventExits
	cmd.Example = `  prodctl incident resolve 8 -m "Disk replaced" --cause "disk full"
  prodctl incident resolve 8 --at 2018-08-24T11:10:00Z --close`
	cmd.Flags().BoolVar(&o.Close, "close", false, "close the issue, also when a review is due")
	return addFieldFlags(cmd, o)
}

func newReopenCmd(env *app.App, run func(context.Context, *app.App, eventOptions) error) *cobra.Command {
	cmd, o := incidentEventCmd(env, incident.Reopen, run)
	cmd.Use, cmd.Short = "reopen <incident>", "Users are affected again"
	cmd.Long = `Reopen makes an incident active again that was mitigated, resolved or reviewed, and opens its issue. The times of the mitigation and the
resolution leave the record; the timeline keeps them.
` + eventExits
	cmd.Example = `  prodctl incident reopen 8 -m "500s are back"`
	return addFieldFlags(cmd, o)
}

func incidentEventCmd(env *app.App, verb incident.Verb, run func(context.Context, *app.App, eventOptions) error) (*cobra.Command, *eventOptions) {
	o := &eventOptions{Verb: verb}
	cmd := &cobra.Command{
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Issue = args[0]
			return run(cmd.Context(), env, *o)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.Text, "message", "m", "", "what happened, in a `sentence`")
	f.StringVar(&o.At, "at", "", "`when` it happened: 10m (ago), 10:02 (UTC) or RFC 3339")
	command.AddKeyFlags(cmd, &o.KeyFlags)
	command.AddConfidentialFlag(cmd)
	return cmd, o
}

func addFieldFlags(cmd *cobra.Command, o *eventOptions) *cobra.Command {
	f := cmd.Flags()
	f.StringVarP(&o.Severity, "severity", "s", "", "`severity`: S1, S2, S3 or S4")
	f.StringSliceVar(&o.Services, "service", nil, "all `services` that are affected, parted by commas")
	f.StringVar(&o.Impact, "impact", "", "`share` of users affected, from 0 to 1")
	f.BoolVar(&o.DataLoss, "data-loss", false, "somebody believes that data was lost")
	f.StringVar(&o.Cause, "cause", "", "the root `cause`: never a person")
	f.StringVar(&o.Started, "started", "", "`when` it began")
	f.StringVar(&o.Detected, "detected", "", "`when` it was noticed")
	return cmd
}

func runEvent(ctx context.Context, env *app.App, o eventOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		in, err := eventInputs(env, o)
		if err != nil {
			return err
		}
		planner, err := EventPlanner(ctx, env, in)
		if err != nil {
			return err
		}
		told := &runner.Event{App: env, What: "incident", Text: in.Text, Recorded: planner.Told, Issue: planner.Issue, Before: planner.Before,
			State: func(i issue.Issue) string { return string(incident.Of(i, planner.Labels).State) },
			Began: func(i issue.Issue) time.Time { return incident.Of(i, planner.Labels).Record.StartedAt }}
		return runner.RunWith(ctx, env, planner, runner.Hooks{Show: told.Show})
	})
}

// eventInputs reads what was typed.
func eventInputs(e *app.App, o eventOptions) (flow.EventInputs, error) {
	cfg, err := e.Config()
	if err != nil {
		return flow.EventInputs{}, err
	}
	if err := errors.Join(cfg.RequireTrackers(manifest.Production), input.KnownServices(cfg, o.Services)); err != nil {
		return flow.EventInputs{}, err
	}
	ref, err := input.QueueRef(cfg, o.Issue, "prodctl incident "+string(o.Verb)+" 8")
	if err != nil {
		return flow.EventInputs{}, err
	}
	now, err := e.Clock()
	if err != nil {
		return flow.EventInputs{}, err
	}
	in := flow.EventInputs{Project: ref.Project, IID: ref.IID, Verb: o.Verb, At: now.UTC().Truncate(time.Second), Said: o.At != "", Text: o.Text, Close: o.Close}
	if o.At != "" {
		if in.At, err = input.Time(e, "--at", o.At); err != nil {
			return in, err
		}
	}
	if in.Fields, err = fields(e, o); err != nil {
		return in, err
	}
	if o.Verb == incident.Update && len(in.Fields) == 0 {
		if err := input.RequireText(o.Text, `prodctl incident update 8 -m "error rate falling"`); err != nil {
			return in, err
		}
	}
	keys, err := runner.Keys(e, o.KeyFlags)
	if err != nil {
		return in, err
	}
	words := []string{"incident " + string(o.Verb), ref.String(), strings.TrimSpace(o.Text)}
	if in.Said {
		words = append(words, in.At.Format(time.RFC3339))
	}
	if in.Close {
		words = append(words, "close")
	}
	for _, key := range incident.RecordKeys() {
		words = append(words, in.Fields[key])
	}
	in.Keyed = keys.Given != ""
	in.Once, err = keys.Note("incident-"+string(o.Verb), words...)
	return in, err
}

// fields are the fields of the record that were said.
func fields(e *app.App, o eventOptions) (map[string]string, error) {
	fields := map[string]string{}
	if s, err := input.Severity(o.Severity); err != nil {
		return nil, err
	} else if s != incident.UnknownSeverity {
		fields[incident.KeySeverity] = string(s)
	}
	share, err := input.Share(o.Impact)
	if err != nil {
		return nil, err
	}
	for key, typed := range map[string]string{incident.KeyStarted: o.Started, incident.KeyDetected: o.Detected} {
		t, err := input.Time(e, "--"+strings.TrimSuffix(key, "_at"), typed)
		if err != nil {
			return nil, err
		}
		if !t.IsZero() {
			fields[key] = t.Format(time.RFC3339)
		}
	}
	for key, text := range map[string]string{incident.KeyImpact: share, incident.KeyCause: strings.TrimSpace(o.Cause), incident.KeyServices: strings.Join(o.Services, ", ")} {
		if text != "" {
			fields[key] = text
		}
	}
	if o.DataLoss {
		fields[incident.KeyDataLoss] = "true"
	}
	if len(fields) == 0 {
		return nil, nil
	}
	return fields, nil
}

// EventPlanner is the command for these inputs, typed now or kept in a plan file.
func EventPlanner(ctx context.Context, e *app.App, in flow.EventInputs) (*flow.Event, error) {
	cfg, err := e.Config()
	if err != nil {
		return nil, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return nil, err
	}
	today, err := e.Today()
	return &flow.Event{Read: client, Labels: cfg.IncidentLabels(), ReviewAfter: cfg.Incidents.ReviewAfter, Inputs: in, Host: cfg.Host, Words: e.Args, Today: today}, err
}
