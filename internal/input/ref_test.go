package input

import (
	"testing"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

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

func TestIssueRef(t *testing.T) {
	t.Parallel()
	cfg := acme(target.Project, "")
	for typed, want := range map[string]issue.Ref{
		"42": {Project: "acme/infra", IID: 42}, "#42": {Project: "acme/infra", IID: 42}, "production#7": {Project: "acme/prod", IID: 7},
		"db#7": {Project: "acme/db", IID: 7}, "database#7": {Project: "acme/db", IID: 7}, "other/place#1": {Project: "other/place", IID: 1},
		"https://gitlab.example.com/acme/prod/-/issues/9": {Project: "acme/prod", IID: 9}, "nobody#1": {}, "ready": {}, "": {},
	} {
		got, err := InfrastructureRef(cfg, typed)
		if got != want || (err == nil) != (want.IID != 0) || err != nil && fault.KindOf(err) != fault.Usage {
			t.Errorf("%q is %v, %v; want %v", typed, got, err, want)
		}
	}
	if _, err := InfrastructureRef(config.Config{}, "42"); fault.KindOf(err) != fault.Usage {
		t.Errorf("a number without an infrastructure tracker: %v", err)
	}
}
