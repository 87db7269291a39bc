package change_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// permutations calls do with every order of the list.
func permutations[T any](list []T, do func([]T)) {
	var from func(n int)
	from = func(n int) {
		if n == len(list) {
			do(slices.Clone(list))
			return
		}
		for m := n; m < len(list); m++ {
			list[n], list[m] = list[m], list[n]
			from(n + 1)
			list[n], list[m] = list[m], list[n]
		}
	}
	from(0)
}

// Whatever the order in which people record what happened, and in which GitLab shows their comments, the record has all of it.
func TestNoFactIsLostInAnyOrder(t *testing.T) {
	t.Parallel()
	verbs := []change.Verb{change.Approve, change.Start, change.Finish, change.Abort, change.Override, change.Relate}
	times := map[change.Verb]time.Time{}
	for n, v := range verbs {
		times[v] = at("12:00").Add(time.Duration(n) * time.Minute)
	}
	whole, tried := os.Getenv("PRODCTL_MATRIX") == "whole", 0 // a quarter of the orders otherwise
	permutations(verbs, func(order []change.Verb) {
		if tried++; tried%4 != 0 && !whole {
			return
		}
		var notes []issue.Note
		for n, v := range order {
			fields := map[string]string{}
			switch v {
			case change.Start:
				fields[change.FieldExecutor] = "piet"
			case change.Override:
				fields[change.FieldOverride] = "a hot fix"
			case change.Relate:
				fields[change.FieldRelated] = "acme/infra#1"
			}
			notes = append(notes, note(int64(101+n), "mara", change.NewEvent(v, times[v], fields, "")))
		}
		at := [][]issue.Note{notes}
		reversed := slices.Clone(notes)
		slices.Reverse(reversed)
		at = append(at, reversed, slices.Concat(notes[3:], notes[:3]))
		var states []change.State
		for _, arrival := range at {
			i := opened()
			for n := range arrival {
				i = reconcile(t, i, arrival[:n+1]...)
			}
			r := change.Of(i, labels).Record
			states = append(states, change.Of(i, labels).State)
			if !r.StartedAt.Equal(times[change.Start]) || !r.FinishedAt.Equal(times[change.Finish]) || !r.AbortedAt.Equal(times[change.Abort]) {
				t.Fatalf("%q: started at %v, finished at %v, aborted at %v", order, r.StartedAt, r.FinishedAt, r.AbortedAt)
			}
			if r.StartedBy != "piet" || r.Executor != "ines" || !slices.Equal(r.ApprovedBy, []string{"mara"}) || len(r.Overrides) != 1 || len(r.Related) != 1 {
				t.Fatalf("%q: %+v", order, r)
			}
		}
		if states[1] != states[0] || states[2] != states[0] {
			t.Fatalf("%q: the state depends on the order of arrival: %q", order, states)
		}
	})
}
