package issue

import (
	"slices"
	"testing"
	"time"
)

func TestReplaced(t *testing.T) {
	t.Parallel()
	closed := time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)
	i := Issue{Ref: Ref{Project: "acme/team/production", IID: 8}, State: Closed, ClosedAt: closed}
	for _, tc := range []struct {
		body string
		at   time.Time
		want Replacement
	}{
		{"marked this issue as a duplicate of #1", closed, Replacement{Duplicate: Ref{"acme/team/production", 1}}},
		{"marked this issue as a duplicate of infrastructure#12", closed.Add(-time.Second), Replacement{Duplicate: Ref{"acme/team/infrastructure", 12}}},
		{"marked this work item as a duplicate of a/b#3", closed.Add(time.Hour), Replacement{Duplicate: Ref{"a/b", 3}}},
		{"promoted to epic &3", closed, Replacement{Epic: "&3"}},
		{"promoted to epic acme&3", closed, Replacement{Epic: "acme&3"}},
		{"marked #2 as a duplicate of this issue", closed, Replacement{}},
		{"marked this issue as a duplicate of", closed, Replacement{}},
		{"marked this issue as related to #1", closed, Replacement{}},
		{"marked this issue as a duplicate of #1", closed.Add(-time.Hour), Replacement{}}, // it was reopened, and closed for another reason
	} {
		notes := []Note{{Body: "closed", System: true, CreatedAt: tc.at}, {Body: tc.body, System: true, CreatedAt: tc.at}}
		if got, ok := i.Replaced(notes); got != tc.want || ok != (tc.want != Replacement{}) {
			t.Errorf("%q: %+v", tc.body, got)
		}
		notes[1].System = false
		if _, ok := i.Replaced(notes); ok {
			t.Errorf("%q, written by a person, counts", tc.body)
		}
		open := i
		open.State, notes[1].System = Opened, true
		if _, ok := open.Replaced(notes); ok {
			t.Errorf("%q: an open issue counts as replaced", tc.body)
		}
	}
}

// GitLab's comments about links and assignees count, also those about issues of other projects; words of people do not.
func TestTraces(t *testing.T) {
	t.Parallel()
	i := Issue{Ref: Ref{Project: "acme/production", IID: 2}}
	system := func(body string) Note { return Note{System: true, Body: body} }
	notes := []Note{system("marked this issue as related to #1"), system("marked this incident as related to infrastructure#7"),
		system("removed the relation with #1"), system("marked this issue as blocking #3"), {Body: "marked this issue as related to #4"}}
	if got, want := i.Linked(notes), []string{"acme/production#1", "acme/infrastructure#7"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if i.WasAssigned(append(notes, Note{Body: "assigned to @mara"})) {
		t.Error("a person's words count")
	}
	if !i.WasAssigned([]Note{system("assigned to @mara"), system("unassigned @mara")}) {
		t.Error("nobody was ever assigned")
	}
	if i.Assignees = []string{"mara"}; !i.WasAssigned(nil) {
		t.Error("the assignee does not count")
	}
}
