package gitlab

import (
	"context"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// lookBack is how far back issues made under a caller's key are looked for by label. Older ones are found by the search,
// which is quick but not exact.
const labelWindow = 90 * 24 * time.Hour

// issueCreator makes one issue through internal/idempotency.
type issueCreator struct {
	creator
	draft    issue.Draft
	labelSet bool // what this run has made carries the label, as its answer says
}

// issueCreator is for one issue in a project. Those of other runs are looked for among the issues with o.Label; where there is none, or
// nothing says how old they can be, the search has to do as well.
func (c *Client) issueCreator(project string, d issue.Draft, o issue.IdempotencyKey) *issueCreator {
	return &issueCreator{creator: c.creator(project, apiPath(target.ProjectAt(project), "issues"), o), draft: d}
}

// Create makes one attempt.
func (r *issueCreator) Create(ctx context.Context, key idempotency.Key) (issue.Issue, error) {
	d := r.draft
	d.Description = idempotency.Stamp(d.Description, key)
	made, err := r.client.postIssue(ctx, r.project, d)
	r.labelSet = made.ID != 0 && made.Has(r.key.Label)
	if made.ID != 0 && !r.labelSet {
		r.client.unlabelled.Store(true)
	}
	return made, err
}

// Find lists exactly where it can.
func (r *issueCreator) Find(ctx context.Context, key idempotency.Key, mine, anybody bool) ([]issue.Issue, error) {
	_, known := r.client.wire.ServerTime(r.started)
	found, err := r.list(ctx, key, mine, anybody)
	if err == nil && !known && r.bound() != r.key.Since { // the first answer tells that the bound is of a clock that goes wrong
		return r.list(ctx, key, mine, anybody)
	}
	return found, err
}

func (r *issueCreator) list(ctx context.Context, key idempotency.Key, mine, anybody bool) ([]issue.Issue, error) {
	var found []issue.Issue
	for _, q := range r.queries(key, mine, anybody) {
		for w, err := range r.client.issueRows(ctx, target.ProjectAt(r.project), q) {
			if err != nil {
				return nil, err
			}
			if strings.Contains(w.Description, key.Marker()) {
				found = append(found, w.value(r.project))
			}
		}
	}
	return found, nil
}

// queries are the lists to look at, each complete in itself: for anybody's one that goes back as far as the key does, or else the label's
// of the last 90 days and the search; for the token user's own their new issues, unless those are in the list for anybody. An own issue may
// be missing there: GitLab leaves the label out where the token may not set it. Where it did, those of earlier runs have none either.
func (r *issueCreator) queries(key idempotency.Key, mine, anybody bool) []issue.Query {
	var all []issue.Query
	var labels []string
	if r.key.Label != "" {
		labels = []string{r.key.Label}
	}
	since := r.bound()
	switch {
	case !anybody:
	case !since.IsZero():
		all = append(all, issue.Query{Labels: labels, CreatedAfter: since})
	default:
		if labels != nil {
			now, _ := r.client.wire.ServerTime(r.started)
			since = now.Add(-labelWindow)
			all = append(all, issue.Query{Labels: labels, CreatedAfter: since})
		}
		if words := searchWords(key.Name()); words != "" {
			all = append(all, issue.Query{Search: words})
		}
	}
	begun, unlabelled := r.since(), labels != nil && r.client.unlabelled.Load()
	if unlabelled && anybody && since.Before(begun) {
		begun = since
	}
	covered := anybody && !since.IsZero() && !since.After(begun) && (labels == nil || r.labelSet)
	if (mine || unlabelled) && !covered {
		all = append(all, issue.Query{CreatedByMe: true, CreatedAfter: begun})
	}
	return all
}

// searchWords are the words of a key's name that GitLab's search can find inside a text: letters and digits, three at least.
func searchWords(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9')
	})
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return len(w) < 3 }), " ")
}

// About is what internal/idempotency needs to know of an issue. One that is closed and still has the label of its kind is no duplicate that
// was taken out of sight: records of what is done are closed all their life.
func (r *issueCreator) About(i issue.Issue) idempotency.Object {
	return idempotency.Object{
		ID: i.ID, AuthorID: i.AuthorID, Text: i.Description, CreatedAt: i.CreatedAt, Retired: !i.Open() && !i.Has(r.key.Label),
	}
}

// Retire closes a duplicate, takes the labels off that would make it count as one more of its kind, and says which one stays.
func (r *issueCreator) Retire(ctx context.Context, duplicate, original issue.Issue) error {
	if r.client.wire.Options().ReadOnly {
		return nil
	}
	if _, err := r.client.UpdateIssue(ctx, duplicate.Ref, issue.Change{State: new(issue.Closed), RemoveLabels: duplicate.Labels}); err != nil {
		return err
	}
	// The word is a courtesy: the duplicate is out of sight without it, and sending it twice would be worse than not at all.
	body := "Made twice by simultaneous runs of prodctl; " + original.Ref.String() + " is the one that stays."
	_, _ = r.client.postNote(ctx, duplicate.Ref, issue.NoteDraft{Body: body})
	return nil
}
