package gitlab

import (
	"context"
	"errors"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// The bounds of settling: how often an issue is changed, and how often the same change may fail, or be left out, in a row. A writer whose
// comment is folded in writes nothing more, so that a few rounds are enough for many of them.
const (
	reconcileRounds = 12
	reconcileDrops  = 2
)

// ReconcileIssue brings an issue in line with its comments by the reconciler's rules: comments are read first and the issue after, the
// reconciler is // asked, what it wants is sent in one request, and so on until it wants nothing. So whoever made the last change has
// looked at the comments after it, and in the end the issue agrees with them in whatever order the requests of several writers come.
//
// A change that met with a fault is not sent again as it was: another look comes first. What GitLab leaves out twice is an error that
// matches [fault.Dropped]. Where the reconciler is a [eventlog.Claim] that somebody else has, the own claim is deleted, and an error that
// matches [fault.Conflict] says who that is. When somebody edited the description in the moment between the look and the change, the issue
// is settled to the end all the same, and an error that matches [fault.Overwritten] says whose words may be lost.
func (c *Client) ReconcileIssue(ctx context.Context, ref issue.Ref, l eventlog.Reconciler) (settled issue.Issue, changed bool, err error) {
	s := reconciliation{client: c, ref: ref, reconciler: l}
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
	now        issue.Issue // as it was read last
	changed    bool
	faults     int // changes in a row that met with a passing fault
	drops      int // changes in a row that were left out in part
	sent      *sentDescription
	lost       []edit
}

func (s *reconciliation) run(ctx context.Context) error {
	for round := 0; ; round++ {
		notes, err := s.client.Journal(ctx, s.ref)
		if err != nil {
			return err
		}
		beaten, err := s.withdrawClaims(ctx, notes)
		if err != nil {
			return err
		}
		now, err := s.client.Issue(ctx, s.ref)
		if err != nil {
			return err
		}
		s.now = now
		if err := s.detectLostEdits(ctx, notes); err != nil {
			return err
		}
		change, err := s.reconciler.Reconcile(now, notes)
		switch {
		case err != nil:
			return err
		case beaten != nil && !s.changed, change.Empty(): // what follows from somebody else's claim is theirs to do
			return beaten
		}
		if round == reconcileRounds {
			return fault.New(fault.Partial, "run the same command again: it goes on from the comments, which are all there",
				"%s does not stand as its comments say, because others change it all the time", s.ref)
		}
		if err := s.send(ctx, change, notes); err != nil {
			return err
		}
	}
}

// send makes a change once. It is nil also after a fault that another look may mend.
func (s *reconciliation) send(ctx context.Context, change issue.Change, seen []issue.Note) error {
	_, err := s.client.UpdateIssue(transport.WithoutRetry(ctx), s.ref, change)
	unsure, left := errors.Is(err, fault.Unknown), errors.Is(err, fault.Dropped)
	if err == nil || unsure || left {
		s.changed = true
		s.sent = newSentDescription(change, seen)
	}
	e, ok := errors.AsType[*Error](err)
	switch {
	case err == nil:
		s.faults, s.drops = 0, 0
		return nil
	case left:
		if s.drops++; s.drops < reconcileDrops {
			return nil
		}
	case ok && e.Retryable:
		if s.faults++; s.faults < transport.MaxAttempts && (!unsure || s.client.wire.Pause(ctx, s.faults, err) == nil) {
			return nil
		}
	}
	return err
}

// withdraw deletes the own claims that are beaten. It is nil when the token's user has what is claimed, or when the reconciler is about no
// such // thing.
func (s *reconciliation) withdrawClaims(ctx context.Context, notes []issue.Note) (beaten, err error) {
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
	switch holder.AuthorID {
	case self:
		return nil, nil
	case 0:
		return fault.NewConflict("look at it, and run the same command again",
			"%s was handed on anew meanwhile, or the comment that takes it was deleted", s.ref), nil
	}
	return fault.NewConflict("", "%s was taken by @%s on %s UTC", s.ref, holder.Author, holder.Posted.UTC().Format("2006-01-02 15:04:05")), nil
}
