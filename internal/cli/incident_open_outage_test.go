package cli_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// wholeOpening uses everything that `incident open` can do.
var wholeOpening = []string{"incident", "open", "Registry returns 500s", "-m", "Seen at the edge.", "-s", "S1", "--link", "infrastructure#1", "--assign", "rep"}

// GitLab fails in any way, in an outage of its own: never two incidents, never a false success, never silence. The command in the hint
// then opens the incident, once.
func TestIncidentOpenInAnOutage(t *testing.T) {
	t.Parallel()
	const create, list = "POST /projects/*/issues ", "GET /projects/*/issues "
	for _, faults := range [][]string{
		{create + "status=500"}, {create + "status=502"}, {create + "status=429"}, {create + "limit"}, {create + "drop-before"}, {create + "html"}, {create + "status=403"},
		{create + "error-after=502"}, {create + "drop-after"}, {create + "truncate"}, {create + "nth=1 drop-after"}, {create + "nth=1 status=429"},
		{create + "error-after=502", list + "nth=2 status=500"}, {create + "drop-after", list + "nth=2 drop-before", list + "nth=3 status=502"},
		{list + "status=500"}, {list + "drop-before"}, {list + "status=429"}, {list + "html"}, {list + "truncate"}, {list + "nth=2 status=500"},
		{create + "drop-after", "GET /user status=500"}, {"GET /user status=500"}, {"GET ** status=503"},
		{"PUT ** status=500"}, {"PUT ** drop-after"}, {"PUT ** status=403"}, {"GET /users status=500"}, {"GET /projects/*/members/all status=500"}, {"GET /projects/*/members/all status=403"},
		{"POST /projects/*/issues/*/links status=500"}, {"POST /projects/*/issues/*/links status=403"}, {"POST /projects/*/issues/*/links drop-after"},
		{"ANY ** drop-before"}, {"ANY ** status=503"}, {"ANY ** status=429"}, {"ANY ** every=2 status=500"}, {"ANY ** every=2 drop-after"}, {"ANY ** every=3 error-after=502"},
	} {
		for _, more := range [][]string{nil, {"--new"}, {"--key", "pager-7"}} {
			t.Run(fmt.Sprint(faults, more), func(t *testing.T) {
				t.Parallel()
				l := newLab(t, setup{})
				l.ownDir(t)
				l.fault(t, faults...)
				r := l.run(append(slices.Clone(wholeOpening), more...)...)
				live := len(l.incidents())
				address := strings.Contains(r.out, "https://gitlab.example.test/acme/production/-/issues/1\n")
				switch {
				case live > 1:
					t.Fatalf("%d incidents", live)
				case address != (strings.Contains(r.out, "Opened acme/production#1") || strings.Contains(r.out, "Already opened: acme/production#1")):
					t.Errorf("exit %d, the output contradicts itself\n%s%s", r.code, r.out, r.errors)
				case address && live == 0:
					t.Errorf("a URL without an incident\n%s", r.out)
				case r.code == 0 && !address:
					t.Errorf("exit 0 without a URL\n%s%s", r.out, r.errors)
				case r.code != 0 && r.code != 3 && r.code != 4 && r.code != 7 && r.code != 1:
					t.Errorf("exit %d\n%s", r.code, r.errors)
				case r.code == 0:
					l.wholeIncident(t)
					return
				}
				l.calm()
				again := nextCommand(t, r.errors)
				if !address && slices.Contains(again, "--new") || !strings.Contains(r.errors, "--key") {
					t.Errorf("the command may open it twice: %q", again)
				}
				end := l.must(t, again...)
				if !strings.HasSuffix(end.out, "/issues/1\n") {
					t.Errorf("%q ended with\n%s", again, end.out)
				}
				l.wholeIncident(t)
			})
		}
	}
}

// wholeIncident wants exactly one incident, with everything that was requested.
func (l *lab) wholeIncident(t *testing.T) {
	t.Helper()
	live := l.incidents()
	if len(live) != 1 {
		t.Fatalf("%d incidents are open", len(live))
	}
	i := live[0]
	related := len(i.Links) == 1 || field(i.Description, "related") == "[acme/infrastructure#1]"
	if !related || !slices.Equal(i.Assignees, []string{"rep"}) || !slices.Equal(i.Labels, []string{"Incident::Active", "S1", "incident"}) || !strings.Contains(i.Description, "Seen at the edge.") {
		t.Errorf("something is missing: %+v", i)
	}
}

// Steps after the incident is open may hang: the URL is printed by then, and the hint has the command that does the rest.
func TestIncidentOpenLaterStepsHang(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	written := ""
	r := l.watched(func(out *liveOutput, r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPut || strings.HasSuffix(r.URL.Path, "/links") {
			written = out.String()
			return nil, context.DeadlineExceeded
		}
		return l.wire.RoundTrip(r)
	}, wholeOpening...)
	if !strings.HasSuffix(written, "/issues/1\n") || r.code != 3 || !strings.Contains(r.errors, "acme/production#1 is open, but a later step failed") {
		t.Fatalf("exit %d; written by then %q\n%s", r.code, written, r.errors)
	}
	l.must(t, nextCommand(t, r.errors)...)
	l.wholeIncident(t)
}

