package cli_test

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// answers runs prodctl on a terminal where somebody enters these lines, with an editor.
func (l *lab) answers(edit func(file string) error, lines []string, args ...string) ran {
	var out, errs bytes.Buffer
	env := map[string]string{"GITLAB_TOKEN": "sandbox-" + l.user, "HOME": l.dir, "PRODCTL_CONFIG": filepath.Join(l.dir, ".prodctl.yaml")}
	maps.Copy(env, l.env)
	input := strings.Join(lines, "\n") + "\n"
	if lines == nil {
		input = ""
	}
	code := cli.Main(context.Background(), args, app.Machine{
		Terminal: func(bool) *term.Streams {
			return term.New(strings.NewReader(input), &out, &errs, term.Modes{InTTY: true, OutTTY: true, ErrTTY: true, Width: 100})
		},
		Getenv: func(name string) string { return env[name] }, Dir: l.dir, Now: l.machineTime, Sleep: l.sleep, Jitter: func() float64 { return 0 },
		Transport: l.wire, Browse: func(string) error { return nil }, Edit: edit, ReadFile: readShared,
	})
	return ran{code, out.String(), errs.String()}
}

func withServices(t *testing.T) *lab {
	t.Helper()
	return newLab(t, setup{carried: 1, config: "incidents:\n  services: [web, api, registry]\n"})
}

// printed is the command line that a dialog printed.
func printed(t *testing.T, r ran) string {
	t.Helper()
	_, line, ok := strings.Cut(r.errors, "The same without questions:")
	line, _, _ = strings.Cut(strings.TrimSpace(line), "\n")
	if !ok {
		t.Fatalf("exit %d, no command line in\n%s", r.code, r.errors)
	}
	return line
}

func TestIncidentOpenAsksOneQuestionAfterAnother(t *testing.T) {
	t.Parallel()
	l := withServices(t)
	edit := func(file string) error {
		return os.WriteFile(file, []byte("Pods restart.\n\nSince the deploy.\n"), 0o600)
	}
	r := l.answers(edit, []string{"", "Registry returns 500s", "S9", "2", "rgistry", "3,web", "99:99", "10m", "e", "y"}, "incident", "open")
	if r.code != 0 {
		t.Fatalf("exit %d\n%s", r.code, r.errors)
	}
	at := 0
	for _, want := range []string{"Nothing is sent before you confirm", "Title: ", "an answer is required", "S1  outage or data loss", "Severity (default: unknown): ",
		`invalid severity "S9"`, "  1  web", "  3  registry", "did you mean registry?", "Started, such as 10m", "99:99", "Started 15:50 UTC, 10m ago",
		"Summary (optional; e opens an editor): ", "The same without questions:", "create issue", "Since the deploy.", "Apply this plan? [y/N]"} {
		next := strings.Index(r.errors[at:], want)
		if next < 0 {
			t.Fatalf("%q is missing, or not in order, in\n%s", want, r.errors)
		}
		at += next
	}
	want := "prodctl incident open 'Registry returns 500s' -s S2 --service registry,web --started 2018-08-24T15:50:00Z " +
		`-m $'Pods restart.\n\nSince the deploy.'`
	if line := printed(t, r); line != want {
		t.Errorf("printed %s, want %s", line, want)
	}
	if !strings.Contains(r.out, "Opened acme/production#1: 2018-08-24: Registry returns 500s") {
		t.Error(r.out)
	}
	// The command line finds what the questions opened.
	again := l.must(t, "incident", "open", "Registry returns 500s", "-s", "S2", "--service", "registry,web", "--started", "2018-08-24T15:50:00Z")
	if !strings.Contains(again.out, "production/-/issues/1\n") {
		t.Error(again.out, again.errors)
	}
}

// Whoever gives the argument is asked nothing, and neither is a pipeline or a program.
func TestQuestionsAreForPeopleOnly(t *testing.T) {
	t.Parallel()
	l := withServices(t)
	l.env = map[string]string{"CI": "true"}
	if r := l.answers(nil, nil, "incident", "open"); r.code != 6 || !strings.Contains(r.errors, "missing argument <title>") {
		t.Errorf("in a pipeline: exit %d\n%s", r.code, r.errors)
	}
	l.env = nil
	for _, args := range [][]string{{"incident", "open"}, {"issue", "request"}, {"handoff", "mark"}, {"change", "open"}} {
		if r := l.run(args...); r.code != 6 || strings.Contains(r.errors, "Enter skips") || !strings.Contains(r.errors, "required") && !strings.Contains(r.errors, "missing argument <") {
			t.Errorf("%v without a terminal: exit %d\n%s", args, r.code, r.errors)
		}
	}
	if r := l.answers(nil, nil, "incident", "open", "Registry", "is", "down"); r.code != 0 || strings.Contains(r.errors, "Severity (") || strings.Contains(r.errors, "[y/N]") {
		t.Errorf("with words: exit %d\n%s", r.code, r.errors)
	}
	if r := l.answers(nil, nil, "change", "open", "-f", "none.yaml"); r.code != 6 || strings.Contains(r.errors, "Title:") {
		t.Errorf("with a file: exit %d\n%s", r.code, r.errors)
	}
}

