package issue_test

import (
	"slices"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// The highest prioritized label decides, then AP, then age; the order of the input does not matter.
func TestByPriority(t *testing.T) {
	t.Parallel()
	at := func(iid int64, day int, labels ...string) issue.Issue {
		return issue.Issue{Ref: issue.Ref{Project: "acme/infrastructure", IID: iid}, Labels: labels,
			CreatedAt: time.Date(2018, 8, day, 9, 0, 0, 0, time.UTC)}
	}
	p := issue.Priorities{Labels: []string{"data loss", "critical", "goal"}, Availability: []string{"AP1", "AP2"}}
	want := []issue.Issue{
		at(1, 9, "data loss", "goal"), at(2, 2, "critical"), at(3, 9, "AP1", "goal"), at(4, 1, "goal"), at(5, 1, "AP2"), at(6, 1, "toil"),
		at(7, 2), at(8, 2),
	}
	for shift := range want {
		got := append(slices.Clone(want[shift:]), want[:shift]...)
		stable.Sort(got, issue.ByPriority(p))
		for n := range want {
			if got[n].Ref != want[n].Ref {
				t.Fatalf("shifted by %d, place %d: got %s, want %s", shift, n, got[n].Ref, want[n].Ref)
			}
		}
	}
	if got := p.Of(want[2]); !slices.Equal(got, []string{"goal", "AP1"}) {
		t.Errorf("labels of %s: %q", want[2].Ref, got)
	}
	if got := p.Of(want[5]); got != nil {
		t.Errorf("labels of an issue without a priority: %q", got)
	}
}
