package cli_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// TestInputsThatCrashGitLab runs every command that takes names with names that GitLab answers with 500 Internal Server Error: they are
// refused before the first write, or sent in a form that works.
func TestInputsThatCrashGitLab(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 256)
	names := map[string]string{
		"too long": long, "too long with its prefix": long[:2*250], "twice": "fresh,fresh", "twice, with blanks": "fresh, fresh ,fresh", "a blank": "fresh, ,old", "no name": "fresh,,",
		"a tag": "a<b>c", "only a tag": "<b>", "a comment": "<!-- x", "an entity": "a&lt;b", "a control character": "a\x01b", "a backslash": `\`, "none": "none",
	}
	commands := map[string][]string{
		"incident open":          {"incident", "open", "Registry returns 500s", "--service"},
		"incident open for S1":   {"incident", "open", "Registry returns 500s", "-s", "S1", "--data-loss", "--service", "old", "--service"},
		"incident update":        {"incident", "update", "1", "-m", "Words.", "--service"},
		"incident resolve":       {"incident", "resolve", "1", "-m", "Words.", "--service"},
		"incident list":          {"incident", "list", "--service"},
		"change open":            {"change", "open", "Restart", "--criticality", "C3", "--start", "2018-08-30 10:00", "--duration", "20m", "--service"},
		"change record":          {"change", "record", "--type", "deployment", "--outcome", "success", "--service"},
		"change record, type":    {"change", "record", "--outcome", "success", "--type"},
		"change record, stage":   {"change", "record", "--outcome", "success", "--type", "flag", "--stage"},
		"change record, key":     {"change", "record", "--outcome", "success", "--type", "flag", "--key"},
		"change gate":            {"change", "gate", "--criticality", "C3", "--service"},
		"change list":            {"change", "list", "--service"},
		"incident open, title":   {"incident", "open"},
		"incident action, title": {"incident", "action", "1"},
	}
	start := newLab(t, setup{})
	start.must(t, "incident", "open", "Disk is full", "-s", "S2", "-q")
	for command, args := range commands {
		for name, value := range names {
			t.Run(command+", "+name, func(t *testing.T) {
				t.Parallel()
				l := start.copy()
				l.server.ResetRequests()
				r := l.run(append(slices.Clone(args), value)...)
				writes := 0
				for _, e := range l.server.Requests() {
					if e.Status == http.StatusInternalServerError {
						t.Errorf("%s %s: 500", e.Method, e.Path)
					}
					if e.Method != http.MethodGet {
						writes++
					}
				}
				if !slices.Contains([]int{0, 5, 6}, r.code) || r.code == 6 && writes > 0 {
					t.Errorf("exit %d after %d writes\n%s", r.code, writes, r.errors)
				}
				if len(r.errors) > 2000 {
					t.Errorf("a message of %d bytes", len(r.errors))
				}
			})
		}
	}
}

// TestConfiguredNamesThatCrashGitLab refuses such names in the configuration, by every command that would send them.
func TestConfiguredNamesThatCrashGitLab(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]string{
		"a label":        "labels:\n  set:\n    - {name: \"" + strings.Repeat("x", 256) + "\", color: \"#112233\"}\n",
		"a priority":     "labels:\n  set:\n    - {name: x, color: \"#112233\", priority: -1}\n",
		"labels twice":   "labels:\n  set:\n    - {name: x, color: \"#112233\"}\n    - {name: \"x \", color: \"#112233\"}\n",
		"services twice": "incidents:\n  services: [cart, Cart]\n",
		"a service":      "incidents:\n  services: [\"" + strings.Repeat("x", 250) + "\"]\n",
		"a column":       "board:\n  columns:\n    - {name: A, label: \"" + strings.Repeat("x", 256) + "\"}\n",
	} {
		l := newLab(t, setup{config: config})
		l.server.ResetRequests()
		if r := l.run("config", "validate"); r.code != 6 {
			t.Errorf("%s: exit %d\n%s", name, r.code, r.errors)
		}
		if r := l.run("label", "apply", "--yes"); r.code != 6 || len(l.server.Requests()) != 0 {
			t.Errorf("%s: exit %d after %d requests\n%s", name, r.code, len(l.server.Requests()), r.errors)
		}
	}
}

// meetings is a BetweenCheckAndSave hook: the first n requests of a kind that reach the middle of their write wait for each other there.
type meetings struct {
	of   func(*http.Request) bool
	left int
	mu   sync.Mutex
	all  sync.WaitGroup
}

func meetingOf(n int, of func(*http.Request) bool) *meetings {
	m := &meetings{of: of, left: n}
	m.all.Add(n)
	return m
}

func (m *meetings) between(r *http.Request) {
	if !m.of(r) {
		return
	}
	m.mu.Lock()
	waits := m.left > 0
	m.left--
	m.mu.Unlock()
	if waits {
		m.all.Done()
		m.all.Wait()
	}
}

func isCreate(suffix string) func(*http.Request) bool {
	return func(r *http.Request) bool {
		return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, suffix)
	}
}

// TestSimultaneousIncidentsWithANewService opens five incidents at once with a service that has no label yet. GitLab refuses all but one
// at first, because the label is being created.
func TestSimultaneousIncidentsWithANewService(t *testing.T) {
	t.Parallel()
	const people = 5
	l := newLab(t, setup{between: meetingOf(people, isCreate("/issues")).between})
	results := make([]ran, people)
	var all sync.WaitGroup
	for n := range people {
		all.Go(func() {
			own := *l
			own.user = []string{"mara", "dev", "rep", "plan", "mara"}[n]
			results[n] = own.run("incident", "open", fmt.Sprintf("Incident %d", n), "-s", "S2", "--service", "fresh")
		})
	}
	all.Wait()
	refused := 0
	for _, e := range l.server.Requests() {
		if e.Status == http.StatusConflict {
			refused++
		}
	}
	if got := len(l.incidents()); got != people || refused == 0 {
		t.Errorf("%d incidents after %d refusals", got, refused)
	}
	for n, r := range results {
		if r.code != 0 || strings.Contains(r.errors, "unknown") {
			t.Errorf("run %d: exit %d\n%s", n, r.code, r.errors)
		}
	}
	for _, i := range l.incidents() {
		if !slices.Contains(i.Labels, "service:fresh") || !slices.Contains(i.Labels, "incident") {
			t.Errorf("#%d has labels %q", i.IID, i.Labels)
		}
	}
}

// TestSimultaneousLabelApply lets two runs create every label at the same moment: GitLab answers one of them with 500 each time.
func TestSimultaneousLabelApply(t *testing.T) {
	t.Parallel()
	for _, group := range []bool{false, true} {
		alone := newLab(t, setup{group: group})
		alone.must(t, "label", "apply", "--yes")
		m := meetingOf(2, isCreate("/labels"))
		l := newLab(t, setup{group: group, between: m.between, config: oneAtATime})
		var all sync.WaitGroup
		results := make([]ran, 2)
		for n := range results {
			all.Go(func() { results[n] = l.run("label", "apply", "--yes") })
		}
		all.Wait()
		crashes := 0
		for _, e := range l.server.Requests() {
			if e.Status == http.StatusInternalServerError {
				crashes++
			}
		}
		for n, r := range results {
			if r.code != 0 {
				t.Errorf("group %v, run %d: exit %d\n%s%s", group, n, r.code, r.out, r.errors)
			}
		}
		if got, want := l.picture(), alone.picture(); crashes == 0 || !slices.Equal(got, want) {
			t.Errorf("group %v: %d crashes, another state than after one run", group, crashes)
		}
	}
}

// TestSimultaneousUpdatesWithANewLabel updates several incidents at once with a service that has no label yet: GitLab answers some with 500
// and does nothing.
func TestSimultaneousUpdatesWithANewLabel(t *testing.T) {
	t.Parallel()
	const people = 4
	start := newLab(t, setup{})
	for n := range people {
		start.must(t, "incident", "open", fmt.Sprintf("Incident %d", n), "-s", "S2", "-q")
	}
	m := meetingOf(people, func(r *http.Request) bool { return r.Method == http.MethodPut })
	l := start.copyWith(func(o *fakegitlab.Options) { o.BetweenCheckAndSave = m.between })
	l.server.ResetRequests()
	results := make([]ran, people)
	var all sync.WaitGroup
	for n := range people {
		all.Go(func() {
			results[n] = l.run("incident", "update", fmt.Sprint(n+1), "-m", "Words.", "--service", "fresh")
		})
	}
	all.Wait()
	crashes := 0
	for _, e := range l.server.Requests() {
		if e.Status == http.StatusInternalServerError {
			crashes++
		}
	}
	if crashes == 0 {
		t.Error("GitLab did not fail")
	}
	for n, r := range results {
		if i := l.incident(t, n+1); r.code != 0 || !slices.Contains(i.Labels, "service:fresh") {
			t.Errorf("run %d: exit %d, labels %q\n%s", n, r.code, i.Labels, r.errors)
		}
	}
}
