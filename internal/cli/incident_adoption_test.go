package cli_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// opened is the number of the incident that a run printed.
func opened(r ran) string {
	return strings.TrimSpace(r.out[strings.LastIndex(r.out, "/")+1:])
}

func (l *lab) asUser(user string) *lab {
	own := *l
	own.user = user
	return &own
}

// linked are the issues to which one is linked.
func linked(i fakegitlab.IssueState) (list []string) {
	for _, k := range i.Links {
		list = append(list, k.Target)
	}
	return list
}

// Once an incident is over, the same words open another one, which is linked to it. Only the caller's key stays with its incident.
func TestSameWordsAfterTheEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		env  map[string]string
		args []string
		want string
	}{
		"by hand": {want: "2"}, "in CI": {env: pipelineJob(1, 1), want: "2"}, "with a key": {args: []string{"--key", "pager-1"}, want: "1"},
	} {
		for _, end := range [][]string{{"incident", "resolve", "1"}, {"incident", "resolve", "1", "--close"}} {
			l := newLab(t, setup{})
			l.env = c.env
			open := append([]string{"incident", "open", "Störung der Registry", "-s", "S1"}, c.args...)
			l.must(t, open...)
			l.must(t, end...)
			l.now = l.now.Add(3 * time.Hour)
			for range 2 {
				r := l.must(t, open...)
				if opened(r) != c.want {
					t.Fatalf("%s: %s\n%s", name, r.out, r.errors)
				}
				if strings.Contains(r.errors, "has the same title and is over") && c.want == "1" {
					t.Errorf("%s: %s", name, r.errors)
				}
			}
			if issues := l.server.Snapshot().Project(prod).Issues; c.want == "2" && (len(issues) != 2 || !slices.Equal(linked(issues[1]), []string{prod + "#1"})) {
				t.Errorf("%s: %d issues, links %q", name, len(issues), linked(issues[len(issues)-1]))
			}
		}
	}
}

// 23:59 and 00:01 are one evening: the unresolved incident of yesterday is found, whatever its number.
func TestMidnightMakesNoSecondIncident(t *testing.T) {
	t.Parallel()
	for _, resolvedBefore := range []bool{false, true} {
		l := newLab(t, setup{})
		l.now = time.Date(2018, 8, 24, 23, 59, 0, 0, time.UTC)
		if resolvedBefore { // the incident of the evening has the number 2
			l.must(t, "incident", "open", "Registry returns 500s")
			l.must(t, "incident", "resolve", "1")
		}
		first := opened(l.must(t, "incident", "open", "Registry returns 500s"))
		action := []string{"incident", "action", first, "Alert before the disk is full"}
		change := []string{"change", "open", "Restart the workers", "--criticality", "C3"}
		l.must(t, action...)
		l.must(t, change...)
		before := len(l.server.Snapshot().Project(prod).Issues) + len(l.server.Snapshot().Project(infra).Issues)
		l.now = l.now.Add(2 * time.Minute)
		if r := l.must(t, "incident", "open", "registry returns 500s"); opened(r) != first {
			t.Errorf("after midnight: %s\n%s", r.out, r.errors)
		}
		l.must(t, action...)
		l.must(t, change...)
		if got := len(l.server.Snapshot().Project(prod).Issues) + len(l.server.Snapshot().Project(infra).Issues); got != before {
			t.Errorf("%d more issues", got-before)
		}
	}
}

