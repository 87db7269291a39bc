package cli

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type incidentEventOptions struct {
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
	keyOptions
}

const eventExits = `
Exit codes: 0 done, or told already with the same words, 1 failed, 3 told but something after it failed, 4 no right, 5 not possible
where the incident stands, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`

func newIncidentUpdateCmd(env *Env, run func(context.Context, *Env, incidentEventOptions) error) *cobra.Command {
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
	return addKnowledgeFlags(cmd, o)
}

func newIncidentMitigateCmd(env *Env, run func(context.Context, *Env, incidentEventOptions) error) *cobra.Command {
	cmd, o := incidentEventCmd(env, incident.Mitigate, run)
	cmd.Use, cmd.Short = "mitigate <incident>", "Users are not affected any more"
	cmd.Long = `Mitigate says that users are not affected any more although the cause is still there. An incident that is mitigated already gets what
you say as an update; with --at the time of its mitigation is corrected.
` + eventExits
	cmd.Example = `  prodctl incident mitigate 8 -m "Failed over to the secondary"
  prodctl incident mitigate 8 --at 10:28`
	return addKnowledgeFlags(cmd, o)
}

func newIncidentResolveCmd(env *Env, run func(context.Context, *Env, incidentEventOptions) error) *cobra.Command {
	cmd, o := incidentEventCmd(env, incident.Resolve, run)
	cmd.Use, cmd.Short = "resolve <incident>", "The cause is gone"
	cmd.Long = `Resolve says that the cause is gone. When users were helped before that and nobody has told so, the time of the mitigation stays
unknown. The issue is closed when no review is due, or with --close.
` + eventExits
	cmd.Example = `  prodctl incident resolve 8 -m "Disk replaced" --cause "disk full"
  prodctl incident resolve 8 --at 2018-08-24T11:10:00Z --close`
	cmd.Flags().BoolVar(&o.Close, "close", false, "close the issue, also when a review is due")
	return addKnowledgeFlags(cmd, o)
}

func newIncidentReopenCmd(env *Env, run func(context.Context, *Env, incidentEventOptions) error) *cobra.Command {
	cmd, o := incidentEventCmd(env, incident.Reopen, run)
	cmd.Use, cmd.Short = "reopen <incident>", "Users are affected again"
	cmd.Long = `Reopen makes an incident active again that was mitigated, resolved or reviewed, and opens its issue. The times of the mitigation and the
resolution leave the record; the timeline keeps them.
` + eventExits
	cmd.Example = `  prodctl incident reopen 8 -m "500s are back"`
	return addKnowledgeFlags(cmd, o)
}

func incidentEventCmd(env *Env, verb incident.Verb, run func(context.Context, *Env, incidentEventOptions) error) (*cobra.Command, *incidentEventOptions) {
	o := &incidentEventOptions{Verb: verb}
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
	addKeyFlags(cmd, &o.keyOptions)
	addConfidentialFlag(cmd)
	return cmd, o
}

