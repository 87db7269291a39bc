package cli

import (
	"context"
	"errors"
	"net/http"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	boardflow "gitlab.com/prodctl/prodctl/internal/workflow/board"
	labelflow "gitlab.com/prodctl/prodctl/internal/workflow/label"
	milestoneflow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

func newDoctorCmd(a *app.App, run command.LocalRun[struct{}]) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check the set-up and say what to type to mend it",
		Long: `Doctor checks the configuration, the host and its certificate, the token, its scope and the role of its user, the projects, the
server's version and edition, labels, milestones and the board. It finds all faults at once, says for each what to type,
and changes nothing: what commands would still have to do is found by planning them.
Whether the token may write is found out by asking for a change of milestone 0, which never exists.

Exit codes: 0 nothing failed (there may be warnings), else that of the first check that failed: 1, 4 token or right,
5 an untrusted host, 6 configuration, 7 GitLab out of reach; 130 interrupted.`,
		Example: `  prodctl doctor
  prodctl doctor --jq '.checks[] | select(.status == "fail") | .fix'`,
	}
	return command.Connects(command.DefineLocal(a, cmd, &struct{}{}, run))
}

func runDoctor(ctx context.Context, a *app.App, _ struct{}) error {
	cfg, err := a.Config() // with faults it is still the best that is known
	return app.Within(ctx, cfg.Timeout, func(ctx context.Context) error {
		progress := a.Progress("examining")
		found, err := doctor(a, cfg, err).Examine(ctx)
		progress.Stop()
		if err != nil {
			return err
		}
		if err := a.View.Doctor(found.Doctor); err != nil {
			return err
		}
		return found.Err
	})
}

// doctor collects the facts. Nothing of what is missing stops it.
func doctor(e *app.App, cfg config.Config, faults error) workflow.Doctor {
	d := workflow.Doctor{
		File: cfg.File, Config: faults, Host: cfg.Host, HostFrom: cfg.Source("host").String(), Named: cfg.RequireHost(),
		Trackers: cfg.Trackers, Timebox: cfg.MilestoneTarget(),
		Token: func(ctx context.Context) (string, error) {
			found, err := e.FindToken(ctx, cfg)
			return found.Source, err
		},
	}
	if d.Named != nil {
		return d
	}
	client, err := e.Connect(cfg, func(ctx context.Context) (string, error) { return e.Token(ctx, cfg) })
	if err != nil {
		d.Named = err
		return d
	}
	d.Read = client
	d.Reach = func(ctx context.Context) error { return reach(ctx, e, cfg) }
	d.Planners = planned(e, cfg, client)
	return d
}

// reach asks for the version without a token: every GitLab answers that with 401 and these words.
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

// Planned are the commands whose work should be done already.
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
			Missing: "labels of the declared set are missing or differ", Fix: "prodctl label apply",
			Planner: labelflow.Apply{Labels: labels, Origin: plan.Origin{Host: cfg.Host, Today: today}}},
		{ID: "milestones", Needs: own, Missing: "Current and Next Milestone are not as they should be", Fix: "prodctl milestone ensure",
			Planner: milestoneflow.Ensure{Timeboxes: boxes, Origin: plan.Origin{Host: cfg.Host, Today: today}}},
		{ID: "roll", Needs: own, Missing: "the Current Milestone has ended", Fix: "prodctl milestone roll",
			Planner: milestoneflow.Roll{Timeboxes: boxes, Origin: plan.Origin{Host: cfg.Host, Today: today}}},
		{ID: "board", Needs: own, Missing: "the board lacks columns", Fix: "prodctl board init",
			Planner: boardflow.Init{Read: client, In: cfg.Infrastructure(), Layout: cfg.BoardLayout(), Set: cfg.Labels.Set(),
				Origin: plan.Origin{Host: cfg.Host, Today: today}}},
	}
}
