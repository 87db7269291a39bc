package fakegitlab

import (
	"fmt"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func TestSubscription(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	one := w.path(w.infra, "/issues/1")
	w.must(201, "guest", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`)
	w.must(304, "guest", "POST", one+"/subscribe", "")
	if i := w.must(201, "reporter", "POST", one+"/subscribe", ""); i["subscribed"] != true {
		t.Errorf("subscribed: got %v", i["subscribed"])
	}
	w.must(201, "guest", "POST", one+"/unsubscribe", "")
	if i := w.must(200, "guest", "GET", one, ""); i["subscribed"] != false {
		t.Errorf("the author unsubscribed: got subscribed %v", i["subscribed"])
	}
	w.must(304, "guest", "POST", one+"/unsubscribe", "")
}

func TestTimeTracking(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	one := w.path(w.infra, "/issues/1")
	w.must(201, "guest", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`)
	w.must(200, "reporter", "POST", one+"/time_estimate", `{"duration":"1w 2d"}`)
	w.must(201, "reporter", "POST", one+"/add_spent_time", `{"duration":"1h 30m"}`)
	if got := w.must(201, "reporter", "POST", one+"/add_spent_time", `{"duration":"1h 30m"}`); got.str("human_total_time_spent") != "3h" {
		t.Errorf("twice 1h 30m: got %v", got)
	}
	if got := w.must(200, "guest", "GET", one+"/time_stats", ""); got.num("time_estimate") != 56*3600 || got.str("human_time_estimate") != "1w 2d" {
		t.Errorf("got %v", got)
	}
	w.refused(400, `{"error":"duration is invalid"}`, "reporter", "POST", one+"/add_spent_time", `{"duration":"-4h"}`)
	w.refused(400, `{"error":"duration is missing"}`, "reporter", "POST", one+"/time_estimate", "")
	w.refused(403, `{"message":"403 Forbidden"}`, "guest", "POST", one+"/add_spent_time", `{"duration":"1h"}`)
	w.must(200, "reporter", "POST", one+"/reset_spent_time", "")
	if got := w.must(200, "reporter", "POST", one+"/reset_time_estimate", ""); got.num("time_estimate")+got.num("total_time_spent") != 0 || got["human_time_estimate"] != nil {
		t.Errorf("after both resets: got %v", got)
	}
}

func TestMergeRequestsOfAnIssue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for range 12 {
		w.must(201, "guest", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`)
	}
	m := w.s.store.AddMilestone(&store.Milestone{Parent: store.Parent{Group: w.acme}, Title: "Current"})
	mr := func(iid int, title, state string, m *store.Milestone) {
		w.infra.MergeRequests = append(w.infra.MergeRequests, &store.MergeRequest{
			ID: 60000 + iid, IID: iid, Project: w.infra, Title: title, State: state, Author: w.users["developer"],
			Source: "topic", Target: "main", Milestone: m, CreatedAt: at, UpdatedAt: at,
		})
	}
	mr(1, "Closes #1", "opened", m)
	mr(2, "See #1", "opened", nil)
	mr(3, "Fixes #12", "merged", nil)
	for path, want := range map[string]string{
		"/issues/1/related_merge_requests":  "1 2",
		"/issues/12/related_merge_requests": "3",
		"/issues/1/closed_by":               "1",
		"/issues/12/closed_by":              "",
	} {
		if got := fieldOf(w.list("developer", w.path(w.infra, path)), "iid"); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	if got := fieldOf(w.list("developer", w.path(w.acme, fmt.Sprintf("/milestones/%d/merge_requests", m.ID))), "iid"); got != "1" {
		t.Errorf("merge requests of the milestone: got %q", got)
	}
	if got := w.list("guest", w.path(w.infra, "/issues/1/related_merge_requests")); len(got) != 0 {
		t.Errorf("a Guest of a private project sees merge requests: got %v", got)
	}
}
