package gitlab

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// newMidwayLab has a GitLab whose updates of issues can be interrupted between their check and their save, as those of simultaneous
// requests are: then they store a label twice, or answer 409.
func newMidwayLab(t *testing.T, edition fakegitlab.Edition) (*lab, *midway) {
	m := &midway{turns: map[string]func(){}}
	return newLab(t, func(o *fakegitlab.Options) {
		o.NoRequestLog, o.Edition, o.BetweenCheckAndSave = true, edition, m.between
	}), m
}

// midway gives actors a turn in the middle of their updates of issues.
type midway struct{ turns map[string]func() }

const actorHeader = "X-Actor"

func (m *midway) between(r *http.Request) {
	if turn := m.turns[r.Header.Get(actorHeader)]; turn != nil && r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/issues/") {
		turn()
	}
}

// actor makes each request of a client a step of an actor, and each update of an issue two.
func (m *midway) actor(name string, turn func()) func(*Options) {
	m.turns[name] = turn
	return func(o *Options) {
		takingTurns(turn)(o)
		inner := o.Transport
		o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			r = r.Clone(r.Context())
			r.Header.Set(actorHeader, name)
			return inner.RoundTrip(r)
		})
	}
}

// labelsOf returns the labels of the issue as GitLab sends them.
func labelsOf(t *testing.T, l *lab, ref issue.Ref) []string {
	t.Helper()
	i, err := l.as(t, "owner", nil).Issue(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return append(slices.Clone(i.Labels), i.Doubled...)
}

// Writers who set the same label, or different ones, at the same time, interrupted also in the middle of their updates, leave each label
// once, and one of them at most.
func TestSimultaneousWritersStoreLabelsOnce(t *testing.T) {
	t.Parallel()
	for _, edition := range []fakegitlab.Edition{fakegitlab.Community, fakegitlab.Premium} {
		for name, verbs := range map[string][]string{"same label": {"a", "a"}, "two labels": {"a", "b"}, "three writers": {"a", "a", "a"}} {
			if len(verbs) > 2 && edition != fakegitlab.Community {
				continue // thousands of orders
			}
			t.Run(fmt.Sprint(edition, "/", name), func(t *testing.T) {
				t.Parallel()
				l, m := newMidwayLab(t, edition)
				for _, s := range states {
					l.MustDo("owner", "POST", "/projects/acme%2Finfra/labels", `{"name":"`+s+`","color":"red"}`)
				}
				count := explore(bounded(7-2*len(verbs), len(verbs)), func(choose func([]int) int) {
					ref, errs := l.createToyIssue(t), make([]error, len(verbs))
					var actors []func(func())
					for i, verb := range verbs {
						actors = append(actors, func(turn func()) {
							c := l.as(t, writers[i], m.actor(fmt.Sprint(i), turn))
							if _, errs[i] = c.postNote(t.Context(), ref, newEvent(verb)); errs[i] == nil {
								_, _, errs[i] = c.ReconcileIssue(t.Context(), ref, toy{states})
							}
						})
					}
					interleave(actors, choose)
					l.checkReconciled(t, ref, len(verbs))
					if err := errors.Join(errs...); err != nil || t.Failed() {
						t.Fatalf("%v; labels %q", err, labelsOf(t, l, ref))
					}
				})
				t.Logf("%d orders", count)
			})
		}
	}
}

// Two updates that add one label at the same time leave it once, whatever GitLab answers to them.
func TestSimultaneousUpdatesStoreALabelOnce(t *testing.T) {
	t.Parallel()
	l, m := newMidwayLab(t, fakegitlab.Community)
	l.MustDo("owner", "POST", "/projects/acme%2Finfra/labels", `{"name":"Ready","color":"red"}`)
	count := explore(4, func(choose func([]int) int) {
		ref, errs := l.createToyIssue(t), make([]error, 2)
		var actors []func(func())
		for i := range errs {
			actors = append(actors, func(turn func()) {
				c := l.as(t, writers[i], m.actor(fmt.Sprint(i), turn))
				_, errs[i] = c.UpdateIssue(t.Context(), ref, issue.Change{AddLabels: []string{"Ready"}})
			})
		}
		interleave(actors, choose)
		if got := labelsOf(t, l, ref); !slices.Equal(got, []string{"Ready"}) || errors.Join(errs...) != nil {
			t.Fatalf("labels %q, %v", got, errs)
		}
	})
	t.Logf("%d orders", count)
}

// A label that people's clients have doubled is repaired by the next writer, and no label is lost or added.
func TestDoubledLabelsAreRepaired(t *testing.T) {
	t.Parallel()
	for _, doubled := range []string{"toil", "State::a"} {
		l := newLab(t, nil)
		ref := l.createToyIssue(t)
		path := fmt.Sprintf("/projects/acme%%2Finfra/issues/%d", ref.IID)
		l.addNote(t, "owner", ref, newEvent("a").Body)
		l.MustDo("owner", "PUT", path, `{"add_labels":"toil,State::a"}`)
		armed := true
		l.Server = l.Clone(func(o *fakegitlab.Options) {
			o.BetweenCheckAndSave = func(*http.Request) {
				if armed {
					armed = false
					l.MustDo("planner", "PUT", path, `{"add_labels":"`+doubled+`"}`)
				}
			}
		})
		l.MustDo("owner", "PUT", path, `{"remove_labels":"`+doubled+`"}`)
		armed = true
		l.Do("owner", "PUT", path, `{"add_labels":"`+doubled+`"}`)
		if got := labelsOf(t, l, ref); len(got) != 3 {
			t.Fatalf("%q is not doubled: %q", doubled, got)
		}
		if _, changed, err := l.as(t, "developer", nil).ReconcileIssue(t.Context(), ref, toy{states}); err != nil || !changed {
			t.Errorf("changed %v, %v", changed, err)
		}
		if got := labelsOf(t, l, ref); !slices.Equal(got, []string{"State::a", "toil"}) {
			t.Errorf("labels %q", got)
		}
	}
}

func TestEachOnce(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"": "[] []", "a b": "[a b] []", "a a b": "[a b] [a]", "b a b a a": "[b a] [b a]"} {
		each, repeated := eachOnce(strings.Fields(in))
		if got := fmt.Sprint(each, repeated); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}
