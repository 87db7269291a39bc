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
		Short: "Check the schedule for gaps, overlaps and conflicts",
		Long: `Check that exactly one region is on call at any time, also on days when clocks change, and that overrides and swaps do not
conflict. Each problem comes with its first occurrence and its configuration key. All other commands reject such a schedule.

Possible mistakes, such as a region without a rotation, are notes and not problems. With --exit-code, exit code 8 means that
problems were found.`,
		Example: `  # After editing the schedule
  prodctl oncall check

  # In a pipeline
  prodctl oncall check --exit-code -o json`,
	}
	cmd.Flags().BoolVar(&o.ExitCode, "exit-code", false, "exit with 8 if there are problems")
	return command.Configured(command.DefineLocal(a, cmd, &o, run))
}

func runCheck(_ context.Context, a *app.App, o checkOptions) error {
	cfg, err := a.ConfigAt("") // as it is now, after an edit
	if err != nil && !manifest.OnlyIn(err, manifest.PartOncall) {
		return err
	}
	doc := document.OncallCheck(cfg)
	if err := a.View.OncallCheck(doc); err != nil {
		return err
	}
	if o.ExitCode && !doc.OK {
		return &fault.Error{Kind: fault.Pending} // the list is the result; there is nothing to add
	}
	return nil
}
