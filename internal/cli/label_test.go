package cli_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

// The lab's infrastructure tracker has two of the handbook's labels with other properties, and its production queue has none.
func TestLabelApplyEndToEnd(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	if r := l.run("label", "plan", "--exit-code"); r.code != 8 || !strings.Contains(r.out, "oncall") {
		t.Errorf("plan: exit %d, %s%s", r.code, r.out, r.errors)
	}
	if reads, writes := l.count(); reads != 2 || writes != 0 {
		t.Errorf("planning took %d reads and %d writes, want one read for each tracker", reads, writes)
	}
	if r := l.run("label", "apply"); r.code != 5 || !strings.Contains(r.errors, "--yes") {
		t.Errorf("without --yes: exit %d, %s", r.code, r.errors)
	}
	l.must(t, "label", "apply", "--yes")
	if _, writes := l.count(); writes != 2*len(label.Builtin()) {
		t.Errorf("%d writes, want %d", writes, 2*len(label.Builtin()))
	}
	after := l.picture()
	l.server.ResetRequests()
	l.must(t, "label", "plan", "--exit-code")
	l.must(t, "label", "apply", "--yes")
	if reads, writes := l.count(); reads != 4 || writes != 0 {
		t.Errorf("nothing to do took %d reads and %d writes", reads, writes)
	}
	if diff := cmp.Diff(after, l.picture()); diff != "" {
		t.Error(diff)
	}
}

func TestLabelList(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		s.Projects[0].Labels = []fakegitlab.SeedLabel{{Name: "on-call"}, {Name: "mine"}}
		s.Groups[0].Labels = []fakegitlab.SeedLabel{{Name: "meta"}}
	}})
	r := l.must(t, "label", "list", "--in", "infrastructure", "--jq", `.labels[] | select(.name == "oncall" or .name == "mine" or .name == "meta" or .name == "goal") | .name + " " + .state`)
	if diff := cmp.Diff("goal missing\noncall renamed\nmeta above\nmine extra\n", r.out); diff != "" {
		t.Error(diff)
	}
	if reads, writes := l.count(); reads != 1 || writes != 0 {
		t.Errorf("%d reads and %d writes, want 1 and 0", reads, writes)
	}
}

// A saved plan is applied later, finishes the rest if a part of it was applied, and does nothing if all of it was.
func TestLabelPlanFile(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: "labels:\n  declare:\n    - {name: labels of a saved plan, color: '#123456'}\n"})
	file := t.TempDir() + "/labels.json"
	l.must(t, "label", "plan", "--in", "infrastructure", "--plan-file", file)
	if _, writes := l.count(); writes != 0 {
		t.Errorf("%d writes while planning", writes)
	}
	l.server.MustDo("mara", "PUT", "/projects/acme%2Finfrastructure/labels/toil", `{"color":"#abcdef"}`)
	if r := l.run("apply", file, "--yes"); r.code != 5 || !strings.Contains(r.errors, "stale") {
		t.Errorf("a label was changed in between: exit %d, %s", r.code, r.errors)
	}
	l.must(t, "label", "apply", "--in", "infrastructure", "--plan-file", file)
	l.server.MustDo("mara", "POST", "/projects/acme%2Finfrastructure/labels", `{"name":"labels of a saved plan","color":"#123456"}`)
	l.must(t, "apply", file, "--yes")
	after := l.picture()
	l.must(t, "apply", file, "--yes")
	if diff := cmp.Diff(after, l.picture()); diff != "" {
		t.Error(diff)
	}
}

func TestLabelRoles(t *testing.T) {
	t.Parallel()
	for user, code := range map[string]int{"mara": 0, "dev": 0, "rep": 0, "plan": 0, "guest": 4, "stranger": 1} {
		t.Run(user, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			l.user = user
			before := l.picture()
			r := l.run("label", "apply", "--yes")
			if r.code != code {
				t.Errorf("exit %d, want %d: %s", r.code, code, r.errors)
			}
			if diff := cmp.Diff(before, l.picture()); code != 0 && diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLabelUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"label", "apply", "--force"}, {"label", "apply", "--in", "nowhere"}, {"label", "list", "--in", "group"}, {"label", "plan", "extra"}, {"label", "aply"},
	} {
		l := newLab(t, setup{})
		if r := l.run(args...); r.code != 6 || len(l.requests()) > 0 || !strings.Contains(r.errors, "hint") {
			t.Errorf("%q: exit %d, %q, %s", args, r.code, l.requests(), r.errors)
		}
	}
}
