package lock

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/lock"
)

type syncOptions struct {
	Projects input.List[input.Project, *input.Project]
	Remove   []int64
	ExitCode bool
}

func newSyncCmd(a *app.App, run command.Run[syncOptions]) *cobra.Command {
	var o syncOptions
	cmd := &cobra.Command{
		Use:   "sync",
		Short: "Create GitLab's freeze periods for weekly locks",
		Long: `Create a freeze period in GitLab for each weekly hard lock that has none. During it, pipelines have the variable
CI_DEPLOY_FREEZE. Other locks are listed and not synced: a freeze period has no year and stops every deployment of the project.

Freeze periods that belong to no lock are listed and stay. --remove deletes them by id. You need the Maintainer role. Exit code 3
also means that a freeze period exists twice; 8, only with --exit-code, means that changes are pending.`,
		Example: `  # Show what would change in the projects of incidents.deployments
  prodctl lock sync --dry-run

  # One project, from a pipeline
  prodctl lock sync --project acme/users-cookbook --yes

  # Delete a freeze period that belongs to no lock
  prodctl lock sync --project acme/users-cookbook --remove 12 --yes`,
	}
	f := cmd.Flags()
	f.Var(&o.Projects, "project", "`project` that deploys, by full path or URL; repeatable (default: those of incidents.deployments)")
	f.Int64SliceVar(&o.Remove, "remove", nil, "delete the freeze period with this `id`; repeatable")
	f.Lookup("remove").DefValue = "" // pflag would print "(default [])"
	f.BoolVar(&o.ExitCode, "exit-code", false, "with --dry-run, exit with 8 if changes are pending")
	return command.Writes(command.Define(a, cmd, &o, run))
}

func runSync(ctx context.Context, s *app.Session, o syncOptions) error {
	if o.ExitCode && !s.Global.DryRun {
		const hint = "To check without writing: prodctl lock sync --dry-run --exit-code"
		return fault.New(fault.Usage, hint, "--exit-code requires --dry-run")
	}
	planner, err := SyncPlanner(s, flow.Inputs{Projects: input.Strings(o.Projects), Remove: o.Remove})
	if err != nil {
		return err
	}
	recorder := &planRecorder{Planner: planner}
	if err := runner.Run(ctx, s, recorder); err != nil {
		return err
	}
	if o.ExitCode && !recorder.plan.Empty() {
		return fault.New(fault.Pending, "To apply the changes: prodctl lock sync", "GitLab's freeze periods differ from the locks")
	}
	return nil
}

// planRecorder keeps the last plan of its planner.
type planRecorder struct {
	workflow.Planner
	plan plan.Plan
}

// Plan plans, and keeps the result.
func (r *planRecorder) Plan(ctx context.Context) (p plan.Plan, err error) {
	r.plan, err = r.Planner.Plan(ctx)
	return r.plan, err
}

// SyncPlanner returns `lock sync` for inputs from the command line or from a plan file.
func SyncPlanner(s *app.Session, in flow.Inputs) (flow.Sync, error) {
	sync := flow.Sync{Read: s.Client, Locks: s.Config.Locks, Inputs: in, Origin: s.Origin()}
	for _, id := range in.Remove {
		if id < 1 {
			return sync, fault.New(fault.Usage, "To see the ids: prodctl lock sync --dry-run", "--remove: %d is not the id of a freeze period", id)
		}
	}
	paths := in.Projects
	for _, d := range s.Config.Incidents.Deployments {
		if len(in.Projects) == 0 {
			paths = append(paths, d.Project)
		}
	}
	for _, path := range paths {
		if !slices.ContainsFunc(sync.Projects, func(known string) bool { return strings.EqualFold(known, path) }) {
			sync.Projects = append(sync.Projects, path)
		}
	}
	if len(sync.Projects) == 0 {
		return sync, fault.New(fault.Usage, "Set incidents.deployments, or name a project: prodctl lock sync --project PATH",
			"no project to sync the locks to")
	}
	sync.Notes = noLocks(s.Config)
	return sync, nil
}
