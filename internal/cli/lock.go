package cli

import (
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

func newLockCmd(env *Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "lock",
		Aliases: []string{"locks"},
		Short:   "Locks: the times in which changes wait",
		Long: `A lock is a time in which changes of production are not made: every weekend, over a holiday. A soft one holds for changes of the
criticalities C1 and C2, a hard one for all. They stand below locks in the configuration, and GitLab is not asked about them:
both commands work without a host and without a token.

What else may stand against a change, such as an active incident, is told by prodctl change gate.`,
		Example: `  prodctl lock list
  prodctl lock check --criticality C2`,
	}
	cmd.AddCommand(newLockListCmd(env, runLockList), newLockCheckCmd(env, runLockCheck))
	return cmd
}

// lockDoc is the published form of a lock, with some of its periods; it holds where one of them contains the instant.
func lockDoc(l lock.Lock, periods []lock.Period, at time.Time) jsonv1.Lock {
	doc := jsonv1.Lock{Name: l.Name, Kind: string(l.Kind), From: instant(l.From), To: instant(l.To), Reason: l.Reason, Exempt: l.Exempt}
	if l.Weekly != nil {
		doc.Weekly = l.Weekly.String()
	}
	if l.Zone != nil && l.Zone != time.UTC {
		doc.Zone = l.Zone.String()
	}
	for _, p := range periods {
		doc.Active = doc.Active || p.Contains(at)
		doc.Next = append(doc.Next, jsonv1.Period{From: instant(p.From), To: instant(p.To)})
	}
	return doc
}

// noLocks says where locks are written, where there are none.
func noLocks(cfg config.Config) []string {
	switch {
	case len(cfg.Locks) > 0:
		return nil
	case cfg.File == "":
		return []string{"locks are written below locks in " + config.FileName + ": prodctl init makes one"}
	}
	return []string{"locks are written below locks in " + cfg.File}
}
