package change

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/change"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/change"
)

type gateOptions struct {
	Change      input.Issue
	Key         string
	Since       calendar.Date
	Criticality input.Criticality
	Services    input.Services
	Environment string
	Wait        input.Duration
	FailOpen    bool
	Budget      bool
}

func newGateCmd(a *app.App, run command.Run[gateOptions]) *cobra.Command {
	o := gateOptions{Change: input.Change()}
	cmd := &cobra.Command{
		Use:   "gate",
		Short: "Check whether a pipeline may deploy",
		Long: `Check locks, active S1 and S2 incidents and changes in progress before a pipeline deploys. With --change or --key, check
that change's state, approvals and window too. Without --criticality the gate checks for C1, without --service for all
services. With --budget, C1 and C2 wait while the error budget of their services is spent. Nothing is written.

In a pipeline of anything but the protected default branch, the rules come from that branch, not from the checkout.
With --wait the gate checks every 30 seconds until it opens or the time is up. It is closed when GitLab does not answer;
--fail-open opens it then, unless something that was read closes it. --wait --watch shows the checks on a screen.

Exit code 5 means closed, 7 closed because GitLab did not answer or something is unknown, 4 because the token cannot see
the whole queue.`,
		Example: `  # Before a low-risk deployment of one service
  prodctl change gate --criticality C3 --service registry

  # For a planned change, waiting until its gate opens
  prodctl change gate --change 7 --wait 30m

  # Hold back a risky change while the error budget is spent
  prodctl change gate --criticality C2 --service registry --budget

  # For a script
  prodctl change gate --criticality C4 -o json`,
	}
	f := cmd.Flags()
	f.Var(&o.Change, "change", "`issue` of the change that the pipeline carries out")
	f.StringVar(&o.Key, "key", "", "`key` of the change that the pipeline carries out")
	f.Var((*input.DayOf)(&o.Since), "key-since", "`date` from which the key exists, to find the change without GitLab's search")
	f.Var(&o.Criticality, "criticality", "`criticality`: C1, C2, C3 or C4")
	f.Var(&o.Services, "service", "affected `services`, separated by commas (default: all)")
	f.StringVar(&o.Environment, "environment", "", "affected `environment`")
	f.BoolVar(&o.Budget, "budget", false, "check the error budget of the services too")
	f.Var(&o.Wait, "wait", "wait up to this `duration` for the gate to open: 30m, 1h")
	f.BoolVar(&o.FailOpen, "fail-open", false, "open the gate if GitLab does not answer")
	cmd.MarkFlagsMutuallyExclusive("change", "key")
	command.AddConfidentialFlag(cmd)
	governed := command.Governed(a, command.Define(a, cmd, &o, run), func(err error) error { return closedGate(a, err) })
	return command.Watchable(a, governed, watchedGate(a, &o))
}

// watchedGate returns whether a check ends the watch: with --wait, when the gate is open or the time is up. The watch itself waits.
func watchedGate(a *app.App, o *gateOptions) func(error) bool {
	var start time.Time
	return func(err error) bool {
		if start.IsZero() {
			start = a.Now()
		}
		return o.Wait.Duration > 0 && (err == nil || a.Now().Sub(start) >= o.Wait.Duration)
	}
}

// closedGate shows a gate whose rules are unknown.
func closedGate(a *app.App, err error) error {
	now, clockErr := a.Clock()
	if clockErr != nil {
		now = a.Now()
	}
	reasons := []change.Reason{{Kind: change.ByUnknown, Text: err.Error()}}
	if verr := a.View.Gate(document.Gate(flow.Gate{At: now.UTC(), Reasons: reasons, Unread: err, Silent: true})); verr != nil {
		return verr
	}
	return err
}

func runGate(_ context.Context, s *app.Session, o gateOptions) error {
	rules, err := runner.Changes(s)
	if err != nil {
		return err
	}
	in, err := gateInputs(s, o)
	if err != nil {
		return err
	}
	gate, waited, err := waitForGate(s, rules, in, o.Wait.Duration)
	if err != nil {
		return err
	}
	if o.FailOpen {
		gate = gate.FailOpen()
	}
	gate.Rules = flow.Rules(s.Config.Provenance())
	doc := document.Gate(gate)
	doc.Key = o.Key
	if o.Wait.Duration > 0 && waited > 0 {
		doc.WaitedSeconds = int(waited / time.Second)
	}
	if err := s.View.Gate(doc); err != nil {
		return err
	}
	return gate.Err(o.FailOpen)
}

// gateInputs converts the options to the inputs of the workflow.
func gateInputs(s *app.Session, o gateOptions) (flow.GateInputs, error) {
	for name, value := range map[string]string{"change": o.Change.String(), "key": strings.TrimSpace(o.Key)} {
		if value == "" && s.Flags.Changed(name) { // from a variable that is not set: no change would be checked at all
			return flow.GateInputs{}, fault.New(fault.Usage, "Example: prodctl change gate --change 7", "--%s is empty", name)
		}
	}
	in := flow.GateInputs{Ref: o.Change.Ref,
		Pipeline: change.Pipeline{Criticality: o.Criticality.Value, Services: input.Strings(o.Services), Environment: o.Environment}}
	if o.Budget {
		read, err := gateBudgets(s)
		if err != nil {
			return in, err
		}
		in.Budgets = read
	}
	keys := runner.KeyFlags{Key: o.Key, Since: o.Since}
	return in, in.Check(keys.Keys(s), s.Config.ChangeLabels())
}

// gateBudgets returns what reads the error budgets. Confidential incidents count for their services. What cannot be read closes the gate.
func gateBudgets(s *app.Session) (func(context.Context, time.Time) (change.Budgets, error), error) {
	budgets, err := runner.Budgets(s)
	budgets.Rules.Reveal = true
	return func(ctx context.Context, now time.Time) (change.Budgets, error) {
		read, err := budgets.Read(ctx, now)
		if err == nil && len(read.Gaps) > 0 {
			err = flow.Unproven(strings.Join(read.Gaps, "; "), "Give the token the right to read label events: prodctl doctor")
		}
		return change.Budgets{Report: read.Report, Rules: read.Rules, Block: s.Config.Budget.Unknown == manifest.UnknownBlock}, err
	}, err
}

// waitForGate checks until the gate is open or the time is up. The wait is measured by the machine's clock, while the rules use --now;
// --now does not advance, so with it the gate does not wait. --timeout applies to each check.
func waitForGate(s *app.Session, rules flow.Changes, in flow.GateInputs, wait time.Duration) (flow.Gate, time.Duration, error) {
	if watch := s.Flags.Lookup("watch"); s.Global.Now != "" || watch != nil && watch.Value.String() == "true" {
		wait = 0
	}
	progress, end := s.Progress("Reading GitLab"), s.Now().Add(wait)
	defer progress.Stop()
	w := flow.Waiting{For: wait, Now: s.Now, Sleep: func(d time.Duration) error { return s.Sleep(s.Context, d) },
		Closed: func(reason string) {
			progress.Set("Gate closed: %s; checking until %s", reason, end.UTC().Format("15:04 UTC"))
		}}
	return w.Until(func() (flow.Gate, error) {
		now, err := s.Clock()
		if err != nil {
			return flow.Gate{}, err
		}
		ctx, cancel := s.WithTimeout()
		defer cancel()
		return rules.Gate(ctx, in, now.UTC())
	})
}
