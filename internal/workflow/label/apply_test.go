package label_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/testkit/team"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/label"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

func labels(tm *team.Team, set label.Set, in flow.Inputs) flow.Apply {
	return flow.Apply{
		Labels: flow.Labels{Read: tm.Client, In: []target.Target{tm.In}, Set: set}, Inputs: in, Origin: plan.Origin{Host: tm.Client.Host()},
	}
}

// A fresh tracker gets the handbook's set with one read and a write a label; after that one read finds nothing to do.
func TestLabelApplyBuiltin(t *testing.T) {
	t.Parallel()
	tm := team.NewTeam(t, fakegitlab.SeedProject{}, fakegitlab.SeedGroup{})
	apply := labels(tm, label.Builtin(), flow.Inputs{})
	tm.Run(t, apply)
	if reads, writes := tm.Requests(); reads != 1 || writes != len(label.Builtin()) {
		t.Errorf("%d reads and %d writes, want 1 and %d", reads, writes, len(label.Builtin()))
	}
	for _, d := range label.Builtin() {
		got, ok := tm.Label(d.Name)
		want := fakegitlab.LabelState{Name: d.Name, Color: d.Color, Description: d.Description, Priority: d.Priority}
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Error(diff)
		}
	}
	team.NothingLeft(t, apply)
	if reads, writes := tm.Requests(); reads != 1 || writes != 0 {
		t.Errorf("nothing to do took %d reads and %d writes, want 1 and 0", reads, writes)
	}
}

// An old name becomes the new one and its issues stay with it; what differs is put right in the same request.
func TestLabelApplyRenames(t *testing.T) {
	t.Parallel()
	tm := team.NewTeam(t, fakegitlab.SeedProject{
		Labels: []fakegitlab.SeedLabel{{Name: "on-call", Color: "#ffffff"}, {Name: "toil", Color: "#000000", Description: "ours"}},
		Issues: []fakegitlab.SeedIssue{{Title: "page", Labels: []string{"on-call"}}, {Title: "old page", Labels: []string{"on-call"}, Closed: true}},
	}, fakegitlab.SeedGroup{})
	set := label.Set{{Name: "oncall", Color: "#123456", RenamedFrom: []string{"on-call"}}, {Name: "toil", Color: "#654321"}}
	tm.Run(t, labels(tm, set, flow.Inputs{}))
	if _, writes := tm.Requests(); writes != 2 {
		t.Errorf("%d writes, want 2", writes)
	}
	for _, i := range tm.Server.Snapshot().Project(tm.In.Path).Issues {
		if !slices.Equal(i.Labels, []string{"oncall"}) {
			t.Errorf("%s carries %q", i.Title, i.Labels)
		}
	}
	if got, _ := tm.Label("toil"); got.Color != "#654321" || got.Description != "ours" {
		t.Errorf("toil is %+v: its own description must stay", got)
	}
	team.NothingLeft(t, labels(tm, set, flow.Inputs{}))
}

var hostileNames = []string{
	"(perceived) data loss", "a::b::c", "a/b", "100%", "%2F", "🔥 fire", "what?&x=1", "2024", "3-high", "../..",
	"=1+1", "@all", "/close", "ümläut", "|", "~label", `"quoted"`, "a+b", "#12", "In Progress", "a.b", "semi;colon",
}

// Whatever a label is called, it is made, changed, renamed and deleted, and it alone.
func TestLabelApplyHostileNames(t *testing.T) {
	t.Parallel()
	tm := team.NewTeam(t, fakegitlab.SeedProject{}, fakegitlab.SeedGroup{})
	var made, changed, renamed label.Set
	for _, name := range hostileNames {
		made = append(made, label.Declared{Name: name, Color: "#111111"})
		changed = append(changed, label.Declared{Name: name, Color: "#222222", Description: name})
		renamed = append(renamed, label.Declared{Name: name + " new", RenamedFrom: []string{name}})
	}
	for _, set := range []label.Set{made, changed, renamed} {
		tm.Run(t, labels(tm, set, flow.Inputs{}))
		team.NothingLeft(t, labels(tm, set, flow.Inputs{}))
		if labels := tm.Server.Snapshot().Project(tm.In.Path).Labels; len(labels) != len(set) {
			t.Fatalf("there are %d labels, want %d", len(labels), len(set))
		}
	}
	for _, name := range hostileNames {
		if l, ok := tm.Label(name + " new"); !ok || l.Description != name {
			t.Errorf("%q became %+v", name, l)
		}
	}
	tm.Run(t, labels(tm, nil, flow.Inputs{Prune: true}))
	if labels := tm.Server.Snapshot().Project(tm.In.Path).Labels; len(labels) != 0 {
		t.Errorf("left after pruning: %+v", labels)
	}
}

