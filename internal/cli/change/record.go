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
		Short: "Record what a pipeline has changed",
		Long: `Record makes an issue in the production queue that is closed from the start: what was changed, where, by whom,
from which commit, and whether it succeeded. In a GitLab CI job --type and --outcome are enough, all else comes from the
job's variables; a flag goes before them. It is made once for each pipeline and job name: a job that is retried tells its
new outcome to the same record. Many jobs may record at once.

Outside of a pipeline say --key, so that a repeated run finds what it made; otherwise the same words on the same day (UTC) do.

Exit codes: 0 recorded or there already, 1 failed, 3 recorded but not closed, 4 no right, 6 wrong usage, 7 GitLab out of reach,
130 interrupted.`,
		Example: `  prodctl change record --type deployment --outcome success
  prodctl change record --type configuration --outcome failure --environment production --key tf-apply-118`,
	}
	f := cmd.Flags()
	f.StringVar(&o.Type, "type", "", "`kind` of change, such as deployment, configuration or flag")
	f.Var(&o.Outcome, "outcome", "`outcome`: success or failure")
	f.StringVar(&o.Environment, "environment", "", "`environment` (CI_ENVIRONMENT_NAME)")
	f.StringVar(&o.Stage, "stage", "", "`stage` (CI_JOB_STAGE)")
	f.Var(&o.User, "user", "`who` did it (GITLAB_USER_LOGIN)")
	f.StringVar(&o.Source, "source", "", "`where` it came from (CI_PROJECT_PATH and branch)")
	f.StringVar(&o.Commit, "commit", "", "`commit`, in full (CI_COMMIT_SHA)")
	f.StringVar(&o.Diff, "diff", "", "`address` of what was changed")
	f.StringVar(&o.Job, "job", "", "`address` of the job (CI_JOB_URL)")
	f.StringVarP(&o.Message, "message", "m", "", "what there is to say (CI_COMMIT_TITLE), in a `sentence`")
	f.Var(&o.Services, "service", "`services`, parted by commas")
	f.Var(&o.Criticality, "criticality", "`criticality` (C4)")
	f.Var(&o.Started, "started", "`when` it began (CI_JOB_STARTED_AT)")
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
	c := &runner.Creation{Session: s, What: "record", Key: in.Once.Name, Step: "open", Existing: planner.Found, NoDraft: true}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Observer: c, Show: c.Show})
}

// automation is what the variables of the CI job say, with what flags say over it.
func automation(s *app.Session, o recordOptions) change.Automation {
	a := change.FromCI(s.Getenv)
	a.Type, a.Outcome, a.Criticality = o.Type, o.Outcome.Value, o.Criticality.Value
	a.Services, a.FinishedAt = input.Strings(o.Services), s.Time
	over(&a.Environment, o.Environment)
	over(&a.Stage, o.Stage)
	over(&a.User, string(o.User))
	over(&a.Source, o.Source)
	over(&a.Commit, o.Commit)
	over(&a.Diff, o.Diff)
	over(&a.Job, o.Job)
	over(&a.Message, o.Message)
	over(&a.StartedAt, o.Started.Time)
	return a
}

// RecordPlanner is the command for these inputs, typed now or kept in a plan file.
func RecordPlanner(s *app.Session, in flow.RecordInputs) (*flow.Record, error) {
	return &flow.Record{Read: s.Client, Labels: s.Config.ChangeLabels(), Inputs: in, Origin: s.Origin()}, nil
}
