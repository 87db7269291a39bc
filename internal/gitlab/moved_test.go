package gitlab

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// movedLab is a lab with issue acme/infra#1, which is acme/sub/deep#1 now.
func movedLab(t *testing.T) (*lab, issue.Issue) {
	t.Helper()
	l := newLab(t, nil)
	l.create("/projects/acme%2Finfra/issues", `{"title":"Disk full"}`)
	var to struct{ ID int64 }
	if err := unmarshal([]byte(strings.Replace(l.MustDo("owner", "GET", "/projects/acme%2Fsub%2Fdeep", ""), `"id"`, `"ID"`, 1)), &to); err != nil {
		t.Fatal(err)
	}
	l.MustDo("owner", "POST", "/projects/acme%2Finfra/issues/1/move", fmt.Sprintf(`{"to_project_id":%d}`, to.ID))
	left, err := l.as(t, "developer", nil).Issue(t.Context(), issue.Ref{Project: "acme/infra", IID: 1})
	if err != nil || left.MovedToID == 0 || left.Open() {
		t.Fatalf("%+v, %v", left, err)
	}
	return l, left
}

func TestMovedTo(t *testing.T) {
	t.Parallel()
	l, left := movedLab(t)
	now, err := l.as(t, "developer", nil).MovedTo(t.Context(), left)
	if err != nil || now.Ref.String() != "acme/sub/deep#1" || !now.Open() || now.ID != left.MovedToID {
		t.Errorf("%+v, %v", now, err)
	}
	if same, err := l.as(t, "developer", nil).MovedTo(t.Context(), now); err != nil || same.ID != now.ID {
		t.Errorf("an issue that was not moved: %+v, %v", same, err)
	}
	if _, err := l.as(t, "outsider", nil).MovedTo(t.Context(), left); fault.KindOf(err) != fault.Auth || !strings.Contains(err.Error(), "cannot see where") {
		t.Errorf("out of sight: %v", err)
	}
}

// An answer about another issue, or none, is not followed.
func TestMovedToChecksTheIssue(t *testing.T) {
	t.Parallel()
	l, left := movedLab(t)
	l.create("/projects/acme%2Fsub%2Fdeep/issues", `{"title":"Another one"}`)
	for name, tc := range map[string]struct {
		answer string // of GraphQL
		want   fault.Kind
	}{
		"another issue's":    {`{"data":{"project":{"issue":{"iid":"2","movedTo":{"reference":"acme/sub/deep#1"}}}}}`, 0},
		"to another issue":   {`{"data":{"project":{"issue":{"iid":"1","movedTo":{"reference":"acme/sub/deep#2"}}}}}`, 0},
		"to no reference":    {`{"data":{"project":{"issue":{"iid":"1","movedTo":{"reference":"nowhere"}}}}}`, 0},
		"to the same issue":  {`{"data":{"project":{"issue":{"iid":"1","movedTo":{"reference":"acme/infra#1"}}}}}`, 0},
		"errors":             {`{"errors":[{"message":"The resource that you are attempting to access does not exist"}]}`, 0},
		"nothing, no note":   {`{"data":{"project":{"issue":{"iid":"1","movedTo":null}}}}`, fault.Auth},
		"a project of nulls": {`{"data":{"project":null}}`, fault.Auth},
	} {
		var notes bool
		c := l.as(t, "developer", func(o *Options) {
			direct := o.Transport
			o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
				switch {
				case strings.HasSuffix(r.URL.Path, "/graphql"):
					return overHandler(answering(200, tc.answer))(r)
				case strings.HasSuffix(r.URL.Path, "/notes"):
					if notes = true; tc.want != 0 {
						return overHandler(answering(200, `[]`))(r)
					}
				}
				return direct.RoundTrip(r)
			})
		})
		now, err := c.MovedTo(t.Context(), left)
		if fault.KindOf(err) != tc.want && err != nil || tc.want == 0 && (err != nil || now.ID != left.MovedToID) || !notes {
			t.Errorf("%s: %v, %v", name, now.Ref, err)
		}
	}
	l.fault(t, "GET /projects/*/issues/* status=502")
	if _, err := l.as(t, "developer", nil).MovedTo(t.Context(), left); fault.KindOf(err) != fault.Unreachable {
		t.Errorf("GitLab is down: %v", err)
	}
}

// The reference in GitLab's comment is relative to the project of the issue.
func TestMovedByNote(t *testing.T) {
	t.Parallel()
	for note, want := range map[string]string{
		"moved to infrastructure#1":    "acme/team/infrastructure#1",
		"moved to acme/other#12":       "acme/other#12",
		"moved to a/b/c#3 ":            "a/b/c#3",
		"moved from infrastructure#1":  "",
		"moved to the left":            "",
		"moved to infrastructure#1, 2": "",
	} {
		from := issue.Ref{Project: "acme/team/production", IID: 8}
		ref, ok := movedByNote(from, []issue.Note{{Body: "moved to people#9"}, {Body: note, System: true}})
		if got := ref.String(); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %s, want %s", note, got, want)
		}
	}
}

