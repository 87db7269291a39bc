package gitlab

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// openBounded creates the incident with a key that nothing older than the bound carries.
func (l *lab) openBounded(t *testing.T, c *Client, name string, since time.Time) (issue.Issue, bool, error) {
	return c.CreateIssue(t.Context(), "acme/infra", incident, issue.IdempotencyKey{Kind: "incident", Name: name, Since: since, Label: "incident"})
}

// With a bound one list is enough, also while GitLab's search is down: three requests with the create, and two in the
// next run, or three when somebody else created it.
func TestRequestsWithABound(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	l.fault(t, "GET /projects/*/issues?search status=500")
	since := l.clock.Now().Add(-24 * time.Hour)
	for _, step := range []struct {
		user    string
		existed bool
		want    string
	}{
		{"developer", false, "GET issues, POST issues, GET issues"},
		{"developer", true, "GET issues, GET user"},
		{"maintainer", true, "GET issues, GET user, GET all"},
	} {
		l.ResetRequests()
		created, existed, err := l.openBounded(t, l.as(t, step.user, nil), "auto-20260302-x", since)
		var got []string
		for _, e := range l.Requests() {
			got = append(got, e.Method+" "+e.Path[strings.LastIndex(e.Path, "/")+1:])
		}
		if s := strings.Join(got, ", "); err != nil || existed != step.existed || created.Ref.IID != 1 || s != step.want {
			t.Errorf("%s: %+v, existed %v, %v; requests %s, want %s", step.user, created, existed, err, s, step.want)
		}
	}
}

// The bound excludes older issues; without one they count as far back as the lookup goes.
func TestOlderThanTheBound(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	k := mustKey(t, "again")
	old := fakegitlab.SeedIssue{Title: "old", Description: idempotency.Stamp("x", k), Author: "developer", Labels: []string{"incident"}, CreatedAt: l.clock.Now().AddDate(0, 0, -2)}
	labels := []fakegitlab.SeedLabel{{Name: "incident"}, {Name: "S2"}}
	if err := l.Apply(fakegitlab.Seed{Projects: []fakegitlab.SeedProject{{Path: "acme/log", Labels: labels, Issues: []fakegitlab.SeedIssue{old}}}}); err != nil {
		t.Fatal(err)
	}
	for _, label := range []string{"incident", ""} {
		for days, want := range map[int]bool{0: true, -1: false, -3: true} {
			o := issue.IdempotencyKey{Kind: "incident", Name: "again", Label: label}
			if days != 0 {
				o.Since = l.clock.Now().AddDate(0, 0, days)
			}
			c := l.as(t, "developer", nil)
			found, err := c.issueCreator("acme/log", incident, o).Find(t.Context(), k, false, true)
			if err != nil || len(found) > 0 != want {
				t.Errorf("label %q, %d days: %+v, %v", label, days, found, err)
			}
		}
	}
}

// Whatever happens to the create, a bounded key leaves one issue, with and without a label.
func TestBoundedKeyIsOpenedOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range append(kinds, "nothing") {
		for _, label := range []string{"incident", ""} {
			for _, user := range []string{"developer", "outsider"} { // GitLab drops an outsider's labels
				t.Run(kind+"/"+label+"/"+user, func(t *testing.T) {
					t.Parallel()
					l := newLab(t, nil)
					if kind != "nothing" {
						l.fault(t, "POST /projects/*/issues nth=1 "+kind)
					}
					o := issue.IdempotencyKey{Kind: "change", Name: "ci-1", Since: l.clock.Now().Add(-24 * time.Hour), Label: label}
					created, existed, err := l.as(t, user, nil).CreateIssue(t.Context(), "acme/infra", incident, o)
					if issues := l.Snapshot().Project("acme/infra").Issues; created.Ref.IID != 1 || existed || len(issues) != 1 || (err != nil && !errors.Is(err, fault.Dropped)) {
						t.Errorf("%+v, existed %v, %v; %d issues", created, existed, err, len(issues))
					}
				})
			}
		}
	}
}

