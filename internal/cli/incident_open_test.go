package cli_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// The title is enough, and every flag is in the issue: in labels, record, text, assignees and links.
func TestIncidentOpen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args   []string
		title  string
		labels []string
		record map[string]string
		text   []string // in the description
		people []string
		links  []fakegitlab.LinkState
		secret bool
	}{
		"title alone": {
			title: "2018-08-24: Registry returns 500s", labels: []string{"Incident::Active", "incident"},
			record: map[string]string{"started_at": "", "detected_at": "", "severity": "", "impact": "", "services": "[]", "data_loss": "false", "as_of_note": "0"},
			text:   []string{"- 16:00 incident declared\n"},
		},
		"everything": {
			args: []string{"-s", "s2", "--service", "registry,web", "-m", "Seen at the edge.", "--impact", "25%", "--data-loss", "--started", "40m", "--detected", "15:30",
				"--link", "infrastructure#1", "--assign", "@rep"},
			title: "2018-08-24: Registry returns 500s", labels: []string{"(perceived) data loss", "Incident::Active", "S2", "incident", "service:registry", "service:web"},
			record: map[string]string{"started_at": "2018-08-24T15:20:00Z", "detected_at": "2018-08-24T15:30:00Z", "severity": "S2", "impact": "0.25", "services": "[registry, web]", "data_loss": "true"},
			text:   []string{"Seen at the edge.", "- 15:20 started\n- 15:30 detected\n- 16:00 incident declared\n"},
			people: []string{"rep"}, links: []fakegitlab.LinkState{{Type: "relates_to", Target: "acme/infrastructure#1"}},
		},
		"yesterday": {
			args: []string{"--started", "2018-08-23T23:50:00+02:00"}, title: "2018-08-23: Registry returns 500s", labels: []string{"Incident::Active", "incident"},
			record: map[string]string{"started_at": "2018-08-23T21:50:00Z"},
			text:   []string{"### 2018-08-23\n\n- 21:50 started\n\n### 2018-08-24\n\n- 16:00 incident declared\n"},
		},
		"several links": {
			args: []string{"--link", "1,acme/infrastructure#1,infrastructure#2"}, title: "2018-08-24: Registry returns 500s",
			labels: []string{"Incident::Active", "incident"},
			links:  []fakegitlab.LinkState{{Type: "relates_to", Target: "acme/infrastructure#1"}, {Type: "relates_to", Target: "acme/infrastructure#2"}},
		},
		"confidential": {
			args: []string{"--confidential", "-s", "S1"}, title: "2018-08-24: Registry returns 500s", labels: []string{"Incident::Active", "S1", "incident"}, secret: true,
		},
	} {
		for _, edition := range []fakegitlab.Edition{fakegitlab.Free, fakegitlab.Premium} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				l := newLab(t, setup{carried: 1, edition: edition})
				r := l.must(t, append([]string{"incident", "open", "Registry  returns 500s "}, c.args...)...)
				if !strings.HasSuffix(r.out, "\nhttps://gitlab.example.test/acme/production/-/issues/1\n") {
					t.Errorf("the URL is not the last line: %q", r.out)
				}
				i := l.incident(t, 1)
				slices.Sort(i.Assignees)
				slices.SortFunc(i.Links, func(a, b fakegitlab.LinkState) int { return strings.Compare(a.Target, b.Target) })
				if i.Title != c.title || !slices.Equal(i.Labels, c.labels) || i.Confidential != c.secret || i.State != "opened" || i.Type != "issue" {
					t.Errorf("%q %s %q, confidential %v, %s", i.Title, i.State, i.Labels, i.Confidential, i.Type)
				}
				if diff := cmp.Diff([]any{c.people, c.links}, []any{i.Assignees, i.Links}); diff != "" {
					t.Errorf("people and links (-want +got)\n%s", diff)
				}
				for key, want := range c.record {
					if got := field(i.Description, key); got != want {
						t.Errorf("%s: %q, want %q", key, got, want)
					}
				}
				for _, want := range c.text {
					if !strings.Contains(i.Description, want) {
						t.Errorf("the description lacks %q:\n%s", want, i.Description)
					}
				}
				if len(commentsOf(i)) != 0 {
					t.Errorf("comments %q", commentsOf(i))
				}
			})
		}
	}
}

