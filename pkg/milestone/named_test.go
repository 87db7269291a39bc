package milestone_test

import (
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

func TestNamed(t *testing.T) {
	t.Parallel()
	m := milestone.Milestone{ID: 412, IID: 3, Title: "Next", WebURL: "https://h.example/git/acme/prod/-/milestones/3"}
	for name, want := range map[string]bool{
		"Next": true, "next": false, "412": true, "3": false, "": false,
		"/git/acme/prod/-/milestones/3": true, "/git/Acme/Prod/-/milestones/3": true,
		"/acme/prod/-/milestones/3": false, "/git/other/acme/prod/-/milestones/3": false, "/git/acme/prod/-/milestones/33": false,
	} {
		if got := m.Named(name); got != want {
			t.Errorf("%q: %t", name, got)
		}
	}
}
