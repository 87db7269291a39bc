package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// The content of a confidential incident is shown in a terminal and with --include-confidential, and nowhere else: in no output format, in
// no note, and in no related issue (promise W7).
func TestConfidentialIncident(t *testing.T) {
	t.Parallel()
	const secret = "leaked"
	story := [][]string{
		{"incident", "open", "Customer data leaked", "-s", "S1", "--confidential", "--service", "leakedservice", "-m", "What leaked", "--link", "infrastructure#1"},
		{"incident", "open", "Customer data leaked", "-s", "S1", "--confidential", "--service", "leakedservice", "-m", "What leaked", "--link", "infrastructure#1"},
		{"incident", "update", "1", "-m", "More leaked", "--cause", "leaked key", "--started", "2h"},
		{"incident", "update", "1", "-m", "More leaked", "--cause", "leaked key", "--started", "2h"},
		{"incident", "mitigate", "1", "-m", "No longer leaked"},
		{"incident", "mitigate", "1", "-m", "Really not leaked"},
		{"incident", "resolve", "1", "--dry-run", "-m", "Never leaked"},
		{"incident", "resolve", "1", "-m", "Never leaked"},
		{"incident", "resolve", "1", "-m", "Never leaked"},
		{"incident", "action", "1", "Rotate what leaked", "-m", "All that leaked", "--owner", "dev", "--dry-run"},
		{"incident", "action", "1", "Rotate what leaked", "-m", "All that leaked", "--owner", "dev"},
		{"incident", "action", "1", "Rotate what leaked"},
		{"incident", "review", "1", "--dry-run"},
		{"incident", "review", "1"},
		{"incident", "show", "1"}, {"incident", "timeline", "1"}, {"incident", "list", "--all"},
		{"incident", "review", "1", "--done", "-m", "Nothing leaked"},
		{"incident", "reopen", "1", "-m", "It leaked again"},
		{"incident", "list"}, {"incident", "show", "1"}, {"incident", "timeline", "1"},
	}
	for _, view := range screens()[2:] {
		t.Run(view.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			for n, args := range story {
				r := l.runOn(view.modes, "", append(slices.Clone(args), view.flags...)...)
				if r.code != 0 {
					t.Fatalf("%q: exit %d\n%s", args, r.code, r.errors)
				}
				if strings.Contains(r.out+r.errors, secret) {
					t.Errorf("run %d, %q reveals\n%s%s", n+1, args, r.out, r.errors)
				}
			}
			l.secretsKept(t, secret)
			for _, args := range [][]string{{"incident", "show", "1"}, {"incident", "list"}, {"incident", "timeline", "1"}} {
				if r := l.runOn(view.modes, "", append(append(args, "--include-confidential"), view.flags...)...); !strings.Contains(r.out, secret) {
					t.Errorf("%q --include-confidential shows nothing:\n%s%s", args, r.out, r.errors)
				}
			}
		})
	}
	t.Run("terminal", func(t *testing.T) {
		t.Parallel()
		l := newLab(t, setup{})
		for _, args := range story {
			if r := l.runOn(term.Modes{OutTTY: true, ErrTTY: true, Width: 120}, "", args...); r.code != 0 || strings.Contains(r.out, secret) && !strings.Contains(r.out, "confidential") {
				t.Errorf("%q: exit %d, and it is not marked\n%s%s", args, r.code, r.out, r.errors)
			}
		}
		for _, args := range [][]string{{"incident", "show", "1"}, {"incident", "list"}, {"incident", "timeline", "1"}} {
			if r := l.runOn(term.Modes{OutTTY: true, Width: 120}, "", args...); !strings.Contains(r.out, secret) {
				t.Errorf("%q shows nothing:\n%s", args, r.out)
			}
		}
	})
}

