package incident_test

import (
	"slices"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/incident"
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

// recordedTimes are the times that the events since the last reopening say. An incident that is active cannot be reopened.
func recordedTimes(order []incident.Verb, times map[incident.Verb]time.Time) (mitigated, resolved time.Time) {
	for _, v := range order {
		switch {
		case v == incident.Mitigate:
			mitigated = times[v]
		case v == incident.Resolve:
			resolved = times[v]
		case v == incident.Reopen && !(mitigated.IsZero() && resolved.IsZero()):
			mitigated, resolved = time.Time{}, time.Time{}
		}
	}
	return mitigated, resolved
}

// Whatever the order in which people record what happened, the record has the time of each event since the last reopening, and whatever
// their fields say.
func TestNoFactIsLostInAnyOrder(t *testing.T) {
	t.Parallel()
	times := map[incident.Verb]time.Time{}
	for n, v := range verbs {
		times[v] = at("10:00").Add(time.Duration(n) * time.Minute)
	}
	count := 0
	different := slices.DeleteFunc(slices.Clone(verbs), func(v incident.Verb) bool { return v == incident.Action }) // it relates an issue, as Relate does
	permutations(different, func(order []incident.Verb) {
		var notes []issue.Note
		for n, v := range order {
			fields := map[string]string{}
			switch v {
			case incident.Update:
				fields[incident.KeyCause] = "disk full"
			case incident.Mitigate:
				fields[incident.KeyImpact] = "0.4"
			case incident.Resolve:
				fields[incident.KeySeverity] = "S1"
			case incident.Review:
				fields[incident.KeyServices] = "api"
			}
			notes = append(notes, note(int64(101+n), incident.NewEvent(v, times[v], fields, "")))
		}
		i, _ := incident.Reconciler{Labels: labels}.Reconcile(opened(), notes)
		r := incident.Read(*i.Description, opened().CreatedAt)
		mitigated, resolved := recordedTimes(order, times)
		if !r.MitigatedAt.Equal(mitigated) || !r.ResolvedAt.Equal(resolved) {
			t.Fatalf("%q: mitigated at %v, resolved at %v; want %v and %v", order, r.MitigatedAt, r.ResolvedAt, mitigated, resolved)
		}
		if r.Cause != "disk full" || r.Impact == nil || *r.Impact != "0.4" || r.Severity != incident.S1 || !slices.Equal(r.Services, []string{"api"}) {
			t.Fatalf("%q: %+v", order, r)
		}
		count++
	})
	if count != 720 {
		t.Errorf("%d orders of %d verbs", count, len(different))
	}
}

// Whatever the order in which GitLab shows the comments, the record is the same in the end, and so are the labels.
func TestNoFactIsLostInAnyOrderOfArrival(t *testing.T) {
	t.Parallel()
	some := []incident.Verb{incident.Mitigate, incident.Resolve, incident.Reopen, incident.Review}
	permutations(some, func(order []incident.Verb) {
		var notes []issue.Note
		for n, v := range order {
			notes = append(notes, note(int64(101+n), incident.NewEvent(v, at("10:20").Add(time.Duration(n)*time.Minute), nil, "")))
		}
		want := incident.Of(reconcile(t, opened(), notes...), labels)
		permutations(slices.Clone(notes), func(arrival []issue.Note) {
			i := opened()
			for n := range arrival {
				i = reconcile(t, i, arrival[:n+1]...)
			}
			got := incident.Of(i, labels)
			if !got.Record.MitigatedAt.Equal(want.Record.MitigatedAt) || !got.Record.ResolvedAt.Equal(want.Record.ResolvedAt) || got.State != want.State {
				var ids []int64
				for _, n := range arrival {
					ids = append(ids, n.ID)
				}
				t.Fatalf("%q arriving as %v: %+v, want %+v", order, ids, got.Record, want.Record)
			}
		})
	})
}
