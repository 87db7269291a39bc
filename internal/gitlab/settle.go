package gitlab

import (
	"context"
	"errors"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/journal"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Journal are the issue's comments, oldest first, and of those that hold an entry whether their authors may change the issue:
// the token's user, and whoever has at least the role Planner or Reporter in the project. Roles take one request, and none where
// there are no entries.
func (c *Client) Journal(ctx context.Context, ref issue.Ref) ([]issue.Note, error) {
	notes, err := c.Notes(ctx, ref)
	if err != nil {
		return nil, err
	}
	entries := func(n issue.Note) bool { return !n.System && strings.Contains(n.Body, journal.Mark) }
	var authors []int64
	for _, n := range notes {
		if entries(n) {
			authors = append(authors, n.AuthorID)
		}
	}
	if len(authors) == 0 {
		return notes, nil
	}
	roles, err := c.AccessOf(ctx, target.ProjectAt(ref.Project), authors)
	if err != nil {
		return nil, err
	}
	for i := range notes {
		n := &notes[i]
		if !entries(*n) {
			continue
		}
		if n.Trusted = roles[n.AuthorID].MayPlan(); n.Trusted {
			continue
		}
		self, err := c.selfID(ctx)
		if err != nil {
			return nil, err
		}
		n.Trusted = n.AuthorID == self
	}
	return notes, nil
}

// settleRounds bounds how often an issue is changed for its comments. Writers who are done write nothing more, so a few rounds are enough.
const settleRounds = 12

// SettleIssue brings an issue in line with its comments by the ledger's rules. After every change it looks again, comments first, so
// that the one who made the last change has seen all comments that came before it, and ends when there is nothing to change.
func (c *Client) SettleIssue(ctx context.Context, ref issue.Ref, l journal.Ledger) (settled issue.Issue, changed bool, err error) {
	for round := 0; ; round++ {
		notes, err := c.Journal(ctx, ref)
		if err != nil {
			return settled, changed, err
		}
		now, err := c.Issue(ctx, ref)
		if err != nil {
			return settled, changed, err
		}
		settled = now
		change, err := l.Settle(now, notes)
		if err != nil || change.Empty() {
			return now, changed, err
		}
		if round == settleRounds {
			return now, changed, fault.New(fault.Partial, "run the same command again", "%s is being changed by others all the time", ref)
		}
		_, err = c.UpdateIssue(ctx, ref, change)
		changed = changed || err == nil || errors.Is(err, fault.Unknown) || errors.Is(err, fault.Dropped)
		if err != nil {
			return now, changed, err
		}
	}
}
