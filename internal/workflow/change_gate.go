package workflow

import (
	"context"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
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
	if ref.IID == 0 {
		s, err := c.Situation(ctx, now, false)
		return Gate{Reasons: change.CheckGate(in.Pipeline, s)}, err
	}
	standing, err := c.Standing(ctx, ref)
	if err != nil {
		return Gate{}, err
	}
	s, err := c.Situation(ctx, now, true)
	if err != nil {
		return Gate{}, err
	}
	return Gate{Change: standing.Issue, Reasons: change.CheckGateOf(standing.Change, standing.Rule, standing.Verdict, s)}, nil
}
