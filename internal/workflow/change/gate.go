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

// GateInputs are the inputs of `change gate`: a change, or what a pipeline is about to do.
type GateInputs struct {
	Ref            issue.Ref            // zero: no change
	IdempotencyKey issue.IdempotencyKey // of the change, instead of Ref; without a name: none
	Pipeline       change.Pipeline
}

// Check sets the idempotency key of the change. It rejects inputs about both a change and a pipeline.
func (in *GateInputs) Check(keys workflow.Keys, labels change.Labels) (err error) {
	p := in.Pipeline
	if (in.Ref.IID != 0 || keys.Given != "") && (p.Criticality != change.UnknownCriticality || len(p.Services) > 0 || p.Environment != "") {
		return fault.New(fault.Usage, "Leave out either the change or the other flags",
			"--change and --key cannot be combined with --criticality, --service or --environment")
	}
	if keys.Given != "" || !keys.Since.IsZero() {
		in.IdempotencyKey, err = keys.Key("change", labels.Change)
	}
	return err
}

// Gate is the result of a gate check.
type Gate struct {
	At          time.Time   // when it was checked
	Change      issue.Issue // the change that was checked; zero: none
	Reasons     []change.Reason
	Unreachable bool // GitLab did not answer, so only the locks are known
	FailedOpen  bool // the pipeline may go on anyway
}

// Open reports whether the pipeline may go on.
func (g Gate) Open() bool { return len(g.Reasons) == 0 || g.FailedOpen }

// Unreachable returns the gate while GitLab does not answer: closed, unless it fails open and no lock applies. Locks are known without
// GitLab, but a change is not, so it counts as C1 and as affecting all services.
func (c Changes) Unreachable(in GateInputs, failOpen bool, now time.Time) Gate {
	locked := change.CheckGate(in.Pipeline, change.Situation{Now: now, Locks: c.Locks})
	reason := change.Reason{Kind: change.ByUnknown, Text: "GitLab did not answer, so nothing but locks was checked"}
	return Gate{At: now, Unreachable: true, Reasons: append(locked, reason), FailedOpen: failOpen && len(locked) == 0}
}

// Gate checks a change as its start would, or a pipeline. It writes nothing.
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
			text := fmt.Sprintf("change with key %q not found", in.IdempotencyKey.Name)
			return Gate{Reasons: []change.Reason{{Kind: change.ByState, Text: text}}}, nil
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
	status, err := c.Status(ctx, ref)
	if err != nil {
		return Gate{}, err
	}
	s, err := c.Situation(ctx, now, true)
	if err != nil {
		return Gate{}, err
	}
	s.OverriddenAt = overriddenAt(status)
	started, err := c.started(ctx, status)
	if err != nil {
		return Gate{}, err
	}
	var reasons []change.Reason
	if !started {
		reasons = change.CheckUnstarted(status.Change, status.Rule, status.Verdict)
	}
	reasons = append(reasons, change.CheckGateOf(status.Change, status.Rule, status.Verdict, s)...)
	return Gate{Change: status.Issue, Reasons: append(reasons, blind...)}, nil
}

// overriddenAt returns when somebody on the team started the change with --override, by GitLab's clock; zero if nobody did.
func overriddenAt(s Status) time.Time {
	var at time.Time
	for _, e := range eventlog.Events(s.Notes, change.Kind) {
		if e.Trusted && change.Verb(e.Verb) == change.Start && e.Fields[change.FieldOverride] != "" {
			at = e.Posted
		}
	}
	return at
}

// hiddenIssues returns a reason if the token cannot see confidential issues: an incident may be one.
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
		"@%s cannot see confidential issues in %s: the token needs the Planner or Reporter role", me.Username, c.Project)}}, nil
}

// started reports whether somebody on the team has started a change that is in progress: by an event, or by its label. People without a
// role can set labels only on issues that they open.
func (c Changes) started(ctx context.Context, s Status) (bool, error) {
	recorded := slices.ContainsFunc(eventlog.Events(s.Notes, change.Kind), func(e eventlog.Event) bool {
		return e.Trusted && change.Verb(e.Verb) == change.Start
	})
	if recorded || s.State != change.InProgress || !s.Issue.Has(c.Labels.InProgress) {
		return recorded, nil
	}
	roles, err := c.Read.AccessOf(ctx, target.ProjectAt(c.Project), []int64{s.Issue.AuthorID})
	return roles[s.Issue.AuthorID].MayPlan(), err
}
