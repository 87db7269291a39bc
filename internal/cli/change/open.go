package change

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/change"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/template"
)

type openOptions struct {
	Title         input.Text
	File          input.File
	Reason        string
	Start         input.Moment
	Duration      input.Minutes
	Criticality   input.Criticality
	Services      input.ServiceNames // checked with those of the file
	Environment   string
	Executor      input.User
	Impact        input.ImpactType
	Downtime      input.Minutes
	Rollback      string
	Steps         []string
	Monitoring    string
	Communication string
	RetryOf       input.Issue
	Links         input.Issues
	Confidential  bool
	Web           bool
	runner.KeyFlags
}

func newOpenCmd(a *app.App, run command.Run[openOptions]) *cobra.Command {
	o := openOptions{RetryOf: input.Change()}
	cmd := &cobra.Command{
		Use:   "open [<title>]",
		Short: "Plan a change: from a file, from flags, or both",
		Long: `Open makes the issue of a change that is scheduled. The plan comes from a YAML file (its form is in docs/change.schema.json; - is
standard input), from flags, or both: a flag goes before the file. All that is wrong with the plan is told at once.

The slot is twice the estimate. A change that is client-facing, or of criticality C1 or C2, is refused without a roll-back and a window.
Another try of an aborted change is a new change that names it with --retry-of.

The same plan on the same day (UTC) is the same change; --new makes another one.

Exit codes: 0 opened or there already, 1 failed, 3 opened but something after it failed, 4 no right, 6 wrong usage or an incomplete
plan, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl change open -f change.yaml
  prodctl change open -f change.yaml --start "2018-08-30 10:00" --dry-run
  prodctl change open "Restart the workers" --criticality C3 --start "2018-08-30 10:00" --duration 20m --service workers`,
	}
	f := cmd.Flags()
	f.VarP(&o.File, "file", "f", "the plan, as a YAML `file`; - is standard input")
	f.StringVar(&o.Reason, "reason", "", "`reason` for the change")
	f.Var(&o.Start, "start", "`when` it begins: RFC 3339, or 2018-08-30 10:00 (UTC)")
	f.Var(&o.Duration, "duration", "`how long` it takes at worst: 45m, 1h30m")
	f.Var(&o.Criticality, "criticality", "`criticality`: C1, C2, C3 or C4")
	f.Var(&o.Services, "service", "`services` that are changed, parted by commas; none: all")
	f.StringVar(&o.Environment, "environment", "", "`environment` that is changed")
	f.Var(&o.Executor, "executor", "`who` carries it out, by user name")
	f.Var(&o.Impact, "impact", "whom it reaches: client-facing, internal or none (a `word`)")
	f.Var(&o.Downtime, "downtime", "expected `downtime`: 5m")
	f.StringArrayVar(&o.Steps, "step", nil, "one `step`; may be said several times")
	f.StringVar(&o.Rollback, "rollback", "", "`how` it is taken back")
	f.StringVar(&o.Monitoring, "monitoring", "", "`what` to watch, and what should prompt going back")
	f.StringVar(&o.Communication, "communication", "", "`who` is told, when and how")
	f.Var(&o.RetryOf, "retry-of", "the aborted `change` that this one tries again")
	f.Var(&o.Links, "link", "`issues` that belong to it, such as infrastructure#12")
	f.BoolVar(&o.Confidential, "confidential", false, "only the team may see it")
	f.BoolVar(&o.Web, "web", false, "open it in the browser")
	command.AddKeyFlags(cmd, &o.KeyFlags)
	command.AddConfidentialFlag(cmd)
	return command.Writes(command.Define(a, cmd, &o, run, command.Arg{Name: "title", Value: &o.Title, Optional: true, Rest: true}))
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
	c := &runner.Creation{Session: s, What: "change", Key: in.Once.Name, Web: o.Web, Step: "open", About: func(i issue.Issue) string {
		return runner.ExistingState(i, string(change.Of(i, planner.Labels).State), "")
	}}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Observer: c, Show: c.Show})
}

// openInputs are the options as the workflow takes them: the plan of the file with what flags say over it.
func openInputs(s *app.Session, o openOptions) (flow.OpenInputs, error) {
	var file manifest.ChangeFile
	if o.File.Name != "" {
		file, _ = manifest.ParseChange(o.File.Source(), o.File.Data) // what is wrong within it is told by the check, together with all else
	}
	in := flow.OpenInputs{Project: s.Config.Production().Path, Request: file.Request, Links: input.Refs(o.Links), Confidential: o.Confidential}
	o.over(&in.Request)
	if o.RetryOf.IID != 0 {
		in.Links = append(in.Links, in.Request.RetryOf)
	}
	errs := []error{s.Config.RequireTrackers(manifest.Production), in.Check(file, o.Keys(s), s.Config.ChangeLabels())}
	for _, name := range in.Request.Services {
		service := input.Service(name)
		if err := service.Resolve(input.Context{Config: s.Config}); err != nil {
			errs = append(errs, fault.Wrap(fault.Usage, err, "add it to incidents.services in "+s.Config.File+", or name one of those", "services"))
		}
	}
	return in, errors.Join(errs...)
}

// over puts what flags say over the plan of a file.
func (o openOptions) over(r *change.Request) {
	over(&r.Title, string(o.Title))
	over(&r.Reason, o.Reason)
	over(&r.Start, o.Start.Time.Time)
	over(&r.Criticality, o.Criticality.Value)
	over(&r.Environment, o.Environment)
	over(&r.Executor, string(o.Executor))
	over(&r.Impact.Type, o.Impact.Value)
	over(&r.Rollback.Text, o.Rollback)
	over(&r.Monitoring, o.Monitoring)
	over(&r.Communication, o.Communication)
	if o.RetryOf.IID != 0 {
		r.RetryOf = o.RetryOf.Ref.String()
	}
	if o.Duration.Given {
		r.Duration = o.Duration.Duration
	}
	if o.Downtime.Given {
		r.Impact.Downtime = o.Downtime.Duration
	}
	if len(o.Services) > 0 {
		r.Services = input.Strings(o.Services)
	}
	if len(o.Steps) > 0 {
		r.Steps = nil
	}
	for _, step := range o.Steps {
		r.Steps = append(r.Steps, change.Step{Do: step})
	}
}

// OpenPlanner is the command for these inputs, typed now or kept in a plan file.
func OpenPlanner(s *app.Session, in flow.OpenInputs) (flow.Open, error) {
	body, err := s.Config.Template(s.Config.Changes.Template, template.Change(), template.ChangeVariables(), "record")
	return flow.Open{Inputs: in, Labels: s.Config.ChangeLabels(), Template: body, Zone: s.Config.Timezone, Origin: s.Origin()}, err
}
