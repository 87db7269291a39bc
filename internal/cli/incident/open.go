package incident

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/template"
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
	runner.KeyFlags
}

func newOpenCmd(a *app.App, run command.Run[openOptions]) *cobra.Command {
	var o openOptions
	cmd := &cobra.Command{
		Use:   "open <title>",
		Short: "Open an incident: the title is enough",
		Long: `Open makes the incident at once and asks nothing. Its address is the last line, printed as soon as the issue
exists; links and people follow, and what of that fails is said with the command that mends it.

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
	}
	f := cmd.Flags()
	f.VarP(&o.Severity, "severity", "s", "`severity`: S1, S2, S3 or S4; in doubt the higher")
	f.Var(&o.Services, "service", "`services` that are affected, parted by commas")
	f.StringVarP(&o.Text, "message", "m", "", "what is known, in a `sentence`")
	f.Var(&o.Impact, "impact", "`share` of users affected, from 0 to 1")
	f.BoolVar(&o.DataLoss, "data-loss", false, "somebody believes that data was lost")
	f.Var(&o.Started, "started", "`when` it began: 10m, 10:02 or RFC 3339")
	f.Var(&o.Detected, "detected", "`when` it was noticed, likewise")
	f.Var(&o.Links, "link", "`issues` that belong to it, such as infrastructure#12")
	f.Var(&o.Assign, "assign", "`people` who own it, by their user names; none: nobody (default who is on call)")
	f.BoolVar(&o.Confidential, "confidential", false, "only the team may see it")
	f.BoolVar(&o.Web, "web", false, "open it in the browser")
	command.AddKeyFlags(cmd, &o.KeyFlags)
	command.AddConfidentialFlag(cmd)
	return command.Writes(command.Define(a, cmd, &o, run, command.Arg{Name: "title", Value: &o.Title, Rest: true}))
}

func runOpen(ctx context.Context, s *app.Session, o openOptions) error {
	in, err := openInputs(s, o)
	if err != nil {
		return err
	}
	planner, err := OpenPlanner(s, in)
	if err != nil {
		return err
	}
	c := &runner.Creation{Session: s, What: "incident", Key: in.IdempotencyKey.Name, Web: o.Web, Step: "open", Existing: planner.Found,
		About:       func(i issue.Issue) string { return about(i, planner) },
		Unmentioned: func(i issue.Issue) error { return unmentioned(s, planner, i) }}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Observer: c, Planned: c.Planned, Show: c.Show,
		Unplanned: c.Unplanned(func() (plan.Plan, error) { return planner.Draft(in.IdempotencyKey) })})
}

// openInputs are the options as the workflow takes them.
func openInputs(s *app.Session, o openOptions) (flow.OpenInputs, error) {
	in := flow.OpenInputs{Project: s.Config.Production().Path, Title: string(o.Title), Text: o.Text, Severity: o.Severity.Value,
		Services: input.Strings(o.Services), Impact: string(o.Impact), DataLoss: o.DataLoss, Declared: s.Time, Started: o.Started.Time,
		Detected: o.Detected.Time, Links: input.Refs(o.Links), Confidential: o.Confidential}
	in.Assign, in.Duty = s.Config.Owners(input.Strings(o.Assign), s.Time)
	keys := o.Keys(s)
	keys.New = keys.New || s.Config.Incidents.SameTitle == manifest.New
	err := errors.Join(s.Config.RequireTrackers(manifest.Production), in.Check(keys, s.Config.IncidentLabels()))
	return in, err
}

// OpenPlanner is the command for these inputs, typed now or kept in a plan file.
func OpenPlanner(s *app.Session, in flow.OpenInputs) (*flow.Open, error) {
	body, err := s.Config.Template(s.Config.Incidents.Template, template.Incident(), template.IncidentVariables(), "record")
	return &flow.Open{Read: s.Client, Inputs: in, Labels: s.Config.IncidentLabels(), Template: body, Origin: s.Origin()}, err
}

// about is what to say of an incident that was opened or found: where it stands, or that its severity is missing.
func about(i issue.Issue, planner *flow.Open) string {
	inc := incident.Of(i, planner.Labels)
	if state := runner.ExistingState(i, string(inc.State), "prodctl incident reopen"); state != "" {
		return state
	}
	if inc.Severity == incident.UnknownSeverity {
		return fmt.Sprintf("the severity is not known yet: prodctl incident update %d -s S2 sets it", i.Ref.IID)
	}
	return ""
}
