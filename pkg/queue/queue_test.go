package queue_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/queue"
)

func labels(names ...string) (all []label.Label) {
	for _, name := range names {
		all = append(all, label.Label{Name: name, Color: "#112233", Description: "About " + name})
	}
	return all
}

func names(all []label.Label) (out []string) {
	for _, l := range all {
		out = append(out, l.Name)
	}
	return out
}

func TestMove(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mapping          queue.Mapping
		source, target   []string
		has              []string
		add, remove, end []string
		into, from, left []string // labels that are created, and labels that stay behind
	}{
		"the same":        {nil, []string{"toil"}, []string{"toil", "database"}, []string{"toil"}, []string{"database"}, nil, []string{"database", "toil"}, nil, []string{"database"}, nil},
		"missing":         {nil, []string{"postgres", "database"}, nil, []string{"postgres", "database"}, nil, nil, []string{"database", "postgres"}, []string{"database", "postgres"}, nil, nil},
		"letter case":     {nil, []string{"Outage"}, []string{"outage", "database"}, []string{"Outage"}, []string{"database", "outage"}, nil, []string{"database", "outage"}, nil, []string{"database", "outage"}, nil},
		"origin's case":   {nil, []string{"database"}, []string{"Database"}, nil, []string{"Database"}, nil, []string{"Database"}, nil, []string{"Database"}, nil},
		"two spellings":   {nil, []string{"OUTAGE"}, []string{"outage", "Outage", "database"}, []string{"OUTAGE"}, []string{"database"}, nil, []string{"OUTAGE", "database"}, []string{"OUTAGE"}, []string{"database"}, nil},
		"mapped":          {queue.Mapping{"pager": "oncall"}, []string{"pager", "database"}, []string{"oncall", "database"}, []string{"pager", "database"}, []string{"oncall"}, nil, []string{"database", "oncall"}, nil, []string{"oncall"}, nil},
		"mapped, both":    {queue.Mapping{"pager": "oncall"}, []string{"pager", "database"}, []string{"oncall", "pager", "database"}, []string{"pager", "database"}, []string{"oncall"}, []string{"pager"}, []string{"database", "oncall"}, nil, []string{"oncall"}, nil},
		"mapped, missing": {queue.Mapping{"pager": "oncall"}, []string{"pager", "database"}, []string{"database"}, []string{"pager", "database"}, []string{"oncall"}, nil, []string{"database", "oncall"}, []string{"oncall"}, []string{"oncall"}, nil},
		"two to one":      {queue.Mapping{"a": "c", "b": "c"}, []string{"a", "b", "database"}, []string{"c", "database"}, []string{"a", "b", "database"}, []string{"c"}, nil, []string{"c", "database"}, nil, []string{"c"}, nil},
		"swapped":         {queue.Mapping{"a": "b", "b": "a"}, []string{"a", "b", "database"}, []string{"a", "b", "database"}, []string{"a", "b", "database"}, nil, nil, []string{"a", "b", "database"}, nil, nil, nil},
		"left behind":     {queue.Mapping{"wip": ""}, []string{"wip", "database"}, []string{"database"}, []string{"wip", "database"}, nil, nil, []string{"database"}, nil, nil, []string{"wip"}},
		"taken off":       {queue.Mapping{"wip": ""}, []string{"wip", "database"}, []string{"wip", "database"}, []string{"wip", "database"}, nil, []string{"wip"}, []string{"database"}, nil, nil, []string{"wip"}},
		"mapped by case":  {queue.Mapping{"Pager": "oncall"}, []string{"pager", "database"}, []string{"Pager", "oncall", "database"}, []string{"pager", "database"}, []string{"oncall"}, nil, []string{"database", "oncall"}, nil, []string{"oncall"}, nil},
		"mapped to case":  {queue.Mapping{"Outage": "outage"}, []string{"Outage", "database"}, []string{"outage", "database"}, []string{"Outage", "database"}, []string{"outage"}, nil, []string{"database", "outage"}, nil, []string{"outage"}, nil},
		"impossible":      {nil, []string{"a,b", "database"}, []string{"database"}, []string{"a,b", "database"}, nil, nil, []string{"database"}, nil, nil, []string{"a,b"}},
	} {
		r := queue.NewRules(c.mapping, queue.Origin{Name: "database"}, labels(c.source...), labels(c.target...), nil)
		m := r.Move(issue.Issue{Labels: c.has})
		into, from := r.Missing()
		for what, lists := range map[string][2][]string{"add": {m.Add, c.add}, "remove": {m.Remove, c.remove}, "end": {m.Labels, c.end},
			"into": {names(into), c.into}, "from": {names(from), c.from}, "left": {m.Left, c.left}} {
			if !slices.Equal(lists[0], lists[1]) {
				t.Errorf("%s: %s: got %q, want %q", name, what, lists[0], lists[1])
			}
		}
	}
}

// A label that is created looks like the one that it was, without mentions in its description.
func TestMissingLabelsLookLikeTheOldOnes(t *testing.T) {
	t.Parallel()
	source := []label.Label{{Name: "pager", Color: "#abcdef", Description: "Ask @dev\n/close", Priority: new(3)}}
	r := queue.NewRules(queue.Mapping{"pager": "oncall"}, queue.Origin{Name: "database", Label: label.Label{Color: "#1b4f72"}}, source, nil, nil)
	r.Move(issue.Issue{Labels: []string{"pager"}})
	into, from := r.Missing()
	if got := fmt.Sprintf("%+v", into); strings.Contains(got, "@dev") || into[0].Color != "#1b4f72" || into[1].Color != "#abcdef" || into[1].Priority != nil {
		t.Errorf("%s", got)
	}
	if got := names(from); !slices.Equal(got, []string{"database", "oncall"}) || from[1].Color != "#abcdef" {
		t.Errorf("%+v", from)
	}
}

