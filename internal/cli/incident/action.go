package incident

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

type actionOptions struct {
	Issue string
	Title string
	Text  string
	Owner string
	Due   string
	runner.KeyFlags
}

func newActionCmd(env *app.App, run func(context.Context, *app.App, actionOptions) error) *cobra.Command {
	var o actionOptions
	cmd := &cobra.Command{
		Use:   "action <incident> <title>",
		Short: "Make a corrective action in the infrastructure tracker",
		Long: `Action makes an issue in the infrastructure tracker that keeps the incident from coming again. It carries the label corrective action and
the severity of the incident, is linked with it both ways, and is due by severity unless --due says otherwise: S1 in a week, S2 in 30
days, S3 in 60, S4 or unknown in 90 (incidents.action_due). The incident's timeline gets a line. One that comes from a confidential
incident is confidential.

The same title for the same incident is the same action.

Exit codes: 0 made or there already, 1 failed, 3 made but something after it failed, 4 no right, 5 the issue is no incident, 6 wrong
usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl incident action 8 "Alert before the disk is full" --owner ines
  prodctl incident action 8 "Restore drill for the registry" --due 2018-10-01`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Issue, o.Title = args[0], args[1]
			return run(cmd.Context(), env, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Owner, "owner", "", "`who` carries it out, by user name")
	f.StringVar(&o.Due, "due", "", "`date` until which it is to be done")
	f.StringVarP(&o.Text, "message", "m", "", "what is to be done, in a `sentence`")
	command.AddKeyFlags(cmd, &o.KeyFlags)
	command.AddConfidentialFlag(cmd)
	return cmd
}

func runAction(ctx context.Context, env *app.App, o actionOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		in, err := actionInputs(env, o)
		if err != nil {
			return err
		}
		planner, err := ActionPlanner(ctx, env, in)
		if err != nil {
			return err
		}
		m := &runner.Creation{App: env, What: "action", Key: in.Once.Name, Step: "open", Existing: planner.Found}
		return runner.RunWith(ctx, env, planner, runner.Hooks{Observer: m, Show: m.Show})
	})
}

func actionInputs(e *app.App, o actionOptions) (flow.ActionInputs, error) {
	cfg, err := e.Config()
	if err != nil {
		return flow.ActionInputs{}, err
	}
	if err := errors.Join(cfg.RequireTrackers(), input.RequireText(o.Title, `prodctl incident action 8 "Alert before the disk is full"`)); err != nil {
		return flow.ActionInputs{}, err
	}
	ref, err := input.QueueRef(cfg, o.Issue, `prodctl incident action 8 "Alert before the disk is full"`)
	if err != nil {
		return flow.ActionInputs{}, err
	}
	in := flow.ActionInputs{Project: ref.Project, IID: ref.IID, In: cfg.Tracker(manifest.Infrastructure).Path, Title: o.Title, Text: o.Text}
	if names := input.UserNames([]string{o.Owner}); len(names) > 0 {
		in.Owner = names[0]
	}
	if strings.ContainsAny(in.Owner, ", ") {
		return in, fault.New(fault.Usage, "say one person: an action that is several people's is nobody's", "--owner %q is no user name", o.Owner)
	}
	if o.Due != "" {
		if in.Due, err = calendar.ParseDate(o.Due); err != nil {
			return in, fault.Wrap(fault.Usage, err, "write --due 2018-10-01", "--due")
		}
		if today, err := e.Today(); err != nil || in.Due.Before(today) {
			return in, errors.Join(err, fault.New(fault.Usage, "say a day that is to come", "--due %s is over", in.Due))
		}
	}
	keys, err := runner.Keys(e, o.KeyFlags)
	if err != nil {
		return in, err
	}
	in.Once, err = keys.Once("action", cfg.IncidentLabels().Action, "incident action", ref.String(), strings.TrimSpace(o.Title))
	return in, err
}

// ActionPlanner is the command for these inputs, typed now or kept in a plan file.
func ActionPlanner(ctx context.Context, e *app.App, in flow.ActionInputs) (*flow.Action, error) {
	cfg, err := e.Config()
	if err != nil {
		return nil, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return nil, err
	}
	days := cfg.Incidents.ActionDue
	today, err := e.Today()
	return &flow.Action{Read: client, Labels: cfg.IncidentLabels(), Days: incident.ActionDays(days), Inputs: in, Host: cfg.Host, Words: e.Args, Today: today}, err
}
