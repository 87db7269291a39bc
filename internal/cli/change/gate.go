package change

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/change"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type gateOptions struct {
	Change      string
	Key         string
	Criticality string
	Services    []string
	Environment string
	Wait        time.Duration
	FailOpen    bool
}

func newGateCmd(env *app.App, run func(context.Context, *app.App, gateOptions) error) *cobra.Command {
	var o gateOptions
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
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for flag, value := range map[string]string{"change": o.Change, "key": o.Key} {
				if cmd.Flags().Changed(flag) && strings.TrimSpace(value) == "" { // as from a variable that is not set: no change would be checked at all
					return fault.New(fault.Usage, "prodctl change gate --change 7", "--%s is empty", flag)
				}
			}
			return run(cmd.Context(), env, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Change, "change", "", "the `change` that the pipeline carries out")
	f.StringVar(&o.Key, "key", "", "the same by the `name` that it was opened with")
	f.StringVar(&o.Criticality, "criticality", "", "`criticality` of what the pipeline does: C1, C2, C3 or C4")
	f.StringSliceVar(&o.Services, "service", nil, "`services` that it touches, parted by commas; none: all")
	f.StringVar(&o.Environment, "environment", "", "`environment` that it touches")
	f.DurationVar(&o.Wait, "wait", 0, "`how long` to wait for it to open")
	f.BoolVar(&o.FailOpen, "fail-open", false, "go on when GitLab cannot be reached")
	cmd.MarkFlagsMutuallyExclusive("change", "key")
	command.AddConfidentialFlag(cmd)
	return cmd
}

// gatePoll is how long is waited between two looks at a closed gate.
const gatePoll = 30 * time.Second

func runGate(ctx context.Context, env *app.App, o gateOptions) error {
	if o.Wait < 0 {
		return fault.New(fault.Usage, "say --wait 30m", "--wait %s is negative", o.Wait)
	}
	return env.Bounded(ctx, func(ctx context.Context) error {
		in, err := gateInputs(env, o)
		if err != nil {
			return err
		}
		rules, _, client, err := changeRules(ctx, env)
		if err != nil {
			return err
		}
		g := gating{env: env, o: o, in: in, rules: rules, client: client}
		return g.run(ctx)
	})
}

func gateInputs(e *app.App, o gateOptions) (flow.GateInputs, error) {
	cfg, err := e.Config()
	if err != nil {
		return flow.GateInputs{}, err
	}
	c, err := input.Criticality(o.Criticality)
	if err != nil {
		return flow.GateInputs{}, err
	}
	services := slices.DeleteFunc(slices.Clone(o.Services), func(s string) bool { return strings.TrimSpace(s) == "" }) // none is all
	if err := input.KnownServices(cfg, services); err != nil {
		return flow.GateInputs{}, err
	}
	in := flow.GateInputs{Pipeline: change.Pipeline{Criticality: c, Services: services, Environment: o.Environment}}
	if (o.Change != "" || o.Key != "") && (o.Criticality != "" || len(o.Services) > 0 || o.Environment != "") {
		return in, fault.New(fault.Usage, "leave them out, or leave out the change", "the change says what it is about: --criticality, --service and --environment do not go with --change and --key")
	}
	if o.Change != "" {
		in.Ref, err = input.QueueRef(cfg, o.Change, "prodctl change gate --change 7")
		return in, err
	}
	if o.Key != "" {
		keys := workflow.Keys{Given: o.Key}
		in.Once, err = keys.Once("change", cfg.ChangeLabels().Change)
	}
	return in, err
}

// gating is one run of a gate, over all its looks.
type gating struct {
	env    *app.App
	o      gateOptions
	in     flow.GateInputs
	rules  flow.Changes
	client *gitlab.Client
	waited time.Duration
}

// Context looks until the gate is open or the time is over. The machine's own clock measures the wait; the rules go by --now.
func (g *gating) run(ctx context.Context) error {
	begun, slept := g.env.Now(), time.Duration(0)
	progress := g.env.Progress("looking at the gate")
	defer func() { progress.Stop() }()
	for {
		now, err := g.env.Clock()
		if err != nil {
			return err
		}
		doc, err := g.look(ctx, now)
		g.waited = max(slept, g.env.Now().Sub(begun))
		left := g.o.Wait - g.waited
		passing := err == nil || fault.KindOf(err) == fault.Unreachable
		if err == nil && doc.Open || left <= 0 || !passing || g.env.Global.Now != "" {
			progress.Stop()
			return g.end(doc, err, now)
		}
		progress.Set("%s; looking again until %s", gateWord(doc, err), begun.Add(g.o.Wait).UTC().Format("15:04 UTC"))
		pause := min(gatePoll, left)
		if err := g.env.Sleep(g.env.Context, pause); err != nil {
			progress.Stop()
			return g.end(doc, err, now)
		}
		slept += pause
		var cancel context.CancelFunc
		ctx, cancel = g.env.WithTimeout()
		defer cancel()
	}
}

