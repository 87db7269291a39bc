package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
)

// handoffScenarios returns the writing hand-off commands, each with a different initial state.
func handoffScenarios() []scenario {
	mark := append(slices.Clone(marking), "-q")
	take := []string{"handoff", "take", "1", "-q"}
	marked := invocation{"dev", []string{"handoff", "mark", "1", "--left-off", "Before", "--next", "After", "-q"}}
	list := []scenario{
		{name: "handoff mark", args: mark},
		{name: "handoff mark again", args: mark, story: []invocation{marked}},
		{name: "handoff take", args: take, story: []invocation{marked}, user: "rep"},
		{name: "handoff take on Premium", setup: setup{edition: fakegitlab.Premium}, args: take, story: []invocation{marked}},
	}
	for n := range list {
		list[n].setup.carried = 1
	}
	return list
}

// The label never appears without a note, even if the process is killed at any request.
func TestHandoffLabelImpliesWords(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 1})
	l.must(t, marking...)
	requests := len(l.server.Requests())
	for nth := 1; nth <= requests; nth++ {
		for _, after := range []bool{false, true} {
			l := newLab(t, setup{carried: 1})
			own := *l
			own.wire = leg{&troubled{inner: l.wire, nth: nth, t: trouble{kills: true, wire: func(inner http.RoundTripper, r *http.Request) (*http.Response, error) {
				if after {
					if resp, err := inner.RoundTrip(r); err == nil {
						resp.Body.Close()
					}
				}
				return nil, errKilled
			}}}, new(bool)}
			own.run(marking...)
			i, notes := l.handed(t)
			if _, current := handoff.CurrentMark(notes); i.Has(ready) && !current {
				t.Errorf("killed at request %d (after %v): labels %q without a note", nth, after, i.Labels)
			}
		}
	}
}

// checkTaken checks the result of several people taking one issue: one has it and is assigned, the others get an error, one comment takes it,
// and the label is gone.
func checkTaken(t *testing.T, l *lab, users []string, results []ran, path []int) {
	t.Helper()
	i, notes := l.handed(t)
	taken := takes(notes)
	if len(taken) != 1 || i.Has(ready) || len(i.Assignees) != 1 || i.Assignees[0] != taken[0].Author {
		t.Fatalf("order %v: taken %+v, assigned to %q, labels %q\n%s", path, taken, i.Assignees, i.Labels, strings.Join(l.requests(), "\n"))
	}
	for n, r := range results {
		mine := users[n] == taken[0].Author
		if mine && r.code != 0 || !mine && (r.code != 5 || !strings.Contains(r.errors, "taken by @"+taken[0].Author)) {
			t.Fatalf("order %v: %s has it, and %s ends with %d: %s\n%s", path, taken[0].Author, users[n], r.code, r.errors, strings.Join(l.requests(), "\n"))
		}
	}
}

// meeting runs commands of several people on one issue at once; choose picks whose request is next.
func meeting(t *testing.T, s setup, story func(l *lab), people []invocation, choose func(waiting []int) int) (*lab, []ran, []int) {
	t.Helper()
	s.carried, s.config = 1, oneAtATime
	l := newLab(t, s)
	story(l)
	l.server.ResetRequests()
	var path []int
	var actors []actor
	for _, p := range people {
		actors = append(actors, func(own *lab) ran {
			own.user = p.user
			return own.runIn(context.Background(), p.args...)
		})
	}
	results, _ := l.play(newTurnstile(l.wire), actors, func(waiting []int) int {
		n := choose(waiting)
		path = append(path, waiting[n])
		return n
	})
	return l, results, path
}

// Two people with any roles take an issue at once, in many orders of their requests and in some random ones.
func TestTwoTakeAtOnce(t *testing.T) {
	t.Parallel()
	marked := func(l *lab) { l.must(t, marking...) }
	byHand := func(l *lab) { l.label("mara", `{"add_labels":"Ready_to_Handoff"}`) }
	for _, c := range []struct {
		name  string
		users []string
		story func(*lab)
		more  int
	}{
		{"developers", []string{"mara", "dev"}, marked, 12}, {"reporter and developer", []string{"rep", "dev"}, marked, 12}, {"planner and reporter", []string{"plan", "rep"}, marked, 12},
		{"labelled by hand", []string{"rep", "dev"}, byHand, 12}, {"three", []string{"rep", "dev", "plan"}, marked, 24},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var people []invocation
			for _, user := range c.users {
				people = append(people, invocation{user, []string{"handoff", "take", "1", "-q"}})
			}
			// One runs up to each of its requests, then all others to their end, then it continues.
			for first := range people {
				for cut := 0; ; cut++ {
					turns := 0
					l, results, path := meeting(t, setup{}, c.story, people, func(waiting []int) int {
						own := slices.Index(waiting, first)
						if own >= 0 && (turns < cut || len(waiting) == 1) {
							turns++
							return own
						}
						return slices.IndexFunc(waiting, func(run int) bool { return run != first })
					})
					checkTaken(t, l, c.users, results, path)
					if turns < cut {
						break
					}
				}
			}
			draw := rand.New(rand.NewPCG(7, uint64(len(c.name))))
			for range c.more {
				l, results, path := meeting(t, setup{}, c.story, people, func(waiting []int) int { return draw.IntN(len(waiting)) })
				checkTaken(t, l, c.users, results, path)
			}
		})
	}
}

