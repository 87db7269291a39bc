package gitlab

import (
	"context"
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// issueCreator creates one issue through internal/idempotency.
type issueCreator struct {
	creator
	draft  issue.Draft
	others []issue.Issue // without the key, but with its content, as last listed
}

// issueCreator is for one issue in a project.
func (c *Client) issueCreator(project string, d issue.Draft, o issue.IdempotencyKey) *issueCreator {
	return &issueCreator{creator: c.creator(project, apiPath(target.ProjectAt(project), "issues"), o), draft: d}
}

// Create makes one attempt.
func (r *issueCreator) Create(ctx context.Context, key idempotency.Key) (issue.Issue, error) {
	d := r.draft
	d.Description = idempotency.Stamp(d.Description, key)
	return r.client.postIssue(ctx, r.project, d)
}

// Find reads the list of the query.
func (r *issueCreator) Find(ctx context.Context, key idempotency.Key, mine, anybody bool) ([]issue.Issue, error) {
	_, known := r.client.wire.ServerTime(r.started)
	found, err := r.list(ctx, key, mine, anybody)
	if err == nil && !known && r.bound() != r.key.Since { // the first answer showed that the bound comes from a wrong clock
		found, err = r.list(ctx, key, mine, anybody)
	}
	for n := 0; n < len(found) && err == nil; n++ { // the closed issue that stays after a move has the key too
		found[n], err = r.client.MovedTo(ctx, found[n])
	}
	return found, err
}

func (r *issueCreator) list(ctx context.Context, key idempotency.Key, mine, anybody bool) ([]issue.Issue, error) {
	var found []issue.Issue
	r.others = nil
	for w, err := range r.client.issueRows(ctx, target.ProjectAt(r.project), r.query(key, mine, anybody)) {
		if err != nil {
			return nil, err
		}
		if r.carries(w.Description, key) {
			found = append(found, w.value(r.project))
		} else if r.key.Content != nil && r.key.Content.Matches(issue.Issue{Title: w.Title}, nil) {
			r.others = append(r.others, w.value(r.project))
		}
	}
	return found, nil
}

// carries reports whether a text contains the key. Issues of older versions have it without the word that a search finds, so they do not
// count where a search decides.
func (r *issueCreator) carries(text string, key idempotency.Key) bool {
	return carries(text, key) && (!r.bound().IsZero() || strings.Contains(text, key.Word()))
}

// Same compares the content of an issue with a derived key. A key that the caller chose decides alone. Former titles are read only if the
// current one differs.
func (r *issueCreator) Same(ctx context.Context, i issue.Issue) (bool, error) {
	content := r.content()
	if content == nil || content.Matches(i, nil) {
		return true, nil
	}
	titles, err := r.client.FormerTitles(ctx, i)
	return err == nil && content.Matches(i, titles), err
}

// content is what an issue with a derived key must have; nil if the key decides alone.
func (r *issueCreator) content() issue.Content {
	switch {
	case !r.key.Derived:
		return nil
	case r.key.Content == nil && r.draft.Title != "":
		return issue.Titled(r.draft.Title)
	}
	return r.key.Content
}

// Original compares the first title of an issue with a derived key.
func (r *issueCreator) Original(ctx context.Context, i issue.Issue) (bool, error) {
	content := r.content()
	if content == nil {
		return true, nil
	}
	titles, err := r.client.FormerTitles(ctx, i)
	if len(titles) > 0 {
		i.Title = titles[len(titles)-1]
	}
	return err == nil && content.Matches(i, nil), err
}

// Several says which of two issues with one key counts.
func (r *issueCreator) Several(used, other issue.Issue) {
	r.client.late.note(fmt.Sprintf("%s by %s has the same key as %s by %s, which is older and is used", other.Ref, account.Name(other.Author),
		used.Ref, account.Name(used.Author)))
}

// query is the one list to read. It has no filter by label or state: people take labels off, and close issues.
//
// If the age of the key is known it is exact: all issues since then. Otherwise it is a search, which GitLab limits to about thirty a minute
// for a user. After the first create the issue can only be a recent one of a simultaneous run, so that look-up is an exact list too.
func (r *issueCreator) query(key idempotency.Key, mine, anybody bool) issue.Query {
	switch since := r.bound(); {
	case mine || !anybody:
		return issue.Query{CreatedByMe: !anybody, CreatedAfter: r.since()}
	case since.IsZero():
		return issue.Query{Word: key.Word()}
	default:
		return issue.Query{CreatedAfter: since}
	}
}

// About is what internal/idempotency needs to know about an issue. A closed issue that still has the label of its kind is not a retired
// duplicate: records of finished work are always closed.
func (r *issueCreator) About(i issue.Issue) idempotency.Object {
	return idempotency.Object{
		ID: i.ID, AuthorID: i.AuthorID, Text: i.Description, CreatedAt: i.CreatedAt, Retired: !i.Open() && !i.Has(r.key.Label),
		Closed: !i.Open(),
	}
}

// Retire closes a duplicate and removes the labels that would make it count as one more of its kind, see [retirement].
func (r *issueCreator) Retire(ctx context.Context, duplicate, original issue.Issue) error {
	if r.client.wire.Options().ReadOnly {
		return nil
	}
	x := retirement{client: r.client, draft: r.draft, label: r.key.Label, from: duplicate, to: original}
	if err := x.run(ctx); err != nil {
		return err
	}
	text := duplicate.Ref.String() + " was a duplicate of " + original.Ref.String() + " and is closed"
	if words := x.summary(); words != "" {
		text += "; carried over: " + words
	}
	r.client.late.note(text)
	return nil
}