// Invalid input opens nothing and sends no request.
func TestIncidentOpenUsage(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: "incidents: {services: [registry, web]}\n"})
	for _, c := range []struct {
		want string
		args []string
	}{
		{"title is required", []string{" "}},
		{"S5", []string{"X", "-s", "S5"}},
		{"unknown service \"wbe\"", []string{"X", "--service", "web,wbe"}},
		{"a number from 0 to 1", []string{"X", "--impact", "25"}},
		{"--started", []string{"X", "--started", "half past ten"}},
		{"in the future", []string{"X", "--detected", "2018-08-24T17:00:00Z"}},
		{"--detected is before --started", []string{"X", "--started", "10m", "--detected", "20m"}},
		{"infra", []string{"X", "--link", "infra 12"}},
		{"--key", []string{"X", "--key", " "}},
		{"--key and --new cannot be combined", []string{"X", "--key", "k", "--new"}},
		{"missing argument <title>", nil},
		{"S5", []string{"X", "-s", "S5", "--impact", "25"}},
		{"a number from 0 to 1", []string{"X", "-s", "S5", "--impact", "25"}}, // all errors at once
	} {
		if r := l.run(append([]string{"incident", "open"}, c.args...)...); r.code != 6 || !strings.Contains(r.errors, c.want) {
			t.Errorf("%q: exit %d, %s", c.args, r.code, r.errors)
		}
	}
	if sent := l.requests(); len(sent) != 0 {
		t.Errorf("requests %q", sent)
	}
}

// wave is one run of a story: on which day and in which job, and the incident it ends with.
type wave struct {
	day  int
	env  map[string]string
	args string
	want string // number of the incident
}

// The same input is the same incident if the key is the same, and another one if it is not.
func TestIncidentKeys(t *testing.T) {
	t.Parallel()
	job := func(pipeline, name string) map[string]string {
		return map[string]string{"CI": "true", "CI_PROJECT_ID": "7", "CI_PIPELINE_ID": pipeline, "CI_JOB_NAME": name, "CI_PIPELINE_CREATED_AT": "2018-08-24T15:59:00Z"}
	}
	for name, c := range map[string]struct {
		config string
		waves  []wave
	}{
		"title": {waves: []wave{{0, nil, "Registry", "1"}, {0, nil, "Registry -s S1 -m more", "1"}, {0, nil, "registry", "1"}, {0, nil, "Registry-down", "2"}, {1, nil, "Registry", "1"}, {1, nil, "2018-08-20: REGISTRY", "1"}, {3, nil, "Registry", "3"}}},
		"--key": {waves: []wave{{0, nil, "Registry --key k", "1"}, {1, nil, "Other --key k", "1"}, {0, nil, "Registry", "2"}, {0, nil, "Registry --key K", "3"}}},
		"--new": {waves: []wave{{0, nil, "Registry", "1"}, {0, nil, "Registry --new", "2"}, {0, nil, "Registry --new", "3"}, {0, nil, "Registry", "1"}}},
		"jobs": {waves: []wave{{0, job("9", "watch"), "Registry", "1"}, {0, job("9", "watch"), "Registry", "1"}, {1, job("9", "watch"), "Registry", "1"},
			{0, job("9", "watch"), "Other", "2"}, {0, job("9", "other"), "Registry", "3"}, {0, job("10", "watch"), "Registry", "4"}, {0, nil, "Registry", "5"},
			{0, job("9", "watch"), "Registry --new", "6"}}},
		"no job": {waves: []wave{{0, map[string]string{"CI": "true"}, "Registry", "1"}, {0, map[string]string{"CI_PIPELINE_ID": "9"}, "Registry", "1"}}},
		"same_title: new": {config: "incidents: {same_title: new, type: issue}\n",
			waves: []wave{{0, nil, "Registry", "1"}, {0, nil, "Registry", "2"}, {0, nil, "Registry --key k", "3"}, {0, nil, "Registry --key k", "3"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{config: c.config})
			begin := l.now
			for n, w := range c.waves {
				l.env, l.now = w.env, begin.AddDate(0, 0, w.day)
				r := l.must(t, append([]string{"incident", "open"}, strings.Fields(w.args)...)...)
				if !strings.HasSuffix(r.out, "/issues/"+w.want+"\n") {
					t.Errorf("run %d, %s: want number %s\n%s", n+1, w.args, w.want, r.out)
				}
			}
		})
	}
}

