package cli_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// An incident that alerts open or resolve has the hooks of both, once. Alerts that are added and repeats have none.
func TestHooksOfAlerts(t *testing.T) {
	t.Parallel()
	const group = "Errors_5xx > 5 % & <b>"
	for _, kind := range []string{"issue", "incident"} {
		for _, saved := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, saved: %t", kind, saved), func(t *testing.T) {
				t.Parallel()
				l, w := hooked(t, setup{seed: botSeed,
					config: everyHook + "incidents:\n  close_on_resolved: true\n  type: " + kind + "\nalerts:\n  severity: {map: {critical: S3}}\n"})
				l.user = "project_2_bot_1a2b3c4d"
				plans := 0
				deliver := func(text string) {
					t.Helper()
					if !saved {
						l.delivers(t, text)
						return
					}
					plans++
					file := filepath.Join(t.TempDir(), fmt.Sprint(plans))
					l.delivers(t, text, "--plan-file", file)
					l.must(t, "apply", file, "--yes")
				}
				check := func(want string) {
					t.Helper()
					if got := fmt.Sprint(w.events(t, 0)); got != want {
						t.Fatalf("%s, want %s", got, want)
					}
				}
				deliver(notification(group, at("15:50", "a")))
				check("[incident.open]")
				deliver(notification(group, at("15:50", "a"), at("15:51", "b")))
				check("[incident.open]")
				over := notification(group, at("15:50", "a").until("15:58"), at("15:51", "b").until("15:59"))
				deliver(over)
				l.delivers(t, over)
				check("[incident.open incident.resolve]")
				for n, want := range []jsonv1.Hook{
					{State: "active", Text: group + " is failing"},
					{State: "resolved", Text: "All alerts are resolved"},
				} {
					var doc jsonv1.Hook
					if err := json.Unmarshal([]byte(w.bodies[n]), &doc); err != nil {
						t.Fatal(err)
					}
					if doc.State != want.State || doc.Text != want.Text || doc.Ref != "acme/production#1" || doc.Severity != "S3" || doc.Key == "" ||
						fmt.Sprint(doc.Services) != "[registry]" || doc.Title != "2018-08-24: "+group+" is failing" {
						t.Errorf("%s", w.bodies[n])
					}
				}
			})
		}
	}
}

// No hook learns of a confidential incident of alerts, nor runs when a person's change keeps the incident from being resolved.
func TestHooksOfAlertsThatAreWithheld(t *testing.T) {
	t.Parallel()
	firing, over := notification("Down", at("15:50", "a")), notification("Down", at("15:50", "a").until("15:58"))
	const wanted = everyHook + "incidents:\n  close_on_resolved: true\n"
	l, w := hooked(t, setup{seed: botSeed, config: wanted})
	l.user = "project_2_bot_1a2b3c4d"
	l.delivers(t, firing, "--confidential")
	l.delivers(t, over)
	if got := w.events(t, 0); len(got) > 0 {
		t.Errorf("confidential: %s", got)
	}
	l, w = hooked(t, setup{seed: botSeed, config: wanted})
	l.user = "project_2_bot_1a2b3c4d"
	l.delivers(t, firing)
	l.comments("dev", "Looking")
	l.delivers(t, over)
	if got := fmt.Sprint(w.events(t, 0)); got != "[incident.open]" {
		t.Error(got)
	}
}
