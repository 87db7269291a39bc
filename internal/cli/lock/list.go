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
		Short: "Show the locks and when each holds next",
		Long: `List shows every lock of the configuration, whether it holds now, and when it holds next. Weekly locks go by the
clocks of their own zone; the times that follow from them are UTC. Nothing is asked of GitLab.

Exit codes: 0 also when there are none, 1 failed, 6 wrong usage or a fault in the configuration, 130 interrupted.`,
		Example: `  prodctl lock list
  prodctl lock list --now 2018-12-20
  prodctl lock list --next 8 -o json`,
	}
	cmd.Flags().IntVar(&o.Next, "next", 3, "`how many` times of each lock to tell, the present one among them")
	return command.DefineOffline(a, cmd, &o, run)
}

func runList(_ context.Context, s *app.Session, o listOptions) error {
	const most = 1000
	if o.Next < 1 || o.Next > most {
		return fault.New(fault.Usage, "say --next 3", "--next %d: it can be 1 to %d", o.Next, most)
	}
	doc := document.Locks(s.Config.Locks, s.Time, o.Next)
	doc.Notes = append(doc.Notes, noLocks(s.Config)...)
	return s.View.Locks(doc)
}
