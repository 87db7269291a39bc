package incident

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type listOptions struct {
	All        bool
	States     []string
	Severities []string
	Services   []string
	Since      string
}

func newListCmd(env *app.App, run func(context.Context, *app.App, listOptions) error) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show the incidents that are not over",
		Long: `List shows the incidents that are active or mitigated, the worst first. Where one stands is told by its label and its record: an
open issue may be over, and a closed one may not be. What should be known and is not is shown as a gap.

Outside a terminal, confidential incidents are listed by their reference only, unless --include-confidential is said.

Exit codes: 0 also when there are none, 1 failed, 4 no right, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl incident list
  prodctl incident list -s S1,S2
  prodctl incident list --all --since 30d -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.All, "all", false, "also those that are over")
	f.StringSliceVar(&o.States, "state", nil, "only those in these `states`: active, mitigated, resolved, reviewed, unknown")
	f.StringSliceVarP(&o.Severities, "severity", "s", nil, "only those of these `severities`: S1 to S4, unknown")
	f.StringSliceVar(&o.Services, "service", nil, "only those of these `services`")
	f.StringVar(&o.Since, "since", "", "only those opened since then: a `date`, or 30d ago")
	command.AddConfidentialFlag(cmd)
	return cmd
}

func runList(ctx context.Context, env *app.App, o listOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		cfg, err := env.Config()
		if err != nil {
			return err
		}
		if err := cfg.RequireTrackers(manifest.Production); err != nil {
			return err
		}
		filter, words, err := incidentFilter(env, o)
		if err != nil {
			return err
		}
		client, err := env.Client(ctx)
		if err != nil {
			return err
		}
		progress := env.Progress("reading incidents")
		list, err := workflow.Incidents(ctx, client, cfg.Production().Path, cfg.IncidentLabels(), filter)
		progress.Stop()
		if err != nil {
			return err
		}
		now, err := env.Clock()
		if err != nil {
			return err
		}
		var rows []jsonv1.Incident
		for _, i := range list {
			rows = append(rows, document.Incident(i, cfg.Incidents.ReviewAfter, now))
		}
		doc := jsonv1.NewIncidents(words, rows)
		return env.View.Incidents(doc)
	})
}

// incidentFilter reads what was typed, and says it in words.
func incidentFilter(e *app.App, o listOptions) (f workflow.IncidentFilter, words []string, err error) {
	f.All, f.Services = o.All, o.Services
	for _, s := range o.States {
		state, err := incident.ParseState(s)
		if err != nil {
			return f, nil, fault.Wrap(fault.Usage, err, "say --state active, mitigated, resolved, reviewed or unknown", "")
		}
		f.States, words = append(f.States, state), append(words, string(state))
	}
	for _, s := range o.Severities {
		sev := incident.UnknownSeverity
		if s != "unknown" {
			if sev, err = input.Severity(s); err != nil {
				return f, nil, err
			}
		}
		f.Severities, words = append(f.Severities, sev), append(words, "severity "+s)
	}
	for _, s := range o.Services {
		words = append(words, "service "+s)
	}
	if f.Since, err = input.Since(e, o.Since); err != nil {
		return f, nil, err
	}
	if !f.Since.IsZero() {
		words = append(words, "since "+f.Since.Format(time.RFC3339))
	}
	if len(f.States) == 0 && !o.All {
		words = append([]string{"not over"}, words...)
	}
	return f, words, nil
}
