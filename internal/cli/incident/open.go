package incident

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/template"
)

type openOptions struct {
	Title        string
	Text         string
	Severity     string
	Services     []string
	Impact       string
	DataLoss     bool
	Started      string
	Detected     string
	Links        []string
	Assign       []string
	Confidential bool
	Web          bool
	runner.KeyFlags
}

func newOpenCmd(env *app.App, run func(context.Context, *app.App, openOptions) error) *cobra.Command {
	var o openOptions
	cmd := &cobra.Command{
		Use:   "open <title>",
		Short: "Open an incident: the title is enough",
		Long: `Open makes the incident at once and asks nothing. Its address is the last line, printed as soon as the issue exists; links and people
follow, and what of that fails is said with the command that mends it.

The same title on the same day (UTC) is the same incident: when the network fails, type the same again. --new opens another one of that
title without looking. Who is on call owns it, where the configuration has a rotation and --assign says nothing else; --assign none leaves
it to nobody. A title gets the date of its start before it. What is not known yet is left out and shown as a gap; every time
can be said in the past: 10m (ago), 10:02 (UTC), or 2018-08-24T10:02:00Z.

When GitLab cannot be reached, the text and the command that repeats it are written to a file here and printed.

Exit codes: 0 opened or there already, 1 failed, 3 opened but something after it failed, 4 no right, 6 wrong usage, 7 GitLab out of
reach, 130 interrupted.`,
		Example: `  prodctl incident open "Registry returns 500s"
  prodctl incident open "Registry returns 500s" -s S2 --service registry --started 10m
  prodctl incident open "Customer data shown to others" -s S1 --confidential --link infrastructure#4`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Title = args[0]
			return run(cmd.Context(), env, o)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.Severity, "severity", "s", "", "`severity`: S1, S2, S3 or S4; in doubt the higher")
	f.StringSliceVar(&o.Services, "service", nil, "`services` that are affected, parted by commas")
	f.StringVarP(&o.Text, "message", "m", "", "what is known, in a `sentence`")
	f.StringVar(&o.Impact, "impact", "", "`share` of users affected, from 0 to 1")
	f.BoolVar(&o.DataLoss, "data-loss", false, "somebody believes that data was lost")
	f.StringVar(&o.Started, "started", "", "`when` it began: 10m, 10:02 or RFC 3339")
	f.StringVar(&o.Detected, "detected", "", "`when` it was noticed, likewise")
	f.StringSliceVar(&o.Links, "link", nil, "`issues` that belong to it, such as infrastructure#12")
	f.StringSliceVar(&o.Assign, "assign", nil, "`people` who own it, by their user names; none: nobody (default who is on call)")
	f.BoolVar(&o.Confidential, "confidential", false, "only the team may see it")
	f.BoolVar(&o.Web, "web", false, "open it in the browser")
	command.AddKeyFlags(cmd, &o.KeyFlags)
	command.AddConfidentialFlag(cmd)
	return cmd
}

func runOpen(ctx context.Context, env *app.App, o openOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		in, err := openInputs(env, o)
		if err != nil {
			return err
		}
		planner, err := OpenPlanner(ctx, env, in)
		if err != nil {
			return err
		}
		m := &runner.Creation{App: env, What: "incident", Key: in.Once.Name, Web: o.Web, Step: "open", Existing: planner.Found, About: func(i issue.Issue) string {
			inc := incident.Of(i, planner.Labels)
			if said := runner.ExistingState(i, string(inc.State), "prodctl incident reopen"); said != "" {
				return said
			}
			if inc.Severity == incident.UnknownSeverity {
				return fmt.Sprintf("the severity is not known yet: prodctl incident update %d -s S2 sets it", i.Ref.IID)
			}
			return ""
		}, Unmentioned: func(i issue.Issue) error { return unmentioned(env, planner, i) }}
		return runner.RunWith(ctx, env, planner, runner.Hooks{Observer: m, Planned: m.Planned, Show: m.Show, Unplanned: func(err error) error {
			draft, derr := planner.Draft(in.Once)
			if derr != nil {
				return errors.Join(err, derr)
			}
			return runner.KeepDraft(env, draft, m.What, err)
		}})
	})
}

// openInputs reads what was typed.
func openInputs(e *app.App, o openOptions) (flow.OpenInputs, error) {
	cfg, err := e.Config()
	if err != nil {
		return flow.OpenInputs{}, err
	}
	if err := errors.Join(cfg.RequireTrackers(manifest.Production), input.RequireText(o.Title, `prodctl incident open "Registry returns 500s"`), input.KnownServices(cfg, o.Services)); err != nil {
		return flow.OpenInputs{}, err
	}
	now, err := e.Clock()
	if err != nil {
		return flow.OpenInputs{}, err
	}
	in := flow.OpenInputs{Project: cfg.Production().Path, Title: o.Title, Text: o.Text, Services: o.Services, DataLoss: o.DataLoss,
		Declared: now.UTC().Truncate(time.Second), Confidential: o.Confidential}
	in.Assign, in.Duty = cfg.Owners(input.UserNames(o.Assign), now)
	if in.Severity, err = input.Severity(o.Severity); err != nil {
		return in, err
	}
	if in.Started, err = input.Time(e, "--started", o.Started); err != nil {
		return in, err
	}
	if in.Detected, err = input.Time(e, "--detected", o.Detected); err != nil {
		return in, err
	}
	if !in.Started.IsZero() && !in.Detected.IsZero() && in.Detected.Before(in.Started) {
		return in, fault.New(fault.Usage, "say when it began with --started, and when it was noticed with --detected", "it was noticed before it began")
	}
	if in.Impact, err = input.Share(o.Impact); err != nil {
		return in, err
	}
	if in.Links, err = input.LinkedRefs(cfg, o.Links); err != nil {
		return in, err
	}
	keys, err := runner.Keys(e, o.KeyFlags)
	if err != nil {
		return in, err
	}
	keys.New = keys.New || cfg.Incidents.SameTitle == manifest.New
	in.Numbered = keys.Given == "" && keys.Job.Pipeline == ""
	in.Once, err = keys.Once("incident", cfg.IncidentLabels().Incident, "incident open", in.Project, strings.ToLower(strings.Join(strings.Fields(o.Title), " ")))
	return in, err
}

// OpenPlanner is the command for these inputs, typed now or kept in a plan file.
func OpenPlanner(ctx context.Context, e *app.App, in flow.OpenInputs) (*flow.Open, error) {
	cfg, err := e.Config()
	if err != nil {
		return nil, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return nil, err
	}
	body, err := cfg.Template(cfg.Incidents.Template, template.Incident(), template.IncidentVariables(), "record")
	if err != nil {
		return nil, err
	}
	today, err := e.Today()
	return &flow.Open{Read: client, Inputs: in, Labels: cfg.IncidentLabels(), Template: body, Host: cfg.Host, Words: e.Args, Today: today}, err
}
