package cli_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// notice is one alert of a notification: an instance, when it started, and when it ended.
type notice struct {
	instance     string
	start, end   string // of 2018-08-24; no end: firing
	labels, note map[string]string
}

// at is an alert of an instance that is firing since a time.
func at(start, instance string) notice { return notice{instance: instance, start: start} }

// until is the alert when it is resolved.
func (n notice) until(end string) notice {
	n.end = end
	return n
}

// notification is what Alertmanager sends about a group.
func notification(group string, alerts ...notice) string {
	stamp := func(clock string) string {
		if strings.Contains(clock, "-") {
			return clock
		}
		return "2018-08-24T" + clock + ":00Z"
	}
	status := "resolved"
	var list []map[string]any
	for _, n := range alerts {
		labels := map[string]string{"alertname": group, "instance": n.instance, "severity": "critical", "service": "registry"}
		for key, value := range n.labels {
			labels[key] = value
		}
		annotations := map[string]string{"summary": group + " is failing"}
		for key, value := range n.note {
			annotations[key] = value
		}
		a := map[string]any{"status": "resolved", "labels": labels, "annotations": annotations, "startsAt": stamp(n.start), "endsAt": stamp(n.end),
			"generatorURL": "http://prometheus.example.com/graph?g0.expr=up", "fingerprint": group + n.instance}
		if n.end == "" {
			status, a["status"], a["endsAt"] = "firing", "firing", "0001-01-01T00:00:00Z"
		}
		list = append(list, a)
	}
	common := map[string]string{"alertname": group, "severity": "critical", "service": "registry"}
	data, err := json.Marshal(map[string]any{"version": "4", "groupKey": `{}:{alertname="` + group + `"}`, "truncatedAlerts": 0, "status": status, "receiver": "prodctl",
		"groupLabels": map[string]string{"alertname": group}, "commonLabels": common, "commonAnnotations": map[string]string{"summary": group + " is failing"},
		"externalURL": "http://alertmanager.example.com", "alerts": list})
	if err != nil {
		panic(err)
	}
	return string(data)
}

// alertLine passes one of the notifications that every lab has as a file.
func alertLine(name string) []string {
	return []string{"incident", "open", "--from", name + ".json", "-q"}
}

// notify passes a notification on standard input.
func (l *lab) notify(text string, args ...string) ran {
	return l.runOn(term.Modes{}, text, append([]string{"incident", "open", "--from", "alertmanager"}, args...)...)
}

