package lock

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

type checkOptions struct {
	At          string
	Duration    string
	Criticality string
	Services    []string
	Environment string
}

func newCheckCmd(env *app.App, run func(context.Context, *app.App, checkOptions) error) *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Tell whether a change may be made, going by the locks",
		Long: `Check tells whether any lock holds for a change: now or at another time, for an instant or as long as the change takes. Every lock
that holds for it is named, and until when it does. A soft lock holds for C1 and C2, a hard one for all; a criticality that is not said counts as
C1. Locks that are not for the services or the environment of the change do not count; a change that names no services is of all.

Nothing is asked of GitLab. What else stands against a change is told by prodctl change gate.

Exit codes: 0 not locked, 1 failed, 5 locked, with every lock, 6 wrong usage or a fault in the configuration, 130 interrupted.`,
		Example: `  prodctl lock check
  prodctl lock check --at "2018-08-30 10:00" --duration 45m --criticality C2
  prodctl lock check --criticality C4 --service registry --environment staging -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.At, "at", "", "`when` the change begins: RFC 3339, 2018-08-30 10:00 or 10:00 (UTC); now when it is left out")
	f.StringVar(&o.Duration, "duration", "", "`how long` it takes at worst: 45m, 1h30m")
	f.StringVar(&o.Criticality, "criticality", "", "its `criticality`: C1, C2, C3 or C4")
	f.StringSliceVar(&o.Services, "service", nil, "`services` that it touches, parted by commas; none: all")
	f.StringVar(&o.Environment, "environment", "", "`environment` that it touches")
	return cmd
}

func runCheck(ctx context.Context, env *app.App, o checkOptions) error {
	return env.Bounded(ctx, func(context.Context) error {
		cfg, err := env.Config()
		if err != nil {
			return err
		}
		q, err := readQuestion(env, o)
		if err != nil {
			return err
		}
		doc := q.document(cfg.Locks)
		doc.Notes = append(doc.Notes, noLocks(cfg)...)
		if err := env.View.LockCheck(doc); err != nil {
			return err
		}
		if doc.Locked {
			return &fault.Error{Kind: fault.Refused} // the locks are the result; there is nothing to add
		}
		return nil
	})
}

// readQuestion is a change, as far as locks are about it.
type lockQuestion struct {
	change.Pipeline
	from, to time.Time // the same for an instant
}

// readQuestion reads what was typed.
func readQuestion(e *app.App, o checkOptions) (lockQuestion, error) {
	now, err := e.Clock()
	if err != nil {
		return lockQuestion{}, err
	}
	q := lockQuestion{Pipeline: change.Pipeline{Services: o.Services, Environment: o.Environment}, from: now.UTC().Truncate(time.Second)}
	if q.Criticality, err = input.Criticality(o.Criticality); err != nil {
		return q, err
	}
	if o.At != "" {
		if q.from, err = record.ParseTime(o.At, now); err != nil {
			return q, fault.Wrap(fault.Usage, err, `write --at "2018-08-30 10:00" or --at 2018-08-30T10:00:00Z; all times are UTC`, "--at")
		}
	}
	q.to = q.from
	if o.Duration != "" {
		takes, err := manifest.ParseSpan(o.Duration)
		if err != nil {
			return q, fault.Wrap(fault.Usage, err, "write --duration 45m or --duration 1h30m", "--duration")
		}
		q.to = q.from.Add(takes)
	}
	return q, nil
}

// document says which locks hold for the change, the soonest first. Of those that do not, though it is their time, a note says why.
func (q lockQuestion) document(locks []lock.Lock) jsonv1.LockCheck {
	var list []jsonv1.Lock
	var notes []string
	soft := false
	for _, h := range lock.Overlap(locks, q.from, q.to) {
		switch {
		case !q.Criticality.HeldBy(h.Lock.Kind):
			notes = append(notes, fmt.Sprintf("%s is a soft lock, which does not hold for %s", h.Lock.Name, q.Criticality))
		case h.Lock.Exempts(q.Services, q.Environment):
			notes = append(notes, h.Lock.Name+" is not for what this change touches")
		default:
			soft = soft || h.Lock.Kind == lock.Soft
			list = append(list, document.Lock(h.Lock, []lock.Period{h.Period}, q.from))
		}
	}
	if soft && q.Criticality == change.UnknownCriticality {
		notes = append(notes, "no --criticality was said, which counts as C1: soft locks do not hold for C3 and C4")
	}
	doc := jsonv1.NewLockCheck(document.Instant(q.from), list)
	if q.from.Before(q.to) {
		doc.Until = document.Instant(q.to)
	}
	if q.Criticality != change.UnknownCriticality {
		doc.Criticality = string(q.Criticality)
	}
	doc.Notes = notes
	return doc
}
