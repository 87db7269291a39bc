package gitlab

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// addNote adds a comment as the user.
func (l *lab) addNote(t *testing.T, user string, ref issue.Ref, body string) {
	t.Helper()
	l.MustDo(user, "POST", fmt.Sprintf("/projects/acme%%2Finfra/issues/%d/notes", ref.IID), fmt.Sprintf("{\"body\":%q}", body))
}

// Events count when their authors may change the issue, and the reader's own always.
func TestTrustedEvents(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	ref := l.createToyIssue(t)
	for _, user := range []string{"outsider", "guest", "planner", "reporter", "developer", "owner"} {
		l.addNote(t, user, ref, newEvent(user).Body)
	}
	l.addNote(t, "owner", ref, "no entry")
	for _, tt := range []struct{ reader, trusted string }{
		{"developer", "planner reporter developer owner"},
		{"guest", "guest planner reporter developer owner"},
		{"outsider", "outsider planner reporter developer owner"},
	} {
		notes, err := l.as(t, tt.reader, nil).TrustedNotes(t.Context(), ref)
		var trusted []string
		for _, n := range notes {
			if n.Trusted {
				trusted = append(trusted, n.Author)
			}
		}
		if got := strings.Join(trusted, " "); err != nil || got != tt.trusted || len(notes) != 7 {
			t.Errorf("read by %s: %s of %d, %v; want %s", tt.reader, got, len(notes), err, tt.trusted)
		}
	}
}

// Roles are requested once for all authors, and not at all without events; the reader's user only for authors without a role.
func TestRequestsOfTrustedNotes(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	ref := l.createToyIssue(t)
	c := l.as(t, "developer", nil)
	for _, step := range []struct {
		author   string // of one more event
		requests int
	}{{"", 1}, {"owner", 2}, {"owner", 1}, {"planner", 2}, {"reporter", 2}, {"guest", 3}, {"guest", 1}, {"outsider", 2}} {
		if step.author != "" {
			l.addNote(t, step.author, ref, newEvent("a").Body)
		}
		l.ResetRequests()
		if _, err := c.TrustedNotes(t.Context(), ref); err != nil || len(l.Requests()) != step.requests {
			t.Errorf("after an event of %q: %d requests, want %d; %v", step.author, len(l.Requests()), step.requests, err)
		}
	}
	l.fault(t, "GET /projects/*/members/all status=403")
	if _, err := l.as(t, "developer", nil).TrustedNotes(t.Context(), ref); fault.KindOf(err) != fault.Auth {
		t.Errorf("roles are unknown: %v", err)
	}
}

func TestAccessOf(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c := l.as(t, "developer", nil)
	want, ids := map[int64]instance.Access{4711: instance.NoAccess}, []int64{4711, 4711}
	for name, role := range map[string]instance.Access{"guest": instance.Guest, "owner": instance.Owner, "outsider": instance.NoAccess} {
		u, err := c.UserByName(t.Context(), infra, name)
		if err != nil {
			t.Fatal(err)
		}
		want[u.ID], ids = role, append(ids, u.ID)
	}
	for _, in := range []target.Target{infra, sub} { // inherited in both
		for _, requests := range []int{1, 0} {
			l.ResetRequests()
			got, err := c.AccessOf(t.Context(), in, ids)
			if diff := cmp.Diff(want, got); diff != "" || err != nil || len(l.Requests()) != requests {
				t.Errorf("%v: %d requests, %v %s", in, len(l.Requests()), err, diff)
			}
		}
	}
	many := []int64{}
	for n := range int64(250) {
		many = append(many, n+1)
	}
	l.ResetRequests()
	got, err := c.AccessOf(t.Context(), acme, many)
	roles := map[instance.Access]int{}
	for role := range maps.Values(got) {
		roles[role]++
	}
	if err != nil || len(l.Requests()) != 3 || len(got) != 250 || roles[instance.Developer] != 1 || roles[instance.NoAccess] != 250-6 {
		t.Errorf("%d requests for %d: %v, %v", len(l.Requests()), len(got), roles, err)
	}
	if _, err := c.AccessOf(t.Context(), target.ProjectAt("acme/nothing"), ids); !errors.Is(err, fault.NotFound) {
		t.Errorf("of a project that does not exist: %v", err)
	}
}

// Older versions of GitLab return a row for each membership of a user.
func TestHighestOfSeveralRoles(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, answering(200, `[{"id":7,"access_level":30},{"id":7,"access_level":50},{"id":7,"access_level":10},{"id":8,"access_level":20}]`), nil)
	got, err := c.AccessOf(t.Context(), infra, []int64{7})
	if diff := cmp.Diff(map[int64]instance.Access{7: instance.Owner}, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

func TestGroupMember(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	if err := l.Apply(fakegitlab.Seed{Groups: []fakegitlab.SeedGroup{{Path: "hidden"}}}); err != nil {
		t.Fatal(err)
	}
	c := l.as(t, "developer", nil)
	for name, want := range map[string]bool{"guest": true, "owner": true, "outsider": false} {
		u, err := c.UserByName(t.Context(), infra, name)
		if err != nil {
			t.Fatal(err)
		}
		// A member of the company's group is not a member of the group below it, which may be the managers'.
		for group, want := range map[string]bool{"acme": want, "acme/sub": false} {
			if got, err := c.GroupMember(t.Context(), group, u.ID); err != nil || got != want {
				t.Errorf("%s in %s: %v, %v", name, group, got, err)
			}
		}
		for _, group := range []string{"hidden", "nothing"} {
			if got, err := c.GroupMember(t.Context(), group, u.ID); !errors.Is(err, fault.NotFound) || got {
				t.Errorf("%s in %s: %v, %v", name, group, got, err)
			}
		}
	}
}