// Whatever ends a dialog before the confirmation, nothing is sent.
func TestQuestionsSendNothingWithoutConfirmation(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines []string
		code  int
		says  string
	}{
		"end of input at once":             {nil, 130, "interrupted: nothing was sent"},
		"end of input after two":           {[]string{"Down", "S1"}, 130, "interrupted: nothing was sent"},
		"no":                               {[]string{"Down", "", "", "", "", "n"}, 5, "nothing was changed"},
		"end of input at the confirmation": {[]string{"Down", "", "", "", ""}, 5, "no answer: end of input"},
	} {
		l := withServices(t)
		r := l.answers(nil, c.lines, "incident", "open")
		if r.code != c.code || !strings.Contains(r.errors, c.says) || len(l.writes()) != 0 {
			t.Errorf("%s: exit %d, writes %q\n%s", name, r.code, l.writes(), r.errors)
		}
	}
}

func TestChangeOpenAsksForTheEssentials(t *testing.T) {
	t.Parallel()
	l := withServices(t)
	r := l.answers(nil, []string{"Restart the database", "C2", "", "2018-08-01 10:00", "2018-08-30 10:00", "soon", "20m", "", "Fail back", "y"}, "change", "open", "--service", "api")
	if r.code != 0 {
		t.Fatalf("exit %d\n%s", r.code, r.errors)
	}
	want := "prodctl change open --service api 'Restart the database' --criticality C2 --start 2018-08-30T10:00:00Z --duration 20m --rollback 'Fail back'"
	if line := printed(t, r); line != want {
		t.Errorf("printed %s, want %s", line, want)
	}
	for _, want := range []string{"C1  downtime or high risk", "2018-08-01 10:00 UTC is in the past", "Starts 2018-08-30 10:00 UTC, in 5d 18h", `invalid duration "soon"`} {
		if !strings.Contains(r.errors, want) {
			t.Errorf("%q is missing in\n%s", want, r.errors)
		}
	}
	// A routine change needs neither a window nor a rollback plan.
	if r := l.answers(nil, []string{"Routine", "C4", "", "", "y"}, "change", "open"); r.code != 0 || strings.Contains(r.errors, "duration") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
}

func TestRequestAndMarkAsk(t *testing.T) {
	t.Parallel()
	l := withServices(t)
	r := l.answers(nil, []string{"-x for search", "Logs", "search", "2018-01-01", "2018-09-01", "perhaps", "y", "y"}, "issue", "request")
	want := "prodctl issue request --why Logs --team search --due 2018-09-01 --urgent -- '-x for search'"
	if r.code != 0 || printed(t, r) != want || !strings.Contains(r.errors, "2018-01-01 is in the past") || !strings.Contains(r.errors, "use y or n") {
		t.Errorf("exit %d, %s\n%s", r.code, printed(t, r), r.errors)
	}
	r = l.answers(nil, []string{"x#", "1", "Half of it", "", "The rest", "", "y"}, "handoff", "mark")
	want = "prodctl handoff mark 1 --left-off 'Half of it' --next 'The rest'"
	if r.code != 0 || printed(t, r) != want || !strings.Contains(r.errors, "  1  Issue 1") {
		t.Errorf("exit %d, %s\n%s", r.code, printed(t, r), r.errors)
	}
	if r := l.must(t, "handoff", "mark", "1", "--left-off", "Half of it", "--next", "The rest"); !strings.HasPrefix(r.out, "Already marked") {
		t.Errorf("the same note was added twice: %s", r.out)
	}
}

// With --yes the questions are asked and the plan is not; a dry run asks for no confirmation either.
func TestQuestionsWithYesAndDryRun(t *testing.T) {
	t.Parallel()
	l := withServices(t)
	if r := l.answers(nil, []string{"Down", "", "", "", ""}, "incident", "open", "--dry-run"); r.code != 0 || len(l.writes()) != 0 || strings.Contains(r.errors, "[y/N]") {
		t.Errorf("--dry-run: exit %d\n%s", r.code, r.errors)
	}
	if r := l.answers(nil, []string{"Down", "", "", ""}, "incident", "open", "--yes", "-s", "S1"); r.code != 0 || strings.Contains(r.errors, "[y/N]") || strings.Contains(r.errors, "Severity (") {
		t.Errorf("--yes: exit %d\n%s", r.code, r.errors)
	}
}

// If GitLab is down, the draft has the command line with the answers.
func TestAnswersAreNotLostInAnOutage(t *testing.T) {
	t.Parallel()
	l := withServices(t)
	l.dir = configDir(t, "version: 1\nhost: https://gitlab.example.test\ntrackers: {production: acme/production}\nincidents:\n  services: [ask]\n")
	l.wire = deadWire{}
	r := l.answers(nil, []string{"Down", "S1", "1", "", "It is down", "y"}, "incident", "open")
	if r.code != 7 || !strings.Contains(r.errors, "Draft saved to") || !strings.Contains(r.errors, "incident open Down -s S1 --service ask -m 'It is down' --key ") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
}

func TestNothingIsAskedBeforeAnErrorThatIsKnown(t *testing.T) {
	t.Parallel()
	bare := filepath.Join(t.TempDir(), "bare.yaml")
	if err := os.WriteFile(bare, []byte("version: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		env  map[string]string
		want string
	}{
		"no token":                 {map[string]string{"GITLAB_TOKEN": ""}, "no token"},
		"a file without a tracker": {map[string]string{"PRODCTL_CONFIG": bare}, "tracker"},
	} {
		for _, verb := range [][]string{{"incident", "open"}, {"change", "open"}, {"issue", "request"}, {"handoff", "mark"}} {
			l := newLab(t, setup{carried: 1})
			l.env = c.env
			r := l.answers(nil, []string{"one", "two", "three", "four", "five", "y"}, verb...)
			if r.code == 0 || strings.Contains(r.errors, "Enter skips") || !strings.Contains(r.errors, c.want) {
				t.Errorf("%s, %v: exit %d\n%s", name, verb, r.code, r.errors)
			}
		}
	}
}