// delivers passes a notification, and requires exit code 0.
func (l *lab) delivers(t testing.TB, text string, args ...string) ran {
	t.Helper()
	r := l.notify(text, args...)
	if r.code != 0 {
		t.Fatalf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
	return r
}

// story is what the production queue has: for each incident its state, and the first lines of its comments.
func (l *lab) story() (lines []string) {
	for _, i := range l.incidents() {
		state := ""
		for _, label := range i.Labels {
			if rest, ok := strings.CutPrefix(label, "Incident::"); ok {
				state = rest
			}
		}
		line := fmt.Sprintf("#%d %s %s", i.IID, i.State, state)
		for _, c := range commentsOf(i) {
			_, text, _ := strings.Cut(c, "\n\n")
			text, _, _ = strings.Cut(text, "\n")
			if strings.HasPrefix(text, "<!--") {
				text = "-"
			}
			line += "; " + text
		}
		lines = append(lines, line)
	}
	return lines
}

func (l *lab) checkStory(t testing.TB, want ...string) {
	t.Helper()
	if got := l.story(); !slices.Equal(got, want) {
		t.Errorf("the queue is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// An alert opens an incident with the title, severity, services and times that it has, and its alerts are in one comment.
func TestAlertOpensIncident(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	r := l.delivers(t, notification("Down", at("15:50", "a"), at("15:52", "b")))
	if r.out != "Opened acme/production#1: 2018-08-24: Down is failing\nhttps://gitlab.example.test/acme/production/-/issues/1\n" {
		t.Error(r.out)
	}
	l.checkIncident(t, 1, expected{labels: []string{"Incident::Active", "S1", "incident", "service:registry"}, state: "opened",
		record: map[string]string{"started_at": "2018-08-24T15:50:00Z", "detected_at": "2018-08-24T15:50:00Z", "severity": "S1", "services": "[registry]"},
		lines:  []string{"15:50 started", "15:50 detected", "15:52 alert: firing Down (instance=a), Down (instance=b) …", "16:00 incident declared"}})
	l.checkStory(t, "#1 opened Active; firing Down (instance=a), Down (instance=b)")
	if i := l.incident(t, 1); !strings.Contains(i.Description, "\n<!-- prodctl:id=g") || !strings.Contains(i.Description, "\n<!-- prodctl:key=alert/group-") {
		t.Error(i.Description)
	}
}

// Ten repeats of a notification add nothing. Each takes three reads: open incidents, roles, comments.
func TestAlertRepeats(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	text := notification("Down", at("15:50", "a"), at("15:52", "b"))
	l.delivers(t, text)
	want := l.picture()
	for range 10 {
		l.server.ResetRequests()
		r := l.delivers(t, text)
		if reads, writes := l.count(); reads != 3 || writes != 0 {
			t.Errorf("%d reads and %d writes: %q", reads, writes, l.requests())
		}
		if !strings.Contains(r.errors, "No change: acme/production#1 has all alerts") {
			t.Error(r.errors)
		}
	}
	if got := l.picture(); !slices.Equal(got, want) {
		t.Error("something changed")
	}
}

// The first notification takes the reads of a list and a search and one create; each other one with news one comment.
func TestAlertRequests(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	for _, c := range []struct {
		what, text    string
		reads, writes int
	}{
		{"nothing to open", notification("Down", at("15:50", "a").until("15:55")), 2, 0},
		{"opened", notification("Down", at("15:50", "a")), 0, 3},
		{"more alerts", notification("Down", at("15:50", "a"), at("15:53", "b"), at("15:54", "c")), 0, 2},
		{"resolved", notification("Down", at("15:50", "a").until("15:55")), 0, 2},
		{"another group", notification("Full", at("15:50", "a")), 0, 3},
	} {
		l.server.ResetRequests()
		l.delivers(t, c.text)
		reads, writes := l.count()
		t.Logf("%s: %d reads, %d writes", c.what, reads, writes)
		if writes != c.writes || c.reads != 0 && reads != c.reads || reads > 16 {
			t.Errorf("%s: %d reads and %d writes\n%s", c.what, reads, writes, strings.Join(l.requests(), "\n"))
		}
	}
}

// A group that grows and shrinks adds each alert once, in each of its states.
func TestAlertGroupGrowsAndShrinks(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	a, b, c := at("15:40", "a"), at("15:45", "b"), at("15:50", "c")
	for _, alerts := range [][]notice{{a}, {a, b}, {a, b, c}, {a, b, c}, {a.until("15:55"), b, c}, {b, c}, {b, c.until("15:56")}, {b}, {a, b}, {at("15:58", "a"), b},
		{at("15:58", "a").until("15:59"), b.until("15:59")}} {
		l.delivers(t, notification("Down", alerts...))
	}
	l.checkStory(t, "#1 opened Active; firing Down (instance=a); firing Down (instance=b); firing Down (instance=c); resolved Down (instance=a); resolved Down (instance=c); "+
		"firing Down (instance=a); resolved Down (instance=a), Down (instance=b)")
	l.delivers(t, notification("Full", at("15:40", "a")))
	if got := len(l.incidents()); got != 2 {
		t.Errorf("%d incidents: another group has its own", got)
	}
}

// After the incident was resolved, only alerts that started later open another one, which is linked to it.
func TestAlertAfterResolution(t *testing.T) {
	t.Parallel()
	for name, resolve := range map[string]func(t *testing.T, l *lab){
		"resolved":         func(t *testing.T, l *lab) { l.must(t, "incident", "resolve", "1", "--at", "16:05") },
		"resolved, closed": func(t *testing.T, l *lab) { l.must(t, "incident", "resolve", "1", "--at", "16:05", "--close") },
		"reviewed": func(t *testing.T, l *lab) {
			l.must(t, "incident", "resolve", "1", "--at", "16:05")
			l.must(t, "incident", "review", "1", "--done", "-m", "ok")
		},
		"relabelled by hand": func(t *testing.T, l *lab) {
			l.web("dev", "PUT", "/issues/1", `{"add_labels": "Incident::Resolved", "remove_labels": "Incident::Active"}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			l = l.moving()
			l.delivers(t, notification("Down", at("15:55", "a"), at("15:56", "b")))
			l.clock.pass(5 * time.Minute) // 16:05
			l.now = l.clock.Now()
			resolve(t, l)
			l.clock.pass(30 * time.Minute)
			l.now = l.clock.Now()
			for _, text := range []string{
				notification("Down", at("15:55", "a"), at("15:56", "b")),
				notification("Down", at("15:55", "a").until("16:06"), at("16:04", "c")),
				notification("Down", at("15:55", "a").until("16:06"), at("16:06", "b").until("16:08")),
			} {
				r := l.delivers(t, text)
				if !strings.Contains(r.errors, "No alert started after acme/production#1 was resolved (2018-08-24 16:05 UTC)") || len(l.incidents()) != 1 {
					t.Errorf("%s\n%s", r.errors, strings.Join(l.story(), "\n"))
				}
			}
			again := notification("Down", at("15:55", "a"), at("16:15", "b"))
			r := l.delivers(t, again)
			if !strings.Contains(r.out, "Opened acme/production#2") || !strings.Contains(r.errors, "acme/production#1 had the same alerts and is re") {
				t.Error(r.out, r.errors)
			}
			if i := l.incident(t, 2); !strings.Contains(i.Description, "-1.") || fmt.Sprint(i.Links) == "[]" {
				t.Errorf("links %v\n%s", i.Links, i.Description)
			}
			want := l.picture()
			l.delivers(t, again)
			if !slices.Equal(l.picture(), want) {
				t.Error("a repeat changed something")
			}
			l.must(t, "incident", "resolve", "2", "--close")
			l.clock.pass(time.Hour)
			l.now = l.clock.Now()
			l.delivers(t, notification("Down", at("17:05", "a")))
			if i := l.incident(t, 3); !strings.Contains(i.Description, "-2.") {
				t.Error(i.Description)
			}
		})
	}
}

// An incident that a person reopened, or only mitigated, gets the alerts.
func TestAlertOfReopenedIncident(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.delivers(t, notification("Down", at("15:20", "a")))
	l.must(t, "incident", "mitigate", "1")
	l.delivers(t, notification("Down", at("15:25", "b")))
	l.must(t, "incident", "resolve", "1", "--close")
	l.must(t, "incident", "reopen", "1", "-m", "Back")
	l.delivers(t, notification("Down", at("15:30", "c")))
	l.checkStory(t, "#1 opened Active; firing Down (instance=a); -; firing Down (instance=b); -; Back; firing Down (instance=c)")
}

// Two replicas of Alertmanager send the same notification at once, in any order of their requests, and with values that differ.
func TestAlertFromTwoReplicas(t *testing.T) {
	t.Parallel()
	for seed := range 40 {
		if !sampled(4, "replicas", seed, 0) {
			continue
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{}).moving()
			l.ownDir(t)
			for n, value := range []string{"91 %", "92 %"} {
				a := at("15:50", "a")
				a.note = map[string]string{"summary": "Full: " + value}
				l.file(t, fmt.Sprintf("%d.json", n), strings.ReplaceAll(notification("Full", a, at("15:51", "b")), `"commonAnnotations":{"summary":"Full is failing"}`,
					`"commonAnnotations":{"summary":"Full: `+value+`"}`))
			}
			first, second := []string{"incident", "open", "--from", "0.json", "-q"}, []string{"incident", "open", "--from", "1.json", "-q"}
			random := rand.New(rand.NewPCG(uint64(seed), 1))
			s := newTurnstile(byRun{func(int) http.RoundTripper { return l.wire }})
			results, _ := l.schedule(s, [][]string{first, second}, func(waiting []int) int { return random.IntN(len(waiting)) })
			for _, r := range results {
				if r.code != 0 {
					t.Errorf("exit %d: %s", r.code, r.errors)
				}
			}
			l.must(t, first...)
			if got := l.story(); len(got) != 1 || strings.Count(got[0], "firing") != 1 {
				t.Errorf("the queue is\n%s", strings.Join(got, "\n"))
			}
		})
	}
}

// Alerts are not updates: the clock of an incident about which nobody writes runs on, also if the token is a person's.
func TestAlertsAreNotUpdates(t *testing.T) {
	t.Parallel()
	for _, user := range []string{"mara", "project_2_bot_1a2b3c4d"} {
		l := newLab(t, setup{seed: botSeed}).moving()
		l.user = user
		l.now = l.clock.Now()
		l.delivers(t, notification("Down", at("15:50", "a")))
		l.clock.pass(40 * time.Minute)
		l.now = l.clock.Now()
		l.delivers(t, notification("Down", at("15:50", "a"), at("16:20", "b")))
		l.user = "mara"
		r := l.run("incident", "check")
		if !strings.Contains(r.out, "S1 needs an update every 30m, and nobody has written anything since it was opened 39m ago") {
			t.Errorf("%s: %s%s", user, r.out, r.errors)
		}
		r = l.must(t, "incident", "timeline", "1")
		if !strings.Contains(r.out, "alert: firing Down (instance=b)") {
			t.Errorf("%s: %s", user, r.out)
		}
	}
}

// botSeed adds the account of an access token, and one of a person whom nobody uses.
func botSeed(s *fakegitlab.Seed) {
	s.Users = append(s.Users, fakegitlab.SeedUser{Username: "project_2_bot_1a2b3c4d"})
	s.Groups[0].Members = append(s.Groups[0].Members, fakegitlab.SeedMember{User: "project_2_bot_1a2b3c4d", Role: "reporter"})
}

// Resolved alerts resolve the incident only if the team wants it and no person touched it.
func TestResolvedAlerts(t *testing.T) {
	t.Parallel()
	const wanted = "incidents:\n  close_on_resolved: true\nalerts:\n  severity: {map: {critical: S3}}\n"
	firing, resolved := notification("Down", at("15:50", "a"), at("15:51", "b")), notification("Down", at("15:50", "a").until("15:58"), at("15:51", "b").until("15:59"))
	for name, c := range map[string]struct {
		config string
		before func(t *testing.T, l *lab)
		text   string
		want   string // state of the issue and of the incident
		says   string
	}{
		"a review due, of GitLab's type": {config: strings.NewReplacer("S3", "S1", "true\n", "true\n  review_after: 5m\n").Replace(wanted),
			want: "closed Resolved", says: `it has the label "review due"`},
		"not wanted":   {config: "", want: "opened Active", says: "All alerts are resolved. To resolve the incident: prodctl incident resolve 1"},
		"wanted":       {config: wanted, want: "closed Resolved", says: "All alerts are resolved: acme/production#1 is too"},
		"a review due": {config: strings.NewReplacer("S3", "S1", "true\n", "true\n  type: issue\n  review_after: 5m\n").Replace(wanted), want: "opened Resolved"},
		"some firing":  {config: wanted, text: notification("Down", at("15:50", "a").until("15:58"), at("15:51", "b")), want: "opened Active"},
		"truncated":    {config: wanted, text: strings.Replace(resolved, `"truncatedAlerts":0`, `"truncatedAlerts":3`, 1), want: "opened Active"},
		"a comment":    {wanted, func(t *testing.T, l *lab) { l.comments("dev", "Looking") }, "", "opened Active", "acme/production#1 stays as it is: comment by @dev"},
		"an update":    {wanted, func(t *testing.T, l *lab) { l.as("dev").must(t, "incident", "update", "1", "-m", "Looking") }, "", "opened Active", "comment by @dev"},
		"mitigated":    {wanted, func(t *testing.T, l *lab) { l.as("dev").must(t, "incident", "mitigate", "1") }, "", "opened Mitigated", "comment by @dev"},
		"the label": {wanted, func(t *testing.T, l *lab) { l.web("dev", "PUT", "/issues/1", `{"add_labels": "toil"}`) }, "", "opened Active",
			"relabelled by @dev"},
		"the description": {wanted, func(t *testing.T, l *lab) {
			l.web("dev", "PUT", "/issues/1", `{"description": %q}`, "Words.\n\n"+l.incident(t, 1).Description)
		}, "", "opened Active", "edited by @dev"},
		"the title":    {wanted, func(t *testing.T, l *lab) { l.web("dev", "PUT", "/issues/1", `{"title": "Disk full"}`) }, "", "opened Active", "edited by @dev"},
		"the assignee": {wanted, func(t *testing.T, l *lab) { l.web("dev", "PUT", "/issues/1", `{"assignee_ids": [2]}`) }, "", "opened Active", "edited by @dev"},
		"reopened": {wanted, func(t *testing.T, l *lab) {
			l.web("dev", "PUT", "/issues/1", `{"state_event": "close"}`)
			l.web("dev", "PUT", "/issues/1", `{"state_event": "reopen"}`)
		}, "", "opened Active", "by @dev"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{seed: botSeed, config: c.config})
			l.user = "project_2_bot_1a2b3c4d"
			l.delivers(t, firing)
			if c.before != nil {
				c.before(t, l)
			}
			text := resolved
			if c.text != "" {
				text = c.text
			}
			r := l.delivers(t, text)
			i := l.incident(t, 1)
			if got := i.State; !strings.HasPrefix(c.want, got) || !slices.Contains(i.Labels, "Incident::"+c.want[len("opened "):]) || !strings.Contains(r.errors, c.says) {
				t.Errorf("it is %s %q: %s%s", got, i.Labels, r.out, r.errors)
			}
			if c.want == "closed Resolved" && field(i.Description, "resolved_at") != "2018-08-24T15:59:00Z" {
				t.Error(i.Description)
			}
			want := l.picture()
			l.delivers(t, text)
			if !slices.Equal(l.picture(), want) {
				t.Error("a repeat changed something")
			}
		})
	}
}

func (l *lab) comments(user, body string) {
	l.web(user, "POST", "/issues/1/notes", `{"body": %q}`, body)
}

// Alerts go to where the incident was moved, whatever type it has, and open a new one in the queue when they come back after its end.
func TestAlertsFollowAMovedIncident(t *testing.T) {
	t.Parallel()
	for _, native := range []bool{false, true} {
		l := newLab(t, setup{native: native, seed: func(s *fakegitlab.Seed) {
			for _, name := range []string{"incident", "S1", "Incident::Active", "Incident::Resolved", "service:registry"} {
				s.Groups[0].Labels = append(s.Groups[0].Labels, fakegitlab.SeedLabel{Name: name, Color: "#c0c0c0"})
			}
		}})
		l.delivers(t, notification("Down", at("15:50", "a")))
		iid := l.move(t, prod, 1, infra)
		for range 3 {
			r := l.delivers(t, notification("Down", at("15:50", "a"), at("15:55", "b")))
			if ref := fmt.Sprintf("%s#%d", infra, iid); !strings.Contains(r.out, ref) {
				t.Errorf("%s%s", r.out, r.errors)
			}
		}
		l.checkStory(t, "#1 closed Active; firing Down (instance=a)")
		if there := commentsOf(l.at(t, infra, iid)); len(there) != 2 || !strings.Contains(there[1], "Down (instance=b)") {
			t.Errorf("native %t: %q", native, there)
		}
		l.must(t, "incident", "resolve", fmt.Sprintf("%s#%d", infra, iid), "--close", "-q")
		if r := l.delivers(t, notification("Down", at("15:50", "a"), at("15:55", "b"))); !strings.Contains(r.errors, "No alert started after") {
			t.Errorf("native %t: %s%s", native, r.out, r.errors)
		}
		l.now = l.now.Add(time.Hour)
		for range 2 {
			if r := l.delivers(t, notification("Down", at("16:30", "c"))); !strings.Contains(r.out, prod+"#2") {
				t.Errorf("native %t: %s%s", native, r.out, r.errors)
			}
		}
		l.checkStory(t, "#1 closed Active; firing Down (instance=a)", "#2 opened Active; firing Down (instance=c)")
	}
}

// Alerts go to the incident of which theirs was closed as a duplicate.
func TestAlertsFollowTheIncident(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.delivers(t, notification("Down", at("15:50", "a")))
	l.must(t, "incident", "open", "Datacenter lost power", "-s", "S1")
	l.web("dev", "POST", "/issues/1/notes", `{"body": "/duplicate #2"}`)
	for range 2 {
		l.delivers(t, notification("Down", at("15:50", "a"), at("15:55", "b")))
	}
	l.checkStory(t, "#1 closed Active; firing Down (instance=a)", "#2 opened Active; firing Down (instance=a), Down (instance=b)")
	l.must(t, "incident", "resolve", "2", "--close")
	r := l.delivers(t, notification("Down", at("15:50", "a")))
	if !strings.Contains(r.errors, "No alert started after acme/production#2 was resolved") {
		t.Error(r.errors)
	}
}

// Somebody copies the hidden lines of an incident into an issue of their own: it gets no alerts, and hides none.
func TestAlertWordPlanted(t *testing.T) {
	t.Parallel()
	for _, user := range []string{"guest", "rep", "dev"} {
		for _, first := range []bool{true, false} {
			l := newLab(t, setup{})
			plant := func() {
				other := newLab(t, setup{})
				other.delivers(t, notification("Down", at("15:50", "a")))
				lines := keys.FindAllString(other.incident(t, 1).Description, -1)
				l.web(user, "POST", "/issues", `{"title": "Lunch", "description": %q}`, "Lunch.\n\n"+strings.Join(lines, "\n"))
			}
			if first {
				plant()
			}
			l.delivers(t, notification("Down", at("15:50", "a")))
			if !first {
				plant()
			}
			for range 2 {
				l.delivers(t, notification("Down", at("15:50", "a"), at("15:52", "b")))
			}
			var got []string
			for _, i := range l.incidents() {
				if i.Title != "Lunch" {
					got = append(got, i.State+" "+fmt.Sprint(len(commentsOf(i))))
				} else if len(commentsOf(i)) != 0 || i.State != "opened" {
					t.Errorf("%s: the planted issue is %s with %q", user, i.State, commentsOf(i))
				}
			}
			if !slices.Equal(got, []string{"opened 2"}) {
				t.Errorf("planted by %s, first %v: %q", user, first, got)
			}
		}
	}
}

// A saved plan opens the incident and records the alerts in it, which a later round plans. A run that was killed after any request is
// completed by the next one.
func TestAlertPlanFile(t *testing.T) {
	t.Parallel()
	start := newLab(t, setup{config: oneAtATime})
	direct := start.copy()
	direct.must(t, alertLine("alerts")...)
	file := saved(t, start, alertLine("alerts")...)
	whole := start.copy()
	whole.must(t, "apply", file, "--yes", "-q")
	if !slices.Equal(direct.picture(), whole.picture()) {
		t.Error("the plan does not do what the command does")
	}
	for nth := range len(whole.methods()) {
		for _, trouble := range troubles()[2:4] { // killed before and after
			l := start.copy()
			l.disturbed(trouble, nth+1, []string{"apply", file, "--yes", "-q"})
			if r := l.run("apply", file, "--yes", "-q"); r.code != 0 || !slices.Equal(direct.picture(), l.picture()) {
				t.Errorf("%s at request %d, then exit %d: %s", trouble.name, nth+1, r.code, r.errors)
			}
		}
	}
}

// A wrong document, and what cannot be given beside --from, are wrong usage: nothing is read from GitLab.
func TestAlertUsage(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	for name, c := range map[string]struct {
		text string
		args []string
		says string
	}{
		"empty":           {"", nil, "the alerts in standard input cannot be used: standard input: it is empty"},
		"another version": {strings.Replace(notification("Down", at("15:50", "a")), `"version":"4"`, `"version":"1"`, 1), nil, `version is "1" (only version "4" of the format is supported)`},
		"a title":         {notification("Down", at("15:50", "a")), []string{"Title"}, "--from takes the incident from the alerts: a title cannot be given as well"},
		"a severity":      {notification("Down", at("15:50", "a")), []string{"-s", "S1"}, "--severity cannot be given as well"},
		"a key":           {notification("Down", at("15:50", "a")), []string{"--key", "x"}, "--key cannot be given as well"},
	} {
		l.server.ResetRequests()
		if r := l.notify(c.text, c.args...); r.code != 6 || !strings.Contains(r.errors, c.says) || len(l.requests()) > 0 {
			t.Errorf("%s: exit %d, %d requests: %s", name, r.code, len(l.requests()), r.errors)
		}
	}
	if r := l.run("incident", "open"); r.code != 6 {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
	if r := l.run("incident", "open", "--from", "missing.json"); r.code != 6 || !strings.Contains(r.errors, "file missing.json not found") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
}

// If GitLab is down, the exit code asks the sender to send the notification again, and no draft is saved.
func TestAlertWhileGitLabIsDown(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.ownDir(t)
	l.fault(t, "GET /** every=1 status=503", "POST /** every=1 status=503")
	if r := l.notify(notification("Down", at("15:50", "a"))); r.code != 7 || strings.Contains(r.errors, "Draft") || strings.Contains(r.errors, "--key") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
}

// A confidential incident keeps its words from the output.
func TestAlertOfConfidentialIncident(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	for n, text := range []string{notification("Zanary", at("15:50", "a")), notification("Zanary", at("15:50", "a"), at("15:55", "b"))} {
		args := []string{"--confidential"}[:1-n]
		r := l.delivers(t, text, args...)
		if strings.Contains(r.out+r.errors, "Zanary") || !strings.Contains(r.out, "acme/production#1") {
			t.Error(r.out, r.errors)
		}
	}
	if i := l.incident(t, 1); !i.Confidential || len(commentsOf(i)) != 2 || slices.ContainsFunc(i.Labels, func(l string) bool { return strings.HasPrefix(l, "service:") }) {
		t.Errorf("%v %q", i.Confidential, i.Labels)
	}
}

// A clock that runs ahead makes no incident after each resolution.
func TestAlertThatStartsInTheFuture(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	text := notification("Down", at("23:55", "a"))
	l.delivers(t, text)
	l.must(t, "incident", "resolve", "1")
	l.delivers(t, text)
	if n := len(l.incidents()); n != 1 {
		t.Errorf("%d incidents\n%s", n, strings.Join(l.story(), "\n"))
	}
	l.delivers(t, notification("Down", at("23:55", "a"), at("23:56", "b")))
	if n := len(l.incidents()); n != 2 {
		t.Errorf("another alert: %d incidents\n%s", n, strings.Join(l.story(), "\n"))
	}
}
