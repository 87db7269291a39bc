package cli

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/credential"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	boardflow "gitlab.com/prodctl/prodctl/internal/workflow/board"
	labelflow "gitlab.com/prodctl/prodctl/internal/workflow/label"
	milestoneflow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/permission"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

type doctorOptions struct {
	Fix, Permissions bool
	Command          input.Text
}

func newDoctorCmd(a *app.App, run command.LocalRun[doctorOptions]) *cobra.Command {
	var o doctorOptions
	cmd := &cobra.Command{
		Use:   "doctor [--fix [<check>] | --permissions [<command>]]",
		Short: "Check the set-up and show how to fix it",
		Long: `Check the configuration, host, token, scope, role, projects, GitLab version, labels, milestones and board. All problems
are reported at once, each with its fix. The exit code is that of the first failed check; warnings do not change it.

Without --fix, doctor changes nothing; it tests write access with an update of milestone 0, which never exists. --fix runs the
commands that doctor names, each with its own plan and confirmation, or the one of a single check. A fix that needs a token, an
editor or another person is listed and skipped. --permissions lists what a fine-grained token needs, without a request.`,
		Example: `  # Check everything
  prodctl doctor

  # Print the fixes only
  prodctl doctor --jq '.checks[] | select(.status == "fail") | .fix'

  # Show what --fix would do, then do it
  prodctl doctor --fix --dry-run
  prodctl doctor --fix

  # Run the fix of one check
  prodctl doctor --fix labels

  # What to pick for a fine-grained token that only opens incidents
  prodctl doctor --permissions incident open`,
	}
	cmd.Flags().BoolVar(&o.Fix, "fix", false, "run the commands that fix what was found, each confirmed")
	cmd.Flags().BoolVar(&o.Permissions, "permissions", false, "list the permissions of a fine-grained token that commands need")
	cmd.MarkFlagsMutuallyExclusive("fix", "permissions")
	return command.Writes(command.Connects(command.DefineLocal(a, cmd, &o, run,
		command.Arg{Name: "command", Value: &o.Command, Optional: true, Rest: true})))
}

func runDoctor(ctx context.Context, a *app.App, o doctorOptions) error {
	switch {
	case o.Fix:
		return runFix(ctx, a, o)
	case o.Permissions || o.Command != "":
		cfg, _ := a.Config()
		return runPermissions(a, cfg, o)
	}
	found, err := diagnose(ctx, a)
	if err == nil {
		err = a.View.Doctor(found.Doctor)
	}
	if err == nil && a.OutTTY && a.Table() && !a.Global.Quiet && slices.ContainsFunc(fixesOf(found.Checks, ""), fix.runs) {
		a.Notef("To run these commands, each confirmed: prodctl doctor --fix")
	}
	return cmp.Or(err, found.Err)
}

// diagnose runs all checks.
func diagnose(ctx context.Context, a *app.App) (found workflow.Diagnosis, err error) {
	faults := a.Authorize(ctx)
	if ctx.Err() != nil {
		return found, ctx.Err()
	}
	cfg, _ := a.Config() // an invalid configuration is still the best one there is
	err = app.Within(ctx, cfg.Timeout, func(ctx context.Context) (err error) {
		defer a.Progress("Checking the set-up").Stop()
		found, err = doctor(a, cfg, faults).Examine(ctx)
		return err
	})
	return found, err
}

// runPermissions lists what commands need. Those that send no request are left out unless they are named.
func runPermissions(a *app.App, cfg config.Config, o doctorOptions) error {
	needs := permission.Find(strings.Fields(strings.TrimPrefix(string(o.Command), "prodctl ")))
	switch {
	case len(needs) == 0:
		return fault.New(fault.Usage, "To see all commands: prodctl doctor --permissions", "command %q not found", o.Command)
	case !o.Permissions:
		return fault.New(fault.Usage, "To see what a command needs: prodctl doctor --permissions "+needs[0].Command,
			"doctor takes no argument without --permissions")
	case o.Command == "":
		needs = slices.DeleteFunc(needs, permission.Need.Local)
	}
	var places []string
	for _, t := range cfg.Trackers {
		places = append(places, t.Project.Path)
	}
	if in := cfg.MilestoneTarget(); in.Kind == target.Group {
		places = []string{in.String()}
	}
	return a.View.Permissions(document.Permissions(needs, places))
}

