package change

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/change"
	"gitlab.com/prodctl/prodctl/pkg/change"
)

type recordOptions struct {
	Type        string
	Outcome     string
	Environment string
	Stage       string
	User        string
	Source      string
	Commit      string
	Diff        string
	Job         string
	Message     string
	Services    []string
	Criticality string
	Started     string
	runner.KeyFlags
}

func newRecordCmd(env *app.App, run func(context.Context, *app.App, recordOptions) error) *cobra.Command {
	var o recordOptions
	cmd := &cobra.Command{
		Use:   "record",
		Short: "Record what a pipeline has changed",
		Long: `Record makes an issue in the production queue that is closed from the start: what was changed, where, by whom, from which commit, and
whether it succeeded. In a GitLab CI job --type and --outcome are enough, all else comes from the job's variables; a flag goes before
them. It is made once for each pipeline and job name: a job that is retried tells its new outcome to the same record. Many jobs may
record at once.

Outside of a pipeline say --key, so that a repeated run finds what it made; otherwise the same words on the same day (UTC) do.

Exit codes: 0 recorded or there already, 1 failed, 3 recorded but not closed, 4 no right, 6 wrong usage, 7 GitLab out of reach,
130 interrupted.`,
		Example: `  prodctl change record --type deployment --outcome success
  prodctl change record --type configuration --outcome failure --environment production --key tf-apply-118`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.Type, "type", "", "`kind` of change, such as deployment, configuration or flag")
	f.StringVar(&o.Outcome, "outcome", "", "`outcome`: success or failure")
	f.StringVar(&o.Environment, "environment", "", "`environment` (CI_ENVIRONMENT_NAME)")
	f.StringVar(&o.Stage, "stage", "", "`stage` (CI_JOB_STAGE)")
	f.StringVar(&o.User, "user", "", "`who` did it (GITLAB_USER_LOGIN)")
	f.StringVar(&o.Source, "source", "", "`where` it came from (CI_PROJECT_PATH and branch)")
	f.StringVar(&o.Commit, "commit", "", "`commit`, in full (CI_COMMIT_SHA)")
	f.StringVar(&o.Diff, "diff", "", "`address` of what was changed")
	f.StringVar(&o.Job, "job", "", "`address` of the job (CI_JOB_URL)")
	f.StringVarP(&o.Message, "message", "m", "", "what there is to say (CI_COMMIT_TITLE), in a `sentence`")
	f.StringSliceVar(&o.Services, "service", nil, "`services`, parted by commas")
	f.StringVar(&o.Criticality, "criticality", "", "`criticality` (C4)")
	f.StringVar(&o.Started, "started", "", "`when` it began (CI_JOB_STARTED_AT)")
	command.AddKeyFlags(cmd, &o.KeyFlags)
	return cmd
}

func runRecord(ctx context.Context, env *app.App, o recordOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		in, err := recordInputs(env, o)
		if err != nil {
			return err
		}
		planner, err := RecordPlanner(ctx, env, in)
		if err != nil {
			return err
		}
		m := &runner.Creation{App: env, What: "record", Key: in.Once.Name, Step: "open", Existing: planner.Found, NoDraft: true}
		return runner.RunWith(ctx, env, planner, runner.Hooks{Observer: m, Show: m.Show})
	})
}

func recordInputs(e *app.App, o recordOptions) (flow.RecordInputs, error) {
	cfg, err := e.Config()
	if err != nil {
		return flow.RecordInputs{}, err
	}
	if err := cfg.RequireTrackers(manifest.Production); err != nil {
		return flow.RecordInputs{}, err
	}
	if o.Type == "" || o.Outcome == "" {
		return flow.RecordInputs{}, fault.New(fault.Usage, "prodctl change record --type deployment --outcome success", "--type and --outcome are what nobody else knows: say both")
	}
	a := change.FromCI(e.Getenv)
	a.Type, a.Services = o.Type, o.Services
	for to, text := range map[*string]string{&a.Environment: o.Environment, &a.Stage: o.Stage, &a.Source: o.Source, &a.Commit: o.Commit, &a.Diff: o.Diff,
		&a.Job: o.Job, &a.Message: o.Message} {
		if text != "" {
			*to = text
		}
	}
	if names := input.UserNames([]string{o.User}); len(names) > 0 {
		a.User = names[0]
	}
	if a.Outcome, err = change.ParseOutcome(o.Outcome); err != nil {
		return flow.RecordInputs{}, fault.Wrap(fault.Usage, err, "say --outcome success or --outcome failure", "")
	}
	if a.Criticality, err = input.Criticality(o.Criticality); err != nil {
		return flow.RecordInputs{}, err
	}
	if started, err := input.Time(e, "--started", o.Started); err != nil {
		return flow.RecordInputs{}, err
	} else if !started.IsZero() {
		a.StartedAt = started
	}
	keys, err := runner.Keys(e, o.KeyFlags)
	if err != nil {
		return flow.RecordInputs{}, err
	}
	a.FinishedAt = keys.Now.UTC().Truncate(time.Second)
	in := flow.RecordInputs{Project: cfg.Production().Path, Automation: a}
	// The outcome is not among the words: another one is told to the same record.
	in.Once, err = keys.Once("record", cfg.ChangeLabels().Change, "change record", in.Project, a.Type, a.Environment, a.Source, a.Commit)
	return in, err
}

// RecordPlanner is the command for these inputs, typed now or kept in a plan file.
func RecordPlanner(ctx context.Context, e *app.App, in flow.RecordInputs) (*flow.Record, error) {
	cfg, err := e.Config()
	if err != nil {
		return nil, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return nil, err
	}
	today, err := e.Today()
	return &flow.Record{Read: client, Labels: cfg.ChangeLabels(), Inputs: in, Host: cfg.Host, Words: e.Args, Today: today}, err
}
