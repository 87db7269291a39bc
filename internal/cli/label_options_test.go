package cli

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

func TestLabelAndBoardOptions(t *testing.T) {
	t.Parallel()
	var got any
	env := &Env{}
	apply := newLabelApplyCmd(env, func(_ context.Context, _ *Env, o workflow.LabelInputs) error { got = o; return nil })
	plan := newLabelPlanCmd(env, func(_ context.Context, _ *Env, o labelPlanOptions) error { got = o; return nil })
	list := newLabelListCmd(env, func(_ context.Context, _ *Env, o labelListOptions) error { got = o; return nil })
	show := newBoardShowCmd(env, func(_ context.Context, _ *Env, o boardShowOptions) error { got = o; return nil })
	move := newBoardMoveCmd(env, func(_ context.Context, _ *Env, o boardMoveOptions) error { got = o; return nil })
	tests := []struct {
		cmd  *cobra.Command
		line string
		want any // nil: refused
	}{
		{apply, "", workflow.LabelInputs{}},
		{apply, "--in infrastructure,production --prune --force", workflow.LabelInputs{In: []string{"infrastructure", "production"}, Prune: true, Force: true}},
		{apply, "oncall", nil},
		{plan, "--exit-code --in all", labelPlanOptions{LabelInputs: workflow.LabelInputs{In: []string{"all"}}, ExitCode: true}},
		{list, "--counts", labelListOptions{Counts: true}},
		{show, "", boardShowOptions{Ages: "active"}},
		{show, "--milestone next --ages none", boardShowOptions{Milestone: "next", Ages: "none"}},
		{move, "42 ready --force", boardMoveOptions{Issue: "42", Column: "ready", Force: true}},
		{move, "42", nil},
	}
	for _, tt := range tests {
		got = nil
		tt.cmd.SilenceErrors, tt.cmd.SilenceUsage = true, true
		tt.cmd.SetArgs(strings.Fields(tt.line))
		err := tt.cmd.Execute()
		if diff := cmp.Diff(tt.want, got); diff != "" || (err == nil) != (tt.want != nil) {
			t.Errorf("%s %s: %v %s", tt.cmd.Name(), tt.line, err, diff)
		}
	}
}

func acme(scope target.Kind, group string) config.Config {
	return config.Config{
		File: "/x/.prodctl.yaml",
		Manifest: config.Manifest{
			Trackers: []config.Tracker{
				{Name: "infrastructure", Project: target.ProjectAt("acme/infra")},
				{Name: "production", Project: target.ProjectAt("acme/prod")},
				{Name: "database", Project: target.ProjectAt("acme/db")},
			},
			Milestones: config.Milestones{Scope: scope, Group: group},
		},
	}
}

func TestLabelPlaces(t *testing.T) {
	t.Parallel()
	onProject, onGroup := acme(target.Project, ""), acme(target.Group, "acme")
	tests := []struct {
		name string
		cfg  config.Config
		in   []string
		want string
	}{
		{"by default", onProject, nil, "project acme/infra, project acme/prod"},
		{"by default with milestones on a group", onGroup, nil, "group acme"},
		{"one", onProject, []string{"database"}, "project acme/db"},
		{"all", onGroup, []string{"all"}, "project acme/infra, project acme/prod, project acme/db"},
		{"each once", onProject, []string{"production", "all", "production"}, "project acme/prod, project acme/infra, project acme/db"},
		{"the group", onGroup, []string{"group"}, "group acme"},
		{"the group twice", onGroup, []string{"group", "group"}, "group acme"},
		{"the group and a project", onGroup, []string{"group", "infrastructure"}, ""},
		{"no group", onProject, []string{"group"}, ""},
		{"unknown", onProject, []string{"infra"}, ""},
		{"no file", config.Config{}, nil, ""},
		{"no file, all", config.Config{}, []string{"all"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			places, err := labelPlaces(tt.cfg, tt.in)
			var got []string
			for _, p := range places {
				got = append(got, p.String())
			}
			if strings.Join(got, ", ") != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if tt.want == "" && (fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "") {
				t.Errorf("got %v with hint %q", err, fault.HintOf(err))
			}
		})
	}
}

func TestIssueRef(t *testing.T) {
	t.Parallel()
	cfg := acme(target.Project, "")
	for typed, want := range map[string]issue.Ref{
		"42": {Project: "acme/infra", IID: 42}, "#42": {Project: "acme/infra", IID: 42}, "production#7": {Project: "acme/prod", IID: 7},
		"db#7": {Project: "acme/db", IID: 7}, "database#7": {Project: "acme/db", IID: 7}, "other/place#1": {Project: "other/place", IID: 1},
		"https://gitlab.example.com/acme/prod/-/issues/9": {Project: "acme/prod", IID: 9}, "nobody#1": {}, "ready": {}, "": {},
	} {
		got, err := issueRef(cfg, typed)
		if got != want || (err == nil) != (want.IID != 0) || err != nil && fault.KindOf(err) != fault.Usage {
			t.Errorf("%q is %v, %v; want %v", typed, got, err, want)
		}
	}
	if _, err := issueRef(config.Config{}, "42"); fault.KindOf(err) != fault.Usage {
		t.Errorf("a number without an infrastructure tracker: %v", err)
	}
}
