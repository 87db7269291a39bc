package fakegitlab

import (
	"fmt"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// bigProject has n issues with two of ten labels and one of three milestones each.
func bigProject(tb testing.TB, n int) (*Server, *store.Project) {
	s := New(Options{Now: func() time.Time { return at }, NoRequestLog: true})
	g := s.store.AddGroup(&store.Group{Name: "Acme", Path: "acme"})
	p := s.store.AddProject(&store.Project{Name: "Big", Path: "big", Group: g})
	var labels []*store.Label
	for n := range 10 {
		labels = append(labels, s.store.AddLabel(&store.Label{Parent: store.Parent{Project: p}, Name: fmt.Sprintf("label %d", n), Color: "#123456"}))
	}
	var milestones []*store.Milestone
	for n := range 3 {
		milestones = append(milestones, s.store.AddMilestone(&store.Milestone{Parent: store.Parent{Project: p}, Title: fmt.Sprintf("M%d", n)}))
	}
	for n := range n {
		s.store.AddIssue(&store.Issue{
			Project: p, Title: fmt.Sprintf("Issue %d of many", n), Description: "Some text of the usual length, with a few words.",
			Author: s.store.Users[0], Labels: []*store.Label{labels[n%10], labels[(n+3)%10]}, Milestone: milestones[n%3],
			Closed: n%2 == 0, CreatedAt: at.Add(time.Duration(n-200000) * time.Minute),
		})
	}
	return s, p
}

func BenchmarkIssueList(b *testing.B) {
	s, p := bigProject(b, 100_000)
	for _, query := range []string{
		"", "page=900", "state=opened", "labels=label+3&state=closed", "milestone=M1&labels=label+7&page=30",
		"order_by=updated_at", "updated_after=2018-08-01", "search=99999",
	} {
		b.Run(query, func(b *testing.B) {
			path := fmt.Sprintf("/projects/%d/issues?per_page=100&%s", p.ID, query)
			b.ReportAllocs()
			for b.Loop() {
				if w := serve(s, request("sandbox-root", "GET", path, "")); w.Code != 200 {
					b.Fatal(w.Body)
				}
			}
		})
	}
}

// TestListingIsFlat counts what a page of 50,000 issues costs: no more than one of 1,000, apart from the time to look at them.
// It is not parallel, because it counts allocations.
func TestListingIsFlat(t *testing.T) {
	small, few := bigProject(t, 1000)
	large, many := bigProject(t, 50_000)
	for _, query := range []string{"", "state=opened", "labels=label+3&state=closed", "milestone=M1", "order_by=updated_at", "page=8"} {
		cost := func(s *Server, p *store.Project) float64 {
			path := fmt.Sprintf("/projects/%d/issues?per_page=100&%s", p.ID, query)
			return testing.AllocsPerRun(5, func() { serve(s, request("sandbox-root", "GET", path, "")) })
		}
		if few, many := cost(small, few), cost(large, many); many > few+50 {
			t.Errorf("%q: %.0f allocations for a page of 50,000 issues, %.0f for one of 1,000", query, many, few)
		}
	}
}
