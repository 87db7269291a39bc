package lock

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

type listOptions struct {
	Next int
}

func newListCmd(a *app.App, run command.Run[listOptions]) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List locks and when each is active",
		Long: `List all locks of the configuration, whether each is active now, and when it is active next. A weekly lock follows the
clock of its own time zone; its next times are printed in UTC.`,
		Example: `  # All locks
  prodctl lock list

  # As of another day
  prodctl lock list --now 2018-12-20

  # The next 8 times of each lock
  prodctl lock list --next 8 -o json`,
	}
	cmd.Flags().IntVar(&o.Next, "next", 3, "list the next `n` times of each lock, including the current one")
	return command.DefineOffline(a, cmd, &o, run)
}

func runList(_ context.Context, s *app.Session, o listOptions) error {
	const most = 1000
	if o.Next < 1 || o.Next > most {
		return fault.New(fault.Usage, "Example: prodctl lock list --next 3", "--next: %d is out of range (1 to %d)", o.Next, most)
	}
	doc := document.Locks(s.Config.Locks, s.Time, o.Next)
	doc.Notes = append(doc.Notes, noLocks(s.Config)...)
	return s.View.Locks(doc)
}
