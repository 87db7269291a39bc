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
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/change"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

type openOptions struct {
	Title         input.Text
	File          input.File
	Reason        string
	Start         input.Moment
	Duration      input.Minutes
	Criticality   input.Criticality
	Services      input.ServiceNames // validated together with those of the file
	Environment   string
	Executor      input.User
	Impact        input.ImpactType
	Downtime      input.Downtime
	Rollback      string
	Steps         []string
	Monitoring    string
	Communication string
	RetryOf       input.Issue
	Links         input.Issues
	Confidential  bool
	Web           bool
	Example, Edit bool
	runner.KeyFlags
}

func newOpenCmd(a *app.App, run command.Run[openOptions]) *cobra.Command {
	o := openOptions{RetryOf: input.Change()}
	cmd := &cobra.Command{
		Use:   "open [<title>]",
		Short: "Plan a change",
		Long: `Open an issue for a scheduled change. The plan comes from a YAML file (docs/change.schema.json), from flags, or both;
flags override the file. Without both, prodctl asks for the essentials on a terminal. The window is twice the duration; locks and
other changes in it are a warning. C1, C2 and client-facing changes need a window and a rollback plan.

Opening the same plan twice on one day (UTC) does not create a second change, unless you pass --new.`,
		Example: `  # Write a file with every key, then open the change
  prodctl change open --example > change.yaml
  prodctl change open -f change.yaml

  # Write the plan in an editor
  prodctl change open --edit

  # From a file with another start, without writing anything
  prodctl change open -f change.yaml --start "2018-08-30 10:00" --dry-run

  # From flags
  prodctl change open "Restart the workers" --criticality C3 --start "2018-08-30 10:00" --duration 20m --service workers`,
	}
	f := cmd.Flags()
	f.VarP(&o.File, "file", "f", "plan as a YAML `file` (- for standard input)")
	f.BoolVar(&o.Example, "example", false, "print a file that explains every key, and open nothing")
	f.BoolVar(&o.Edit, "edit", false, "write the plan in an editor, starting from --file or the example")
	cmd.MarkFlagsMutuallyExclusive("example", "edit")
	f.StringVar(&o.Reason, "reason", "", "`reason` for the change")
	f.Var(&o.Start, "start", "start `time`: RFC 3339 or 2018-08-30 10:00"+input.Zone)
	f.Var(&o.Duration, "duration", "worst-case `duration`: 45m, 1h30m")
	f.Var(&o.Criticality, "criticality", "`criticality`: C1, C2, C3 or C4")
	f.Var(&o.Services, "service", "affected `services`, separated by commas (default: all)")
	f.StringVar(&o.Environment, "environment", "", "affected `environment`")
	f.Var(&o.Executor, "executor", "`user` who carries out the change")
	f.Var(&o.Impact, "impact", "`impact`: client-facing, internal or none")
	f.Var(&o.Downtime, "downtime", "expected `duration` of downtime: 5m, or approved, which does not spend the error budget")
	f.StringArrayVar(&o.Steps, "step", nil, "`text` of a step; repeat for more steps")
	f.StringVar(&o.Rollback, "rollback", "", "`text` of the rollback plan")
	f.StringVar(&o.Monitoring, "monitoring", "", "`text` on what to watch and when to roll back")
	f.StringVar(&o.Communication, "communication", "", "`text` on whom to notify, when and how")
	f.Var(&o.RetryOf, "retry-of", "`issue` of the aborted change that this one retries")
	f.Var(&o.Links, "link", "related `issues`, such as infrastructure#12")
	f.BoolVar(&o.Confidential, "confidential", false, "make the issue confidential")
	f.BoolVar(&o.Web, "web", false, "open the issue in the browser")
	command.AddKeyFlags(cmd, &o.KeyFlags)
	command.AddConfidentialFlag(cmd)
	title := command.Arg{Name: "title", Value: &o.Title, Optional: true, Rest: true}
	return command.Writes(printsExample(a, command.Define(a, cmd, &o, run, title.Asks(openDialog())), &o.Example))
}

