package lock

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

type checkOptions struct {
	At          input.Moment
	Duration    input.Duration
	Criticality input.Criticality
	Services    input.ServiceNames
	Environment string
}

func newCheckCmd(a *app.App, run command.Run[checkOptions]) *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Tell whether a change may be made, going by the locks",
		Long: `Check tells whether any lock holds for a change: now or at another time, for an instant or as long as the change
takes. Every lock that holds for it is named, and until when it does. A soft lock holds for C1 and C2, a hard one for
all; a criticality that is not said counts as C1. Locks that are not for the services or the environment of the change
do not count; a change that names no services is of all.

Nothing is asked of GitLab. What else stands against a change is told by prodctl change gate.

Exit codes: 0 not locked, 1 failed, 5 locked, with every lock, 6 wrong usage or a fault in the configuration, 130
interrupted.`,
		Example: `  prodctl lock check
  prodctl lock check --at "2018-08-30 10:00" --duration 45m --criticality C2
  prodctl lock check --criticality C4 --service registry --environment staging -o json`,
	}
	f := cmd.Flags()
	f.Var(&o.At, "at", "`when` the change begins: RFC 3339, 2018-08-30 10:00 or 10:00 (UTC); now when it is left out")
	f.Var(&o.Duration, "duration", "`how long` it takes at worst: 45m, 1h30m")
	f.Var(&o.Criticality, "criticality", "its `criticality`: C1, C2, C3 or C4")
	f.Var(&o.Services, "service", "`services` that it touches, parted by commas; none: all")
	f.StringVar(&o.Environment, "environment", "", "`environment` that it touches")
	return command.DefineOffline(a, cmd, &o, run)
}

func runCheck(_ context.Context, s *app.Session, o checkOptions) error {
	during := lock.Period{From: s.Time}
	if !o.At.IsZero() {
		during.From = o.At.Time.Time
	}
	during.To = during.From.Add(o.Duration.Duration)
	p := change.Pipeline{Criticality: o.Criticality.Value, Services: input.Strings(o.Services), Environment: o.Environment}
	held, notes := p.Locked(s.Config.Locks, during)
	if p.Criticality == change.UnknownCriticality && slices.ContainsFunc(held, func(h lock.Held) bool { return h.Lock.Kind == lock.Soft }) {
		notes = append(notes, "no --criticality was said, which counts as C1: soft locks do not hold for C3 and C4")
	}
	doc := document.LockCheck(p.Criticality, during, held)
	doc.Notes = append(notes, noLocks(s.Config)...)
	if err := s.View.LockCheck(doc); err != nil {
		return err
	}
	if doc.Locked {
		return &fault.Error{Kind: fault.Refused} // the locks are the result; there is nothing to add
	}
	return nil
}
