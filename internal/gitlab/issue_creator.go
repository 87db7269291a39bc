package gitlab

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// labelWindow is how far back issues with a caller's key are looked up by label. Older ones are found by GitLab's search,
// which is fast but not exact.
const labelWindow = 90 * 24 * time.Hour

// issueCreator creates one issue through internal/idempotency.
type issueCreator struct {
	creator
	draft    issue.Draft
	labelSet bool // the issue that this run created has the label, as GitLab's answer shows
	busy     bool // GitLab did nothing at the last attempt
}

// issueCreator is for one issue in a project. Issues of other runs are looked up among those with o.Label; without a label, or
// without a bound on their age, GitLab's search is used as well.
func (c *Client) issueCreator(project string, d issue.Draft, o issue.IdempotencyKey) *issueCreator {
	return &issueCreator{creator: c.creator(project, apiPath(target.ProjectAt(project), "issues"), o), draft: d}
}

// Create makes one attempt.
func (r *issueCreator) Create(ctx context.Context, key idempotency.Key) (issue.Issue, error) {
	d := r.draft
	d.Description = idempotency.Stamp(d.Description, key)
	created, err := r.client.postIssue(ctx, r.project, d)
	r.busy = errors.Is(err, fault.Busy)
	r.labelSet = created.ID != 0 && created.Has(r.key.Label)
	if created.ID != 0 && !r.labelSet {
		r.client.unlabelled.Store(true)
	}
	return created, err
}

// Pause waits before a lookup.
func (r *issueCreator) Pause(ctx context.Context, try int) error {
	if r.busy {
		return r.client.wire.Pause(ctx, try, &Error{Method: http.MethodPost, Path: r.path, Class: fault.Busy})
	}
	return r.creator.Pause(ctx, try)
}

// Find uses exact lists where it can, see queries.
func (r *issueCreator) Find(ctx context.Context, key idempotency.Key, mine, anybody bool) ([]issue.Issue, error) {
	_, known := r.client.wire.ServerTime(r.started)
	found, err := r.list(ctx, key, mine, anybody)
	if err == nil && !known && r.bound() != r.key.Since { // the first answer showed that the bound comes from a wrong clock
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

// queries are the lists to read. For anybody's issues: all since the key's bound, or else the label's issues of the last 90 days and the
// search. For the token user's own: their new issues, unless the first list contains those. Without the label it does not: GitLab drops
// the label where the token may not set it, and then issues of earlier runs have none either.
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
		// GitLab finds the key as a whole, but not the words in it: it takes kind and name for the path of a file.
		all = append(all, issue.Query{Search: key.String()})
	}
	from, unlabelled := r.since(), labels != nil && r.client.unlabelled.Load()
	if unlabelled && anybody && since.Before(from) {
		from = since
	}
	covered := anybody && !since.IsZero() && !since.After(from) && (labels == nil || r.labelSet)
	if (mine || unlabelled) && !covered {
		all = append(all, issue.Query{CreatedByMe: true, CreatedAfter: from})
	}
	return all
}

// About is what internal/idempotency needs to know about an issue. A closed issue that still has the label of its kind is not a retired
// duplicate: records of finished work are always closed.
func (r *issueCreator) About(i issue.Issue) idempotency.Object {
	return idempotency.Object{
		ID: i.ID, AuthorID: i.AuthorID, Text: i.Description, CreatedAt: i.CreatedAt, Retired: !i.Open() && !i.Has(r.key.Label),
	}
}

// Retire closes a duplicate, removes the labels that would make it count as one more of its kind, and adds a comment that names the
// original.
func (r *issueCreator) Retire(ctx context.Context, duplicate, original issue.Issue) error {
	if r.client.wire.Options().ReadOnly {
		return nil
	}
	if _, err := r.client.UpdateIssue(ctx, duplicate.Ref, issue.Change{State: new(issue.Closed), RemoveLabels: duplicate.Labels}); err != nil {
		return err
	}
	// The comment is a courtesy: the duplicate is out of sight without it, and sending it twice would be worse than not at all.
	body := "Duplicate of " + original.Ref.String() + ", created by a simultaneous run of prodctl."
	_, _ = r.client.postNote(ctx, duplicate.Ref, issue.NoteDraft{Body: body})
	return nil
}
