package label_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/label"
)

// The built-in labels in full: no name may disappear or be added unnoticed.
func TestBuiltinNames(t *testing.T) {
	t.Parallel()
	want := strings.Split(`(perceived) data loss,critical,SL1,SL2,unblocks others,outage,goal,blocked,oncall,`+
		`toil,unscheduled,access request,requires production access,`+
		`incident,change,delta,hotspot,Ready_to_Handoff,meta,AP1,AP2,AP3,S1,S2,S3,S4,C1,C2,C3,C4,`+
		`corrective action,oncall report,database,carried-over,`+
		`Planning,Ready,Waiting,In Progress,`+
		`Incident::Active,Incident::Mitigated,Incident::Resolved,Incident::Reviewed,review due,`+
		`change::scheduled,change::approved,change::in-progress,change::complete,change::aborted`, ",")
	var got []string
	for _, d := range label.Builtin() {
		got = append(got, d.Name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestBuiltinPriorities(t *testing.T) {
	t.Parallel()
	var got []string
	for rank := range 9 {
		for _, d := range label.Builtin() {
			if d.Priority != nil && *d.Priority == rank {
				got = append(got, d.Name)
			}
		}
	}
	if diff := cmp.Diff(label.Prioritized(), got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{label.DataLoss, label.Critical, "SL1", "SL2", label.UnblocksOthers, label.Outage,
		label.Goal, label.Blocked, label.Oncall}, got); diff != "" {
		t.Error(diff)
	}
}

func TestBuiltinIsValid(t *testing.T) {
	t.Parallel()
	normal, faults := label.Builtin().Normalize()
	if len(faults) > 0 {
		t.Error(faults)
	}
	if diff := cmp.Diff(label.Builtin(), normal); diff != "" {
		t.Errorf("the built-in set is not as GitLab keeps it: %s", diff)
	}
	for _, d := range label.Builtin() {
		if d.Description == "" || d.Color == "" {
			t.Errorf("%s lacks a description or a color", d.Name)
		}
	}
}

// GitLab writes #333333 on light labels and white on dark ones; all built-in labels are readable.
func TestBuiltinColors(t *testing.T) {
	t.Parallel()
	used := map[string]string{}
	for _, d := range label.Builtin() {
		if other, twice := used[d.Color]; twice {
			t.Errorf("%s and %s have the same color %s", other, d.Name, d.Color)
		}
		used[d.Color] = d.Name
		if got := contrast(t, d.Color); got < 4.5 {
			t.Errorf("%s: the text on %s has a contrast of %.2f, want 4.5", d.Name, d.Color, got)
		}
	}
}

func TestRespell(t *testing.T) {
	t.Parallel()
	set := label.Set{{Name: "oncall", RenamedFrom: []string{"on-call", "on call"}}, {Name: "toil"}}
	got := set.Respell(label.Spelling{"oncall": "on-call", "toil": " "})
	want := label.Set{{Name: "on-call", RenamedFrom: []string{"on call"}}, {Name: "toil", RenamedFrom: []string{}}}
	if diff := cmp.Diff(want, got, cmp.Transformer("len", func(s []string) string { return strings.Join(s, ",") })); diff != "" {
		t.Error(diff)
	}
	if set[0].Name != "oncall" || len(set[0].RenamedFrom) != 2 {
		t.Errorf("the set itself was changed: %+v", set[0])
	}
	if got := (label.Spelling{"oncal": "x", "goal": "y", "a": "z"}).Unknown(); !cmp.Equal(got, []string{"a", "oncal"}) {
		t.Errorf("unknown names are %q", got)
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	one, two := 1, 2
	base := label.Set{
		{Name: "a", Color: "#111111", Description: "built in", Priority: &one, RenamedFrom: []string{"old a", "mine"}},
		{Name: "b", Color: "#222222"},
	}
	got := base.Merge(label.Set{
		{Name: "a", Color: "#333333", Priority: &two, RenamedFrom: []string{"older a", "old a"}, Scope: label.InGroup},
		{Name: "mine", Description: "ours"},
	})
	want := label.Set{
		{Name: "a", Color: "#333333", Description: "built in", Priority: &two, RenamedFrom: []string{"older a", "old a"}, Scope: label.InGroup},
		{Name: "b", Color: "#222222"},
		{Name: "mine", Description: "ours"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if faults := base.Merge(label.Set{{Name: "b"}, {Name: "b"}}).Validate(); len(faults) != 1 {
		t.Errorf("a name declared twice by the team gave %v", faults)
	}
}

func TestMergeWithItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set := sets().Draw(t, "set")
		same := cmp.Transformer("text", func(s []string) string { return strings.Join(s, ",") })
		if diff := cmp.Diff(set, set.Merge(set), same); diff != "" {
			t.Fatal(diff)
		}
	})
}
