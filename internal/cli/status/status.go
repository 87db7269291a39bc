// Package status is the command `prodctl status`: the state of production and of the timebox on one screen.
//
// Start with [New]. What is read, and the rules of each part, are not here: they are in internal/workflow/status and in the packages of
// the parts.
package status

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
)

type options struct{}

// New returns the command.
func New(a *app.App) *cobra.Command { return newCmd(a, run) }

func newCmd(a *app.App, run command.Run[options]) *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show production and the timebox on one screen",
		Long: `Show who is on call, active incidents with their last comments, changes, locks, whether the gate is open for a C3 change of all
services, hand-offs that wait, the timebox with its roll, and the error budget: at most 30 lines. On a terminal, prodctl
alone shows the same.

It takes at most 12 requests, however large the trackers are. Of each list it reads one page: what is cut is "at least",
with the command that reads all of it. What cannot be read is "unknown", and the exit code says why. The budget comes from
records alone, without approved downtime.`,
		Example: `  # Production and the timebox
  prodctl status

  # Whether the gate is open, for a script
  prodctl status --jq .gate.state`,
	}
	command.AddConfidentialFlag(cmd)
	return command.Watchable(a, command.Define(a, cmd, &o, run), nil)
}

func run(ctx context.Context, s *app.Session, _ options) error {
	if s.Config.Production().IsZero() {
		if err := s.Config.RequireMilestones(); err != nil { // then there is nothing to read
			return s.Config.RequireTrackers()
		}
	}
	read, err := reading(s)
	if err != nil {
		return err
	}
	s.StartCalendar(app.CalendarLimit)
	progress := s.Progress("Reading GitLab")
	got := read.All(ctx)
	progress.Stop()
	if err := ctx.Err(); err != nil && context.Cause(ctx) == context.Canceled {
		return err
	}
	if err := s.View.Status(document.Status(got, s.Config, s.Time)); err != nil {
		return err
	}
	return got.Unread()
}
