package cli_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
)

// withoutWords is a queue with three incidents of a release that wrote keys without the id word, one of which people have written below the
// key, and an issue without a key.
func withoutWords() setup {
	return setup{seed: func(s *fakegitlab.Seed) {
		queue := &s.Projects[1]
		for n, text := range []string{"First words.\n\n<!-- prodctl:key=incident/pager-1 -->", "<!-- prodctl:key=incident/pager-2 -->\n\nWritten below, about prodctl.",
			"Closed.\n\n<!-- prodctl:key=incident/pager-3 -->"} {
			queue.Issues = append(queue.Issues, fakegitlab.SeedIssue{Title: fmt.Sprintf("2018-07-0%d: Pager", n+1), Description: text, Author: "dev",
				Labels: []string{"incident"}, Closed: n == 2})
		}
		queue.Issues = append(queue.Issues, fakegitlab.SeedIssue{Title: "By hand", Description: "We use prodctl.", Author: "dev"})
	}}
}

// TestDoctorFixKeys: doctor names the issues whose key a search does not find, with one request; --fix keys appends the hidden line and nothing else,
// after which the key finds the issue again.
func TestDoctorFixKeys(t *testing.T) {
	t.Parallel()
	l := newLab(t, withoutWords())
	r := l.must(t, "doctor", "--jq", `.checks[] | select(.id == "keys") | .status + " " + .message + " " + .fix`)
	if want := "warn 3 issues lack the hidden word by which a retry finds a key: acme/production#1, acme/production#2, acme/production#3 prodctl doctor --fix keys"; !strings.Contains(r.out, want) {
		t.Errorf("doctor: %s", r.out)
	}
	searches := 0
	for _, line := range l.requests() {
		searches += strings.Count(line, "production/issues") + strings.Count(line, "production%2Fissues")
	}
	if reads, writes := l.count(); searches > 1 || writes != 0 && writes != 1 {
		t.Errorf("%d searches, %d reads, %d writes\n%s", searches, reads, writes, strings.Join(l.requests(), "\n"))
	}
	if r := l.run("doctor", "--fix", "keys"); r.code != 5 || !strings.Contains(r.errors, "--yes") {
		t.Errorf("without a terminal and --yes: exit %d\n%s", r.code, r.errors)
	}
	before := map[int]string{}
	for n := 1; n <= 4; n++ {
		before[n] = l.incident(t, n).Description
	}
	if r := l.must(t, "doctor", "--fix", "keys", "--dry-run"); !strings.Contains(r.out, "pager") && !strings.Contains(r.out, "Pager") {
		t.Errorf("--dry-run: %s", r.out)
	}
	l.must(t, "doctor", "--fix", "keys", "--yes")
	for n, old := range before {
		now := l.incident(t, n).Description
		key, keyed := idempotency.Read(old)
		added, begins := strings.CutPrefix(now, old)
		if want := "<!-- prodctl:id=" + key.Word() + " -->"; !begins || keyed && strings.TrimSpace(added) != want || !keyed && added != "" {
			t.Errorf("#%d: %q became %q", n, old, now)
		}
	}
	if r := l.must(t, "incident", "open", "Pager", "--key", "pager-2", "-q"); !strings.Contains(r.out, "/issues/2") {
		t.Errorf("the key finds nothing: %s", r.out)
	}
	l.server.ResetRequests()
	r = l.must(t, "doctor", "--fix", "keys", "--yes")
	if reads, writes := l.count(); reads != 1 || writes != 0 {
		t.Errorf("again: %d reads, %d writes: %s", reads, writes, r.errors)
	}
	if r := l.must(t, "doctor", "--jq", `.checks[] | select(.id == "keys") | .status`); !strings.Contains(r.out, "ok") {
		t.Errorf("doctor after the fix: %s", r.out)
	}
}

// unlabeled is a team without labels and board whose roll is due, and with keys of older releases.
func unlabeled() setup {
	return setup{carried: 2, seed: func(s *fakegitlab.Seed) {
		withoutWords().seed(s)
		s.Projects[0].Labels, s.Projects[0].Boards = nil, nil
	}}
}

// outcomes are the lines about fixes, without what else is on standard error.
func outcomes(r ran) (lines []string) {
	for line := range strings.SplitSeq(r.errors, "\n") {
		if !strings.Contains(line, "prodctl: ") {
			continue
		}
		for _, word := range []string{": done: ", ": failed: ", ": not started: ", ": skipped ("} {
			if strings.Contains(line, word) {
				lines = append(lines, line[strings.LastIndex(line, "prodctl: ")+len("prodctl: "):])
			}
		}
	}
	return lines
}

func findings(t *testing.T, l *lab) string {
	t.Helper()
	return l.must(t, "doctor", "--jq", `[.checks[] | select(.status != "ok") | .id] | join(" ")`).out
}

