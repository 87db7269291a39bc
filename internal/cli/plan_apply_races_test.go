package cli_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// keyboard answers prompts; before is called during the first prompt.
type keyboard struct {
	before  func()
	answers io.Reader
}

func (k *keyboard) Read(p []byte) (int, error) {
	if k.before != nil {
		k.before()
		k.before = nil
	}
	return k.answers.Read(p)
}

// atTerminal runs prodctl in a terminal.
func (l *lab) atTerminal(answers string, before func(), args ...string) ran {
	var out, errors bytes.Buffer
	env := map[string]string{"GITLAB_TOKEN": "sandbox-" + l.user, "HOME": l.dir, "PRODCTL_CONFIG": filepath.Join(l.dir, ".prodctl.yaml")}
	code := cli.Main(context.Background(), args, app.Machine{
		Terminal: func(bool) *term.Streams {
			return term.New(&keyboard{before, strings.NewReader(answers)}, &out, &errors, term.Modes{InTTY: true, ErrTTY: true})
		},
		Getenv: func(name string) string {
			if name == "PRODCTL_HOST" && !strings.Contains(strings.Join(args, " "), "__complete") {
				return "https://gitlab.example.test"
			}
			return env[name]
		},
		Dir: l.dir, Now: func() time.Time { return l.now },
		Sleep:  func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Jitter: func() float64 { return 0 }, Transport: l.wire,
	})
	return ran{code, out.String(), errors.String()}
}

// somebody makes one request with another client.
func (l *lab) somebody(t *testing.T, method, path, body string) string {
	t.Helper()
	r, err := http.NewRequest(method, "https://gitlab.example.test/api/v4/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Private-Token", "sandbox-mara")
	r.Header.Set("Content-Type", "application/json")
	resp, err := fakegitlab.Transport(l.server).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, _ := io.ReadAll(resp.Body)
	if resp.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, data)
	}
	return string(data)
}

const milestonesOf = "projects/acme%2Finfrastructure/milestones"

// currentAt is the path of the Current Milestone.
func (l *lab) currentAt(t *testing.T) string {
	t.Helper()
	_, rest, _ := strings.Cut(l.somebody(t, "GET", milestonesOf+"?title=Current+Milestone", ""), `"id":`)
	id, _, _ := strings.Cut(rest, ",")
	return milestonesOf + "/" + strings.TrimSpace(id)
}

func (l *lab) all() string { return strings.Join(l.picture(), "\n") }

func saved(t *testing.T, l *lab, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "plan.json")
	l.must(t, append(args, "--plan-file", file)...)
	return file
}

func TestEditDuringThePromptStays(t *testing.T) {
	l := newLab(t, setup{done: 1})
	at := l.currentAt(t)
	r := l.atTerminal("y\n", func() {
		l.somebody(t, "PUT", at, `{"description":"Our goal: fewer pages.\n\nRetrospective: we did it."}`)
	}, "milestone", "roll")
	if !strings.Contains(l.all(), "we did it") {
		t.Errorf("exit %d, and the text is lost:\n%s", r.code, l.all())
	}
}

func TestApplyRefusesChangedDates(t *testing.T) {
	l := newLab(t, setup{done: 1})
	file := saved(t, l, "milestone", "roll")
	l.somebody(t, "PUT", l.currentAt(t), `{"due_date":"2018-08-25"}`) // not due any more
	if r := l.run("apply", file, "--yes"); r.code != 5 {
		t.Errorf("exit %d, nothing was done and nothing was reported: %q %q", r.code, r.out, r.errors)
	}
}

func TestApplyUnderAnotherConfiguration(t *testing.T) {
	l := newLab(t, setup{done: 1})
	file := saved(t, l, "milestone", "roll")
	l.dir = sharedDir(t, setup{config: "milestones:\n  current: Now\n  next: Then\n"})
	l.must(t, "milestone", "ensure", "--yes", "--now", "2018-09-03")
	if r := l.run("apply", file, "--yes"); r.code == 0 {
		t.Errorf("exit 0, and none of the plan's steps was done: %q %q", r.out, r.errors)
	}
}

