package change

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/change"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/record"
	"gitlab.com/prodctl/prodctl/pkg/template"
)

type openOptions struct {
	Title         string
	File          string
	Why           string
	Start         string
	Duration      string
	Criticality   string
	Services      []string
	Environment   string
	Executor      string
	Impact        string
	Downtime      string
	Rollback      string
	Steps         []string
	Monitoring    string
	Communication string
	RetryOf       string
	Links         []string
	Confidential  bool
	Web           bool
	runner.KeyFlags
}

func newOpenCmd(env *app.App, run func(context.Context, *app.App, openOptions) error) *cobra.Command {
	var o openOptions
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
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.Title = args[0]
			}
			return run(cmd.Context(), env, o)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.File, "file", "f", "", "the plan, as a YAML `file`; - is standard input")
	f.StringVar(&o.Why, "why", "", "`reason` for the change")
	f.StringVar(&o.Start, "start", "", "`when` it begins: RFC 3339, or 2018-08-30 10:00 (UTC)")
	f.StringVar(&o.Duration, "duration", "", "`how long` it takes at worst: 45m, 1h30m")
	f.StringVar(&o.Criticality, "criticality", "", "`criticality`: C1, C2, C3 or C4")
	f.StringSliceVar(&o.Services, "service", nil, "`services` that are changed, parted by commas; none: all")
	f.StringVar(&o.Environment, "environment", "", "`environment` that is changed")
	f.StringVar(&o.Executor, "executor", "", "`who` carries it out, by user name")
	f.StringVar(&o.Impact, "impact", "", "whom it reaches: client-facing, internal or none (a `word`)")
	f.StringVar(&o.Downtime, "downtime", "", "expected `downtime`: 5m")
	f.StringArrayVar(&o.Steps, "step", nil, "one `step`; may be said several times")
	f.StringVar(&o.Rollback, "rollback", "", "`how` it is taken back")
	f.StringVar(&o.Monitoring, "monitoring", "", "`what` to watch, and what should prompt going back")
	f.StringVar(&o.Communication, "communication", "", "`who` is told, when and how")
	f.StringVar(&o.RetryOf, "retry-of", "", "the aborted `change` that this one tries again")
	f.StringSliceVar(&o.Links, "link", nil, "`issues` that belong to it, such as infrastructure#12")
	f.BoolVar(&o.Confidential, "confidential", false, "only the team may see it")
	f.BoolVar(&o.Web, "web", false, "open it in the browser")
	command.AddKeyFlags(cmd, &o.KeyFlags)
	command.AddConfidentialFlag(cmd)
	return cmd
}

func runOpen(ctx context.Context, env *app.App, o openOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		in, err := changeOpenInputs(env, o)
		if err != nil {
			return err
		}
		planner, err := OpenPlanner(ctx, env, in)
		if err != nil {
			return err
		}
		m := &runner.Creation{App: env, What: "change", Key: in.Once.Name, Web: o.Web, Step: "open", About: func(i issue.Issue) string {
			return runner.ExistingState(i, string(change.Of(i, planner.Labels).State), "")
		}}
		return runner.RunWith(ctx, env, planner, runner.Hooks{Observer: m, Show: m.Show})
	})
}

// changeOpenInputs reads what was typed. All that is wrong with it is told at once.
func changeOpenInputs(e *app.App, o openOptions) (flow.OpenInputs, error) {
	cfg, err := e.Config()
	if err != nil {
		return flow.OpenInputs{}, err
	}
	if err := cfg.RequireTrackers(manifest.Production); err != nil {
		return flow.OpenInputs{}, err
	}
	now, err := e.Clock()
	if err != nil {
		return flow.OpenInputs{}, err
	}
	file, err := changeFile(e, o.File)
	if err != nil {
		return flow.OpenInputs{}, err
	}
	in := flow.OpenInputs{Project: cfg.Production().Path, Request: file.Request, Confidential: o.Confidential}
	flagErr := errors.Join(typedOver(o, &in.Request)...)
	if o.RetryOf != "" {
		ref, err := input.QueueRef(cfg, o.RetryOf, "prodctl change open --retry-of 11")
		flagErr = errors.Join(flagErr, err)
		in.Request.RetryOf = ref.String()
		o.Links = append(o.Links, ref.String())
	}
	if err := errors.Join(flagErr, file.Check(in.Request, now.UTC()), input.KnownServices(cfg, in.Request.Services)); err != nil {
		return in, fault.Wrap(fault.Usage, err, fault.HintOf(err), "")
	}
	if in.Links, err = input.LinkedRefs(cfg, o.Links); err != nil {
		return in, err
	}
	keys, err := runner.Keys(e, o.KeyFlags)
	if err != nil {
		return in, err
	}
	in.Request.Title = strings.TrimSpace(in.Request.Title)
	in.Once, err = keys.Once("change", cfg.ChangeLabels().Change, "change open", in.Project, in.Request.Title, document.Instant(in.Request.Start), in.Request.RetryOf)
	return in, err
}

