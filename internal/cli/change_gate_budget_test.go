package cli_test

import (
	"slices"
	"strings"
	"testing"
)

// A spent budget holds back C1 and C2 of its service, and nothing else.
func TestGateWaitsForTheBudget(t *testing.T) {
	t.Parallel()
	spent := incidentOf(10, "Long", recorded("started_at: 2018-08-10T10:00:00Z", "mitigated_at: 2018-08-10T11:00:00Z", "services: [db]"), "Incident::Resolved")
	unknown := incidentOf(14, "Nothing", recorded("services: [web]"), "Incident::Resolved")
	for name, c := range map[string]struct {
		config, args string
		code         int
		text, note   string
	}{
		"spent":             {"", "--criticality C2 --service db --budget", 5, "budget of db is spent: 60 of 20.16 min since 2018-07-28 00:00 UTC", ""},
		"without the flag":  {"", "--criticality C2 --service db", 0, "", ""},
		"low risk":          {"", "--criticality C3 --service db --budget", 0, "", ""},
		"another service":   {"", "--criticality C1 --service git --budget", 0, "", ""},
		"all services":      {"", "--budget", 5, "budget of production is spent", ""},
		"unknown, listed":   {"", "--criticality C2 --service web --budget", 0, "", "Not counted in the error budget, duration unknown: acme/production#2"},
		"unknown, blocking": {"budget: {unknown: block}\n", "--criticality C2 --service web --budget", 5, "duration unknown: add start and end to its record", ""},
	} {
		l := newLab(t, setup{config: c.config, seed: queueOf(spent, unknown)})
		r := l.run(append([]string{"change", "gate", "-o", "json"}, strings.Fields(c.args)...)...)
		doc := r.gate(t)
		if r.code != c.code || c.note != "" && !strings.Contains(r.out, c.note) {
			t.Errorf("%s: exit %d\n%s%s", name, r.code, r.out, r.errors)
		}
		for _, reason := range doc.Reasons {
			if reason.Kind != "budget" {
				t.Errorf("%s: %+v", name, reason)
			}
		}
		if c.text != "" && !strings.Contains(r.out, c.text) {
			t.Errorf("%s: no %q in\n%s", name, c.text, r.out)
		}
	}
}

// Whoever starts a change with an override has also overridden its budget, until the plan is edited.
func TestGateBudgetOfAnOverriddenChange(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{seed: queueOf(incidentOf(10, "Long", recorded("started_at: 2018-08-10T10:00:00Z", "mitigated_at: 2018-08-10T11:00:00Z", "services: [db]"), "Incident::Resolved"))})
	l.runAll(t, scheduledAt("C2", "16:00"))
	l.must(t, "change", "approve", "2")
	kinds := func() []string {
		t.Helper()
		return l.run("change", "gate", "--change", "2", "--budget", "-o", "json").gate(t).kinds()
	}
	if got := kinds(); !slices.Equal(got, []string{"budget"}) {
		t.Errorf("before: %q", got)
	}
	if fix := l.run("change", "gate", "--change", "2", "--budget").out; !strings.Contains(fix, `prodctl change start acme/production#2 --override "reason"`) {
		t.Errorf("no way to override:\n%s", fix)
	}
	l.as("dev").must(t, "change", "start", "2", "--override", "we need the fix")
	if got := kinds(); len(got) != 0 {
		t.Errorf("overridden: %q", got)
	}
	text, _ := l.queueIssue(t, 2)
	l.web("plan", "PUT", "/issues/2", `{"description": %q}`, strings.Replace(text.Description, "move it back", "hope", 1))
	if got := kinds(); !slices.Contains(got, "budget") {
		t.Errorf("edited: %q", got)
	}
}

// What cannot be read closes the gate.
func TestGateBudgetFailsClosed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault          string
		code, failOpen int
	}{
		"the lists fail":        {"GET /projects/*/issues status=502", 7, 0},
		"the lists are secret":  {"GET /projects/*/issues status=403", 4, 4},
		"the events fail":       {"GET /projects/*/issues/*/resource_label_events status=502", 7, 0},
		"the events are secret": {"GET /projects/*/issues/*/resource_label_events status=403", 7, 7},
		"no events":             {"GET /projects/*/issues/*/resource_label_events status=404", 7, 7},
	} {
		l := newLab(t, setup{seed: queueOf(incidentOf(14, "No end", recorded("started_at: 2018-08-14T10:00:00Z", "services: [db]"), "Incident::Resolved"))})
		l.faulty(t, c.fault)
		for args, code := range map[string]int{"": c.code, " --fail-open": c.failOpen} {
			r := l.run(strings.Fields("change gate --criticality C2 --service db --budget -o json" + args)...)
			if r.code != code || r.gate(t).Open != (code == 0) {
				t.Errorf("%s%s: exit %d\n%s%s", name, args, r.code, r.out, r.errors)
			}
		}
	}
}
