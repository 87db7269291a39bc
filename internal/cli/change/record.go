package change

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/change"
	"gitlab.com/prodctl/prodctl/pkg/change"
)

type recordOptions struct {
	Type        string
	Outcome     input.Outcome
	Environment string
	Stage       string
	User        input.User
	Source      string
	Commit      string
	Diff        string
	Job         string
	Message     string
	Services    input.ServiceNames
	Criticality input.Criticality
	Started     input.Time
	runner.KeyFlags
}

func newRecordCmd(a *app.App, run command.Run[recordOptions]) *cobra.Command {
	var o recordOptions
	cmd := &cobra.Command{
		Use:   "record",
		Short: "Record what a pipeline changed",
		Long: `Record a change made by a pipeline, as a closed issue in the production queue. In a GitLab CI job pass --type and
--outcome; the rest comes from the job's variables unless a flag overrides it. Outside a pipeline, pass --key so that a
retry finds the record; a key never makes a second one.

There is one record for each job and each thing it changes: services, environment, stage, source, commit and type. A job
that is retried after a failure adds an attempt to it. After a success, another run is a record of its own: a rollback if
its pipeline is older than that of the newest success.`,
		Example: `  # In a GitLab CI job
  prodctl change record --type deployment --outcome success

  # Outside a pipeline
  prodctl change record --type configuration --outcome failure --environment production --key tf-apply-118`,
	}
	f := cmd.Flags()
	f.StringVar(&o.Type, "type", "", "`type` of change, such as deployment, configuration or flag")
	f.Var(&o.Outcome, "outcome", "`outcome`: success or failure")
	f.StringVar(&o.Environment, "environment", "", "`environment` (CI_ENVIRONMENT_NAME)")
	f.StringVar(&o.Stage, "stage", "", "`stage` (CI_JOB_STAGE)")
	f.Var(&o.User, "user", "`user` who made the change (GITLAB_USER_LOGIN)")
	f.StringVar(&o.Source, "source", "", "`source`: project and branch or merge request (CI_PROJECT_PATH and branch)")
	f.StringVar(&o.Commit, "commit", "", "full `commit` hash (CI_COMMIT_SHA)")
	f.StringVar(&o.Diff, "diff", "", "`url` of the diff")
	f.StringVar(&o.Job, "job", "", "`url` of the job (CI_JOB_URL)")
	f.StringVarP(&o.Message, "message", "m", "", "`text` of the message (CI_COMMIT_TITLE)")
	f.Var(&o.Services, "service", "affected `services`, separated by commas (default: all)")
	f.Var(&o.Criticality, "criticality", "`criticality`: C1, C2, C3 or C4 (default C4)")
	f.Var(&o.Started, "started", "start `time` (CI_JOB_STARTED_AT)")
	command.AddKeyFlags(cmd, &o.KeyFlags)
	return command.Writes(command.Define(a, cmd, &o, run))
}

func runRecord(ctx context.Context, s *app.Session, o recordOptions) error {
	in := flow.RecordInputs{Project: s.Config.Production().Path, Automation: automation(s, o)}
	if err := errors.Join(s.Config.RequireTrackers(manifest.Production), in.Check(o.Keys(s), s.Config.ChangeLabels())); err != nil {
		return err
	}
	planner, err := RecordPlanner(s, in)
	if err != nil {
		return err
	}
	c := &runner.Creation{Session: s, What: "record", Key: in.IdempotencyKey.Name, Step: "open", Existing: planner.Found, NoDraft: true}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Observer: c, Show: c.Show})
}

// automation is read from the variables of the CI job, overridden by flags.
func automation(s *app.Session, o recordOptions) change.Automation {
	a := change.FromCI(s.Getenv)
	a.Type, a.Outcome, a.Criticality = o.Type, o.Outcome.Value, o.Criticality.Value
	a.Services, a.FinishedAt = input.Strings(o.Services), s.Time
	override(&a.Environment, o.Environment)
	override(&a.Stage, o.Stage)
	override(&a.User, string(o.User))
	override(&a.Source, o.Source)
	override(&a.Commit, o.Commit)
	override(&a.Diff, o.Diff)
	if o.Job != "" {
		a.Job, a.JobID = o.Job, "" // the job that did the work is another one than this
	}
	override(&a.Message, o.Message)
	override(&a.StartedAt, o.Started.Time)
	return a
}

// RecordPlanner returns the planner for inputs from the command line or from a plan file.
func RecordPlanner(s *app.Session, in flow.RecordInputs) (*flow.Record, error) {
	ours := func(address string) bool {
		_, err := s.Config.LocalPath(address)
		return err == nil
	}
	return &flow.Record{Read: s.Client, Labels: s.Config.ChangeLabels(), Inputs: in, DryRun: s.Global.DryRun, Ours: ours,
		Origin: s.Origin()}, nil
}