// changeFile reads the plan; without a file it is empty. What is wrong within it is told by its check, together with all else.
func changeFile(e *app.App, name string) (manifest.ChangeFile, error) {
	const most, example = 1 << 20, "prodctl change open -f change.yaml"
	var in io.Reader = e.In
	switch name {
	case "":
		return manifest.ChangeFile{}, nil
	case "-":
		name = "standard input"
	default:
		f, err := os.Open(e.Path(name))
		if err != nil {
			return manifest.ChangeFile{}, fault.Wrap(fault.Usage, fault.Plain(err), example, "read the plan")
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, most))
	if err != nil {
		return manifest.ChangeFile{}, fault.Wrap(fault.Usage, fault.Plain(err), example, "read the plan")
	}
	file, _ := manifest.ParseChange(name, data)
	return file, nil
}

// typedOver puts what flags say over the request.
func typedOver(o openOptions, r *change.Request) (errs []error) {
	for to, text := range map[*string]string{&r.Title: o.Title, &r.Why: o.Why, &r.Environment: o.Environment, &r.Monitoring: o.Monitoring,
		&r.Communication: o.Communication, &r.Rollback.Text: o.Rollback} {
		if text != "" {
			*to = text
		}
	}
	if names := input.UserNames([]string{o.Executor}); len(names) > 0 {
		r.Executor = names[0]
	}
	if len(o.Services) > 0 {
		r.Services = o.Services
	}
	if len(o.Steps) > 0 {
		r.Steps = nil
		for _, s := range o.Steps {
			r.Steps = append(r.Steps, change.Step{Do: s})
		}
	}
	over(&errs, "--criticality", o.Criticality, &r.Criticality, change.ParseCriticality)
	over(&errs, "--impact", o.Impact, &r.Impact.Type, change.ParseImpact)
	over(&errs, "--duration", o.Duration, &r.Duration, change.ParseMinutes)
	over(&errs, "--downtime", o.Downtime, &r.Impact.Downtime, change.ParseMinutes)
	over(&errs, "--start", o.Start, &r.Start, func(s string) (time.Time, error) { return record.ParseTime(s, time.Time{}) })
	return errs
}

// over puts the value of a flag over another one, if the flag was said.
func over[T any](errs *[]error, flag, typed string, to *T, parse func(string) (T, error)) {
	if typed == "" {
		return
	}
	v, err := parse(typed)
	if err != nil {
		*errs = append(*errs, fault.Wrap(fault.Usage, err, "prodctl change open --help tells the flags", "%s", flag))
		return
	}
	*to = v
}

// OpenPlanner is the command for these inputs, typed now or kept in a plan file.
func OpenPlanner(_ context.Context, e *app.App, in flow.OpenInputs) (flow.Open, error) {
	cfg, err := e.Config()
	if err != nil {
		return flow.Open{}, err
	}
	if err := cfg.RequireHost(); err != nil {
		return flow.Open{}, err
	}
	body, err := cfg.Template(cfg.Changes.Template, template.Change(), template.ChangeVariables(), "record")
	if err != nil {
		return flow.Open{}, err
	}
	today, err := e.Today()
	return flow.Open{Inputs: in, Labels: cfg.ChangeLabels(), Template: body, Zone: cfg.Timezone, Host: cfg.Host, Words: e.Args, Today: today}, err
}
