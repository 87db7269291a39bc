package config_test

import (
	"slices"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/config"
)

// Issues are ordered by the labels that the team declares a priority for, under its own names, or by the handbook's.
func TestPriorities(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ labels, first, second string }{
		"handbook":      {"{}", "(perceived) data loss", "AP1"},
		"own names":     {"{names: {(perceived) data loss: lost data, AP1: P1}}", "lost data", "P1"},
		"own priority":  {"{declare: [{name: fire, priority: 0}], builtin: false}", "fire", "AP1"},
		"no priorities": {"{builtin: false}", "(perceived) data loss", "AP1"},
	} {
		cfg, err := config.Load(machine{dir: "/w", files: map[string]string{"/w/.prodctl.yaml": "version: 1\nlabels: " + c.labels + "\n"}}.sources())
		if err != nil {
			t.Fatal(err)
		}
		got := cfg.Priorities()
		if got.Labels[0] != c.first || got.Availability[0] != c.second || !slices.Contains(got.Availability, "AP3") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
