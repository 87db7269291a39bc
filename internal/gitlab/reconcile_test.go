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

// toy is a reconciler: a line in the description for each entry, in the order of the comments, and the label of the last one. What else
// stands in the description is people's.
type toy struct{ states []string }

func (l toy) Reconcile(i issue.Issue, notes []issue.Note) (ch issue.Change, err error) {
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
	for _, s := range l.states {
		if s != state && i.Has(s) {
			ch.AddLabels, ch.RemoveLabels = []string{state}, append(ch.RemoveLabels, s)
		}
	}
	if state != "" && !i.Has(state) {
		ch.AddLabels = []string{state}
	}
	if len(ch.AddLabels) > 0 { // all others go, whether they are seen or not
		ch.RemoveLabels = slices.DeleteFunc(slices.Clone(l.states), func(s string) bool { return s == state })
	}
	return ch, nil
}

// entry is a comment that says the verb.
func entry(verb string) issue.NoteDraft {
	return issue.NoteDraft{Body: verb + "\n\n" + eventlog.Mark + "{} -->"}
}

// toyIssue makes an issue to settle and returns its name.
func (l *lab) toyIssue(t *testing.T) issue.Ref {
	t.Helper()
	var w struct{ IID int64 }
	body := l.MustDo("owner", "POST", "/projects/acme%2Finfra/issues", `{"title":"x","description":"## Summary\nwords of the author"}`)
	if err := json.Unmarshal([]byte(body), &w); err != nil {
		t.Fatal(err)
	}
	return issue.Ref{Project: "acme/infra", IID: w.IID}
}

// edit appends a line to the description, by what is there at the moment.
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

// writer comments and settles, as a command does. Each writer has their own verb.
func (l *lab) writer(t *testing.T, user, verb string, ref issue.Ref, err *error) func(turn func()) {
	return func(turn func()) {
		c := l.as(t, user, takingTurns(turn))
		_, *err = c.postNote(t.Context(), ref, entry(verb))
		if *err == nil {
			_, _, *err = c.ReconcileIssue(t.Context(), ref, toy{states})
		}
	}
}

// checkSettled compares the issue with its comments: a line for each of the verbs, in the comments' order, and the one label of the last.
func (l *lab) checkSettled(t *testing.T, ref issue.Ref, verbs int) issue.Issue {
	t.Helper()
	c := l.as(t, "owner", nil)
	now, err := c.Issue(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	notes, err := c.Journal(t.Context(), ref)
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
	if len(want) != verbs || !slices.Equal(want, got) || !slices.Equal(now.Labels, []string{"State::" + want[verbs-1][2:]}) {
		t.Errorf("comments %q, description %q, labels %q", want, got, now.Labels)
	}
	if !strings.HasPrefix(now.Description, "## Summary\nwords of the author") {
		t.Errorf("description %q", now.Description)
	}
	return now
}

var writers = []string{"developer", "reporter", "planner"}

var states = []string{"State::a", "State::b", "State::c"} // of the first writers

// Writers who comment and settle at once, in every order of their requests in which nobody is overtaken more often than that, end with a description and one label that agree with
// all comments, and none is told of a failure.
func TestWritersInEveryOrder(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		writers, bound int
		edition        fakegitlab.Edition
	}{{2, 3, fakegitlab.Free}, {2, 2, fakegitlab.Premium}, {3, 2, fakegitlab.Free}} {
		t.Run(fmt.Sprintf("%d/%s", tt.writers, tt.edition), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, func(o *fakegitlab.Options) { o.NoRequestLog, o.Edition = true, tt.edition })
			count := explore(tt.bound, func(choose func([]int) int) {
				ref := l.toyIssue(t)
				errs := make([]error, tt.writers)
				var actors []func(func())
				for i := range tt.writers {
					actors = append(actors, l.writer(t, writers[i], string(rune('a'+i)), ref, &errs[i]))
				}
				interleave(actors, choose)
				l.checkSettled(t, ref, tt.writers)
				if err := errors.Join(errs...); err != nil || t.Failed() {
					t.Fatalf("%v", err)
				}
			})
			t.Logf("%d orders", count)
		})
	}
}

// A person edits the description at any moment of the work of one or two writers: their words are there in the end, or a writer is told that
// they may not be.
func TestSomebodysEditAtEveryMoment(t *testing.T) {
	t.Parallel()
	for n, bound := range map[int]int{1: 100, 2: 2} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, func(o *fakegitlab.Options) { o.NoRequestLog = true })
			kept, told := 0, 0
			count := explore(bound, func(choose func([]int) int) {
				ref := l.toyIssue(t)
				errs := make([]error, n)
				actors := []func(func()){func(turn func()) { turn(); l.edit(t, "maintainer", ref, "words of a person") }}
				for i := range n {
					actors = append(actors, l.writer(t, writers[i], string(rune('a'+i)), ref, &errs[i]))
				}
				interleave(actors, choose)
				now := l.checkSettled(t, ref, n)
				there, err := strings.Contains(now.Description, "words of a person"), errors.Join(errs...)
				switch {
				case errors.Is(err, fault.Overwritten):
					checkTold(t, err, now)
					told++
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
			if kept == 0 || told == 0 || kept == count {
				t.Errorf("the edit was kept in %d and told of in %d of %d orders: they do not try what they are for", kept, told, count)
			}
			t.Logf("%d orders; the edit was kept in %d and told of in %d", count, kept, told)
		})
	}
}

func checkTold(t *testing.T, err error, i issue.Issue) {
	t.Helper()
	if fault.KindOf(err) != fault.Partial || !strings.Contains(err.Error(), "@maintainer at 09:0") || !strings.Contains(fault.HintOf(err), i.WebURL) {
		t.Errorf("kind %v: %v; hint %q", fault.KindOf(err), err, fault.HintOf(err))
	}
}
