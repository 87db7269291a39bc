package change

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/journal"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// GateInputs are what `change gate` was asked: about one change, or about what a pipeline is about to do.
type GateInputs struct {
	Ref      issue.Ref  // zero: no change of its own
	Once     issue.Once // its key instead; without a name: none
	Pipeline change.Pipeline
}

// Gate is what stands against a pipeline; with no reasons it may go on.
type Gate struct {
	Change  issue.Issue // the change that was asked about; zero: none
	Reasons []change.Reason
}

// Gate checks what a start of the change would check (SPEC 8), without writing anything.
func (c Changes) Gate(ctx context.Context, in GateInputs, find func(context.Context, string, issue.Once) (issue.Issue, bool, error), now time.Time) (Gate, error) {
	ref := in.Ref
	if in.Once.Name != "" {
		found, there, err := find(ctx, c.Project, in.Once)
		if err != nil {
			return Gate{}, err
		}
		if !there {
			return Gate{Reasons: []change.Reason{{Kind: change.ByState, Text: "there is no change with the key " + in.Once.Name}}}, nil
		}
		ref = found.Ref
	}
	blind, err := c.blind(ctx)
	if err != nil {
		return Gate{}, err
	}
	if ref.IID == 0 {
		s, err := c.Situation(ctx, now, false)
		return Gate{Reasons: append(change.CheckGate(in.Pipeline, s), blind...)}, err
	}
	standing, err := c.Standing(ctx, ref)
	if err != nil {
		return Gate{}, err
	}
	s, err := c.Situation(ctx, now, true)
	if err != nil {
		return Gate{}, err
	}
	s.SetAside = setAside(standing)
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
func setAside(s Standing) time.Time {
	var at time.Time
	for _, e := range journal.Entries(s.Notes, change.Kind) {
		if e.Trusted && change.Verb(e.Verb) == change.Start && e.Fields[change.FieldOverride] != "" {
			at = e.Posted
		}
	}
	return at
}

// blind is a reason where the token may not see confidential issues: nobody would know of the incidents that are.
func (c Changes) blind(ctx context.Context) ([]change.Reason, error) {
	me, err := c.Read.CurrentUser(ctx)
	if err != nil || me.Admin {
		return nil, err
	}
	roles, err := c.Read.AccessOf(ctx, target.ProjectAt(c.Project), []int64{me.ID})
	if err != nil || roles[me.ID].MayPlan() {
		return nil, err
	}
	return []change.Reason{{Kind: change.ByUnknown, Text: fmt.Sprintf("the token's user %s may not see confidential incidents and changes in %s, so that nobody knows whether there are any: "+
		"the token needs the role Planner, or Reporter and above", me.Username, c.Project)}}, nil
}

// started reports whether somebody of the team has started a change that is in progress: by telling so, or by its label, which those who have no role in the
// team can set only on what they open themselves.
func (c Changes) started(ctx context.Context, s Standing) (bool, error) {
	told := slices.ContainsFunc(journal.Entries(s.Notes, change.Kind), func(e journal.Entry) bool {
		return e.Trusted && change.Verb(e.Verb) == change.Start
	})
	if told || s.State != change.InProgress || !s.Issue.Has(c.Labels.InProgress) {
		return told, nil
	}
	roles, err := c.Read.AccessOf(ctx, target.ProjectAt(c.Project), []int64{s.Issue.AuthorID})
	return roles[s.Issue.AuthorID].MayPlan(), err
}
