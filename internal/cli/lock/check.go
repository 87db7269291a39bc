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
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
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
		Short: "Check whether a lock applies to a change",
		Long: `List the locks that apply to a change, now or at another time, and when each ends. Without --criticality the check is for
C1, without --service for all services.

GitLab is not read, unless a pipeline may have changed the locks. To check incidents and other changes too, use prodctl change gate.

Exit code 5 means locked.`,
		Example: `  # Now
  prodctl lock check

  # For a planned change
  prodctl lock check --at "2018-08-30 10:00" --duration 45m --criticality C2

  # For one service in one environment
  prodctl lock check --criticality C4 --service registry --environment staging -o json`,
	}
	f := cmd.Flags()
	f.Var(&o.At, "at", "start `time`: RFC 3339, 2018-08-30 10:00 or 10:00"+input.Zone+"; default: now")
	f.Var(&o.Duration, "duration", "worst-case `duration`: 45m, 1h30m")
	f.Var(&o.Criticality, "criticality", "`criticality`: C1, C2, C3 or C4")
	f.Var(&o.Services, "service", "affected `services`, separated by commas (default: all)")
	f.StringVar(&o.Environment, "environment", "", "affected `environment`")
	return command.Governed(a, command.DefineOffline(a, cmd, &o, run), nil)
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
		notes = append(notes, "Checked for C1, as --criticality is not set; soft locks do not apply to C3 and C4")
	}
	doc := document.LockCheck(p.Criticality, during, held)
	doc.Rules = jsonv1.Rules(s.Config.Provenance())
	doc.Notes = append(notes, noLocks(s.Config)...)
	if err := s.View.LockCheck(doc); err != nil {
		return err
	}
	if doc.Locked {
		return &fault.Error{Kind: fault.Refused} // the result lists the locks
	}
	return nil
}
