package change

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// GateInputs are what `change gate` was asked: about one change, or about what a pipeline is about to do.
type GateInputs struct {
	Ref            issue.Ref            // zero: no change of its own
	IdempotencyKey issue.IdempotencyKey // its key instead; without a name: none
	Pipeline       change.Pipeline
}

// Check sets the key of the change that was named by one, and refuses inputs that are both about a change and about something else.
func (in *GateInputs) Check(key string, labels change.Labels) (err error) {
	p := in.Pipeline
	if (in.Ref.IID != 0 || key != "") && (p.Criticality != change.UnknownCriticality || len(p.Services) > 0 || p.Environment != "") {
		return fault.New(fault.Usage, "leave them out, or leave out the change",
			"the change says what it is about: --criticality, --service and --environment do not go with --change and --key")
	}
	if key != "" {
		in.IdempotencyKey, err = workflow.Keys{Given: key}.Key("change", labels.Change)
	}
	return err
}

// Gate is what stands against a pipeline.
type Gate struct {
	At          time.Time   // when was looked
	Change      issue.Issue // the change that was asked about; zero: none
	Reasons     []change.Reason
	Unreachable bool // GitLab was, so that nothing but the locks is known
	FailedOpen  bool // the pipeline may go on all the same
}

// Open reports whether the pipeline may go on.
func (g Gate) Open() bool { return len(g.Reasons) == 0 || g.FailedOpen }

// Unreachable is the gate while GitLab cannot be reached: closed, unless it fails open and no lock holds, which is known without GitLab.
// Of a change that was named nobody knows then what it is, so that it counts as C1 and as one of all services.
func (c Changes) Unreachable(in GateInputs, failOpen bool, now time.Time) Gate {
	locked := change.CheckGate(in.Pipeline, change.Situation{Now: now, Locks: c.Locks})
	reason := change.Reason{Kind: change.ByUnknown, Text: "GitLab cannot be reached, so that nobody knows what stands against it"}
	return Gate{At: now, Unreachable: true, Reasons: append(locked, reason), FailedOpen: failOpen && len(locked) == 0}
}

// Gate checks what a start of the change would check (SPEC 8), without writing anything.
func (c Changes) Gate(ctx context.Context, in GateInputs, now time.Time) (Gate, error) {
	g, err := c.check(ctx, in, now)
	g.At = now
	return g, err
}

func (c Changes) check(ctx context.Context, in GateInputs, now time.Time) (Gate, error) {
	ref := in.Ref
	if in.IdempotencyKey.Name != "" {
		found, there, err := c.Read.FindIssue(ctx, c.Project, in.IdempotencyKey)
		if err != nil {
			return Gate{}, err
		}
		if !there {
			return Gate{Reasons: []change.Reason{{Kind: change.ByState, Text: "there is no change with the key " + in.IdempotencyKey.Name}}}, nil
		}
		ref = found.Ref
	}
	blind, err := c.hiddenIssues(ctx)
	if err != nil {
		return Gate{}, err
	}
	if ref.IID == 0 {
		s, err := c.Situation(ctx, now, false)
		return Gate{Reasons: append(change.CheckGate(in.Pipeline, s), blind...)}, err
	}
	standing, err := c.Status(ctx, ref)
	if err != nil {
		return Gate{}, err
	}
	s, err := c.Situation(ctx, now, true)
	if err != nil {
		return Gate{}, err
	}
	s.OverriddenAt = overriddenAt(standing)
	started, err := c.started(ctx, standing)
	if err != nil {
		return Gate{}, err
	}
	var reasons []change.Reason
	if !started {
		reasons = change.CheckUnstarted(standing.Change, standing.Rule, standing.Verdict)
	}
	reasons = append(reasons, change.CheckGateOf(standing.Change, standing.Rule, standing.Verdict, s)...)
	return Gate{Change: standing.Issue, Reasons: append(reasons, blind...)}, nil
}

// setAside is when somebody of the team started the change although something stood against it, by GitLab's clock; zero when nobody did.
func overriddenAt(s Status) time.Time {
	var at time.Time
	for _, e := range eventlog.Events(s.Notes, change.Kind) {
		if e.Trusted && change.Verb(e.Verb) == change.Start && e.Fields[change.FieldOverride] != "" {
			at = e.Posted
		}
	}
	return at
}

// blind is a reason where the token may not see confidential issues: nobody would know of the incidents that are.
func (c Changes) hiddenIssues(ctx context.Context) ([]change.Reason, error) {
	me, err := c.Read.CurrentUser(ctx)
	if err != nil || me.Admin {
		return nil, err
	}
	roles, err := c.Read.AccessOf(ctx, target.ProjectAt(c.Project), []int64{me.ID})
	if err != nil || roles[me.ID].MayPlan() {
		return nil, err
	}
	return []change.Reason{{Kind: change.ByUnknown, Text: fmt.Sprintf(
		"the token's user %s may not see confidential incidents and changes in %s, so that nobody knows whether there are any: "+
			"the token needs the role Planner, or Reporter and above", me.Username, c.Project)}}, nil
}

// started reports whether somebody of the team has started a change that is in progress: by telling so, or by its label, which those who
// have no role in the team can set only on what they open themselves.
func (c Changes) started(ctx context.Context, s Status) (bool, error) {
	told := slices.ContainsFunc(eventlog.Events(s.Notes, change.Kind), func(e eventlog.Event) bool {
		return e.Trusted && change.Verb(e.Verb) == change.Start
	})
	if told || s.State != change.InProgress || !s.Issue.Has(c.Labels.InProgress) {
		return told, nil
	}
	roles, err := c.Read.AccessOf(ctx, target.ProjectAt(c.Project), []int64{s.Issue.AuthorID})
	return roles[s.Issue.AuthorID].MayPlan(), err
}
