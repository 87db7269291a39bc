package label_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/label"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	five := 5
	declared := label.Declared{Name: "oncall", Color: "#112233", Description: "now", Priority: &five, RenamedFrom: []string{"on-call", "on call"}}
	same := label.Label{ID: 1, Name: "oncall", Color: "#112233", Description: "now", Priority: &five}
	named := func(name string) label.Label { l := same; l.Name = name; return l }
	tests := []struct {
		name   string
		set    label.Set
		actual []label.Label
		opts   label.Options
		want   []string // state, name, fields and pruning, one line a difference
		note   string   // a part of the notes
	}{
		{"nothing there", label.Set{declared}, nil, label.Options{}, []string{"missing oncall"}, ""},
		{"the same", label.Set{declared}, []label.Label{same}, label.Options{}, []string{"ok oncall"}, ""},
		{"color in upper case", label.Set{declared},
			[]label.Label{{Name: "oncall", Color: " #112233", Description: "now ", Priority: &five}}, label.Options{}, []string{"ok oncall"}, ""},
		{"all fields", label.Set{declared}, []label.Label{{Name: "oncall", Color: "#fff"}}, label.Options{},
			[]string{"differs oncall color description priority"}, ""},
		{"a group has no priorities", label.Set{declared}, []label.Label{{Name: "oncall", Color: "#112233", Description: "now"}},
			label.Options{Group: true}, []string{"ok oncall"}, ""},
		{"undeclared fields stay", label.Set{{Name: "oncall"}}, []label.Label{same}, label.Options{}, []string{"ok oncall"}, ""},
		{"old name", label.Set{declared}, []label.Label{named("on call")}, label.Options{}, []string{"renamed oncall name"}, ""},
		{"two old names: the first is renamed", label.Set{declared}, []label.Label{named("on call"), named("on-call")}, label.Options{},
			[]string{"renamed oncall name", "extra on call"}, "on call is an old name of oncall, and both exist"},
		{"old and new", label.Set{declared}, []label.Label{named("on-call"), same}, label.Options{},
			[]string{"ok oncall", "extra on-call"}, "Give its issues the new label"},
		{"another spelling", label.Set{{Name: "oncall"}}, []label.Label{named("OnCall")}, label.Options{},
			[]string{"missing oncall", "extra OnCall"}, "another spelling, OnCall"},
		{"above, the same", label.Set{{Name: "oncall"}}, []label.Label{{Name: "oncall", FromGroup: true}}, label.Options{},
			[]string{"above oncall"}, ""},
		{"above, another", label.Set{declared}, []label.Label{{Name: "oncall", FromGroup: true}}, label.Options{},
			[]string{"above oncall color description priority"}, "It can only be changed in that group"},
		{"above under the old name", label.Set{declared}, []label.Label{{Name: "on-call", FromGroup: true}}, label.Options{},
			[]string{"missing oncall"}, "Rename it there"},
		{"above, and the old name here", label.Set{declared}, []label.Label{{Name: "oncall", FromGroup: true}, named("on-call")}, label.Options{},
			[]string{"above oncall color description priority", "extra on-call"}, "old name of oncall"},
		{"foreign group label", nil, []label.Label{{Name: "theirs", FromGroup: true}}, label.Options{Prune: true, Force: true}, nil, ""},
		{"extra stays", nil, []label.Label{{Name: "mine"}}, label.Options{}, []string{"extra mine"}, ""},
		{"extra pruned", nil, []label.Label{{Name: "mine"}}, label.Options{Prune: true}, []string{"extra mine prune"}, ""},
		{"in use by a closed issue", nil, []label.Label{{Name: "mine", Closed: 1}}, label.Options{Prune: true},
			[]string{"extra mine"}, "it is on 1 issue (0 open)"},
		{"in use by a merge request", nil, []label.Label{{Name: "mine", Requests: 2}}, label.Options{Prune: true},
			[]string{"extra mine"}, "it is on 2 open merge requests"},
		{"in use by a board", nil, []label.Label{{Name: "mine"}}, label.Options{Prune: true, OnBoard: map[string]bool{"mine": true}},
			[]string{"extra mine"}, "it is a column of a board"},
		{"an issue weight", nil, []label.Label{{Name: "weight::13"}, {Name: "weight::heavy"}}, label.Options{Prune: true},
			[]string{"extra weight::13", "extra weight::heavy prune"}, "it is an issue weight"},
		{"forced", nil, []label.Label{{Name: "mine", Open: 3}}, label.Options{Prune: true, Force: true}, []string{"extra mine prune"}, ""},
		{"declared for the group, here in a project", label.Set{{Name: "mine", Scope: label.InGroup}}, []label.Label{{Name: "mine"}},
			label.Options{Prune: true, Force: true}, []string{"extra mine"}, "declared for a group"},
		{"declared for the group, which has it", label.Set{{Name: "mine", Scope: label.InGroup}}, []label.Label{{Name: "mine", FromGroup: true}},
			label.Options{}, []string{"above mine"}, ""},
		{"declared for projects, seen in a group", label.Set{{Name: "mine", Scope: label.InProject}}, nil, label.Options{Group: true}, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			var notes []string
			for _, d := range label.Compare(tt.set, tt.actual, tt.opts) {
				line := append([]string{string(d.State), d.Name()}, d.Fields...)
				if d.Prune {
					line = append(line, "prune")
				}
				got, notes = append(got, strings.Join(line, " ")), append(notes, d.Notes...)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if all := strings.Join(notes, "\n"); !strings.Contains(all, tt.note) || tt.note == "" && all != "" {
				t.Errorf("notes are %q, want one with %q", all, tt.note)
			}
		})
	}
}