// At most one request is sent before the incident is created, and none if nothing has to be looked up. Its URL is printed before anything
// else is done.
func TestIncidentOpenRequests(t *testing.T) {
	t.Parallel()
	link := []string{"--link", "infrastructure#1", "--assign", "rep"}
	for name, c := range map[string]struct {
		config string
		args   []string
		before int
		all    int
	}{
		"title":           {args: nil, before: 2, all: 4}, // one for the id of the project
		"with all":        {args: link, before: 2, all: 7},
		"id configured":   {config: "tracker_ids: {production: 4}\n", args: link, before: 1, all: 6},
		"--key":           {args: []string{"--key", "run-20180824t155000z-abc"}, before: 1, all: 3},
		"--new":           {args: []string{"--new"}, before: 0, all: 1},
		"--new, with all": {args: append([]string{"--new"}, link...), before: 0, all: 4},
		"same_title":      {config: "incidents: {same_title: new, type: issue}\n", args: nil, before: 0, all: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{config: c.config})
			address := "https://gitlab.example.test/acme/production/-/issues/1\n"
			early := 0
			r := l.watched(func(out *liveOutput, r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodPut || strings.HasSuffix(r.URL.Path, "/links") || strings.HasSuffix(r.URL.Path, "/users") ||
					strings.HasSuffix(r.URL.Path, "/members/all") {
					if !strings.HasSuffix(out.String(), address) {
						early++
					}
				}
				return l.wire.RoundTrip(r)
			}, append([]string{"incident", "open", "Registry"}, c.args...)...)
			sent := l.requests()
			if at := slices.Index(sent, "POST /api/v4"+prodAPI+"/issues"); r.code != 0 || at != c.before || len(sent) != c.all {
				t.Errorf("exit %d, want %d requests before the POST and %d in all:\n%s", r.code, c.before, c.all, strings.Join(sent, "\n"))
			}
			if early != 0 {
				t.Errorf("%d requests were sent before the URL was printed", early)
			}
		})
	}
}

// GitLab keeps as many assignees as its edition allows and silently drops the others: a note says so. An unknown user does not block the
// others.
func TestIncidentOpenAssignees(t *testing.T) {
	t.Parallel()
	for edition, kept := range map[fakegitlab.Edition][]string{fakegitlab.Free: {"rep"}, fakegitlab.Premium: {"dev", "rep"}} {
		l := newLab(t, setup{edition: edition})
		r := l.must(t, "incident", "open", "Registry", "--assign", "rep,dev", "-q")
		people := l.incident(t, 1).Assignees
		slices.Sort(people)
		if noted := strings.Contains(r.errors, "not assigned to @dev"); !slices.Equal(people, kept) || noted != (len(kept) == 1) {
			t.Errorf("%s: it has %q\n%s", edition, people, r.errors)
		}
		r = l.run("incident", "open", "Other", "--assign", "nobody,rep")
		if i := l.incident(t, 2); r.code != 3 || !slices.Equal(i.Assignees, []string{"rep"}) || !strings.Contains(r.errors, "nobody") || !strings.Contains(r.out, "/issues/2\n") {
			t.Errorf("%s: exit %d, it has %q\n%s", edition, r.code, i.Assignees, r.errors)
		}
	}
}

func TestIncidentOpenWeb(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry", "--web")
	if *l.opened != "https://gitlab.example.test/acme/production/-/issues/1" {
		t.Errorf("opened %q", *l.opened)
	}
	*l.opened = ""
	if r := l.must(t, "incident", "open", "Registry", "--web"); *l.opened == "" {
		t.Errorf("no browser for an existing incident: %s", r.out)
	}
	*l.opened = ""
	l.must(t, "incident", "open", "Other")
	l.must(t, "incident", "show", "1")
	if *l.opened != "" {
		t.Errorf("opened %s without --web", *l.opened)
	}
	l.must(t, "incident", "show", "2", "--web")
	if *l.opened != "https://gitlab.example.test/acme/production/-/issues/2" {
		t.Errorf("opened %q", *l.opened)
	}
}

