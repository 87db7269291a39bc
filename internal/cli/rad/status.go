package rad

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/rad"
)

type statusOptions struct{ ExitCode bool }

func newStatusCmd(a *app.App, run command.Run[statusOptions]) *cobra.Command {
	var o statusOptions
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show when each backup was last restored",
		Long: `Show the restore drills of the last year: who is next, and for each target the last restore, how long it took compared with
those before, and whether the data was verified. A target is a finding if it was not verified within rad.within (a month), if its
last restore failed, or if it was less than half of its expected size.

It takes one request for each hundred drills. Outside a terminal, confidential drills appear by reference only.`,
		Example: `  # What is tested, and who is next?
  prodctl rad status

  # In a scheduled pipeline: exit code 8 if a backup is not tested
  prodctl rad status --exit-code`,
	}
	cmd.Flags().BoolVar(&o.ExitCode, "exit-code", false, "exit with 8 if there is a finding")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run)
}

func runStatus(ctx context.Context, s *app.Session, o statusOptions) error {
	if err := s.Config.RequireTrackers(manifest.Infrastructure); err != nil {
		return err
	}
	progress := s.Progress("Reading restore drills")
	defer progress.Stop()
	in := s.Config.Infrastructure()
	report, err := flow.Status{Read: s.Client, In: in, Schedule: schedule(s.Config), Now: s.Time, Today: s.Today}.Report(ctx)
	if err != nil {
		return err
	}
	progress.Stop()
	doc := document.Drills(in, report, s.Today)
	if err := s.View.Drills(doc); err != nil {
		return err
	}
	if o.ExitCode && doc.Findings > 0 {
		return &fault.Error{Kind: fault.Pending} // the list is the result; there is nothing to add
	}
	return nil
}