// An issue that a person opened by hand in the last day becomes the incident with its title, in whatever spelling, if its author may edit
// issues. Otherwise a new one is opened and linked to it.
func TestIncidentOpenedByHand(t *testing.T) {
	t.Parallel()
	const title, decomposed = "Störung: Registry returns 500s", "Sto\u0308rung: Registry returns 500s"
	for name, c := range map[string]struct {
		user, title string
		age         time.Duration
		closed      bool
		want        string
		link        bool
	}{
		"reporter":            {user: "rep", title: title, want: "1"},
		"planner":             {user: "plan", title: decomposed, want: "1"},
		"developer":           {user: "dev", title: "2018-08-24: " + strings.ToUpper(title), want: "1"},
		"own":                 {user: "mara", title: " störung:  registry returns 500S", age: 23 * time.Hour, want: "1"},
		"guest":               {user: "guest", title: title, want: "2", link: true},
		"guest, as incident":  {user: "guest", title: "2018-08-24: " + decomposed, want: "2", link: true},
		"another title":       {user: "rep", title: title + " again", want: "2"},
		"two days ago":        {user: "rep", title: title, age: 49 * time.Hour, want: "2"},
		"yesterday, too long": {user: "rep", title: title, age: 25 * time.Hour, want: "2"},
		"closed":              {user: "rep", title: title, closed: true, want: "2", link: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
				s.Projects[1].Issues = []fakegitlab.SeedIssue{{Title: c.title, Author: c.user, Description: "It is down.", Closed: c.closed, CreatedAt: time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC).Add(-c.age)}}
			}})
			args := []string{"incident", "open", title, "-s", "S2", "--service", "registry", "-m", "Seen at the edge", "--started", "10:00"}
			l.server.ResetRequests()
			r := l.must(t, args...)
			if opened(r) != c.want || !strings.HasPrefix(r.out, map[string]string{"1": "Already opened", "2": "Opened"}[c.want]) {
				t.Fatalf("%s\n%s", r.out, r.errors)
			}
			if strings.Contains(r.errors, "Severity unknown") {
				t.Errorf("%s", r.errors)
			}
			lists := 0
			for _, sent := range l.requests() {
				if sent == "GET /api/v4"+prodAPI+"/issues" {
					lists++
				}
			}
			if want := map[string]int{"1": 1, "2": 2}[c.want]; lists != want {
				t.Errorf("%d lists, want %d", lists, want)
			}
			iid := int(c.want[0] - '0')
			i := l.incident(t, iid)
			if !slices.Equal(i.Labels, []string{"Incident::Active", "S2", "incident", "service:registry"}) || field(i.Description, "severity") != "S2" || field(i.Description, "started_at") != "2018-08-24T10:00:00Z" {
				t.Errorf("labels %q\n%s", i.Labels, i.Description)
			}
			if c.want == "1" && (!strings.HasPrefix(i.Description, "It is down.") || !strings.Contains(strings.Join(commentsOf(i), "\n"), "Seen at the edge")) {
				t.Errorf("%s\n%q", i.Description, commentsOf(i))
			}
			if got := slices.Contains(linked(i), prod+"#1"); got != c.link {
				t.Errorf("linked %v, want %v", got, c.link)
			}
			before := l.all()
			if again := l.must(t, args...); opened(again) != c.want || l.all() != before {
				t.Errorf("again: %s\n%s", again.out, again.errors)
			}
			if colleague := l.asUser("dev").must(t, "incident", "open", title); opened(colleague) != c.want || l.all() != before {
				t.Errorf("a colleague: %s\n%s", colleague.out, colleague.errors)
			}
		})
	}
}

