package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

type incidentActionOptions struct {
	Issue string
	Title string
	Text  string
	Owner string
	Due   string
	keyOptions
}

func newIncidentActionCmd(env *Env, run func(context.Context, *Env, incidentActionOptions) error) *cobra.Command {
	var o incidentActionOptions
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
	addKeyFlags(cmd, &o.keyOptions)
	addConfidentialFlag(cmd)
	return cmd
}

func runIncidentAction(ctx context.Context, env *Env, o incidentActionOptions) error {
	return env.bounded(ctx, func(ctx context.Context) error {
		in, err := env.actionInputs(o)
		if err != nil {
			return err
		}
		planner, err := incidentAction(ctx, env, in)
		if err != nil {
			return err
		}
		m := &making{env: env, what: "action", key: in.Once.Name, step: "open", found: planner.Found}
		return env.executeTo(ctx, planner, ending{observer: m, show: m.show})
	})
}

func (e *Env) actionInputs(o incidentActionOptions) (workflow.ActionInputs, error) {
	cfg, err := e.Config()
	if err != nil {
		return workflow.ActionInputs{}, err
	}
	if err := errors.Join(cfg.RequireTrackers(), needText(o.Title, `prodctl incident action 8 "Alert before the disk is full"`)); err != nil {
		return workflow.ActionInputs{}, err
	}
	ref, err := queueRef(cfg, o.Issue, `prodctl incident action 8 "Alert before the disk is full"`)
	if err != nil {
		return workflow.ActionInputs{}, err
	}
	in := workflow.ActionInputs{Project: ref.Project, IID: ref.IID, In: cfg.Tracker(manifest.Infrastructure).Path, Title: o.Title, Text: o.Text}
	if names := userNames([]string{o.Owner}); len(names) > 0 {
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
	keys, err := e.keys(o.keyOptions)
	if err != nil {
		return in, err
	}
	in.Once, err = keys.Once("action", cfg.IncidentLabels().Action, "incident action", ref.String(), strings.TrimSpace(o.Title))
	return in, err
}

// incidentAction is the command for these inputs, typed now or kept in a plan file.
func incidentAction(ctx context.Context, e *Env, in workflow.ActionInputs) (*workflow.IncidentAction, error) {
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
	return &workflow.IncidentAction{Read: client, Labels: cfg.IncidentLabels(), Days: incident.ActionDays(days), Inputs: in, Host: cfg.Host, Words: e.args, Today: today}, err
}