func gateWord(doc jsonv1.Gate, err error) string {
	if err != nil {
		return "GitLab cannot be reached"
	}
	if len(doc.Reasons) == 0 {
		return "the gate is closed"
	}
	return doc.Reasons[0].Text
}

// look is one look at GitLab.
func (g *gating) look(ctx context.Context, now time.Time) (jsonv1.Gate, error) {
	gate, err := g.rules.Gate(ctx, g.in, g.client.FindIssue, now.UTC())
	if err != nil {
		return jsonv1.Gate{}, err
	}
	var reasons []jsonv1.Reason
	for _, r := range gate.Reasons {
		reasons = append(reasons, reasonDoc(r, gate.Change))
	}
	doc := jsonv1.NewGate(document.Instant(now), reasons)
	if gate.Change.Ref.IID != 0 {
		doc.Change = gate.Change.Ref.String()
	}
	return doc, nil
}

// end shows the gate as it was seen last. GitLab out of reach closes it, unless it was said otherwise.
func (g *gating) end(doc jsonv1.Gate, err error, now time.Time) error {
	if err != nil && (fault.KindOf(err) != fault.Unreachable || errors.Is(err, context.Canceled)) {
		return err
	}
	if err != nil {
		locked := g.locked(now)
		doc = jsonv1.NewGate(document.Instant(now), append(locked, jsonv1.Reason{Kind: string(change.ByUnknown),
			Text: "GitLab cannot be reached, so that nobody knows what stands against it", Mend: "try again; in an emergency --fail-open goes on without GitLab"}))
		doc.FailedOpen = g.o.FailOpen && len(locked) == 0
		doc.Open = doc.FailedOpen
	}
	doc.Key, doc.WaitedSeconds = g.o.Key, int(g.waited/time.Second)
	if verr := g.env.View.Gate(doc); verr != nil {
		return errors.Join(err, verr)
	}
	switch {
	case err != nil && g.o.FailOpen && !doc.Open:
		return &fault.Error{Kind: fault.Refused} // a lock is known without GitLab
	case err != nil && g.o.FailOpen:
		g.env.Notef("GitLab could not be reached, and --fail-open was said: going on without knowing (%v)", err)
		return nil
	case err != nil:
		return err
	case !doc.Open:
		return &fault.Error{Kind: fault.Refused} // the reasons are the result; there is nothing to add
	}
	return nil
}

// locked are the locks that hold now, which are known without GitLab. Of a change that was named nobody knows then what it is, so that it counts as C1 and
// as one of all services.
func (g *gating) locked(now time.Time) []jsonv1.Reason {
	var docs []jsonv1.Reason
	for _, r := range change.CheckGate(g.in.Pipeline, change.Situation{Now: now.UTC(), Locks: g.rules.Locks}) {
		docs = append(docs, reasonDoc(r, issue.Issue{}))
	}
	return docs
}

// reasonDoc is the published form of a reason.
func reasonDoc(r change.Reason, own issue.Issue) jsonv1.Reason {
	doc := jsonv1.Reason{Kind: string(r.Kind), Ref: r.Ref(), Text: r.Text, Until: document.Instant(r.Until), Hard: r.Hard}
	doc.Title, doc.Confidential, doc.WebURL = r.Issue.Title, r.Issue.Confidential, r.Issue.WebURL
	doc.Mend = mend(r, own)
	return doc
}

// mend is what to do about a reason.
func mend(r change.Reason, own issue.Issue) string {
	ref := own.Ref.String()
	switch r.Kind {
	case change.ByApproval:
		return "prodctl change approve " + ref
	case change.ByState:
		if own.Ref.IID == 0 {
			return ""
		}
		return "prodctl change show " + ref
	case change.ByIncident:
		return "prodctl incident show " + r.Ref()
	case change.ByChange:
		return "prodctl change show " + r.Ref()
	case change.ByLock:
		return "prodctl lock list"
	}
	return ""
}
