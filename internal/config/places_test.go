package config

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

func acme(scope target.Kind, group string) Config {
	return Config{
		File: "/x/.prodctl.yaml",
		Manifest: Manifest{
			Trackers: []Tracker{
				{Name: "infrastructure", Project: target.ProjectAt("acme/infra")},
				{Name: "production", Project: target.ProjectAt("acme/prod")},
				{Name: "database", Project: target.ProjectAt("acme/db")},
			},
			Milestones: Milestones{Scope: scope, Group: group},
		},
	}
}

func TestPlacesOf(t *testing.T) {
	t.Parallel()
	onProject, onGroup := acme(target.Project, ""), acme(target.Group, "acme")
	tests := []struct {
		name string
		cfg  Config
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
		{"no file", Config{}, nil, ""},
		{"no file, all", Config{}, []string{"all"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			places, err := tt.cfg.PlacesOf(tt.in)
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
