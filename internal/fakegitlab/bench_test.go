package fakegitlab

import (
	"fmt"
	"testing"
	"time"
)

// bigProject has n issues with two of ten labels and one of three milestones each.
func bigProject(tb testing.TB, n int) (*Server, *project) {
	s := New(Options{Now: func() time.Time { return at }, NoJournal: true})
	g := s.store.addGroup(&group{name: "Acme", path: "acme"})
	p := s.store.addProject(&project{name: "Big", path: "big", group: g})
	var labels []*label
	for n := range 10 {
		labels = append(labels, s.store.addLabel(&label{parent: parent{project: p}, name: fmt.Sprintf("label %d", n), color: "#123456"}))
	}
	var milestones []*milestone
	for n := range 3 {
		milestones = append(milestones, s.store.addMilestone(&milestone{parent: parent{project: p}, title: fmt.Sprintf("M%d", n)}))
	}
	for n := range n {
		s.store.addIssue(&issue{
			project: p, title: fmt.Sprintf("Issue %d of many", n), description: "Some text of the usual length, with a few words.",
			author: s.store.users[0], labels: []*label{labels[n%10], labels[(n+3)%10]}, milestone: milestones[n%3],
			closed: n%2 == 0, createdAt: at.Add(time.Duration(n-200000) * time.Minute),
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
			path := fmt.Sprintf("/projects/%d/issues?per_page=100&%s", p.id, query)
			b.ReportAllocs()
			for b.Loop() {
				if w := serve(s, request("sandbox-root", "GET", path, "")); w.Code != 200 {
					b.Fatal(w.Body)
				}
			}
		})
	}
}
