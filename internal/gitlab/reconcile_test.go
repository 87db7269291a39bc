package gitlab

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// toy is a reconciler: the description has a line for each event, in the order of the comments, and the issue has the label of the last
// one. The rest of the description is people's text.
type toy struct{ states []string }

func (r toy) ExclusiveLabels() [][]string { return [][]string{r.states} }

func (r toy) Reconcile(i issue.Issue, notes []issue.Note) (ch issue.Change, err error) {
	lines := slices.DeleteFunc(strings.Split(i.Description, "\n"), func(s string) bool { return strings.HasPrefix(s, "* ") })
	state := ""
	for _, n := range notes {
		if verb, _, _ := strings.Cut(n.Body, "\n"); n.Trusted {
			lines = append(lines, "* "+verb)
			state = "State::" + verb
		}
	}
	if text := strings.Join(lines, "\n"); text != i.Description {
		ch.Description = &text
	}
	for _, s := range r.states {
		if s != state && i.Has(s) {
			ch.AddLabels, ch.RemoveLabels = []string{state}, append(ch.RemoveLabels, s)
		}
	}
	if state != "" && !i.Has(state) {
		ch.AddLabels = []string{state}
	}
	if len(ch.AddLabels) > 0 { // remove all others, even if the issue does not show them
		ch.RemoveLabels = slices.DeleteFunc(slices.Clone(r.states), func(s string) bool { return s == state })
	}
	return ch, nil
}

// newEvent is a comment with an event of the verb.
func newEvent(verb string) issue.NoteDraft {
	return issue.NoteDraft{Body: verb + "\n\n" + eventlog.Mark + "{} -->"}
}

// createToyIssue creates an issue to reconcile.
func (l *lab) createToyIssue(t *testing.T) issue.Ref {
	t.Helper()
	var w struct{ IID int64 }
	body := l.MustDo("owner", "POST", "/projects/acme%2Finfra/issues", `{"title":"x","description":"## Summary\nwords of the author"}`)
	if err := json.Unmarshal([]byte(body), &w); err != nil {
		t.Fatal(err)
	}
	return issue.Ref{Project: "acme/infra", IID: w.IID}
}

// edit appends a line to the current description.
func (l *lab) edit(t *testing.T, user string, ref issue.Ref, line string) {
	t.Helper()
	path := fmt.Sprintf("/projects/acme%%2Finfra/issues/%d", ref.IID)
	var w struct{ Description string }
	if err := json.Unmarshal([]byte(l.MustDo(user, "GET", path, "")), &w); err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]string{"description": w.Description + "\n" + line})
	if err != nil {
		t.Fatal(err)
	}
	l.MustDo(user, "PUT", path, string(body))
}

// newWriter is an actor that comments and reconciles, as a command does. Each writer has its own verb.
func (l *lab) newWriter(t *testing.T, user, verb string, ref issue.Ref, err *error) func(turn func()) {
	return func(turn func()) {
		c := l.as(t, user, takingTurns(turn))
		_, *err = c.postNote(t.Context(), ref, newEvent(verb))
		if *err == nil {
			_, _, *err = c.ReconcileIssue(t.Context(), ref, toy{states})
		}
	}
}

// checkReconciled compares the issue with its comments: a line for each verb, in the comments' order, and the label of the last one.
func (l *lab) checkReconciled(t *testing.T, ref issue.Ref, verbs int) issue.Issue {
	t.Helper()
	c := l.as(t, "owner", nil)
	now, err := c.Issue(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	notes, err := c.TrustedNotes(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, n := range notes {
		if n.Trusted {
			verb, _, _ := strings.Cut(n.Body, "\n")
			want = append(want, "* "+verb)
		}
	}
	for _, line := range strings.Split(now.Description, "\n") {
		if strings.HasPrefix(line, "* ") {
			got = append(got, line)
		}
	}
	if len(now.Doubled) > 0 || len(want) != verbs || !slices.Equal(want, got) || !slices.Equal(now.Labels, []string{"State::" + want[verbs-1][2:]}) {
		t.Errorf("comments %q, description %q, labels %q, doubled %q", want, got, now.Labels, now.Doubled)
	}
	if !strings.HasPrefix(now.Description, "## Summary\nwords of the author") {
		t.Errorf("description %q", now.Description)
	}
	return now
}

var writers = []string{"developer", "reporter", "planner"}

var states = []string{"State::a", "State::b", "State::c"} // of the first writers

// Writers who comment and reconcile at the same time, in every order of their requests within the bound, leave a description and one label
// that agree with all comments, and none of them gets an error.
func TestWritersInEveryOrder(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		writers, bound int
		edition        fakegitlab.Edition
	}{{2, 3, fakegitlab.Free}, {2, 2, fakegitlab.Premium}, {3, 2, fakegitlab.Free}} {
		t.Run(fmt.Sprintf("%d/%s", tt.writers, tt.edition), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, func(o *fakegitlab.Options) { o.NoRequestLog, o.Edition = true, tt.edition })
			count := explore(bounded(tt.bound, tt.writers), func(choose func([]int) int) {
				ref := l.createToyIssue(t)
				errs := make([]error, tt.writers)
				var actors []func(func())
				for i := range tt.writers {
					actors = append(actors, l.newWriter(t, writers[i], string(rune('a'+i)), ref, &errs[i]))
				}
				interleave(actors, choose)
				l.checkReconciled(t, ref, tt.writers)
				if err := errors.Join(errs...); err != nil || t.Failed() {
					t.Fatalf("%v", err)
				}
			})
			t.Logf("%d orders", count)
		})
	}
}

// A person edits the description at any moment while one or two writers work: the edit is kept, or a writer gets an error that it may be
// lost.
func TestEditAtEveryMoment(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		n, bound int
		editor   string
	}{"one writer": {1, 100, "maintainer"}, "two writers": {2, 2, "maintainer"}, "the writer in the browser": {1, 100, writers[0]}} {
		n, bound := c.n, c.bound
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, func(o *fakegitlab.Options) { o.NoRequestLog = true })
			kept, reported := 0, 0
			count := explore(bound, func(choose func([]int) int) {
				ref := l.createToyIssue(t)
				errs := make([]error, n)
				actors := []func(func()){func(turn func()) { turn(); l.edit(t, c.editor, ref, "words of a person") }}
				for i := range n {
					actors = append(actors, l.newWriter(t, writers[i], string(rune('a'+i)), ref, &errs[i]))
				}
				interleave(actors, choose)
				now := l.checkReconciled(t, ref, n)
				there, err := strings.Contains(now.Description, "words of a person"), errors.Join(errs...)
				switch {
				case errors.Is(err, fault.Overwritten):
					checkLostEditError(t, err, c.editor, now)
					reported++
				case err != nil || !there:
					t.Errorf("%v; description %q", err, now.Description)
				}
				if there {
					kept++
				}
				if t.Failed() {
					t.FailNow()
				}
			})
			if kept == 0 || reported == 0 || kept == count {
				t.Errorf("the edit was kept in %d and reported in %d of %d orders: the orders do not cover both cases", kept, reported, count)
			}
			t.Logf("%d orders; the edit was kept in %d and reported in %d", count, kept, reported)
		})
	}
}

func checkLostEditError(t *testing.T, err error, editor string, i issue.Issue) {
	t.Helper()
	if fault.KindOf(err) != fault.Partial || !strings.Contains(err.Error(), "@"+editor+" at 09:0") || !strings.Contains(fault.HintOf(err), i.WebURL+" for \"changed the description\" at 09:0") {
		t.Errorf("kind %v: %v; hint %q", fault.KindOf(err), err, fault.HintOf(err))
	}
}
