package gitlab

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Fifty simultaneous runs with ten keys leave ten issues that count, and runs with the same key return the same one. The records are closed
// immediately, as those of automation are.
func TestFiftySimultaneousCreates(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	refs, errs := make([]issue.Ref, 50), make([]error, 50)
	var crowd sync.WaitGroup
	for n := range refs {
		crowd.Go(func() {
			c := l.as(t, []string{"developer", "maintainer"}[n%2], nil)
			o := issue.IdempotencyKey{Kind: "change", Name: fmt.Sprint("job-", n%10), Since: l.clock.Now().Add(-24 * time.Hour), Label: "change"}
			created, _, err := c.CreateIssue(t.Context(), "acme/infra", issue.Draft{Title: o.Name, Labels: []string{"change"}}, o)
			if err == nil {
				_, err = c.UpdateIssue(t.Context(), created.Ref, issue.Change{State: new(issue.Closed)})
			}
			refs[n], errs[n] = created.Ref, err
		})
	}
	crowd.Wait()
	for n, err := range errs {
		if err != nil || refs[n] != refs[n%10] {
			t.Errorf("run %d: %v and not %v; %v", n, refs[n], refs[n%10], err)
		}
	}
	var counted []string
	for _, i := range l.Snapshot().Project("acme/infra").Issues {
		if slices.Contains(i.Labels, "change") {
			counted = append(counted, i.Title)
		} else if i.State != "closed" {
			t.Errorf("duplicate: %+v", i)
		}
	}
	slices.Sort(counted)
	if len(slices.Compact(counted)) != 10 || len(counted) != 10 {
		t.Errorf("records %q", counted)
	}
}

// Twenty people who comment and reconcile at the same time lose no line.
func TestTwentySimultaneousWriters(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	ref := l.createToyIssue(t)
	errs := make([]error, 20)
	var crowd sync.WaitGroup
	for n := range errs {
		crowd.Go(func() { l.newWriter(t, writers[n%3], string(rune('a'+n)), ref, &errs[n])(func() {}) })
	}
	crowd.Wait()
	for n, err := range errs {
		if err != nil {
			t.Errorf("writer %d: %v", n, err)
		}
	}
	now, err := l.as(t, "owner", nil).Issue(t.Context(), ref)
	if err != nil || strings.Count(now.Description, "\n* ") != 20 {
		t.Errorf("%q, %v", now.Description, err)
	}
}