func TestMissingStepHidesNoOtherChange(t *testing.T) {
	l := newLab(t, setup{config: "labels:\n  builtin: false\n  declare:\n    - {name: one, color: '#111111'}\n    - {name: toil, color: '#222222', description: ours}\n",
		seed: func(s *fakegitlab.Seed) {
			s.Projects[0].Labels = []fakegitlab.SeedLabel{{Name: "toil", Color: "#000000", Description: "old"}}
		}})
	file := saved(t, l, "label", "apply")
	l.somebody(t, "POST", "projects/acme%2Finfrastructure/labels", `{"name":"one","color":"#111111"}`)
	l.somebody(t, "PUT", "projects/acme%2Finfrastructure/labels/toil", `{"description":"Somebody's words"}`)
	if r := l.run("apply", file, "--yes"); r.code != 5 || !strings.Contains(l.all(), "Somebody's words") {
		t.Errorf("exit %d, label toil was changed since the plan was made:\n%s", r.code, l.all())
	}
}

func TestApplyWithPlanFileWritesNothing(t *testing.T) {
	l := newLab(t, setup{done: 1})
	file := saved(t, l, "milestone", "roll")
	l.server.ResetRequests()
	r := l.run("apply", file, "--plan-file", filepath.Join(t.TempDir(), "again.json"), "--yes")
	if _, writes := l.count(); writes > 0 {
		t.Errorf("exit %d, --plan-file \"writes nothing else\", and %d writes were made", r.code, writes)
	}
}

// stuck answers reads, and blocks writes until the request's context ends.
type stuck struct{ inner http.RoundTripper }

func (s stuck) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet {
		return s.inner.RoundTrip(r)
	}
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestTimeoutIsNotAnInterruption(t *testing.T) {
	l := newLab(t, setup{done: 1})
	l.wire = stuck{l.wire}
	if r := l.run("milestone", "roll", "--yes", "--timeout", "100ms"); r.code != 3 {
		t.Errorf("exit %d, want 3 (a write may have been carried out); 130 is for ^C:\n%s", r.code, r.errors)
	}
}

func TestDeletionNeedsItsOwnConfirmation(t *testing.T) {
	var l *lab
	made := false
	l = newLab(t, setup{done: 1, between: func(r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/milestones") && !made {
			made = true
			l.somebody(t, "POST", milestonesOf, `{"title":"Next Milestone","start_date":"2018-09-10","due_date":"2018-09-21"}`)
		}
	}})
	r := l.atTerminal("y\n", nil, "milestone", "roll")
	for _, e := range l.requests() {
		if strings.HasPrefix(e, "DELETE") {
			t.Errorf("the plan that was agreed to says \"0 to delete\", and then: %s\n%s", e, r.errors)
		}
	}
}

func TestTakenTitlesExitWith5(t *testing.T) {
	l := newLab(t, setup{group: true, done: 1, seed: func(s *fakegitlab.Seed) {
		s.Projects[1].Milestones = []fakegitlab.SeedMilestone{{Title: "2018-08-24 Milestone", Closed: true}}
	}})
	if r := l.run("milestone", "roll", "--yes"); r.code != 5 {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
}

func TestParentGroupTitlesAreRead(t *testing.T) {
	l := newLab(t, setup{done: 1, seed: func(s *fakegitlab.Seed) {
		own := s.Projects[0].Milestones
		s.Projects[0].Milestones, s.Projects[0].Path, s.Projects[1].Path = nil, "acme/ops/infrastructure", "acme/ops/production"
		s.Groups[0].Milestones = []fakegitlab.SeedMilestone{{Title: "2018-08-24 Milestone", Closed: true}}
		s.Groups = append(s.Groups, fakegitlab.SeedGroup{Path: "acme/ops", Milestones: own})
	}})
	l.dir = t.TempDir()
	config := "version: 1\nhost: https://gitlab.example.test\ntrackers:\n  infrastructure: acme/ops/infrastructure\n  production: acme/ops/production\nmilestones:\n  scope: group\n  group: acme/ops\n"
	if err := os.WriteFile(filepath.Join(l.dir, ".prodctl.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := l.run("milestone", "roll", "--dry-run"); r.code != 5 {
		t.Errorf("exit %d of a plan that cannot be carried out:\n%s", r.code, r.out)
	}
}

func TestProjectBelowTheGroupHasItsOwnCurrent(t *testing.T) {
	l := newLab(t, setup{group: true, carried: 1, seed: func(s *fakegitlab.Seed) { // it was moved there from elsewhere
		s.Projects[1].Milestones = []fakegitlab.SeedMilestone{{Title: "Current Milestone"}}
		s.Projects[1].Issues = []fakegitlab.SeedIssue{{Title: "theirs", Milestone: "Current Milestone"}}
	}})
	if r := l.run("milestone", "roll", "--dry-run"); strings.Contains(r.errors, "keep changing") {
		t.Errorf("exit %d after %d requests, and nothing changes: %s", r.code, len(l.server.Requests()), r.errors)
	}
}

func TestMilestoneNamedNone(t *testing.T) {
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		s.Projects[0].Milestones[1].Title = "None"
		s.Projects[0].Issues = append(s.Projects[0].Issues, fakegitlab.SeedIssue{Title: "in it", Milestone: "None"}, fakegitlab.SeedIssue{Title: "in no milestone"})
	}})
	if r := l.run("milestone", "show", "None", "-o", "json", "--jq", ".issues.open"); r.code == 0 && strings.TrimSpace(r.out) != "1" {
		t.Errorf("show: %s open issues, want 1 or a refusal", strings.TrimSpace(r.out))
	}
	if r := l.run("milestone", "roll", "--from", "None", "--dry-run"); strings.Contains(r.errors, "keep changing") {
		t.Errorf("roll: %s", r.errors)
	}
}

