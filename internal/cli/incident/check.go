package incident

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
)

type checkOptions struct{ ExitCode bool }

func newCheckCmd(a *app.App, run command.Run[checkOptions]) *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check",
		Short: "List incidents that need attention",
		Long: `Check incidents that are ongoing, whose issue is open, or that were closed in the last 90 days: no update for longer than the
severity allows, no word for days, labels that differ from the record, a review that was not held, no cause, an S1 or S2 without
corrective actions. Each finding has the command that fixes it; check itself changes nothing.

Outside a terminal, confidential incidents appear by reference only. With --exit-code, exit code 8 means that there are findings.`,
		Example: `  # What needs attention
  prodctl incident check

  # In a scheduled pipeline
  prodctl incident check --exit-code`,
	}
	cmd.Flags().BoolVar(&o.ExitCode, "exit-code", false, "exit with 8 if there are findings")
	command.AddLimitFlag(cmd, "first `n` findings")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run)
}

func runCheck(ctx context.Context, s *app.Session, o checkOptions) error {
	cfg := s.Config
	if err := cfg.RequireTrackers(); err != nil {
		return err
	}
	progress := s.Progress("Checking incidents")
	list, checked, err := flow.Check{Read: s.Client, Project: cfg.Production().Path, Actions: cfg.Infrastructure().Path,
		Labels: cfg.IncidentLabels(), Limits: cfg.IncidentLimits(), Now: s.Time}.Findings(ctx)
	progress.Stop()
	if err != nil {
		return err
	}
	if err := s.View.IncidentCheck(document.IncidentCheck(list, checked)); err != nil {
		return err
	}
	if o.ExitCode && len(list) > 0 {
		return &fault.Error{Kind: fault.Pending} // the list is the result; there is nothing to add
	}
	return nil
}