// What has just been made from a set has nothing left to do.
func TestCompareWithItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set := sets().Draw(t, "set")
		opts := options().Draw(t, "options")
		var place []label.Label
		for _, d := range label.Pending(label.Compare(set, nil, opts)) {
			place = append(place, d.Declared.Label(!opts.Group))
		}
		if left := label.Pending(label.Compare(set, place, opts)); len(left) > 0 {
			t.Fatalf("still to do: %+v", left)
		}
	})
}

// Carried out in any order, a plan meets no refusal, and the next one is empty.
func TestCompareAfterApply(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set, place, opts := sets().Draw(t, "set"), places().Draw(t, "place"), options().Draw(t, "options")
		pending := label.Pending(label.Compare(set, place, opts))
		shuffled := rapid.Permutation(pending).Draw(t, "order")
		after := carryOut(place, shuffled, opts.Group)
		if left := label.Pending(label.Compare(set, after, opts)); len(left) > 0 {
			t.Fatalf("after %+v there is still to do: %+v", shuffled, left)
		}
	})
}

func TestCompareInAnyOrderOfLabels(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set, place, opts := sets().Draw(t, "set"), places().Draw(t, "place"), options().Draw(t, "options")
		shuffled := rapid.Permutation(place).Draw(t, "order")
		if diff := cmp.Diff(label.Compare(set, place, opts), label.Compare(set, shuffled, opts)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Labels of groups above stay as they are, and so does what nobody declared, unless pruning was asked for;
// even then nothing in use goes without force, and an undeclared label is never changed.
func TestCompareLeavesForeignLabelsAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set, place, opts := sets().Draw(t, "set"), places().Draw(t, "place"), options().Draw(t, "options")
		after := carryOut(place, label.Pending(label.Compare(set, place, opts)), opts.Group)
		for _, l := range place {
			kept := slices.ContainsFunc(after, func(a label.Label) bool { return cmp.Equal(a, l) })
			inUse := l.Open+l.Closed+l.Requests > 0 || opts.OnBoard[l.Name]
			mayGo := opts.Prune && (opts.Force || !inUse)
			if !kept && (l.FromGroup || !ours(set, l.Name) && !mayGo) {
				t.Fatalf("%+v was touched", l)
			}
		}
	})
}

func ours(set label.Set, name string) bool {
	return slices.ContainsFunc(set, func(d label.Declared) bool {
		return d.Name == name || slices.Contains(d.RenamedFrom, name)
	})
}
