package gitlab

import (
	"context"
	"errors"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Two requests that add one label at the same time store it in two rows; one that GitLab then refuses with 409 has stored its labels all
// the same. So a label that an issue has is not added again, and a label in two rows is repaired: removing it removes both rows, and then
// it is added once. Nor does a request remove what another one adds at that time, so labels that exclude each other may both stay.

// eachOnce returns a list of labels without repetitions, and the labels that are repeated.
func eachOnce(labels []string) (each, repeated []string) {
	repeats := func(n int) bool { return slices.Contains(labels[:n], labels[n]) }
	n := 0
	for n < len(labels) && !repeats(n) {
		n++
	}
	if n == len(labels) { // nearly always
		return labels, nil
	}
	for n, l := range labels {
		if !repeats(n) {
			each = append(each, l)
		} else if !slices.Contains(repeated, l) {
			repeated = append(repeated, l)
		}
	}
	return each, repeated
}

// distinctNames returns the names of both lists, each once.
func distinctNames(a, b []string) []string {
	each, _ := eachOnce(slices.Concat(a, b))
	return each
}

// missingOn returns the labels that an issue does not have.
func missingOn(i issue.Issue, labels []string) []string {
	return slices.DeleteFunc(slices.Clone(labels), i.Has)
}

// putUntilDone changes an issue in one request or, after a 409, in as few as it takes. Such a request may have done its work, or a part of
// it, so each further one is made from what the issue is then.
func (c *Client) putUntilDone(ctx context.Context, ref issue.Ref, ch issue.Change) (issue.Issue, error) {
	for try := 1; ; try++ {
		got, err := c.putIssue(transport.LookAfterConflict(ctx), ref, ch)
		e, ok := errors.AsType[*Error](err)
		if !ok || !e.Retryable || try == transport.MaxAttempts || c.wire.Pause(ctx, try, err) != nil {
			return got, err
		}
		now, lookErr := c.Issue(ctx, ref)
		switch {
		case lookErr != nil:
			return got, err
		case now.MovedToID != 0:
			return now, movedError(now)
		}
		if ch = remaining(ch, now); ch.Empty() {
			return now, nil
		}
	}
}

// remaining is the part of a change that an issue does not show.
func remaining(ch issue.Change, now issue.Issue) issue.Change {
	ch.AddLabels = missingOn(now, ch.AddLabels)
	ch.RemoveLabels = slices.DeleteFunc(slices.Concat(ch.RemoveLabels, ch.NotLabels), func(l string) bool { return !now.Has(l) })
	shows := func(part issue.Change) bool { return len(issueDrops(part, now)) == 0 }
	if shows(issue.Change{MilestoneID: ch.MilestoneID}) {
		ch.MilestoneID = nil
	}
	if shows(issue.Change{State: ch.State}) {
		ch.State = nil
	}
	if shows(issue.Change{Description: ch.Description}) {
		ch.Description = nil
	}
	if shows(issue.Change{AssigneeIDs: ch.AssigneeIDs}) {
		ch.AssigneeIDs = nil
	}
	if shows(issue.Change{Due: ch.Due}) {
		ch.Due = nil
	}
	return ch
}

// repairRounds bounds how often the labels of one issue are repaired in a row.
const repairRounds = 5

// repairLabels leaves each doubled label on the issue once. Other runs may see the same and double it again, so each waits for a random
// time and looks before it repairs.
func (c *Client) repairLabels(ctx context.Context, now issue.Issue) (issue.Issue, error) {
	for round := 1; len(now.Doubled) > 0 && round <= repairRounds; round++ {
		if err := c.wire.Stagger(ctx, round); err != nil {
			return now, err
		}
		var err error
		if now, err = c.Issue(ctx, now.Ref); err != nil || len(now.Doubled) == 0 {
			return now, err
		}
		doubled := now.Doubled
		if now, err = c.putUntilDone(ctx, now.Ref, issue.Change{RemoveLabels: doubled}); err != nil {
			return now, err
		}
		if now, err = c.Issue(ctx, now.Ref); err != nil {
			return now, err
		}
		if missing := missingOn(now, doubled); len(missing) > 0 {
			if _, err = c.putUntilDone(ctx, now.Ref, issue.Change{AddLabels: missing}); err != nil {
				return now, err
			}
		}
		if now, err = c.Issue(ctx, now.Ref); err != nil {
			return now, err
		}
	}
	return now, nil
}

// waitForRepair waits before labels in two rows are repaired, and reports that the issue has to be read again: another run may have
// repaired them in the meantime.
func (s *reconciliation) waitForRepair(ctx context.Context) (readAgain bool, err error) {
	if len(s.now.Doubled) == 0 || s.waited {
		s.waited = false
		return false, nil
	}
	s.waited = true
	s.repairs++
	return true, s.client.wire.Stagger(ctx, s.repairs)
}

// change is what the issue needs: first the removal of labels in two rows, then what the reconciler wants.
func (s *reconciliation) change(now issue.Issue, notes []issue.Note) (issue.Change, error) {
	if len(now.Doubled) > 0 {
		s.removed = append(s.removed, now.Doubled...)
		return issue.Change{RemoveLabels: now.Doubled}, nil
	}
	seen := now
	seen.Labels = slices.DeleteFunc(slices.Clone(now.Labels), func(l string) bool { return s.contested(l, now) })
	change, err := s.reconciler.Reconcile(seen, notes)
	if err != nil {
		return issue.Change{}, err
	}
	for _, l := range s.removed {
		if s.belongs(l, now, notes) && !slices.Contains(slices.Concat(change.AddLabels, change.RemoveLabels), l) {
			change.AddLabels = append(slices.Clip(change.AddLabels), l)
		}
	}
	change.AddLabels = missingOn(now, change.AddLabels)
	return s.fitting(change)
}

// rivals are the labels that exclude a label.
func (s *reconciliation) rivals(label string) []string {
	exclusive, ok := s.reconciler.(eventlog.Exclusive)
	if !ok || label == "" {
		return nil
	}
	for _, set := range exclusive.ExclusiveLabels() {
		if slices.Contains(set, label) {
			return slices.DeleteFunc(slices.Clone(set), func(l string) bool { return l == label })
		}
	}
	return nil
}

// contested reports whether a label and a rival of it are both on the issue although this run has just removed one of them: then neither
// shows the state of the issue, and its events decide.
func (s *reconciliation) contested(label string, now issue.Issue) bool {
	set := append(s.rivals(label), label)
	return slices.ContainsFunc(set[:len(set)-1], now.Has) && slices.ContainsFunc(set, func(l string) bool {
		return now.Has(l) && slices.Contains(s.last.RemoveLabels, l)
	})
}

// belongs reports whether a label that was in two rows is missing and goes with the present labels, which others may have changed since.
func (s *reconciliation) belongs(label string, now issue.Issue, notes []issue.Note) bool {
	if now.Has(label) || slices.ContainsFunc(s.rivals(label), now.Has) {
		return false
	}
	now.Labels = append(slices.Clip(now.Labels), label)
	change, err := s.reconciler.Reconcile(now, notes)
	return err == nil && !slices.Contains(change.RemoveLabels, label)
}
