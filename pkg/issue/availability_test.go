package issue_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

func TestAvailabilityOf(t *testing.T) {
	t.Parallel()
	got := map[issue.Urgency]string{}
	for _, u := range issue.Urgencies() {
		for _, i := range issue.Impacts() {
			got[u] += fmt.Sprint(issue.AvailabilityOf(u, i))
		}
	}
	if diff := cmp.Diff(map[issue.Urgency]string{issue.U1: "112", issue.U2: "123", issue.U3: "233"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseUrgencyAndImpact(t *testing.T) {
	t.Parallel()
	for _, ok := range []string{"U2", "u2", " 2 "} {
		if got, err := issue.ParseUrgency(ok); got != issue.U2 || err != nil {
			t.Errorf("%q: %q, %v", ok, got, err)
		}
	}
	for _, ok := range []string{"I3", "i3", "3"} {
		if got, err := issue.ParseImpact(ok); got != issue.I3 || err != nil {
			t.Errorf("%q: %q, %v", ok, got, err)
		}
	}
	for _, bad := range []string{"", "U", "U0", "U4", "I1", "U11", "high"} {
		if got, err := issue.ParseUrgency(bad); err == nil {
			t.Errorf("%q is the urgency %q", bad, got)
		}
	}
	for _, bad := range []string{"", "I4", "U1", "0.5"} {
		if got, err := issue.ParseImpact(bad); err == nil {
			t.Errorf("%q is the impact %q", bad, got)
		}
	}
}

// Whatever an issue has, after the change it has exactly the label.
func TestOne(t *testing.T) {
	t.Parallel()
	all := []string{"AP1", "AP2", "AP3"}
	for _, tc := range []struct {
		has, doubled []string
		add, remove  []string
	}{
		{nil, nil, []string{"AP2"}, nil},
		{[]string{"AP2", "toil"}, nil, nil, nil},
		{[]string{"AP1", "AP2", "AP3"}, nil, nil, []string{"AP1", "AP3"}},
		{[]string{"AP3"}, nil, []string{"AP2"}, []string{"AP3"}},
		{[]string{"AP2"}, []string{"AP2"}, []string{"AP2"}, nil},
	} {
		c, changed := issue.Issue{Labels: tc.has, Doubled: tc.doubled}.One(all, "AP2")
		if diff := cmp.Diff(issue.Change{AddLabels: tc.add, RemoveLabels: tc.remove, NotLabels: []string{"AP1", "AP3"}}, c); diff != "" || changed != (tc.add != nil || tc.remove != nil) {
			t.Errorf("%v: changed %v %s", tc.has, changed, diff)
		}
	}
}

func TestLastAdded(t *testing.T) {
	t.Parallel()
	i := issue.Issue{Labels: []string{"AP1", "AP2", "toil"}}
	events := []issue.Event{{Action: "add", Name: "AP2", User: "ana"}, {Action: "add", Name: "AP1", User: "bo"}, {Action: "add", Name: "AP3"}, {Action: "add", Name: "toil"},
		{Action: "remove", Name: "AP2"}}
	if got := i.LastAdded([]string{"AP1", "AP2", "AP3"}, events); got.Name != "AP1" || got.User != "bo" {
		t.Errorf("%+v", got)
	}
	if got := i.LastAdded(nil, events); got.Name != "" {
		t.Errorf("%+v", got)
	}
}
