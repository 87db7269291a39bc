package gitlab

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// lookBack is how far back issues made under a caller's key are looked for by label. Older ones are found by the search,
// which is quick but not exact.
const lookBack = 90 * 24 * time.Hour

// creator is what the creators of issues and of comments share. They are what internal/once works with.
type creator struct {
	client  *Client
	project string
	path    string // of what is made
	began   time.Time
}

func (c *Client) creator(project, path string) creator {
	return creator{client: c, project: project, path: path, began: c.wire.Options().Now()}
}

// since is when this run began, by the server's clock, less what that clock may be off by.
func (r creator) since() time.Time {
	margin := 24 * time.Hour // nothing is known of the server's clock yet
	began, known := r.client.wire.ServerTime(r.began)
	if known {
		margin = 5 * time.Minute
	}
	return began.Add(-margin)
}

// own reports whether the token's user has the id.
func (r creator) own(ctx context.Context, authorID int64) (bool, error) {
	self, err := r.client.selfID(ctx)
	return self == authorID, err
}

func (r creator) trusted(ctx context.Context, authorID int64) (bool, error) {
	roles, err := r.client.AccessOf(ctx, target.ProjectAt(r.project), []int64{authorID})
	return roles[authorID] >= instance.Developer, err
}

// Pause waits before looking for what a lost request may have made.
func (r creator) Pause(ctx context.Context, try int) error {
	return r.client.wire.Pause(ctx, try, &Error{Method: http.MethodPost, Path: r.path})
}

// IssueCreator makes one issue through internal/once.
type IssueCreator struct {
	creator
	draft    issue.Draft
	once     issue.Once
	labelled bool // what this run has made carries the label, as its answer says
}

// IssueCreator is for one issue in a project. Those of other runs are looked for among the issues with o.Label; where there is none, or
// nothing says how old they can be, the search has to do as well.
func (c *Client) IssueCreator(project string, d issue.Draft, o issue.Once) *IssueCreator {
	return &IssueCreator{creator: c.creator(project, at(target.ProjectAt(project), "issues")), draft: d, once: o}
}

// Create makes one attempt.
func (r *IssueCreator) Create(ctx context.Context, stamp func(string) string) (issue.Issue, error) {
	d := r.draft
	d.Description = stamp(d.Description)
	made, err := r.client.postIssue(ctx, r.project, d)
	r.labelled = made.ID != 0 && made.Has(r.once.Label)
	if made.ID != 0 && !r.labelled {
		r.client.unlabelled.Store(true)
	}
	return made, err
}

// Find lists exactly where it can.
func (r *IssueCreator) Find(ctx context.Context, marker string, mine, anybody bool) ([]issue.Issue, error) {
	_, known := r.client.wire.ServerTime(r.began)
	found, err := r.list(ctx, marker, r.queries(marker, mine, anybody))
	if err == nil && !known && r.bound(r.once.Since) != r.once.Since { // the first answer tells that the bound is of a clock that goes wrong
		return r.list(ctx, marker, r.queries(marker, mine, anybody))
	}
	return found, err
}

func (r *IssueCreator) list(ctx context.Context, marker string, queries []issue.Query) ([]issue.Issue, error) {
	var found []issue.Issue
	for _, q := range queries {
		for w, err := range r.client.issueRows(ctx, target.ProjectAt(r.project), q) {
			if err != nil {
				return nil, err
			}
			if strings.Contains(w.Description, marker) {
				found = append(found, w.value(r.project))
			}
		}
	}
	return found, nil
}

// bound is the time before which nothing can carry the key. One that is yet to come, by the server's clock, is of a clock that goes wrong
// by days.
func (r creator) bound(since time.Time) time.Time {
	if now, known := r.client.wire.ServerTime(r.began); known && since.After(now) {
		return now.Add(-24 * time.Hour)
	}
	return since
}

// queries are the lists to look at, each complete in itself: for anybody's one that goes back as far as the key does, or else the label's
// of the last 90 days and the search; for the token user's own their new issues, unless those are in the list for anybody. An own issue may
// be missing there: GitLab leaves the label out where the token may not set it. Where it did, those of earlier runs have none either.
func (r *IssueCreator) queries(marker string, mine, anybody bool) []issue.Query {
	var all []issue.Query
	var labels []string
	if r.once.Label != "" {
		labels = []string{r.once.Label}
	}
	since := r.bound(r.once.Since)
	switch {
	case !anybody:
	case !since.IsZero():
		all = append(all, issue.Query{Labels: labels, CreatedAfter: since})
	default:
		if labels != nil {
			now, _ := r.client.wire.ServerTime(r.began)
			since = now.Add(-lookBack)
			all = append(all, issue.Query{Labels: labels, CreatedAfter: since})
		}
		if words := searchWords(marker); words != "" {
			all = append(all, issue.Query{Search: words})
		}
	}
	begun, unlabelled := r.since(), labels != nil && r.client.unlabelled.Load()
	if unlabelled && anybody && since.Before(begun) {
		begun = since
	}
	covered := anybody && !since.IsZero() && !since.After(begun) && (labels == nil || r.labelled)
	if (mine || unlabelled) && !covered {
		all = append(all, issue.Query{CreatedByMe: true, CreatedAfter: begun})
	}
	return all
}

// searchWords are the words of a key that GitLab's search can find inside a text: letters and digits, three at least.
func searchWords(marker string) string {
	_, key, _ := strings.Cut(marker, "/")
	words := strings.FieldsFunc(key, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9')
	})
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return len(w) < 3 }), " ")
}

// About is what internal/once needs to know of an issue. One that is closed and still has the label of its kind is no twin that was taken
// out of sight: records of what is done are closed all their life.
func (r *IssueCreator) About(i issue.Issue) (id int64, text string, createdAt time.Time, retired bool) {
	return i.ID, i.Description, i.CreatedAt, !i.Open() && !i.Has(r.once.Label)
}

// Own reports whether the token's user made the issue.
func (r *IssueCreator) Own(ctx context.Context, i issue.Issue) (bool, error) {
	return r.own(ctx, i.AuthorID)
}

// Trusted reports whether the issue's author is a Developer of the project at least.
func (r *IssueCreator) Trusted(ctx context.Context, i issue.Issue) (bool, error) {
	return r.trusted(ctx, i.AuthorID)
}

// Retire closes a twin, takes the labels off that would make it count as one more of its kind, and says which one stays.
func (r *IssueCreator) Retire(ctx context.Context, loser, winner issue.Issue) error {
	if r.client.wire.Options().LookOnly {
		return nil
	}
	if _, err := r.client.UpdateIssue(ctx, loser.Ref, issue.Change{State: new(issue.Closed), RemoveLabels: loser.Labels}); err != nil {
		return err
	}
	// The word is a courtesy: the twin is out of sight without it, and sending it twice would be worse than not at all.
	body := "Made twice by simultaneous runs of prodctl; " + winner.Ref.String() + " is the one that stays."
	_, _ = r.client.postNote(ctx, loser.Ref, issue.NoteDraft{Body: body})
	return nil
}
