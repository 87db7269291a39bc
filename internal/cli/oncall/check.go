package oncall

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type checkOptions struct {
	ExitCode bool
	Weeks    input.Count
}

func newCheckCmd(a *app.App, run func(context.Context, *app.App, checkOptions) error) *cobra.Command {
	o := checkOptions{Weeks: input.Between(1, 52, 4)}
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check the schedule for gaps, overlaps and conflicts",
		Long: `Check that exactly one region is on call at any time, also on days when clocks change, and that overrides and swaps do not
conflict. Each problem comes with its first occurrence and its configuration key. Commands that need the file refuse it.

A calendar (oncall.source: ics) is read too: events that cannot be used are problems. Differences from the file in the
coming weeks are shown, but are not problems: the calendar counts. With --exit-code, exit code 8 means that problems were found.`,
		Example: `  # After editing the schedule
  prodctl oncall check

  # In a pipeline
  prodctl oncall check --exit-code -o json`,
	}
	cmd.Flags().Var(&o.Weeks, "weeks", "compare `n` weeks of the calendar with the file, 1 to 52")
	cmd.Flags().BoolVar(&o.ExitCode, "exit-code", false, "exit with 8 if there are problems")
	return command.Configured(command.DefineLocal(a, cmd, &o, run))
}

func runCheck(ctx context.Context, a *app.App, o checkOptions) error {
	cfg, err := a.ConfigAt("") // as it is now, after an edit
	if err != nil && !manifest.OnlyIn(err, manifest.PartOncall) {
		return err
	}
	doc := document.OncallCheck(cfg)
	if cfg.HasCalendar() {
		if err := addCalendar(ctx, a, cfg, o.Weeks.Value, &doc); err != nil {
			return err
		}
	}
	if err := a.View.OncallCheck(doc); err != nil {
		return err
	}
	if o.ExitCode && !doc.OK {
		return &fault.Error{Kind: fault.Pending} // the list is the result; there is nothing to add
	}
	return nil
}

// addCalendar reads the calendar and compares it with the file.
func addCalendar(ctx context.Context, a *app.App, cfg config.Config, weeks int, doc *jsonv1.OncallCheck) error {
	now, err := a.Clock()
	if err != nil {
		return err
	}
	progress := a.Progress("Reading the calendar")
	found, err := a.CalendarAsIs(ctx, cfg)
	progress.Stop()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	from := calendar.DateOf(now.In(cfg.Timezone))
	document.AddCalendar(doc, found, err, a.CalendarSource(), from.Midnight(cfg.Timezone), from.AddDays(7*weeks).Midnight(cfg.Timezone), cfg)
	return nil
}
