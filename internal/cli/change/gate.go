package change

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/change"
	"gitlab.com/prodctl/prodctl/pkg/change"
)

type gateOptions struct {
	Change      input.Issue
	Key         string
	Criticality input.Criticality
	Services    input.Services
	Environment string
	Wait        input.Duration
	FailOpen    bool
}

func newGateCmd(a *app.App, run command.Run[gateOptions]) *cobra.Command {
	o := gateOptions{Change: input.Change()}
	cmd := &cobra.Command{
		Use:   "gate",
		Short: "Tell a pipeline whether it may go on",
		Long: `Gate checks what a start of the change would check, and writes nothing. With --change or --key it is about that change: its state,
approvals and window, and what goes on in production. Without, it is about what the pipeline is going to do: locks, active S1 and S2
incidents, changes in progress; say its criticality and services, since unknown counts as C1 and as all.

With --wait it looks again every half minute until the gate opens or the time is over. When GitLab cannot be reached the gate is
closed; --fail-open opens it then, and that is printed.

Exit codes: 0 go, 1 failed, 4 no right, 5 closed, with every reason, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl change gate --criticality C3 --service registry
  prodctl change gate --change 7 --wait 30m
  prodctl change gate --criticality C4 -o json`,
	}
	f := cmd.Flags()
	f.Var(&o.Change, "change", "the `change` that the pipeline carries out")
	f.StringVar(&o.Key, "key", "", "the same by the `name` that it was opened with")
	f.Var(&o.Criticality, "criticality", "`criticality` of what the pipeline does: C1, C2, C3 or C4")
	f.Var(&o.Services, "service", "`services` that it touches, parted by commas; none: all")
	f.StringVar(&o.Environment, "environment", "", "`environment` that it touches")
	f.Var(&o.Wait, "wait", "`how long` to wait for it to open")
	f.BoolVar(&o.FailOpen, "fail-open", false, "go on when GitLab cannot be reached")
	cmd.MarkFlagsMutuallyExclusive("change", "key")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run)
}

func runGate(_ context.Context, s *app.Session, o gateOptions) error {
	rules, err := changes(s)
	if err != nil {
		return err
	}
	in, err := gateInputs(s, o)
	if err != nil {
		return err
	}
	gate, waited, err := watchGate(s, rules, in, o.Wait.Duration)
	if err != nil && (fault.KindOf(err) != fault.Unreachable || errors.Is(err, context.Canceled)) {
		return err
	}
	if err != nil {
		gate = rules.Unreachable(in, o.FailOpen, gate.At)
	}
	doc := document.Gate(gate)
	doc.Key, doc.WaitedSeconds = o.Key, int(waited/time.Second)
	if verr := s.View.Gate(doc); verr != nil {
		return errors.Join(err, verr)
	}
	switch {
	case gate.FailedOpen:
		s.Notef("GitLab could not be reached, and --fail-open was said: going on without knowing (%v)", err)
		return nil
	case gate.Open():
		return nil
	case err == nil, o.FailOpen: // with --fail-open only a lock is left, which is known without GitLab
		return &fault.Error{Kind: fault.Refused} // the reasons are the result; there is nothing to add
	}
	return err
}

// gateInputs are the options as the workflow takes them.
func gateInputs(s *app.Session, o gateOptions) (flow.GateInputs, error) {
	for name, value := range map[string]string{"change": o.Change.String(), "key": strings.TrimSpace(o.Key)} {
		if value == "" && s.Flags.Changed(name) { // as from a variable that is not set: no change would be checked at all
			return flow.GateInputs{}, fault.New(fault.Usage, "prodctl change gate --change 7", "--%s is empty", name)
		}
	}
	in := flow.GateInputs{Ref: o.Change.Ref,
		Pipeline: change.Pipeline{Criticality: o.Criticality.Value, Services: input.Strings(o.Services), Environment: o.Environment}}
	return in, in.Check(o.Key, s.Config.ChangeLabels())
}

// watchGate looks until the gate is open or the time is over. The machine's own clock measures the wait; the rules go by --now, and since
// that stands still, nothing would come of waiting by it. Each look has --timeout of its own.
func watchGate(s *app.Session, rules flow.Changes, in flow.GateInputs, wait time.Duration) (flow.Gate, time.Duration, error) {
	if s.Global.Now != "" {
		wait = 0
	}
	progress, end := s.Progress("looking at the gate"), s.Now().Add(wait)
	defer progress.Stop()
	w := flow.Waiting{For: wait, Now: s.Now, Sleep: func(d time.Duration) error { return s.Sleep(s.Context, d) },
		Closed: func(why string) { progress.Set("%s; looking again until %s", why, end.UTC().Format("15:04 UTC")) }}
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
