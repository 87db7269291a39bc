package lock

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

type listOptions struct {
	Next int
}

func newListCmd(env *app.App, run func(context.Context, *app.App, listOptions) error) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show the locks and when each holds next",
		Long: `List shows every lock of the configuration, whether it holds now, and when it holds next. Weekly locks go by the clocks of their own
zone; the times that follow from them are UTC. Nothing is asked of GitLab.

Exit codes: 0 also when there are none, 1 failed, 6 wrong usage or a fault in the configuration, 130 interrupted.`,
		Example: `  prodctl lock list
  prodctl lock list --now 2018-12-20
  prodctl lock list --next 8 -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	cmd.Flags().IntVar(&o.Next, "next", 3, "`how many` times of each lock to tell, the present one among them")
	return cmd
}

func runList(ctx context.Context, env *app.App, o listOptions) error {
	const most = 1000
	if o.Next < 1 || o.Next > most {
		return fault.New(fault.Usage, "say --next 3", "--next %d: it can be 1 to %d", o.Next, most)
	}
	return env.Bounded(ctx, func(context.Context) error {
		cfg, err := env.Config()
		if err != nil {
			return err
		}
		now, err := env.Clock()
		if err != nil {
			return err
		}
		doc := locksDoc(cfg.Locks, now.UTC().Truncate(time.Second), o.Next)
		doc.Notes = append(doc.Notes, noLocks(cfg)...)
		return env.View.Locks(doc)
	})
}

// locksDoc is the published form of all locks in the order of the file, with the next times of each.
func locksDoc(locks []lock.Lock, now time.Time, next int) jsonv1.Locks {
	var list []jsonv1.Lock
	var over []string
	for _, l := range locks {
		periods := l.Next(now, next)
		list = append(list, document.Lock(l, periods, now))
		if len(periods) == 0 {
			over = append(over, l.Name+" is over: take it out of the file")
		}
	}
	doc := jsonv1.NewLocks(document.Instant(now), list)
	doc.Notes = over
	return doc
}