// TestDoctorFixRunsEachCommand: every command that doctor names runs, in the order of the checks, and nothing is left to fix.
func TestDoctorFixRunsEachCommand(t *testing.T) {
	t.Parallel()
	l := newLab(t, unlabeled())
	all := []string{"labels: %s: prodctl label apply", "roll: %s: prodctl milestone roll", "board: %s: prodctl board init", "keys: %s: prodctl doctor --fix keys"}
	as := func(outcomes ...string) (lines []string) {
		for n, line := range all {
			lines = append(lines, fmt.Sprintf(line, outcomes[min(n, len(outcomes)-1)]))
		}
		return lines
	}
	check := func(what string, r ran, code int, want ...string) {
		t.Helper()
		if got := outcomes(r); r.code != code || strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: exit %d, %q, want %q\n%s", what, r.code, got, want, r.errors)
		}
	}
	const hint = "To run these commands, each confirmed: prodctl doctor --fix"
	if r := l.answers(nil, nil, "doctor"); !strings.Contains(r.errors, hint) {
		t.Errorf("on a terminal: %s", r.errors)
	}
	if r := l.must(t, "doctor"); strings.Contains(r.errors, hint) {
		t.Errorf("in a pipe: %s", r.errors)
	}
	before := strings.Join(l.picture(), "\n")
	check("without a terminal", l.run("doctor", "--fix"), 5, as("not started")...)
	check("end of input", l.answers(nil, nil, "doctor", "--fix"), 5, as("not started")...)
	check("all declined", l.answers(nil, []string{"n", "n", "n", "n"}, "doctor", "--fix"), 5, as("skipped (nothing was changed)")...)
	check("--dry-run", l.run("doctor", "--fix", "--dry-run"), 0)
	if r := l.run("doctor", "--fix", "--plan-file", "p"); r.code != 6 {
		t.Errorf("--plan-file: exit %d\n%s", r.code, r.errors)
	}
	if r := l.run("doctor", "--fix", "nothing", "--yes"); r.code != 6 || !strings.Contains(r.errors, `no check "nothing"`) {
		t.Errorf("an unknown check: exit %d\n%s", r.code, r.errors)
	}
	if now := strings.Join(l.picture(), "\n"); now != before {
		t.Errorf("something changed: %s", now)
	}
	r := l.answers(nil, []string{"n", "y", "n", "n"}, "doctor", "--fix")
	check("one confirmed", r, 0, as("skipped (nothing was changed)", "done", "skipped (nothing was changed)", "skipped (nothing was changed)")...)
	if got := findings(t, l); got != "labels board keys\n" {
		t.Errorf("after the roll: %s", got)
	}
	check("one named", l.run("doctor", "--fix", "board", "--yes"), 0, "board: done: prodctl board init")
	check("--yes", l.run("doctor", "--fix", "--yes"), 0, "labels: done: prodctl label apply", "keys: done: prodctl doctor --fix keys")
	if got := findings(t, l); got != "\n" {
		t.Errorf("left: %s", got)
	}
	if r := l.must(t, "doctor", "--fix", "--yes"); !strings.Contains(r.errors, "Nothing to fix") {
		t.Errorf("again: %s", r.errors)
	}
}

// TestDoctorFixSkips: a fix that needs a secret, an editor or another person is listed with the reason and does not keep the others from running.
func TestDoctorFixSkips(t *testing.T) {
	t.Parallel()
	l := newLab(t, unlabeled())
	check := func(what string, r ran, code int, want ...string) {
		t.Helper()
		got := outcomes(r)
		for n, line := range got {
			got[n], _, _ = strings.Cut(line, "): ")
		}
		if r.code != code || strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: exit %d, %q, want %q\n%s", what, r.code, got, want, r.errors)
		}
	}
	l.env = map[string]string{"GITLAB_TOKEN": "none"}
	check("a wrong token", l.run("doctor", "--fix", "--yes"), 4, "token: skipped (it needs a token")
	l.env = nil
	l.user = "guest"
	check("a guest", l.run("doctor", "--fix", "access production", "--yes"), 4, "access production: skipped (not a command of prodctl")
	l.user = "mara"
	l.env = map[string]string{"PRODCTL_CONFIG": filepath.Join(l.ownDir(t), "broken.yaml")}
	l.file(t, "broken.yaml", "version: 1\ntrackers: {infrastructure: acme/infrastructure}\nincidents: {type: page}\ntimezone: Mars\n")
	check("a broken file", l.run("doctor", "--fix", "config", "--yes"), 6, "config: skipped (it needs an editor")
	l.file(t, "empty.yaml", "version: 1\n")
	l.env = map[string]string{"PRODCTL_CONFIG": filepath.Join(l.dir, "empty.yaml")}
	check("no tracker", l.run("doctor", "--fix", "--yes"), 6, "trackers: skipped (it replaces your file")
	for _, sent := range l.writes() {
		if !strings.HasSuffix(sent, "/milestones/0") { // tests the scope
			t.Errorf("written: %s", sent)
		}
	}
}