// doctor collects the facts. It does not stop at missing ones.
func doctor(e *app.App, cfg config.Config, faults error) workflow.Doctor {
	now, err := e.Clock()
	if err != nil {
		now = e.Now()
	}
	d := workflow.Doctor{
		Today: calendar.DateOf(now.UTC()),
		File:  cfg.File, Changed: cfg.Trust == config.Changed, Config: faults,
		Host: cfg.Host, HostFrom: cfg.Source("host").String(), HostErr: cfg.RequireHost(),
		Trackers: cfg.Trackers, Timebox: cfg.MilestoneTarget(),
		Token: func(ctx context.Context) (string, error) {
			found, err := e.FindToken(ctx, cfg)
			return found.Source, err
		},
	}
	if cfg.Trust == config.Untrusted {
		d.HostErr = faults
	}
	if cfg.HasCalendar() {
		d.Calendar = func(ctx context.Context) (int, int, error) {
			ctx, cancel := context.WithTimeout(ctx, app.CalendarLimit)
			defer cancel()
			found, err := e.Calendar(ctx, cfg)
			if err != nil {
				return 0, 0, err
			}
			return found.Events, len(found.Problems), nil
		}
	}
	if d.HostErr != nil {
		return d
	}
	client, err := e.Connect(cfg, func(ctx context.Context) (string, error) { return e.Token(ctx, cfg) })
	if err != nil {
		d.HostErr = err
		return d
	}
	d.Read, d.Shared = client, credential.Shared(cfg.TokenFile)
	_, d.Pipeline = config.PipelineOf(e.Getenv, e.Dir)
	d.Reach = func(ctx context.Context) error { return reach(ctx, e, cfg) }
	d.Planners = planned(e, cfg, client)
	return d
}

// reach asks for the version without a token, which every GitLab answers with "401 Unauthorized".
func reach(ctx context.Context, e *app.App, cfg config.Config) error {
	client, err := e.Connect(cfg, nil)
	if err != nil {
		return err
	}
	_, err = client.Version(ctx)
	if refused, ok := errors.AsType[*gitlab.Error](err); ok && refused.Status == http.StatusUnauthorized &&
		refused.Message == "401 Unauthorized" {
		return nil
	}
	return err
}

// planned returns the commands that should have nothing left to do.
func planned(e *app.App, cfg config.Config, client *gitlab.Client) []workflow.Planned {
	now, err := e.Clock()
	if err != nil {
		now = e.Now()
	}
	today := calendar.DateOf(now.In(cfg.Timezone))
	boxes := milestoneflow.Timeboxes{Read: client, In: cfg.MilestoneTarget(), Rules: cfg.MilestoneRules()}
	labels := labelflow.Labels{Read: client, In: cfg.LabelPlaces(), Set: cfg.BoardLayout().Labels(cfg.Labels.Set())}
	own := []string{manifest.Infrastructure}
	return []workflow.Planned{
		{ID: "labels", Needs: []string{manifest.Infrastructure, manifest.Production},
			Missing: "labels are missing or differ from the declared set", Fix: "prodctl label apply",
			Planner: labelflow.Apply{Labels: labels, Origin: plan.Origin{Host: cfg.Host, Today: today}}},
		{ID: "milestones", Needs: own, Missing: "the current or the next milestone is missing or wrong", Fix: "prodctl milestone ensure",
			Planner: milestoneflow.Ensure{Timeboxes: boxes, Origin: plan.Origin{Host: cfg.Host, Today: today}}},
		{ID: "roll", Needs: own, Missing: "a milestone roll is due", Fix: "prodctl milestone roll",
			Planner: milestoneflow.Roll{Timeboxes: boxes, Origin: plan.Origin{Host: cfg.Host, Today: today},
				Options: milestone.RollOptions{Carry: cfg.Milestones.CarryOver}},
			Passed: milestoneflow.NextRoll},
		{ID: "board", Needs: own, Missing: "columns of the board are missing", Fix: "prodctl board init",
			Planner: boardflow.Init{Read: client, In: cfg.Infrastructure(), Layout: cfg.BoardLayout(), Set: cfg.Labels.Set(),
				Origin: plan.Origin{Host: cfg.Host, Today: today}}},
		{ID: keysCheck, Needs: []string{manifest.Production}, Fix: "prodctl doctor --fix " + keysCheck, Found: workflow.Lacking,
			Planner: workflow.IDWords{Read: client, Inputs: workflow.IDWordsInputs{Project: cfg.Production().Path}, Limit: checkedIssues},
			Passed:  func(plan.Plan) string { return "every issue with a key can be found by it" }},
	}
}

// checkedIssues is how many issues with a key doctor reads, oldest first: those of older releases come first.
const checkedIssues = 1000