func TestMilestonesAndScopes(t *testing.T) {
	t.Parallel()
	r := queue.NewRules(nil, queue.Origin{Name: "database"}, nil, labels("S::1", "S::2"), []string{"Current Milestone"})
	kept := r.Move(issue.Issue{Milestone: "Current Milestone", Labels: []string{"S::1"}})
	lost := r.Move(issue.Issue{Milestone: "current milestone", Labels: []string{"S::1", "S::2"}})
	if kept.Milestone != "" || lost.Milestone != "current milestone" || len(kept.Scopes) != 0 || len(lost.Scopes["S"]) != 2 {
		t.Errorf("got %+v and %+v", kept, lost)
	}
}

func TestParseMapping(t *testing.T) {
	t.Parallel()
	got, err := queue.ParseMapping([]string{"db on-call = oncall", "wip=", "a=b=c"})
	if want := (queue.Mapping{"db on-call": "oncall", "wip": "", "a": "b=c"}); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, wrong := range [][]string{{"a"}, {"=b"}, {"a=b,c"}, {"a=b", "a=c"}} {
		if _, err := queue.ParseMapping(wrong); err == nil {
			t.Errorf("%q is accepted", wrong)
		}
	}
	if got := (queue.Mapping{"a": "b"}).Over(queue.Mapping{"a": "c", "d": "e"}); fmt.Sprint(got) != "map[a:b d:e]" {
		t.Errorf("got %v", got)
	}
	for name, m := range map[string]queue.Mapping{"": {"a": "b", "c": "b", "d": ""}, "b": {"a": "b", "b": "c"}, "B": {"a": "b", "B": ""}} {
		if got, found := m.Chained(); got != name || found != (name != "") {
			t.Errorf("%v: got %q", m, got)
		}
	}
	r := queue.NewRules(queue.Mapping{"a": "b", "c": "d"}, queue.Origin{Name: "o"}, nil, nil, nil)
	r.Move(issue.Issue{Labels: []string{"c"}})
	if got := r.Unused(); !slices.Equal(got, []string{"a"}) {
		t.Errorf("unused: %q", got)
	}
}

// Whatever the labels, an issue whose labels were set needs no further change: a run that was killed after that moves it as it is. And it
// needs no label that the target lacks once the missing ones exist.
func TestMoveAfterItsLabelsWereSet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"a", "A", "b", "B", "c::1", "c::2", "d"})
		some := rapid.SliceOfNDistinct(word, 0, 5, rapid.ID)
		mapping := queue.Mapping{}
		for _, before := range some.Draw(t, "mapped") {
			mapping[before] = rapid.SampledFrom([]string{"a", "B", "x", "Y", ""}).Draw(t, "to")
		}
		origin := queue.Origin{Name: rapid.SampledFrom([]string{"origin", "a", "B", "x"}).Draw(t, "origin")}
		source, target := labels(some.Draw(t, "source")...), labels(some.Draw(t, "target")...)
		has := some.Draw(t, "has")
		rules := queue.NewRules(mapping, origin, source, target, nil)
		first := rules.Move(issue.Issue{Labels: has})
		into, from := rules.Missing()
		now := slices.DeleteFunc(slices.Concat(has, first.Add), func(l string) bool { return slices.Contains(first.Remove, l) })
		again := queue.NewRules(mapping, origin, slices.Concat(source, from), slices.Concat(target, into), nil)
		kept := again.Move(issue.Issue{Labels: now})
		if _, chained := mapping.Chained(); !chained && !mapping.Maps(origin.Name) && (len(kept.Add)+len(kept.Remove) > 0 || !slices.Equal(kept.Labels, first.Labels)) {
			t.Fatalf("%q becomes %+v, and then %+v", has, first, kept)
		}
		there := names(slices.Concat(target, into))
		var arrives []string
		for _, l := range now { // GitLab's move
			if slices.Contains(there, l) {
				arrives = append(arrives, l)
			}
		}
		slices.Sort(arrives)
		if !slices.Equal(arrives, first.Labels) {
			t.Fatalf("%q arrives as %q, planned %+v", has, arrives, first)
		}
	})
}

// No label is created for a confidential issue: it loses what only confidential issues have, whatever the order.
func TestMoveOfConfidentialIssue(t *testing.T) {
	t.Parallel()
	secret, public := issue.Issue{Labels: []string{"breach", "postgres"}, Confidential: true}, issue.Issue{Labels: []string{"postgres"}}
	r := queue.NewRules(queue.Mapping{"breach": "leak"}, queue.Origin{Name: "database"}, labels("breach", "postgres"), labels("database"), nil)
	r.Move(public)
	m := r.Move(secret)
	into, _ := r.Missing()
	if !slices.Equal(m.Lost, []string{"breach"}) || !slices.Equal(m.Labels, []string{"database", "postgres"}) || !slices.Equal(names(into), []string{"postgres"}) {
		t.Errorf("%+v, created %v", m, names(into))
	}
}