// Records of finished work are always closed: a closed duplicate that still has its label is retired all the same.
func TestClosedDuplicateIsRetired(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	k := mustKey(t, "ci-2")
	for range 2 {
		l.MustDo("developer", "POST", "/projects/acme%2Finfra/issues", fmt.Sprintf(`{"title":"x","labels":"incident,S2,toil","description":%q}`, k.Marker()))
	}
	for n := range 2 {
		l.MustDo("developer", "PUT", fmt.Sprintf("/projects/acme%%2Finfra/issues/%d", n+1), "state_event=close")
	}
	for range 2 {
		c := l.as(t, "developer", nil)
		created, existed, err := l.openBounded(t, c, "ci-2", l.clock.Now().Add(-time.Hour))
		if err == nil {
			err = c.Watch(t.Context())
		}
		if err != nil || !existed || created.Ref.IID != 1 {
			t.Errorf("%+v, existed %v, %v", created, existed, err)
		}
	}
	issues := l.Snapshot().Project("acme/infra").Issues
	if len(issues) != 2 || len(issues[0].Labels) != 3 || len(issues[1].Labels) != 0 {
		t.Fatalf("issues %+v", issues)
	}
	comments := 0
	for _, n := range issues[1].Notes {
		if strings.Contains(n.Body, "Duplicate of acme/infra#1") {
			comments++
		}
	}
	if comments != 1 {
		t.Errorf("%d comments name the original", comments)
	}
}

func TestInvalidKeys(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c := l.as(t, "developer", nil)
	if _, _, err := c.CreateIssue(t.Context(), "acme/infra", incident, issue.IdempotencyKey{Kind: "incident", Name: " "}); fault.KindOf(err) != fault.Usage || len(l.Requests()) != 0 {
		t.Errorf("an issue: %v", err)
	}
	if _, _, err := c.CreateNote(t.Context(), issue.Ref{Project: "acme/infra", IID: 1}, issue.NoteDraft{Body: "x"}, issue.IdempotencyKey{Kind: "A b", Name: "x"}); fault.KindOf(err) != fault.Usage || len(l.Requests()) != 0 {
		t.Errorf("a comment: %v", err)
	}
}

// The same text is the same comment for ten minutes, then it is another one. For what a run has written itself the difference between
// clocks does not matter.
func TestCommentIsTheSameForTenMinutes(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	ref := l.createToyIssue(t)
	add := func(c *Client, now time.Time) (issue.Note, bool, error) {
		return c.CreateNote(t.Context(), ref, issue.NoteDraft{Body: "Mitigated."}, issue.IdempotencyKey{Kind: "note", Name: "words", Since: now.Add(-10 * time.Minute)})
	}
	var ids []int64
	for _, minutes := range []int{0, 9, 2, 8, 11} {
		l.clock.Sleep(t.Context(), time.Duration(minutes)*time.Minute)
		n, _, err := add(l.as(t, "developer", nil), l.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, n.ID)
	}
	if ids[0] != ids[1] || ids[1] == ids[2] || ids[2] != ids[3] || ids[3] == ids[4] {
		t.Errorf("comments %v", ids)
	}
	l.clock.Sleep(t.Context(), 11*time.Minute)
	searched := issue.IdempotencyKey{Kind: "note", Name: "words", Since: l.clock.Now().Add(-10 * time.Minute), Searched: true}
	l.ResetRequests()
	n, existed, err := l.as(t, "developer", nil).CreateNote(t.Context(), ref, issue.NoteDraft{Body: "Mitigated."}, searched)
	if err != nil || existed || n.ID <= ids[4] || len(l.Requests()) != 2 {
		t.Errorf("already searched: %+v, existed %v, %v after %d requests", n, existed, err, len(l.Requests()))
	}
	for _, hours := range []int{-3, 3} {
		ours := newClock()
		ours.now = l.clock.Now().Add(time.Duration(hours) * time.Hour)
		l.ClearFaults()
		l.fault(t, "POST /projects/*/issues/*/notes nth=1 drop-after")
		before := len(l.Snapshot().Project("acme/infra").Issues[0].Notes)
		c := l.as(t, "maintainer", func(o *Options) { o.Now, o.Sleep = ours.Now, ours.Sleep })
		n, _, err := c.CreateNote(t.Context(), ref, issue.NoteDraft{Body: "Mitigated."}, issue.IdempotencyKey{Kind: "note", Name: fmt.Sprint(hours), Since: ours.Now().Add(-10 * time.Minute)})
		if added := len(l.Snapshot().Project("acme/infra").Issues[0].Notes) - before; err != nil || n.ID == 0 || added != 1 {
			t.Errorf("%d hours ahead: %+v, %v; %d added", hours, n, err, added)
		}
	}
}