func addKnowledgeFlags(cmd *cobra.Command, o *incidentEventOptions) *cobra.Command {
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

func runIncidentEvent(ctx context.Context, env *Env, o incidentEventOptions) error {
	return env.bounded(ctx, func(ctx context.Context) error {
		in, err := env.eventInputs(o)
		if err != nil {
			return err
		}
		planner, err := incidentEvent(ctx, env, in)
		if err != nil {
			return err
		}
		told := &telling{env: env, what: "incident", text: in.Text, told: planner.Told, issue: planner.Issue, before: planner.Before,
			state: func(i issue.Issue) string { return string(incident.Of(i, planner.Labels).State) },
			began: func(i issue.Issue) time.Time { return incident.Of(i, planner.Labels).Record.StartedAt }}
		return env.executeTo(ctx, planner, ending{show: told.show})
	})
}

// eventInputs reads what was typed.
func (e *Env) eventInputs(o incidentEventOptions) (workflow.EventInputs, error) {
	cfg, err := e.Config()
	if err != nil {
		return workflow.EventInputs{}, err
	}
	if err := errors.Join(cfg.RequireTrackers(manifest.Production), knownServices(cfg, o.Services)); err != nil {
		return workflow.EventInputs{}, err
	}
	ref, err := queueRef(cfg, o.Issue, "prodctl incident "+string(o.Verb)+" 8")
	if err != nil {
		return workflow.EventInputs{}, err
	}
	now, err := e.Clock()
	if err != nil {
		return workflow.EventInputs{}, err
	}
	in := workflow.EventInputs{Project: ref.Project, IID: ref.IID, Verb: o.Verb, At: now.UTC().Truncate(time.Second), Said: o.At != "", Text: o.Text, Close: o.Close}
	if o.At != "" {
		if in.At, err = e.when("--at", o.At); err != nil {
			return in, err
		}
	}
	if in.Fields, err = e.knowledge(o); err != nil {
		return in, err
	}
	if o.Verb == incident.Update && len(in.Fields) == 0 {
		if err := needText(o.Text, `prodctl incident update 8 -m "error rate falling"`); err != nil {
			return in, err
		}
	}
	keys, err := e.keys(o.keyOptions)
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

// knowledge are the fields of the record that were said.
func (e *Env) knowledge(o incidentEventOptions) (map[string]string, error) {
	fields := map[string]string{}
	if s, err := severity(o.Severity); err != nil {
		return nil, err
	} else if s != incident.UnknownSeverity {
		fields[incident.KeySeverity] = string(s)
	}
	share, err := impact(o.Impact)
	if err != nil {
		return nil, err
	}
	for key, typed := range map[string]string{incident.KeyStarted: o.Started, incident.KeyDetected: o.Detected} {
		t, err := e.when("--"+strings.TrimSuffix(key, "_at"), typed)
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

// incidentEvent is the command for these inputs, typed now or kept in a plan file.
func incidentEvent(ctx context.Context, e *Env, in workflow.EventInputs) (*workflow.IncidentEvent, error) {
	cfg, err := e.Config()
	if err != nil {
		return nil, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return nil, err
	}
	today, err := e.Today()
	return &workflow.IncidentEvent{Read: client, Labels: cfg.IncidentLabels(), ReviewAfter: cfg.Incidents.ReviewAfter, Inputs: in, Host: cfg.Host, Words: e.args, Today: today}, err
}

// telling shows one thing that was told of an issue.
type telling struct {
	env  *Env
	what string // incident or change
	text string

	told   func() (verb string, at time.Time)
	issue  func() issue.Issue          // as it was read first
	before func() string               // where it stood
	state  func(issue.Issue) string    // where it stands
	began  func(issue.Issue) time.Time // zero: not known, or of no interest
}

func (t *telling) show(p plan.Plan, rounds []workflow.Round, err error) error {
	settled := t.issue()
	outcome, unclear, key := jsonv1.OutcomeUnchanged, false, ""
	for _, round := range rounds {
		for _, r := range round.Report.Results {
			if tell, ok := r.Step.(plan.CreateNote); ok { // by its key the same is not told twice, however much later it is typed again
				unclear, key = r.Outcome == plan.Unclear, tell.Once.Name
			}
			if r.Issue.Ref.IID != 0 {
				settled = r.Issue
			}
			if r.Outcome == plan.Done && r.Err == nil {
				outcome = jsonv1.OutcomeDone
			}
		}
	}
	if err != nil {
		if untouched(rounds) {
			return err
		}
		again := t.env.again()
		if key != "" {
			again = t.env.againWith(key)
		}
		what := "it is told, but not all that follows from it is done"
		if unclear {
			what = "whether it is told is not known"
		}
		return fault.Wrap(fault.KindOf(err), err, "to go on where it stopped: "+t.env.repeat(again, withKey(key), settled.Confidential), "%s: %s", settled.Ref, what)
	}
	verb, at := t.told()
	doc := jsonv1.NewEvent(t.what, settled.Ref.String(), settled.Title, verb, outcome)
	doc.At, doc.Text, doc.Notes = instant(at), t.text, p.Notes
	if rounds != nil {
		doc.Notes = noted(rounds)
	}
	doc.Confidential, doc.WebURL = settled.Confidential, settled.WebURL
	if settled.ID != 0 {
		doc.State = t.state(settled)
		if before := t.before(); before != doc.State {
			doc.Before = before
		}
		if began := t.began(settled); !began.IsZero() && !at.Before(began) {
			doc.Minutes = new(int(at.Sub(began) / time.Minute))
		}
	}
	return t.env.view.Event(doc)
}