// The label that is called like another one's id is never mistaken for it.
func TestLabelApplyNameLikeAnID(t *testing.T) {
	t.Parallel()
	tm := team.NewTeam(t, fakegitlab.SeedProject{Labels: []fakegitlab.SeedLabel{{Name: "first"}, {Name: "1"}, {Name: "2"}, {Name: "3"}}}, fakegitlab.SeedGroup{})
	tm.Run(t, labels(tm, label.Set{{Name: "first"}, {Name: "1", Color: "#abcdef"}, {Name: "two", RenamedFrom: []string{"2"}}}, flow.Inputs{Prune: true}))
	var got []string
	for _, l := range tm.Server.Snapshot().Project(tm.In.Path).Labels {
		got = append(got, l.Name)
		if (l.Color == "#abcdef") != (l.Name == "1") {
			t.Errorf("%+v", l)
		}
	}
	if want := []string{"1", "first", "two"}; !cmp.Equal(want, got) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLabelApplyPrune(t *testing.T) {
	t.Parallel()
	seed := fakegitlab.SeedProject{
		Labels: []fakegitlab.SeedLabel{{Name: "idle"}, {Name: "used"}, {Name: "column"}, {Name: "declared"}},
		Issues: []fakegitlab.SeedIssue{{Title: "one", Labels: []string{"used"}, Closed: true}},
		Boards: []fakegitlab.SeedBoard{{Name: "b", Lists: []string{"column"}}},
	}
	set := label.Set{{Name: "declared"}}
	tests := []struct {
		name        string
		in          flow.Inputs
		reads       int
		want        []string
		destructive bool
	}{
		{"without", flow.Inputs{}, 1, []string{"column", "declared", "idle", "used"}, false},
		{"what nothing uses", flow.Inputs{Prune: true}, 2, []string{"column", "declared", "used"}, true},
		{"all", flow.Inputs{Prune: true, Force: true}, 2, []string{"declared"}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tm := team.NewTeam(t, seed, fakegitlab.SeedGroup{Labels: []fakegitlab.SeedLabel{{Name: "the group's"}}})
			apply := labels(tm, set, tt.in)
			if p := team.Planned(t, apply); p.Destructive != tt.destructive {
				t.Errorf("destructive is %v", p.Destructive)
			}
			if reads, _ := tm.Requests(); reads != tt.reads {
				t.Errorf("%d reads, want %d", reads, tt.reads)
			}
			tm.Run(t, apply)
			var got []string
			for _, l := range tm.Server.Snapshot().Project(tm.In.Path).Labels {
				got = append(got, l.Name)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if above := tm.Server.Snapshot().Group("acme").Labels; len(above) != 1 {
				t.Errorf("the group's labels are %+v", above)
			}
		})
	}
}

// From a project a group's labels are seen and left alone, and the set of a group has no priorities.
func TestLabelApplyGroup(t *testing.T) {
	t.Parallel()
	zero := 0
	set := label.Set{{Name: "oncall", Color: "#123456", Priority: &zero}, {Name: "local", Scope: label.InProject}}
	tm := team.NewTeam(t, fakegitlab.SeedProject{}, fakegitlab.SeedGroup{Labels: []fakegitlab.SeedLabel{{Name: "oncall", Color: "#ffffff"}}})
	p := team.Planned(t, labels(tm, set, flow.Inputs{}))
	if got := team.StepKeys(p); len(got) != 1 || !team.AnyHas(p.Notes, "It can only be changed in that group") {
		t.Errorf("from the project: steps %q, notes %q", got, p.Notes)
	}
	group := labels(tm, set, flow.Inputs{})
	group.In = []target.Target{target.GroupAt("acme")}
	if p := team.Planned(t, group); !team.AnyHas(p.Notes, "no priorities") {
		t.Errorf("notes are %q", p.Notes)
	}
	tm.Run(t, group)
	want := []fakegitlab.LabelState{{Name: "oncall", Color: "#123456"}}
	if diff := cmp.Diff(want, tm.Server.Snapshot().Group("acme").Labels); diff != "" {
		t.Error(diff)
	}
	team.NothingLeft(t, group)
}

// A role without permission gets an error, and nothing changes.
func TestLabelApplyAsGuest(t *testing.T) {
	t.Parallel()
	tm := team.NewTeam(t, fakegitlab.SeedProject{}, fakegitlab.SeedGroup{})
	before := tm.Server.Snapshot()
	tm.Client = tm.As(t, "guest")
	apply := labels(tm, label.Set{{Name: "oncall"}}, flow.Inputs{})
	_, err := workflow.Run(t.Context(), apply, team.Planned(t, apply), tm.Client, plan.Settings{Parallel: 4}, nil)
	if fault.KindOf(err) != fault.Auth {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(before, tm.Server.Snapshot()); diff != "" {
		t.Error(diff)
	}
}

// Cut off after any number of requests and run again, with the request carried out or not, it ends as one run does.
func TestLabelApplyResumes(t *testing.T) {
	t.Parallel()
	seed := fakegitlab.SeedProject{
		Labels: []fakegitlab.SeedLabel{{Name: "on-call"}, {Name: "toil", Color: "#000000"}, {Name: "idle"}},
		Issues: []fakegitlab.SeedIssue{{Title: "page", Labels: []string{"on-call"}}},
	}
	one := 1
	set := label.Set{{Name: "oncall", RenamedFrom: []string{"on-call"}}, {Name: "toil", Color: "#111111", Priority: &one}, {Name: "goal"}, {Name: "meta"}}
	inputs := flow.Inputs{Prune: true}
	whole := team.NewTeam(t, seed, fakegitlab.SeedGroup{})
	whole.Run(t, labels(whole, set, inputs))
	want := whole.Server.Snapshot()
	for _, kind := range []string{"drop-before", "drop-after", "status=502", "error-after=502", "truncate"} {
		for _, method := range []string{"POST", "PUT", "DELETE"} {
			tm := team.NewTeam(t, seed, fakegitlab.SeedGroup{})
			f, err := fakegitlab.ParseFault(method + " /projects/*/labels** every=1 " + kind)
			if err != nil {
				t.Fatal(err)
			}
			tm.Server.AddFault(f)
			apply := labels(tm, set, inputs)
			if _, err := workflow.Run(t.Context(), apply, team.Planned(t, apply), tm.Client, plan.Settings{Parallel: 4}, nil); err == nil && kind == "status=502" {
				t.Errorf("%s %s: no error", kind, method)
			}
			tm.Server.ClearFaults()
			tm.Run(t, labels(tm, set, inputs))
			if diff := cmp.Diff(want, tm.Server.Snapshot()); diff != "" {
				t.Errorf("%s %s: %s", kind, method, diff)
			}
		}
	}
}

// A saved plan is refused when a label that it was made from has changed since.
func TestLabelApplyStale(t *testing.T) {
	t.Parallel()
	tm := team.NewTeam(t, fakegitlab.SeedProject{Labels: []fakegitlab.SeedLabel{{Name: "toil", Color: "#000000"}}}, fakegitlab.SeedGroup{})
	apply := labels(tm, label.Set{{Name: "toil", Color: "#111111"}, {Name: "goal"}}, flow.Inputs{In: []string{"infrastructure"}})
	saved := team.Planned(t, apply)
	if err := workflow.Stale(saved, team.Planned(t, apply)); err != nil {
		t.Errorf("nothing has changed: %v", err)
	}
	if in, err := plan.InputsOf[flow.Inputs](saved); err != nil || !cmp.Equal(in, apply.Inputs) {
		t.Errorf("the plan was asked %+v, %v", in, err)
	}
	tm.Server.MustDo("dev", "POST", "/projects/acme%2Finfrastructure/labels", `{"name":"goal","color":"#6c757d"}`)
	if err := workflow.Stale(saved, team.Planned(t, apply)); err != nil {
		t.Errorf("a part of the plan was done: %v", err)
	}
	tm.Server.MustDo("dev", "PUT", "/projects/acme%2Finfrastructure/labels/toil", `{"color":"#222222"}`)
	tm.Server.MustDo("dev", "DELETE", "/projects/acme%2Finfrastructure/labels/goal", "")
	if err := workflow.Stale(saved, team.Planned(t, apply)); fault.KindOf(err) != fault.Refused {
		t.Errorf("a label has changed: %v", err)
	}
	if _, err := plan.InputsOf[flow.Inputs](plan.Plan{Inputs: []byte("[]")}); fault.KindOf(err) != fault.Usage || errors.Unwrap(err) == nil {
		t.Errorf("inputs of another kind: %v", err)
	}
}
