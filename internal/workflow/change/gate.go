package change

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// GateInputs are the inputs of `change gate`: a change, or what a pipeline is about to do.
type GateInputs struct {
	Ref            issue.Ref            // zero: no change
	IdempotencyKey issue.IdempotencyKey // of the change, instead of Ref; without a name: none
	Pipeline       change.Pipeline
	// Budgets reads the error budgets; nil: they are not checked.
	Budgets func(ctx context.Context, now time.Time) (change.Budgets, error)
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

// own reports whether the gate is that of a change.
func (in GateInputs) own() bool { return in.Ref.IID != 0 || in.IdempotencyKey.Name != "" }

// Gate is the result of a gate check.
type Gate struct {
	At      time.Time   // when it was checked
	Change  issue.Issue // the change that was checked; zero: none
	Reasons []change.Reason
	Notes   []string // what does not close the gate

	Rules      Rules // where the rules came from
	Hidden     bool  // the token cannot see the whole queue
	Unread     error // why something could not be read, or is unknown; nil: nothing
	Silent     bool  // GitLab answered nothing, so only the locks are known
	FailedOpen bool  // the pipeline may go on anyway
}

// Rules is where the rules of a gate came from: a file, and in a pipeline the commit.
type Rules struct{ File, Project, Branch, Commit string }

// Open reports whether the pipeline may go on.
func (g Gate) Open() bool { return len(g.Reasons) == 0 || g.FailedOpen }

// FailOpen opens a gate that is closed only because GitLab did not answer. It opens nothing against what was read, nor for a token that
// cannot see the queue.
func (g Gate) FailOpen() Gate {
	_, doubtful := errors.AsType[doubtful](g.Unread)
	known := slices.ContainsFunc(g.Reasons, func(r change.Reason) bool { return r.Kind != change.ByUnknown })
	g.FailedOpen = fault.KindOf(g.Unread) == fault.Unreachable && !doubtful && !g.Hidden && !known
	return g
}

// Err returns the error with which a closed gate ends: 4 if the token cannot see the queue, 7 if something could not be read or is
// unknown, otherwise 5. A gate that would have failed open, if something else did not close it, is closed by that.
func (g Gate) Err(failOpen bool) error {
	_, doubtful := errors.AsType[doubtful](g.Unread)
	switch {
	case g.Open():
		return nil
	case g.Hidden:
		return &fault.Error{Kind: fault.Auth} // the result lists the reasons, also below
	case g.Unread != nil && (!failOpen || doubtful || fault.KindOf(g.Unread) != fault.Unreachable):
		return g.Unread
	}
	return &fault.Error{Kind: fault.Refused}
}

// Gate checks a change as its start would, or a pipeline. It writes nothing. The error is that of an interruption.
func (c Changes) Gate(ctx context.Context, in GateInputs, now time.Time) (Gate, error) {
	c.Moves = c.Moves.ForReaders()
	s := c.survey(ctx, in, now)
	g := Gate{At: now, Change: s.status.Issue, Unread: s.reads.worst(), Silent: s.reads.silent()}
	if fault.KindOf(g.Unread) == fault.Interrupted {
		return g, g.Unread
	}
	switch {
	case s.missing:
		text := fmt.Sprintf("change with key %q not found", in.IdempotencyKey.Name)
		g.Reasons = []change.Reason{{Kind: change.ByState, Text: text}}
	case s.status.Issue.Ref.IID != 0:
		g.Reasons = change.CheckGateOf(s.status.Change, s.status.Rule, s.status.Verdict, s.situation, s.course)
		if g.Unread == nil && s.doubtful(g.Reasons) {
			g.Unread = s.doubt()
		}
	default: // of a change that is unknown, nothing but its pipeline counts: as C1, for all services
		g.Reasons = change.CheckGate(in.Pipeline, s.situation)
	}
	g.addBudget(s, in.Pipeline)
	if s.blind != "" {
		g.Hidden = true
		g.Reasons = append(g.Reasons, change.Reason{Kind: change.ByUnknown, Text: s.blind})
	}
	g.Reasons = append(g.Reasons, s.unread()...)
	return g, nil
}

// addBudget adds the reasons of the error budgets, if they were read. An earlier reason stays before a later one of the same kind.
func (g *Gate) addBudget(s *survey, p change.Pipeline) {
	if s.budgets == nil || s.missing {
		return
	}
	if s.status.Issue.Ref.IID != 0 {
		if p = s.status.Pipeline(); !s.course.CountsBudget(s.status.Change) {
			return
		}
	}
	reasons, notes := change.CheckBudget(p, *s.budgets)
	g.Reasons, g.Notes = append(g.Reasons, reasons...), notes
}

// survey is what a gate read.
type survey struct {
	reads
	situation change.Situation
	status    Status // of the change; zero: none, or it could not be read
	course    change.Course
	missing   bool   // no change has the key
	blind     string // why the token cannot see the whole queue; empty: it can
	budgets   *change.Budgets
}

// survey reads everything that a gate needs, in parallel.
func (c Changes) survey(ctx context.Context, in GateInputs, now time.Time) *survey {
	s := &survey{}
	s.read(func() (err error) { s.blind, err = c.blind(ctx); return err })
	if in.Budgets != nil && (in.Pipeline.Criticality.Grave() || in.own()) {
		s.read(func() error {
			b, err := in.Budgets(ctx, now)
			if err == nil {
				s.budgets = &b
			}
			return err
		})
	}
	own := in.own()
	if own {
		s.read(func() error { return c.readOwn(ctx, in, s) })
	}
	s.situation = c.situation(ctx, &s.reads, now, own)
	return s
}

// readOwn reads the change that the pipeline carries out.
func (c Changes) readOwn(ctx context.Context, in GateInputs, s *survey) error {
	ref := in.Ref
	if in.IdempotencyKey.Name != "" {
		in.IdempotencyKey.LookOnly = true
		found, there, err := c.Read.FindIssue(ctx, c.Project, in.IdempotencyKey)
		if s.missing = err == nil && !there; err != nil || s.missing {
			return err
		}
		ref = found.Ref
	}
	status, err := c.Status(ctx, ref)
	if err != nil {
		return err
	}
	course, err := c.course(ctx, &status)
	if err != nil {
		return err
	}
	s.status, s.course = status, course
	return nil
}

// doubtful reports whether approvals are missing only because their comments may have been edited.
func (s *survey) doubtful(reasons []change.Reason) bool {
	missing := slices.ContainsFunc(reasons, func(r change.Reason) bool { return r.Kind == change.ByApproval })
	return missing && len(s.status.Verdict.Doubt) > 0
}

// doubt returns the error for approvals whose comments may have been edited.
func (s *survey) doubt() error {
	return doubt(&s.status, "cannot tell if the approval by "+account.Names(s.status.Verdict.Doubt, " and ")+
		" was edited after it was written")
}

// unread returns the reasons for what could not be read, each once.
func (s *survey) unread() []change.Reason {
	if s.silent() {
		return []change.Reason{{Kind: change.ByUnknown, Text: change.NothingRead}}
	}
	var texts []string
	for _, err := range s.errs {
		if text := err.Error(); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	slices.Sort(texts)
	var list []change.Reason
	for _, text := range texts {
		list = append(list, change.Reason{Kind: change.ByUnknown, Text: text})
	}
	return list
}