// secretsKept wants related issues of a confidential incident to have its reference only.
func (l *lab) secretsKept(t *testing.T, secret string) {
	t.Helper()
	shot := l.server.Snapshot()
	for _, project := range []string{infra, prod} {
		for _, i := range shot.Project(project).Issues {
			if text := fmt.Sprint(i); strings.Contains(text, secret) && !i.Confidential {
				t.Errorf("%s#%d is not confidential and reveals %s", project, i.IID, text)
			}
		}
	}
	actions := shot.Project(infra).Issues
	if last := actions[len(actions)-1]; !last.Confidential || !slices.Contains(last.Labels, "corrective action") {
		t.Errorf("the action is not confidential: %+v", last)
	}
}

// If issues reference each other in comments, the other issue has the reference of the confidential incident only.
func TestConfidentialIncidentWithoutLinks(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{noLinks: true})
	l.must(t, "incident", "open", "Customer data leaked", "--confidential", "--link", "infrastructure#1")
	l.must(t, "incident", "action", "1", "Rotate what leaked")
	l.secretsKept(t, "leaked")
	if list := commentsOf(l.server.Snapshot().Project(infra).Issues[0]); len(list) != 1 || !strings.Contains(list[0], "acme/production#1") {
		t.Errorf("comments %q", list)
	}
}

// In an outage the draft of a confidential incident is only in its file, if others may read the output.
func TestConfidentialDraft(t *testing.T) {
	t.Parallel()
	open := []string{"incident", "open", "Customer data leaked", "-m", "What leaked", "--confidential", "--link", "infrastructure#1"}
	for name, c := range map[string]struct {
		fault   string
		modes   term.Modes
		more    []string
		shown   bool
		created bool
	}{
		"log":                    {"ANY ** drop-before", term.Modes{}, nil, false, false},
		"log, revealed":          {"ANY ** drop-before", term.Modes{}, []string{"--include-confidential"}, true, false},
		"json":                   {"GET ** status=500", term.Modes{}, []string{"-o", "json"}, false, false},
		"terminal":               {"ANY ** drop-before", term.Modes{OutTTY: true, ErrTTY: true, Width: 120}, nil, true, false},
		"log, a link is missing": {"POST ** /links status=500", term.Modes{}, nil, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			dir := l.ownDir(t)
			l.fault(t, strings.ReplaceAll(c.fault, "** /links", "/projects/*/issues/*/links"))
			r := l.runOn(c.modes, "", append(slices.Clone(open), c.more...)...)
			if r.code == 0 || strings.Contains(r.out+r.errors, "leaked") != c.shown || !strings.Contains(r.errors, "--key") {
				t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
			}
			files, err := filepath.Glob(filepath.Join(dir, "prodctl-incident-*.md"))
			if err != nil || len(files) != map[bool]int{true: 0, false: 1}[c.created] {
				t.Fatalf("files %q, %v", files, err)
			}
			l.calm()
			if c.created {
				return
			}
			draft, err := os.ReadFile(files[0])
			if err != nil || !strings.Contains(string(draft), "What leaked") || !strings.Contains(string(draft), "Confidential: yes") {
				t.Errorf("%v\n%s", err, draft)
			}
			l.must(t, nextCommand(t, string(draft))...)
			if live := l.incidents(); len(live) != 1 || !live[0].Confidential {
				t.Errorf("open are %+v", live)
			}
		})
	}
}

// A user who may not see confidential issues sees nothing of them, not even in errors.
func TestConfidentialIncidentAndGuests(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) { s.Groups[0].Visibility, s.Projects[1].Visibility = "public", "public" }})
	l.must(t, "incident", "open", "Customer data leaked", "--confidential")
	l.must(t, "incident", "open", "Registry")
	for _, user := range []string{"guest", "stranger"} {
		l.user = user
		if r := l.must(t, "incident", "list", "--include-confidential"); strings.Contains(r.out, "leaked") || !strings.Contains(r.out, "Registry") {
			t.Errorf("%s lists\n%s", user, r.out)
		}
		for _, verb := range []string{"show", "timeline", "resolve"} {
			if r := l.run("incident", verb, "1", "--include-confidential"); r.code != 1 || strings.Contains(r.errors, "leaked") {
				t.Errorf("%s, %s: exit %d\n%s", user, verb, r.code, r.errors)
			}
		}
	}
}