// A plan writes nothing. A saved plan opens the incident; applied again, it changes nothing.
func TestIncidentOpenPlans(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	before := l.all()
	args := []string{"incident", "open", "Registry", "-s", "S2", "--link", "infrastructure#1", "--assign", "rep"}
	dry := l.must(t, append(args, "--dry-run", "-o", "json")...)
	for _, want := range []string{`"action": "issue.create"`, `"action": "link.create"`, `"action": "issue.assign"`, "newly assigns @rep", "2018-08-24: Registry"} {
		if !strings.Contains(dry.out, want) {
			t.Errorf("the plan lacks %s:\n%s", want, dry.out)
		}
	}
	file := saved(t, l, args...)
	if l.all() != before {
		t.Fatalf("a plan changed something:\n%s", l.all())
	}
	first := l.must(t, "apply", file, "--yes")
	i := l.incident(t, 1)
	if !strings.Contains(first.out, "issue.create\tproject\tacme/production\t\t1\t") || len(i.Links) != 1 || !slices.Equal(i.Assignees, []string{"rep"}) {
		t.Errorf("%s\n%+v", first.out, i)
	}
	after := l.all()
	for _, again := range [][]string{{"apply", file, "--yes"}, args} {
		if r := l.run(again...); r.code != 0 {
			t.Errorf("%q: exit %d\n%s%s", again, r.code, r.out, r.errors)
		}
	}
	if diff := cmp.Diff(after, l.all()); diff != "" {
		t.Errorf("applied again\n%s", diff)
	}
	l.now = l.now.Add(30 * time.Hour)
	if r := l.run("apply", file, "--yes"); r.code != 0 && r.code != 5 || len(l.incidents()) != 1 {
		t.Errorf("a day later: exit %d, %d incidents\n%s", r.code, len(l.incidents()), r.errors)
	}
}

// If issues cannot be linked, each references the other in a comment, and the record lists them.
func TestIncidentOpenWithoutLinks(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{noLinks: true})
	args := []string{"incident", "open", "Registry", "--link", "infrastructure#1", "--assign", "rep"}
	for range 2 {
		l.must(t, args...)
		i, partner := l.incident(t, 1), l.server.Snapshot().Project(infra).Issues[0]
		if field(i.Description, "related") != "[acme/infrastructure#1]" || !slices.Equal(i.Labels, []string{"Incident::Active", "incident"}) {
			t.Errorf("labels %q, record\n%s", i.Labels, i.Description)
		}
		if own, theirs := commentsOf(i), commentsOf(partner); len(own) != 1 || !strings.Contains(own[0], "acme/infrastructure#1") || len(theirs) != 1 || !strings.Contains(theirs[0], "acme/production#1") {
			t.Errorf("comments %q and %q", own, theirs)
		}
	}
	if r := l.must(t, "incident", "show", "1", "-o", "json"); !strings.Contains(r.out, `"ref": "acme/infrastructure#1"`) || !strings.Contains(r.out, "no links") {
		t.Errorf("show: %s", r.out)
	}
}

// A page of another host is never opened, whatever GitLab answers: a name of the same GitLab is one of web_hosts.
func TestWebOpensThisGitLabOnly(t *testing.T) {
	t.Parallel()
	for names, opens := range map[string]bool{"": false, "pages.example.test": true} {
		l := newLab(t, setup{})
		file := filepath.Join(t.TempDir(), "mine.yaml")
		text := "version: 1\nhost: https://gitlab.example.test\ntrackers: {infrastructure: acme/infrastructure, production: acme/production}\nweb_hosts: [" + names + "]\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		l.env = map[string]string{"PRODCTL_CONFIG": file}
		l.must(t, "incident", "open", "Registry returns 500s", "-q")
		l.must(t, "change", "open", "Restart it", "--criticality", "C4", "-q")
		l.server.SetURL("https://pages.example.test")
		for _, args := range [][]string{{"incident", "show", "1", "--web"}, {"change", "show", "2", "--web"}, {"incident", "open", "Other", "--web"}} {
			*l.opened = ""
			r := l.run(args...)
			if refused := strings.Contains(r.errors, "is not a page of https://gitlab.example.test"); refused == opens || (*l.opened != "") != opens {
				t.Errorf("web_hosts %q, %v: exit %d, opened %q\n%s", names, args, r.code, *l.opened, r.errors)
			}
		}
	}
}

// GitLab cuts no title itself. Whoever pasted a log as the title learns where the rest is, once.
func TestCutTitleIsNoted(t *testing.T) {
	t.Parallel()
	const note = "The title is longer than 255 characters, so it was cut; the description begins with all of it"
	long := strings.Repeat("registry ", 40)
	for _, words := range []string{"incident open", "change open --criticality C4", "issue request"} {
		l := newLab(t, setup{})
		args := append(strings.Fields(words), long, "--yes")
		if r := l.must(t, args...); strings.Count(r.errors, note) != 1 {
			t.Errorf("%s: no note\n%s%s", words, r.out, r.errors)
		}
		if r := l.must(t, append(strings.Fields(words), "Registry is slow", "--yes")...); strings.Contains(r.errors, "was cut") {
			t.Errorf("%s: a short title was cut\n%s", words, r.errors)
		}
	}
}
