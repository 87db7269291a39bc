package gitlab

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// The bounds of reconciling: how often an issue is changed, and how often the same change may be dropped in a row. A writer whose comment
// is already applied writes nothing, so a few rounds are enough for many writers.
const (
	reconcileRounds = 12
	reconcileDrops  = 2
)

// ReconcileIssue updates an issue until it matches the events in its comments, by the reconciler's rules: read the comments, then the
// issue; ask the reconciler for a change; send it in one request; repeat until it returns none. So whoever made the last change has
// read the comments after it, and the issue ends up in line with them in whatever order the requests of several writers arrive.
//
// A change that failed is not retried as it is: everything is read again first. What GitLab drops twice is an error that
// matches [fault.Dropped]. When the reconciler is an [eventlog.Claim] and somebody else holds the claim, our own claim is deleted, and an
// error that matches [fault.Conflict] names the holder. When somebody edited the description between our read and our write, the issue
// is reconciled to the end all the same, and an error that matches [fault.Overwritten] names whose edit may be lost. A description that is
// too long for GitLab is not sent: the rest is, and the error says by how much. An issue that was moved to another project is not changed:
// the error matches [fault.Moved].
func (c *Client) ReconcileIssue(ctx context.Context, ref issue.Ref, r eventlog.Reconciler) (result issue.Issue, changed bool, err error) {
	s := reconciliation{client: c, ref: ref, reconciler: r}
	err = s.run(ctx)
	if lost := s.lostEdits(); err == nil {
		err = lost
	} else if lost != nil {
		err = errors.Join(err, lost)
	}
	return s.now, s.changed, err
}

// reconciliation is one call of ReconcileIssue.
type reconciliation struct {
	client     *Client
	ref        issue.Ref
	reconciler eventlog.Reconciler
	now        issue.Issue // as last read
	changed    bool
	faults     int          // changes in a row that failed in a transient way
	drops      int          // changes in a row that GitLab dropped in part
	last       issue.Change // as sent
	removed    []string     // labels that were doubled, and were removed to be added once
	repairs    int          // of doubled labels
	waited     bool         // before the repair that comes next
	sent       *sentDescription
	lost       []edit
}

func (s *reconciliation) run(ctx context.Context) error {
	for round := 0; ; round++ {
		notes, err := s.client.TrustedNotes(ctx, s.ref)
		if err != nil {
			return err
		}
		conflict, err := s.withdrawClaims(ctx, notes)
		if err != nil {
			return err
		}
		now, err := s.client.Issue(ctx, s.ref)
		if err != nil {
			return err
		}
		if s.now = now; now.MovedToID != 0 {
			return movedError(now)
		}
		if err := s.detectLostEdits(ctx, notes); err != nil {
			return err
		}
		if again, err := s.waitForRepair(ctx); err != nil {
			return err
		} else if again {
			continue
		}
		change, err := s.change(now, notes)
		switch {
		case err != nil:
			return err
		case conflict != nil && !s.changed, change.Empty(): // the holder of the claim applies it
			return conflict
		}
		if round >= reconcileRounds {
			return fault.New(fault.Partial, "Run the same command again when nobody else is changing the issue",
				"%s is not up to date with its comments: others keep changing it", s.ref)
		}
		if err := s.send(ctx, change, notes); err != nil {
			return err
		}
	}
}

// fitting leaves out a description that GitLab would refuse: it is never sent, because GitLab would set the labels of the same request.
// What else is necessary comes first, then an error.
func (s *reconciliation) fitting(ch issue.Change) (issue.Change, error) {
	if ch.Description == nil || len(*ch.Description) <= issue.MaxDescription {
		return ch, nil
	}
	over := len(*ch.Description) - issue.MaxDescription
	ch.Description = nil
	ch.RemoveLabels = slices.DeleteFunc(slices.Clone(ch.RemoveLabels), func(l string) bool { return !s.now.Has(l) })
	if ch.State != nil && *ch.State == s.now.State {
		ch.State = nil
	}
	if !ch.Empty() {
		return ch, nil
	}
	return issue.Change{}, fault.New(fault.Failed, fmt.Sprintf("Shorten the description of %s by %d bytes", fault.Quote(s.now.WebURL), over),
		"the description of %s is full (GitLab allows 1 MiB)", s.ref)
}

// send sends a change once. It returns nil also after a failure that reading again may fix.
func (s *reconciliation) send(ctx context.Context, change issue.Change, read []issue.Note) error {
	_, err := s.client.putIssue(transport.WithoutRetry(ctx), s.ref, change)
	uncertain, dropped := errors.Is(err, fault.Unknown), errors.Is(err, fault.Dropped)
	if err == nil || uncertain || dropped || errors.Is(err, fault.Moved) {
		s.changed, s.last = true, change
		s.sent = newSentDescription(change, s.now, read)
	}
	e, ok := errors.AsType[*Error](err)
	if ok && e.Status == http.StatusConflict { // its labels may be stored
		s.changed, s.last = true, change
	}
	switch {
	case err == nil:
		s.faults, s.drops = 0, 0
		return nil
	case dropped:
		if s.drops++; s.drops < reconcileDrops {
			return nil
		}
	case ok && e.Retryable:
		if s.faults++; s.faults < transport.MaxAttempts && (!uncertain || s.client.wire.Pause(ctx, s.faults, err) == nil) {
			return nil
		}
	}
	return err
}

// withdrawClaims deletes our own claims that lost, and returns the conflict; nil when the token's user holds the claim, or when the
// reconciler is not an [eventlog.Claim].
func (s *reconciliation) withdrawClaims(ctx context.Context, notes []issue.Note) (conflict, err error) {
	claim, ok := s.reconciler.(eventlog.Claim)
	if !ok {
		return nil, nil
	}
	self, err := s.client.selfID(ctx)
	if err != nil {
		return nil, err
	}
	holder, lost := claim.Claims(notes)
	for _, e := range lost {
		if e.AuthorID != self {
			continue
		}
		if err := s.client.delete(ctx, issuePath(s.ref, "notes", id(e.NoteID))); err != nil {
			return nil, err
		}
	}
	if holder.AuthorID == self && holder.NoteID != 0 {
		return nil, nil
	}
	if r, ok := claim.(eventlog.Refuser); ok {
		return fault.NewConflict("Check the issue, then run the same command again", "%s: %s", s.ref, r.Refusal(holder)), nil
	}
	if holder.AuthorID == 0 {
		return fault.NewConflict("Check the issue, then run the same command again",
			"%s was handed off again in the meantime, or the comment that took it was deleted", s.ref), nil
	}
	at := holder.Posted.UTC().Format("2006-01-02 15:04")
	return fault.NewConflict("", "%s: already taken by %s at %s UTC", s.ref, account.Name(holder.Author), at), nil
}
