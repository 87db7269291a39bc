package change

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// approve plans an approval of the current version of the plan. An approval that would not count is refused: approvers are people
// other than the author, with a role that the criticality requires.
func (e *Event) approve(ctx context.Context, p plan.Plan, s Status, me instance.User) (plan.Plan, error) {
	if s.Rule.Free() {
		p.Notes = append(p.Notes, fmt.Sprintf("No approval needed: criticality %s", s.Criticality))
		return e.reconcileOnly(p, s)
	}
	if _, err := change.Next(s.State, change.Approve, false); err != nil {
		return plan.Plan{}, e.refused(s, err)
	}
	switch other := e.Inputs.Digest != "" && !strings.EqualFold(e.Inputs.Digest, s.Digest); {
	case other && e.approved: // edited since this run approved it
		return e.reconcileOnly(p, s)
	case other:
		return plan.Plan{}, fault.New(fault.Refused, "Read it again: "+workflow.Command("change show %s", s.Issue.Ref),
			"the plan of %s is not the one that you read: its digest is %s", s.Issue.Ref, s.Digest)
	}
	if me.Bot {
		hint := "Approve it with a token of your own. To see the approvals: " + workflow.Command("change show %s", s.Issue.Ref)
		return plan.Plan{}, fault.New(fault.Refused, hint, "%s cannot approve %s: an access token, not a person", account.Name(me.Username),
			s.Issue.Ref)
	}
	if err := e.executorExists(ctx, s); err != nil {
		return plan.Plan{}, err
	}
	roles, err := e.rolesOf(ctx, me)
	if err != nil {
		return plan.Plan{}, err
	}
	counted := slices.ContainsFunc(s.Verdict.Counted, func(v change.Vote) bool { return strings.EqualFold(v.By, me.Username) })
	vote := change.Vote{By: me.Username, Roles: roles, Plan: s.Digest, At: later(e.Inputs.Now, s.reopenedAt), NoteID: 1 << 62}
	with := change.Judge(s.Rule, append(slices.Clone(s.Votes), vote), s.proposal())
	if !counted && !slices.ContainsFunc(with.Counted, func(v change.Vote) bool { return strings.EqualFold(v.By, me.Username) }) {
		return plan.Plan{}, e.cannotApprove(s, with, me)
	}
	p.Notes = append(p.Notes, with.Missing...)
	if counted && (!with.Enough || s.State == change.Approved || s.State == change.InProgress) {
		return e.reconcileApproved(p, s, me), nil
	}
	fields := map[string]string{change.FieldPlan: s.Digest}
	criticalityField(fields, s)
	if with.Enough {
		fields[change.FieldEnough] = "true"
	}
	event := change.NewEvent(change.Approve, e.Inputs.At, fields, e.Inputs.Text)
	if counted && e.alreadyDecided(s, fields) {
		return e.reconcileApproved(p, s, me), nil
	}
	e.voted = !with.Enough
	e.key.Name += "-" + approvalKey(me, s.Digest, s.reopenedAt, with.Enough) + s.after(me)
	return e.record(p, s, event), nil
}

// executorExists refuses the approval of a plan whose executor is nobody's user name: then the executor could approve it.
func (e *Event) executorExists(ctx context.Context, s Status) error {
	name := s.Record.Executor
	if name == "" {
		return nil
	}
	_, err := e.Read.UserByName(ctx, target.ProjectAt(s.Issue.Ref.Project), name)
	if errors.Is(err, fault.NotFound) {
		return fault.Wrap(fault.Refused, err, "Set the executor in its record to a GitLab user name: "+
			workflow.Command("change show --web %s", s.Issue.Ref), "%s cannot be approved: executor", s.Issue.Ref)
	}
	return err
}

// criticalityField adds the criticality of the change to an event, if it is known.
func criticalityField(fields map[string]string, s Status) {
	if s.Criticality != change.UnknownCriticality {
		fields[change.FieldCriticality] = string(s.Criticality)
	}
}

// approvalKey makes the keys of approvals with the same arguments unique: by person, version of the plan, reopening, and whether it is the
// last approval required.
func approvalKey(me instance.User, digest string, reopened time.Time, enough bool) string {
	sum := sha256.Sum256(fmt.Append(nil, me.ID, digest, reopened.Unix(), enough))
	return hex.EncodeToString(sum[:6])
}

// after returns what sets the key of a person's approval apart from those of the same plan that do not count because their comments were,
// or may have been, edited; empty if all count.
func (s Status) after(me instance.User) string {
	last := int64(0)
	for _, v := range s.Votes {
		own := strings.EqualFold(v.By, me.Username) && v.Plan == s.Digest
		if own && v.Comment.Touched && (!v.Comment.Known || v.Comment.Editor != "") {
			last = max(last, v.NoteID)
		}
	}
	if last == 0 {
		return ""
	}
	return fmt.Sprintf("-%d", last)
}

// later returns a time after both: an approval given now comes after everything else, whatever this machine's clock says.
func later(now, before time.Time) time.Time {
	if now.After(before) {
		return now
	}
	return before.Add(time.Second)
}

// reconcileApproved plans for a change that the caller has already approved: it removes duplicates of that comment and reconciles the
// issue.
func (e *Event) reconcileApproved(p plan.Plan, s Status, me instance.User) plan.Plan {
	own := eventlog.Event{Kind: change.Kind}
	for _, old := range eventlog.Events(s.Notes, change.Kind) {
		if change.Verb(old.Verb) == change.Approve && strings.EqualFold(old.Author, me.Username) {
			own = old
		}
	}
	p.Steps = workflow.Reconcile(s.Issue, s.Notes, own, e.reconcile(s))
	return p
}

// alreadyDecided reports whether the comments have an approval with these fields: of this plan, and marked as the last one required.
func (e *Event) alreadyDecided(s Status, fields map[string]string) bool {
	return slices.ContainsFunc(eventlog.Events(s.Notes, change.Kind), func(old eventlog.Event) bool {
		return old.Trusted && change.Verb(old.Verb) == change.Approve && maps.Equal(old.Fields, fields) && !old.Posted.Before(s.reopenedAt)
	})
}

func (e *Event) cannotApprove(s Status, v change.Verdict, me instance.User) error {
	reason := "not an approver"
	for _, i := range v.Ignored {
		if strings.EqualFold(i.By, me.Username) {
			reason = i.Reason
		}
	}
	hint := "To see the approvals: " + workflow.Command("change show %s", s.Issue.Ref)
	if !s.Verdict.Enough {
		hint = "Ask a " + s.Rule.Who(s.Verdict.Counted) + ". " + hint
	}
	return fault.New(fault.Refused, hint, "%s cannot approve %s: %s", account.Name(me.Username), s.Issue.Ref, reason)
}