// One person marks an issue again while another one takes it: in the end label and assignee agree with the comments, and the label has a note.
func TestMarkDuringTake(t *testing.T) {
	t.Parallel()
	story := func(l *lab) {
		l.as("plan").must(t, "handoff", "mark", "1", "--left-off", "Before", "--next", "After", "-q")
	}
	people := []invocation{{"mara", append(slices.Clone(marking), "-q")}, {"dev", []string{"handoff", "take", "1", "-q"}}}
	for first := range people {
		for cut := 0; ; cut++ {
			turns := 0
			l, results, path := meeting(t, setup{}, story, people, func(waiting []int) int {
				own := slices.Index(waiting, first)
				if own >= 0 && (turns < cut || len(waiting) == 1) {
					turns++
					return own
				}
				return slices.IndexFunc(waiting, func(run int) bool { return run != first })
			})
			i, notes := l.handed(t)
			left, err := handoff.Reconciler{Label: ready}.Reconcile(i, notes)
			m, current := handoff.CurrentMark(notes)
			if err != nil || !left.Empty() || m.By != "mara" || current != i.Has(ready) || results[0].code != 0 {
				t.Fatalf("order %v: %+v is left to do; %+v current %v, labels %q; %+v\n%s", path, left, m, current, i.Labels, results, strings.Join(l.requests(), "\n"))
			}
			if r := results[1]; !current && r.code != 0 || current && r.code != 0 && (r.code != 5 || !strings.Contains(r.errors, "handed off again")) {
				t.Fatalf("order %v: who takes ends with %d: %s", path, r.code, r.errors)
			}
			if turns < cut {
				break
			}
		}
	}
}

// A run that was killed after its comment continues with its own take, and nobody else gets the issue.
func TestTakeRetry(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 1})
	l.must(t, marking...)
	own := l.as("rep")
	own.wire = failingAfterNote{l.wire}
	if r := own.run("handoff", "take", "1"); r.code == 0 {
		t.Fatalf("exit 0: %s", r.out)
	}
	if i, notes := l.handed(t); len(takes(notes)) != 1 || !i.Has(ready) {
		t.Fatalf("%+v", i)
	}
	if r := l.as("dev").run("handoff", "take", "1"); r.code != 5 || !strings.Contains(r.errors, "@rep") {
		t.Errorf("somebody else: exit %d, %s", r.code, r.errors)
	}
	l.as("rep").must(t, "handoff", "take", "1")
	i, notes := l.handed(t)
	if len(takes(notes)) != 1 || i.Has(ready) || !slices.Equal(i.Assignees, []string{"rep"}) {
		t.Errorf("%+v", i)
	}
}

// A lost claim that a killed run left behind is removed by the next run, which reports who has the issue.
func TestLostClaimIsRemoved(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 1})
	l.must(t, marking...)
	_, notes := l.handed(t)
	offer := handoff.Latest(notes)
	l.as("dev").must(t, "handoff", "take", "1")
	e := handoff.NewTake(l.now, offer, "")
	l.comment("rep", eventlog.Body(e, "16:00 UTC, taken"))
	if r := l.as("rep").run("handoff", "take", "1"); r.code != 5 || !strings.Contains(r.errors, "taken by @dev") {
		t.Errorf("exit %d, %s", r.code, r.errors)
	}
	i, notes := l.handed(t)
	if len(takes(notes)) != 1 || !slices.Equal(i.Assignees, []string{"dev"}) {
		t.Errorf("%+v, %+v", i, takes(notes))
	}
}

// comment adds a comment to the first issue by hand.
func (l *lab) comment(user, body string) {
	data, err := json.Marshal(map[string]string{"body": body})
	if err != nil {
		panic(err)
	}
	l.server.MustDo(user, "POST", "/projects/acme%2Finfrastructure/issues/1/notes", string(data))
}

// failingAfterNote fails all requests that change the issue.
type failingAfterNote struct{ inner http.RoundTripper }

func (f failingAfterNote) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPut {
		return nil, errors.New("gone")
	}
	return f.inner.RoundTrip(r)
}