// GitLab is down: the input is printed and saved to a file that only its owner can read. The command in it opens the incident, once, even on
// the next day.
func TestIncidentDraft(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault string
		args  []string
		user  string
		code  int
	}{
		"no connection": {"ANY ** drop-before", nil, "mara", 7},
		"--new":         {"ANY ** drop-before", []string{"--new"}, "mara", 3},
		"times ago":     {"ANY ** drop-before", []string{"--started", "10m"}, "mara", 7},
		"a key":         {"ANY ** status=503", []string{"--key", "../../pager 7"}, "mara", 7},
		"token expired": {"GET /version nth=9 status=500", nil, "late", 4},
		"no rights":     {"GET /version nth=9 status=500", nil, "stranger", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
				s.Users = append(s.Users, fakegitlab.SeedUser{Username: "late", Expires: "2018-08-24"})
				s.Groups[0].Members = append(s.Groups[0].Members, fakegitlab.SeedMember{User: "late", Role: "maintainer"})
			}})
			dir := l.ownDir(t)
			l.user = c.user
			l.fault(t, c.fault)
			r := l.run(append(slices.Clone(wholeOpening), c.args...)...)
			files, err := filepath.Glob(filepath.Join(dir, "prodctl-incident-*.md"))
			if err != nil || len(files) != 1 || r.code != c.code || r.out != "" || len(l.incidents()) != 0 {
				t.Fatalf("exit %d, files %q, %d incidents\n%s%s", r.code, files, len(l.incidents()), r.out, r.errors)
			}
			info, err := os.Stat(files[0])
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%v, %v", info.Mode(), err)
			}
			draft, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"# 2018-08-24: Registry returns 500s\n", "Labels: incident, Incident::Active, S1\n", "Seen at the edge.", "severity: S1\n", "--key "} {
				if !strings.Contains(string(draft), want) {
					t.Errorf("the draft lacks %q", want)
				}
			}
			if !strings.Contains(r.errors, "Draft saved to "+files[0]) || strings.Contains(r.errors, "Labels: incident") {
				t.Errorf("the errors do not name the draft, or print it:\n%s", r.errors)
			}
			if strings.Contains(string(draft)+r.errors, "sandbox-"+c.user) {
				t.Error("the token is printed")
			}
			l.calm()
			l.user, l.now = "mara", l.now.AddDate(0, 0, 1)
			for range 2 {
				if end := l.must(t, nextCommand(t, string(draft))...); !strings.HasSuffix(end.out, "/issues/1\n") {
					t.Errorf("repeated: %s", end.out)
				}
			}
			l.wholeIncident(t)
		})
	}
}

// A title that begins with a dash needs a "--" before it, and the command in the hint keeps it.
func TestIncidentTitleWithADash(t *testing.T) {
	t.Parallel()
	for _, more := range [][]string{nil, {"--key", "pager-7"}, {"--key=pager-7"}, {"--new"}} {
		l := newLab(t, setup{})
		l.ownDir(t)
		l.fault(t, "ANY ** drop-before")
		words := append(append([]string{"incident", "open", "--started", "10m"}, more...), "--", "--key is refused")
		r := l.run(words...)
		l.calm()
		l.must(t, nextCommand(t, r.errors)...)
		if live := l.incidents(); len(live) != 1 || live[0].Title != "2018-08-24: --key is refused" {
			t.Errorf("%q: open are %+v", more, live)
		}
		if _, line, ok := strings.Cut(r.errors, "search for an existing one: prodctl "); ok {
			line, _, _ = strings.Cut(line, "\n")
			anew, err := shellWords(line)
			if err != nil {
				t.Fatal(err)
			}
			l.must(t, anew...)
			if live := l.incidents(); len(live) != 2 {
				t.Errorf("%q left %d open", anew, len(live))
			}
		}
	}
}

// If the working directory is not writable, the draft is saved elsewhere; if nothing is writable, it is still printed.
func TestIncidentDraftElsewhere(t *testing.T) {
	l := newLab(t, setup{})
	config := filepath.Join(l.dir, ".prodctl.yaml")
	l.dir = filepath.Join(l.dir, "gone")
	l.fault(t, "ANY ** drop-before")
	elsewhere := t.TempDir()
	for _, tmp := range []string{elsewhere, filepath.Join(elsewhere, "gone as well")} {
		t.Setenv("TMPDIR", tmp)
		r := l.run(append([]string{"--config", config}, wholeOpening...)...)
		files, err := filepath.Glob(filepath.Join(tmp, "prodctl-incident-*.md"))
		kept := tmp == elsewhere
		if err != nil || r.code != 7 || kept != (len(files) == 1) || kept == strings.Contains(r.errors, "Could not save the draft") || kept == strings.Contains(r.errors, "\n\nSeen at the edge.") {
			t.Errorf("exit %d, files %q\n%s", r.code, files, r.errors)
		}
	}
}

// Two people open the same incident at once: one stays, and both get its URL.
func TestIncidentOpenedByTwo(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.wire = newHerd(l.wire, 2)
	other := *l
	other.user = "dev"
	ends := make(chan ran, 2)
	for _, who := range []*lab{l, &other} {
		go func() { ends <- who.run("incident", "open", "Registry returns 500s") }()
	}
	for range 2 {
		if r := <-ends; r.code != 0 || !strings.HasSuffix(r.out, "/issues/1\n") {
			t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
		}
	}
	if live := l.incidents(); len(live) != 1 || live[0].IID != 1 {
		t.Errorf("open are %+v", live)
	}
}
