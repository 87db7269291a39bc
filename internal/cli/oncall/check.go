package oncall

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
)

type checkOptions struct {
	ExitCode bool
}

func newCheckCmd(a *app.App, run func(context.Context, *app.App, checkOptions) error) *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Look for gaps, overlaps and contradictions in the schedule",
		Long: `Check tells whether every instant belongs to exactly one region, also on days on which clocks are put forward or
back in one of their zones, and whether overrides and swaps contradict each other. It names each fault with the first time
that it is about and the key of the configuration. Every other command refuses a schedule with such a fault.

Notes tell what is no fault and may still be a mistake: a region without a rotation, people of overrides who are in no rotation.

Exit codes: 0 also with faults, 1 failed, 6 wrong usage or a configuration that cannot be read, 8 faults with --exit-code,
130 interrupted.`,
		Example: `  prodctl oncall check
  prodctl oncall check --exit-code -o json`,
	}
	cmd.Flags().BoolVar(&o.ExitCode, "exit-code", false, "end with 8 when there are faults")
	return command.Configured(command.DefineLocal(a, cmd, &o, run))
}

func runCheck(_ context.Context, a *app.App, o checkOptions) error {
	cfg, err := a.Config()
	if err != nil && !manifest.OnlyIn(err, manifest.PartOncall) {
		return err
	}
	doc := document.OncallCheck(cfg)
	if err := a.View.OncallCheck(doc); err != nil {
		return err
	}
	if o.ExitCode && !doc.OK {
		return &fault.Error{Kind: fault.Pending} // the faults are the result; there is nothing to add
	}
	return nil
}