// A user without a role changes nothing in what is found, and other words become a comment.
func TestFoundByAGuest(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.web("rep", "POST", "/issues", `{"title": "Registry returns 500s", "description": "It is down."}`)
	before := l.all()
	guest := l.asUser("guest")
	if r := guest.run("incident", "open", "Registry returns 500s", "-s", "S2"); r.code != 3 || opened(r) != "1" || !strings.Contains(r.errors, `no label "incident"`) || l.all() != before {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
	l.must(t, "incident", "open", "Disk full", "--key", "pager-1")
	for range 2 {
		r := guest.run("incident", "open", "Disk of registry-01 full", "--key", "pager-1")
		if comments := commentsOf(l.incident(t, 2)); r.code != 0 || opened(r) != "2" || len(comments) != 1 || !strings.Contains(comments[0], "Disk of registry-01 full") {
			t.Errorf("exit %d\n%s%s\n%q", r.code, r.out, r.errors, comments)
		}
	}
}

// Whoever may use prodctl finds what the others created, in both orders of roles: incidents, records with one key, changes, the log.
func TestEverybodyFindsWhatOthersCreated(t *testing.T) {
	t.Parallel()
	users := []string{"rep", "plan", "dev", "mara"}
	for name, args := range map[string][]string{
		"incident":           {"incident", "open", "Registry returns 500s"},
		"incident, with key": {"incident", "open", "Registry returns 500s", "--key", "pager-1"},
		"change":             {"change", "open", "Restart the workers", "--criticality", "C3"},
		"record":             {"change", "record", "--type", "deployment", "--outcome", "success", "--key", "deploy-1"},
		"log":                {"handoff", "--post"},
		"report":             {"report", "weekly", "--post"},
	} {
		for _, first := range users {
			for _, second := range users {
				if first == second || name == "log" && second != "mara" { // only a Maintainer may edit the comment of others
					continue
				}
				t.Run(fmt.Sprintf("%s, %s then %s", name, first, second), func(t *testing.T) {
					t.Parallel()
					l := newLab(t, setup{})
					l.asUser(first).must(t, args...)
					before := len(l.server.Snapshot().Project(prod).Issues) + len(l.server.Snapshot().Project(infra).Issues)
					l.asUser(second).must(t, args...)
					if after := len(l.server.Snapshot().Project(prod).Issues) + len(l.server.Snapshot().Project(infra).Issues); after != before {
						t.Errorf("%d more issues", after-before)
					}
				})
			}
		}
	}
}

// keyOf is the marker of an issue or a comment.
func keyOf(text string) string {
	at := strings.LastIndex(text, "<!-- prodctl:key=")
	return text[at:]
}

// A key that is made of words can be predicted. In an issue about something else it keeps nothing from being opened.
func TestPredictedKeyOfAnIssue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args    []string
		project string
		env     map[string]string
	}{
		"incident":       {args: []string{"incident", "open", "Registry returns 500s"}, project: prod},
		"incident in CI": {args: []string{"incident", "open", "Registry returns 500s"}, project: prod, env: pipelineJob(1, 1)},
		"change":         {args: []string{"change", "open", "Restart the workers", "--criticality", "C3"}, project: prod},
		"record":         {args: []string{"change", "record", "--type", "deployment", "--outcome", "failure"}, project: prod, env: pipelineJob(1, 1)},
		"action":         {args: []string{"incident", "action", "1", "Alert before the disk is full"}, project: infra},
	} {
		for _, user := range []string{"rep", "dev", "guest"} {
			t.Run(name+" "+user, func(t *testing.T) {
				t.Parallel()
				l := newLab(t, setup{})
				l.env = c.env
				if name == "action" {
					l.must(t, "incident", "open", "Disk full", "--new")
				}
				copied := l.copy()
				copied.must(t, c.args...)
				issues := copied.server.Snapshot().Project(c.project).Issues
				victim := issues[len(issues)-1]
				api := "/projects/" + strings.ReplaceAll(c.project, "/", "%2F")
				l.server.MustDo(user, "POST", api+"/issues", fmt.Sprintf(`{"title": "Lunch", "description": %q}`, keyOf(victim.Description)))
				before := len(l.server.Snapshot().Project(c.project).Issues)
				for range 2 {
					l.must(t, c.args...)
				}
				after := l.server.Snapshot().Project(c.project).Issues
				if len(after) != before+1 || after[before].Title != victim.Title || after[before-1].Title != "Lunch" {
					t.Errorf("%d issues, want %d", len(after), before+1)
				}
			})
		}
	}
}

// A key that the caller chose stays with its issue. Other words with it are added to that issue, once; a title that it once had is not.
func TestOtherWordsWithOneKey(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	open := func(title string, more ...string) ran {
		return l.must(t, append([]string{"incident", "open", title, "--key", "pager-1"}, more...)...)
	}
	open("Registry returns 500s")
	l.web("dev", "PUT", "/issues/1", `{"title": "2018-08-24: Registry and web return 500s"}`)
	before := l.all()
	for _, title := range []string{"Registry returns 500s", "registry and WEB return 500s", "2018-08-24: Registry returns 500s"} {
		if r := open(title); opened(r) != "1" || l.all() != before || strings.Contains(r.errors, "used before") {
			t.Errorf("%q: %s%s", title, r.out, r.errors)
		}
	}
	for n, title := range []string{"Registry: error rate 12 %", "Disk of registry-01 full"} {
		for try := range 2 {
			r := open(title, "-m", "See the graph")
			comments := commentsOf(l.incident(t, 1))
			if opened(r) != "1" || len(comments) != n+1 || !strings.Contains(comments[n], title+"\n\nSee the graph") || try == 0 && !strings.Contains(r.errors, "another title: yours is added") {
				t.Errorf("%q: %s%s\n%q", title, r.out, r.errors, comments)
			}
		}
	}
	if i := l.incident(t, 1); i.Title != "2018-08-24: Registry and web return 500s" || !strings.Contains(i.Description, "Registry: error rate 12 %") {
		t.Errorf("%q\n%s", i.Title, i.Description)
	}
	if issues := l.server.Snapshot().Project(prod).Issues; len(issues) != 1 {
		t.Errorf("%d issues", len(issues))
	}
}

