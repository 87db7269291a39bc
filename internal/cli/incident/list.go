package incident

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type listOptions struct {
	All        bool
	States     input.IncidentStates
	Severities input.Severities
	Services   input.ServiceNames
	Since      input.Since
}

func newListCmd(a *app.App, run command.Run[listOptions]) *cobra.Command {
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
	}
	f := cmd.Flags()
	f.BoolVar(&o.All, "all", false, "also those that are over")
	f.Var(&o.States, "state", "only those in these `states`: active, mitigated, resolved, reviewed, unknown")
	f.VarP(&o.Severities, "severity", "s", "only those of these `severities`: S1 to S4, unknown")
	f.Var(&o.Services, "service", "only those of these `services`")
	f.Var(&o.Since, "since", "only those opened since then: a `date`, or 30d ago")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run)
}

func runList(ctx context.Context, s *app.Session, o listOptions) error {
	if err := s.Config.RequireTrackers(manifest.Production); err != nil {
		return err
	}
	filter := workflow.IncidentFilter{All: o.All, States: input.Values(o.States), Classes: input.Values(o.Severities),
		Services: input.Strings(o.Services), Since: o.Since.Time.Time}
	progress := s.Progress("reading incidents")
	list, err := workflow.Incidents(ctx, s.Client, s.Config.Production().Path, s.Config.IncidentLabels(), filter)
	progress.Stop()
	if err != nil {
		return err
	}
	var rows []jsonv1.Incident
	for _, i := range list {
		rows = append(rows, document.Incident(i, s.Config.Incidents.ReviewAfter, s.Time))
	}
	return s.View.Incidents(jsonv1.NewIncidents(filter.Words("severity"), rows))
}