// A write to an issue that was moved is not a success.
func TestWriteToMovedIssue(t *testing.T) {
	t.Parallel()
	l, left := movedLab(t)
	c := l.as(t, "owner", nil)
	if _, err := c.UpdateIssue(t.Context(), left.Ref, issue.Change{AddLabels: []string{"toil"}}); !errors.Is(err, fault.Moved) {
		t.Errorf("update: %v", err)
	}
	l.ResetRequests()
	if _, changed, err := c.ReconcileIssue(t.Context(), left.Ref, unchanged{}); !errors.Is(err, fault.Moved) || changed || l.sent("PUT") != 0 {
		t.Errorf("reconcile: %v, changed: %v", err, changed)
	}
}

// moves counts the issues that are in acme/sub/deep.
func (l *lab) moves() int { return len(l.Snapshot().Project("acme/sub/deep").Issues) }

// With any fault at the request that moves, the issue is moved once, and the result says where.
func TestMoveIssueSurvivesFaults(t *testing.T) {
	t.Parallel()
	deep := target.ProjectAt("acme/sub/deep")
	for _, kind := range []string{"status=429", "status=500", "status=502", "drop-before", "drop-after", "error-after=500", "error-after=502", "truncate",
		"html", "other", "other-after", "nonsense", "nonsense-after", "status=409"} {
		l := newLab(t, nil)
		l.create("/projects/acme%2Finfra/issues", `{"title":"Disk full"}`)
		l.create("/projects/acme%2Finfra/issues", `{"title":"Another"}`)
		l.fault(t, "POST /projects/*/issues/1/move nth=1 "+kind)
		ref := issue.Ref{Project: "acme/infra", IID: 1}
		moved, existed, err := l.as(t, "developer", nil).MoveIssue(t.Context(), ref, deep)
		if err != nil && kind == "status=409" {
			moved, existed, err = l.as(t, "developer", nil).MoveIssue(t.Context(), ref, deep)
		}
		if err != nil || existed || moved.Ref.String() != "acme/sub/deep#1" || moved.Title != "Disk full" || l.moves() != 1 {
			t.Errorf("%s: %s, existed %v, %d moved: %v", kind, moved.Ref, existed, l.moves(), err)
		}
	}
}

func TestMoveIssueThatWasMoved(t *testing.T) {
	t.Parallel()
	l, left := movedLab(t)
	moved, existed, err := l.as(t, "developer", nil).MoveIssue(t.Context(), left.Ref, target.ProjectAt("acme/sub/deep"))
	if err != nil || !existed || moved.Ref.String() != "acme/sub/deep#1" || l.moves() != 1 {
		t.Errorf("%s, existed %v: %v", moved.Ref, existed, err)
	}
	l.create("/projects/acme%2Finfra/issues", `{"title":"Mine"}`)
	ref := issue.Ref{Project: "acme/infra", IID: 2}
	_, _, err = l.as(t, "guest", nil).MoveIssue(t.Context(), ref, target.ProjectAt("acme/sub/deep"))
	if fault.KindOf(err) != fault.Auth || !strings.Contains(fault.HintOf(err), "acme/infra and in acme/sub/deep") {
		t.Errorf("a guest: %v, hint %q", err, fault.HintOf(err))
	}
	if _, _, err := l.as(t, "developer", nil).MoveIssue(t.Context(), ref, target.ProjectAt("acme/nowhere")); fault.KindOf(err) != fault.Failed {
		t.Errorf("to no project: %v", err)
	}
	if l.moves() != 1 {
		t.Errorf("%d moved", l.moves())
	}
}

// A move that is carried out after it was given up is made once: the request that is sent again is refused, or comes first.
func TestMoveIssueLate(t *testing.T) {
	t.Parallel()
	for _, late := range []string{"1s", "5s", "33s", "70s"} {
		l := newLab(t, nil)
		l.create("/projects/acme%2Finfra/issues", `{"title":"Disk full"}`)
		l.fault(t, "POST /projects/*/issues/1/move nth=1 late="+late)
		moved, _, err := l.as(t, "developer", nil).MoveIssue(t.Context(), issue.Ref{Project: "acme/infra", IID: 1}, target.ProjectAt("acme/sub/deep"))
		if err != nil || moved.Ref.String() != "acme/sub/deep#1" {
			t.Errorf("late by %s: %s, %v", late, moved.Ref, err)
		}
		l.clock.Sleep(t.Context(), 2*time.Minute)
		l.MustDo("developer", "GET", "/projects/acme%2Finfra/issues/1", "")
		if l.moves() != 1 {
			t.Errorf("late by %s: %d moved", late, l.moves())
		}
	}
}