// The same for changes and actions, whose other titles become comments.
func TestOtherTitlesOfChangesAndActions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args    []string
		project string
	}{
		"change": {[]string{"change", "open", "--criticality", "C3", "--key", "chg-1"}, prod},
		"action": {[]string{"incident", "action", "1", "--key", "act-1"}, infra},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			l.must(t, "incident", "open", "Disk full")
			run := func(title string) ran { return l.must(t, append(slices.Clone(c.args), title)...) }
			issues := func() []fakegitlab.IssueState { return l.server.Snapshot().Project(c.project).Issues }
			run("Restart the workers")
			created := issues()[len(issues())-1]
			for n, title := range []string{"Restart the workers", "restart  THE workers", "Drain @all, then restart", "Drain @all, then restart", "Restart the workers"} {
				r := run(title)
				last := issues()[len(issues())-1]
				if want := min(n/2, 1); last.IID != created.IID || len(commentsOf(last)) != want {
					t.Errorf("%q: %d issues, comments %q\n%s%s", title, len(issues()), commentsOf(last), r.out, r.errors)
				}
				if other := strings.HasPrefix(title, "Drain"); other != strings.Contains(r.errors, "used before with another title") {
					t.Errorf("%q: %s%s", title, r.out, r.errors)
				}
			}
			if text := commentsOf(issues()[len(issues())-1])[0]; !strings.Contains(text, "then restart") || strings.Contains(text, "@all,") {
				t.Errorf("%s", text)
			}
		})
	}
}

// Somebody may have used the caller's key first, for anything. The words of the run are never lost.
func TestPredictedKeyOfTheCaller(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.web("rep", "POST", "/issues", `{"title": "Lunch", "description": %q}`, trailer("incident/pager-1"))
	r := l.run("incident", "open", "Registry returns 500s", "--key", "pager-1", "-m", "Customers call")
	text := strings.Join(commentsOf(l.incident(t, 1)), "\n")
	if r.code != 3 || !strings.Contains(r.errors, `no label "incident"`) || !strings.Contains(text, "Registry returns 500s\n\nCustomers call") {
		t.Errorf("exit %d\n%s%s\n%s", r.code, r.out, r.errors, text)
	}
}

// Somebody posts a comment with the key of an update before it is sent, with other words, as an event or not. The update is posted.
func TestPredictedKeyOfAnUpdate(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"update":        {"incident", "update", "1", "-m", "Customers cannot push", "-s", "S1"},
		"mitigate":      {"incident", "mitigate", "1", "-m", "Failed over"},
		"with key":      {"incident", "update", "1", "-m", "Customers cannot push", "--key", "k"},
		"mark":          {"handoff", "mark", "production#1", "--left-off", "Half is restored", "--next", "Restore the rest"},
		"mark with key": {"handoff", "mark", "production#1", "--left-off", "Half is restored", "--next", "Restore the rest", "--key", "k"},
	} {
		for _, event := range []bool{false, true} {
			for _, user := range []string{"guest", "rep", "dev"} {
				t.Run(fmt.Sprintf("%s, event %v, %s", name, event, user), func(t *testing.T) {
					t.Parallel()
					l := newLab(t, setup{})
					l.must(t, "incident", "open", "Registry returns 500s")
					copied := l.copy()
					copied.must(t, args...)
					ours := commentsOf(copied.incident(t, 1))[0]
					forged := "All is well.\n\n" + keyOf(ours)
					if event {
						forged = strings.NewReplacer("Customers cannot push", "All is well", "Failed over", "All is well", "Half is restored", "All is well").Replace(ours)
					}
					l.web(user, "POST", "/issues/1/notes", `{"body": %q}`, forged)
					r := l.must(t, args...)
					comments := commentsOf(l.incident(t, 1))
					words, _, _ := strings.Cut(ours, "\n\n<!--")
					_, words, _ = strings.Cut(words, "\n\n")
					if len(comments) != 2 || !strings.Contains(comments[1], words) || strings.Contains(strings.ToLower(r.out), "already") {
						t.Errorf("%s%s\n%q", r.out, r.errors, comments)
					}
					if shown := l.must(t, "incident", "timeline", "1", "-o", "md").out; strings.HasPrefix(args[0], "incident") && !strings.Contains(shown, words) {
						t.Errorf("the timeline lacks it:\n%s", shown)
					}
					before := l.all()
					if r := l.must(t, args...); l.all() != before {
						t.Errorf("again: %s%s", r.out, r.errors)
					}
				})
			}
		}
	}
}