func TestTitlesThatGitLabStoresDifferently(t *testing.T) {
	l := newLab(t, setup{config: "milestones:\n  archive_title: \" {date} done \"\n"})
	l.disturbed(trouble{name: "killed after", kills: true, wire: troubles()[3].wire}, 3, []string{"milestone", "roll", "--yes", "-q"})
	if r := l.run("milestone", "roll", "--yes", "-q"); r.code != 0 {
		t.Errorf("blanks: killed after the rename, the second run ends with %d: %s", r.code, r.errors)
	}
	for _, title := range []string{"R&amp;D Current", "none", "Any"} {
		l := newLab(t, setup{config: "milestones:\n  current: '" + title + "'\n"})
		if r := l.run("config", "validate"); r.code != 6 {
			t.Errorf("%s: exit %d %s", title, r.code, r.errors)
		}
	}
}

func TestCompletionIsSafeAndSilent(t *testing.T) {
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		s.Projects[0].Milestones = append(s.Projects[0].Milestones, fakegitlab.SeedMilestone{Title: "a\x1b]0;owned\x07b"})
	}})
	if r := l.run("__complete", "milestone", "show", ""); strings.ContainsAny(r.out, "\x1b\x07") {
		t.Errorf("control characters reach the terminal: %q", r.out)
	}
	asked := false
	r := l.atTerminal("", func() { asked = true }, "__complete", "milestone", "show", "")
	if asked {
		t.Errorf("pressing Tab asks, and waits for an answer: %q", r.errors)
	}
}

func TestInvalidNow(t *testing.T) {
	l := newLab(t, setup{})
	for _, args := range [][]string{{"label", "list"}, {"milestone", "velocity"}} {
		if r := l.run(append(args, "--now", "yesterday")...); r.code != 6 {
			t.Errorf("%v --now yesterday: exit %d", args, r.code)
		}
	}
}

func TestAGroupsMilestoneIsNotTheProjectsCurrent(t *testing.T) {
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		s.Groups[0].Milestones = []fakegitlab.SeedMilestone{{Title: "Current Milestone", StartDate: "2018-01-01", DueDate: "2018-12-31"}}
	}})
	if r := l.run("milestone", "list", "-o", "json", "--jq", `[.milestones[] | select(.role == "current")] | length`); strings.TrimSpace(r.out) != "1" {
		t.Errorf("%s milestones are Current", strings.TrimSpace(r.out))
	}
}

func TestPromptDoesNotUseUpTheTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, setup{done: 1})
		r := l.atTerminal("y\n", func() { time.Sleep(time.Hour) }, "milestone", "roll", "--timeout", "1m") // of the bubble's clock
		if r.code != 0 {
			t.Errorf("exit %d, because the person read the plan: %s", r.code, r.errors)
		}
	})
}
