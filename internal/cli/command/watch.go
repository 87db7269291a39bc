package command

import (
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/runner"
)

const watchFlag = "watch"

// Watches reports whether the output of a command is refreshed.
func Watches(cmd *cobra.Command) bool {
	f := cmd.Flags().Lookup(watchFlag)
	return f != nil && f.Value.String() == "true"
}

// Watchable adds --watch and --interval to a command that reads. It is applied last, and runs the command again and again. ends reports
// whether the error of a run, or nil, ends the watch; it may be nil.
func Watchable(a *app.App, cmd *cobra.Command, ends func(error) bool) *cobra.Command {
	f := cmd.Flags()
	watch := f.Bool(watchFlag, false, "refresh every 15 seconds: in place on a terminal, elsewhere as lines that changed")
	interval := f.Duration("interval", runner.WatchInterval, "with --watch: `duration` between refreshes, at least 5s")
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		switch {
		case !*watch && f.Changed("interval"):
			return fault.New(fault.Usage, "Add --watch: "+cmd.CommandPath()+" --watch", "--interval requires --watch")
		case !*watch:
			return run(cmd, given)
		case *interval < runner.LeastWatchInterval:
			return fault.New(fault.Usage, "Use --interval 5s or a longer one", "--interval %s is too short (at least %s)", *interval,
				runner.LeastWatchInterval)
		}
		if err := mayWatch(a); err != nil {
			return err
		}
		if err := a.Authorize(cmd.Context()); err != nil {
			return err
		}
		w := runner.Watch{App: a, Interval: interval.Round(time.Second), Ends: ends,
			Open: func() error { return a.OpenView(FormatsOf(cmd), true) }, Run: func() error { return run(cmd, given) }}
		return w.Loop(cmd.Context())
	}
	return cmd
}

// mayWatch refuses what makes no sense for an output that is refreshed.
func mayWatch(a *app.App) error {
	hint := "Leave out --watch"
	refuse := func(flag string) error {
		return fault.New(fault.Usage, hint, "--watch cannot be combined with %s", flag)
	}
	switch g := &a.Global; {
	case g.Open:
		return refuse("--open")
	case g.File != "":
		hint = "Leave out --watch, or redirect the output, which then has the lines that change"
		return refuse("--output-file")
	case g.Copy:
		return refuse("--copy")
	case a.View.Format() == render.HTML:
		return refuse("-o html")
	}
	return nil
}