// TestDoctorFixWritesFiles: a missing configuration is written by init, and the new path of a project by config set. Neither has a plan, so
// config set is confirmed by doctor.
func TestDoctorFixWritesFiles(t *testing.T) {
	t.Parallel()
	l := newLab(t, unlabeled())
	file := filepath.Join(l.ownDir(t), ".prodctl.yaml")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	l.env = map[string]string{"PRODCTL_CONFIG": "", "PRODCTL_HOST": "https://gitlab.example.test"}
	r := l.run("doctor", "--fix", "--yes")
	if got := outcomes(r); r.code != 0 || strings.Join(got, "\n") != "config: done: prodctl init" || !strings.Contains(r.errors, "Continue with: prodctl doctor --fix") {
		t.Fatalf("without a file: exit %d, %q\n%s", r.code, got, r.errors)
	}
	l.env = nil
	inner := l.wire
	l.wire = tripper(func(r *http.Request) (*http.Response, error) {
		moved := strings.HasSuffix(r.URL.Path, "/projects/acme/production")
		if renamed := "/projects/32"; moved || strings.HasSuffix(r.URL.Path, renamed) {
			w := httptest.NewRecorder()
			if w.Header().Set("Content-Type", "application/json"); moved {
				w.Header().Set("Location", "https://gitlab.example.test/api/v4"+renamed)
				w.WriteHeader(http.StatusMovedPermanently)
			} else {
				fmt.Fprint(w, `{"id": 32, "path_with_namespace": "acme/moved", "issues_enabled": true}`)
			}
			return w.Result(), nil
		}
		return inner.RoundTrip(r)
	})
	set := "production: done: prodctl config set trackers.production acme/moved"
	for _, c := range []struct{ answer, want string }{{"n", strings.Replace(set, "done", "skipped (not confirmed)", 1)}, {"y", set}} {
		if r := l.answers(nil, []string{c.answer}, "doctor", "--fix", "production"); strings.Join(outcomes(r), "\n") != c.want {
			t.Errorf("answer %s: exit %d\n%s", c.answer, r.code, r.errors)
		}
	}
	if data, err := os.ReadFile(file); err != nil || !strings.Contains(string(data), "production: acme/moved") {
		t.Errorf("%v\n%s", err, data)
	}
}

// TestDoctorFixAfterFaults: what GitLab refuses or does not answer is reported with what was done before it, and a second run does the rest.
func TestDoctorFixAfterFaults(t *testing.T) {
	t.Parallel()
	names := []string{"labels: %s: prodctl label apply", "roll: %s: prodctl milestone roll", "board: %s: prodctl board init", "keys: %s: prodctl doctor --fix keys"}
	for name, c := range map[string]struct {
		fault string
		stop  string // ^C, or no answer any more, when a command has printed this
		code  int
		want  [4]string
	}{
		"a refusal":                 {"POST /projects/*/boards every=1 status=403", "", 3, [4]string{"done", "done", "failed", "done"}},
		"a refusal of everything":   {"POST /** every=1 status=403", "", 3, [4]string{"failed", "failed", "failed", "done"}},
		"no answer to one request":  {"POST /projects/*/milestones every=1 status=503", "", 3, [4]string{"done", "failed", "done", "done"}},
		"no answer any more":        {"", "label.create", 3, [4]string{"done", "failed", "not started", "not started"}},
		"^C between two commands":   {"", "label.create", 130, [4]string{"done", "not started", "not started", "not started"}},
		"^C before the last of all": {"", "board.create", 130, [4]string{"done", "done", "done", "not started"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, unlabeled()).moving()
			if c.fault != "" {
				l.fault(t, c.fault)
			}
			ctx, stop := context.WithCancel(context.Background())
			defer stop()
			l.stdout = func(text []byte) error {
				switch {
				case c.stop == "" || !strings.Contains(string(text), c.stop):
				case c.code == 130:
					stop()
				default:
					l.fault(t, "ANY /** every=1 status=503")
				}
				return nil
			}
			r := l.runIn(ctx, "doctor", "--fix", "--yes")
			var want []string
			for n, line := range names {
				want = append(want, fmt.Sprintf(line, c.want[n]))
			}
			if got := outcomes(r); r.code != c.code || strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("exit %d, %q, want %q\n%s%s", r.code, got, want, r.out, r.errors)
			}
			if want := fmt.Sprintf("%d of 4 fixes done", strings.Count(strings.Join(c.want[:], " "), "done")); !strings.Contains(r.errors, want) || !strings.Contains(r.errors, "hint: To retry (safe to repeat): prodctl doctor --fix") {
				t.Errorf("%q is missing in\n%s", want, r.errors)
			}
			l.calm()
			l.stdout = nil
			l.must(t, "doctor", "--fix", "--yes")
			if got := findings(t, l); got != "\n" {
				t.Errorf("left after the second run: %s", got)
			}
		})
	}
}
