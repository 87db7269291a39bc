package label

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

func TestLabelOptions(t *testing.T) {
	t.Parallel()
	var got any
	env := &app.App{}
	apply := newApplyCmd(env, func(_ context.Context, _ *app.App, o flow.Inputs) error { got = o; return nil })
	plan := newPlanCmd(env, func(_ context.Context, _ *app.App, o planOptions) error { got = o; return nil })
	list := newListCmd(env, func(_ context.Context, _ *app.App, o listOptions) error { got = o; return nil })
	tests := []struct {
		cmd  *cobra.Command
		line string
		want any // nil: refused
	}{
		{apply, "", flow.Inputs{}},
		{apply, "--in infrastructure,production --prune --force", flow.Inputs{In: []string{"infrastructure", "production"}, Prune: true, Force: true}},
		{apply, "oncall", nil},
		{plan, "--exit-code --in all", planOptions{Inputs: flow.Inputs{In: []string{"all"}}, ExitCode: true}},
		{list, "--counts", listOptions{Counts: true}},
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
