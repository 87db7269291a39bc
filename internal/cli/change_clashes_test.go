package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The example is a complete plan that every team can open, with a start in the future.
func TestExampleOfAChangeIsComplete(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: "timezone: Asia/Kolkata\ntimes: team\n"})
	r := l.must(t, "change", "open", "--example")
	if !strings.Contains(r.out, "start: 2018-08-25 10:00  # Asia/Kolkata;") || len(l.requests()) != 0 {
		t.Errorf("%s\nrequests %q", r.out, l.requests())
	}
	file := filepath.Join(t.TempDir(), "change.yaml")
	if err := os.WriteFile(file, []byte(r.out), 0o600); err != nil {
		t.Fatal(err)
	}
	r = l.must(t, "change", "open", "-f", file)
	if !strings.Contains(r.out, "Upgrade PostgreSQL") || strings.Contains(r.errors, "clashes") {
		t.Errorf("%s%s", r.out, r.errors)
	}
	l.dir = t.TempDir() // without a configuration
	if r := l.run("change", "open", "--example"); r.code != 0 || !strings.Contains(r.out, "start: 2018-08-25 10:00  # UTC;") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
}

func TestChangeOpenInEditor(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	texts := []string{"title: Upgrade\ncriticality: C9\n", "title: Upgrade\ncriticality: C3\nsteps: [Do it]\n"}
	next := func(file string) error {
		text := texts[0]
		texts = texts[1:]
		return os.WriteFile(file, []byte(text), 0o600)
	}
	r := l.answers(next, []string{"y", "y"}, "change", "open", "--edit", "--service", "web")
	if r.code != 0 || !strings.Contains(r.errors, `invalid criticality "C9"`) || !strings.Contains(r.errors, "Edit it again?") || !strings.Contains(r.out, "Upgrade\n") {
		t.Fatalf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
	if r := l.answers(func(string) error { return nil }, []string{"y"}, "change", "open", "--edit"); r.code != 5 || !strings.Contains(r.errors, "unchanged") {
		t.Errorf("unchanged: exit %d\n%s", r.code, r.errors)
	}
	// A plan that was not opened is kept, and the command to retry names it.
	texts = []string{"title: Other\ncriticality: C4\n"}
	l.wire = deadWire{}
	r = l.answers(next, []string{"y"}, "change", "open", "--edit", "--quiet=false")
	_, file, ok := strings.Cut(r.errors, "Your plan is saved in ")
	file, _, _ = strings.Cut(file, "\n")
	data, err := os.ReadFile(file)
	if r.code != 7 || !ok || err != nil || string(data) != "title: Other\ncriticality: C4\n" || !strings.Contains(r.errors, "change open --quiet=false -f "+file+" --key ") &&
		!strings.Contains(r.errors, "change open --quiet=false -f "+file) {
		t.Errorf("exit %d, %v\n%s", r.code, err, r.errors)
	}
	_ = os.Remove(file)
	if r := l.run("change", "open", "--edit"); r.code != 6 || !strings.Contains(r.errors, "--edit needs a terminal") {
		t.Errorf("without a terminal: exit %d\n%s", r.code, r.errors)
	}
}

// A change is opened in spite of a clash, and the warning names what it clashes with, once. Looking takes two requests, for C1 and C2 only.
func TestChangeOpenWarnsOfClashes(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: "locks:\n  - {name: release, kind: soft, from: 2018-08-30 00:00, to: 2018-08-31 00:00}\n"})
	open := func(title, criticality, start, service string, more ...string) ran {
		args := append([]string{"change", "open", title, "--criticality", criticality, "--start", start, "--duration", "30m", "--rollback", "Back", "--service", service}, more...)
		return l.must(t, args...)
	}
	const lock = `The window clashes with lock "release" (2018-08-30 00:00 UTC to 2018-08-31 00:00 UTC)`
	if r := open("First", "C2", "2018-08-30 10:00", "web"); strings.Count(r.errors, lock) != 1 || strings.Contains(r.errors, "production#") {
		t.Errorf("a lock:\n%s", r.errors)
	}
	if r := open("First", "C2", "2018-08-30 10:00", "web"); strings.Contains(r.errors, "production#1, a") {
		t.Errorf("a change clashes with itself:\n%s", r.errors)
	}
	const other = "The window clashes with acme/production#1, a C2 change (2018-08-30 10:00 UTC to 2018-08-30 11:00 UTC)"
	if r := open("Second", "C1", "2018-08-30 10:30", "web", "--dry-run"); !strings.Contains(r.out+r.errors, other) {
		t.Errorf("a change:\n%s%s", r.out, r.errors)
	}
	if r := open("Second", "C1", "2018-08-30 10:30", "web"); strings.Count(r.errors, other) != 1 {
		t.Errorf("a change:\n%s", r.errors)
	}
	before := len(l.requests())
	if r := open("Third", "C3", "2018-08-30 10:30", "web"); strings.Contains(r.errors, "clashes") {
		t.Errorf("C3:\n%s", r.errors)
	}
	routine := len(l.requests()) - before
	before = len(l.requests())
	if r := open("Elsewhere", "C2", "2018-09-03 10:30", "api"); strings.Contains(r.errors, "clashes") {
		t.Errorf("another service on another day:\n%s", r.errors)
	}
	if grave := len(l.requests()) - before; grave != routine+2 {
		t.Errorf("%d requests for C2, %d for C3", grave, routine)
	}
}