func runOpen(ctx context.Context, s *app.Session, o openOptions) error {
	if !o.Edit {
		return open(ctx, s, o)
	}
	file, err := editPlan(s, &o)
	if err != nil {
		return err
	}
	ctx, cancel := s.WithTimeout()
	defer cancel()
	err = open(ctx, s, o)
	return file.leave(s, err)
}

func open(ctx context.Context, s *app.Session, o openOptions) error {
	in, err := openInputs(s, o)
	if err != nil {
		return err
	}
	if o.Start.IsZero() { // it is in the file
		command.EchoTime(s, "Starts", in.Request.Start)
	}
	planner, err := OpenPlanner(s, in)
	if err != nil {
		return err
	}
	about := func(i issue.Issue) string {
		return runner.ExistingState(i, string(change.Of(i, planner.Labels).State), "")
	}
	c := &runner.Creation{Session: s, What: "change", Key: in.IdempotencyKey.Name, Web: o.Web, Step: "open", About: about,
		Existing:    planner.Found,
		Unmentioned: func(i issue.Issue) error { return noteUnmodified(s, i) }}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Observer: c, Planned: c.Planned, Show: c.Show,
		Unplanned: c.Unplanned(func() (plan.Plan, error) { return planner.Draft(in.IdempotencyKey) })})
}

// noteUnmodified says that an existing change keeps its plan, whatever the flags of this run are.
func noteUnmodified(s *app.Session, i issue.Issue) error {
	if !s.Global.Quiet {
		s.Notef("The plan of the existing change was not modified. To see it: prodctl change show %d", i.Ref.IID)
	}
	return nil
}

// openInputs converts the options to the inputs of the workflow: the plan of the file, overridden by flags.
func openInputs(s *app.Session, o openOptions) (flow.OpenInputs, error) {
	var file manifest.ChangeFile
	if o.File.Name != "" {
		// in.Check reports what is wrong with it, together with the rest
		file, _ = manifest.ParseChange(o.File.Source(), o.File.Data, s.Config.TimesZone())
	}
	in := flow.OpenInputs{Project: s.Config.Production().Path, Request: file.Request, Links: input.Refs(o.Links), Confidential: o.Confidential}
	o.override(&in.Request)
	if o.RetryOf.IID != 0 {
		in.Links = append(in.Links, in.Request.RetryOf)
	}
	errs := []error{s.Config.RequireTrackers(manifest.Production), in.Check(file, o.Keys(s), s.Config.ChangeLabels())}
	for _, name := range in.Request.Services {
		service := input.Service(name)
		if err := service.Resolve(input.Context{Config: s.Config}); err != nil {
			hint := "Add it to incidents.services in " + s.Config.File + ", or use one of the services there"
			errs = append(errs, fault.Wrap(fault.Usage, err, hint, "services"))
		}
	}
	return in, errors.Join(errs...)
}

// override replaces values of the plan with those of flags.
func (o openOptions) override(r *change.Request) {
	override(&r.Title, string(o.Title))
	override(&r.Reason, o.Reason)
	override(&r.Start, o.Start.Time.Time)
	override(&r.Criticality, o.Criticality.Value)
	override(&r.Environment, o.Environment)
	override(&r.Executor, string(o.Executor))
	override(&r.Impact.Type, o.Impact.Value)
	override(&r.Rollback.Text, o.Rollback)
	override(&r.Monitoring, o.Monitoring)
	override(&r.Communication, o.Communication)
	if o.RetryOf.IID != 0 {
		r.RetryOf = o.RetryOf.Ref.String()
	}
	if o.Duration.Given {
		r.Duration = o.Duration.Duration
	}
	if o.Downtime.Given {
		r.Impact.Downtime, r.Impact.Excluded = o.Downtime.Duration, o.Downtime.Approved
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

// OpenPlanner returns the planner for inputs from the command line or from a plan file.
func OpenPlanner(s *app.Session, in flow.OpenInputs) (*flow.Open, error) {
	body, err := s.Config.ChangeTemplate()
	return &flow.Open{Read: s.Client, Inputs: in, Labels: s.Config.ChangeLabels(), Template: body, Zone: s.Config.Timezone,
		Locks: s.Config.Locks, Origin: s.Origin()}, err
}
