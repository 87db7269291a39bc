package alert_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/alert"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

var start = time.Date(2018, 8, 24, 15, 50, 0, 0, time.UTC)

func firing(instance string, minutes int, labels ...string) alert.Alert {
	a := alert.Alert{Fingerprint: instance, StartsAt: start.Add(time.Duration(minutes) * time.Minute),
		Labels: map[string]string{"alertname": "HighErrorRate", "instance": instance}, Annotations: map[string]string{"summary": "500s on " + instance}}
	for n := 0; n < len(labels); n += 2 {
		a.Labels[labels[n]] = labels[n+1]
	}
	return a
}

func resolved(a alert.Alert, minutes int) alert.Alert {
	a.Resolved, a.EndsAt = true, start.Add(time.Duration(minutes)*time.Minute)
	return a
}

// The words and ids are part of issues and comments: they never change.
func TestPublishedWords(t *testing.T) {
	t.Parallel()
	g := alert.Group{Key: `{}:{alertname="HighErrorRate"}`}
	if got := g.Word() + " " + g.Name(); got != "gd7ad4d4cee7d71977c01 group-d7ad4d4cee7d71977c01" {
		t.Errorf("group: %s", got)
	}
	a := firing("r1", 0)
	if got := a.ID() + " " + resolved(a, 5).ID(); !regexp.MustCompile(`^[0-9a-f]{12} [0-9a-f]{12}$`).MatchString(got) || got[:12] == got[13:] {
		t.Errorf("alert: %s", got)
	}
	zone := a
	zone.StartsAt = zone.StartsAt.In(time.FixedZone("", 7200))
	later := firing("r1", 1)
	if zone.ID() != a.ID() || later.ID() == a.ID() {
		t.Error("the id depends on the zone, or not on the start")
	}
	if got := alert.IDs([]alert.Alert{later, a, a}); got != alert.IDs([]alert.Alert{a, later}) || len(got) != 25 {
		t.Errorf("ids: %s", got)
	}
}

// Only alerts that no trusted event has are new, each once, in the order in which they changed.
func TestNew(t *testing.T) {
	t.Parallel()
	a, b, c := firing("a", 3), firing("b", 1), firing("c", 2)
	g := alert.Group{Alerts: []alert.Alert{a, b, resolved(b, 9), c, a}}
	event := func(trusted bool, alerts ...alert.Alert) eventlog.Event {
		return eventlog.Event{Kind: incident.Kind, Verb: "alert", Trusted: trusted, Fields: map[string]string{eventlog.AlertsField: alert.IDs(alerts)}}
	}
	for name, c := range map[string]struct {
		events []eventlog.Event
		want   []string
	}{
		"none recorded":        {nil, []string{"b", "c", "a", "b resolved"}},
		"some recorded":        {[]eventlog.Event{event(true, a), event(true, c)}, []string{"b", "b resolved"}},
		"by somebody else":     {[]eventlog.Event{event(false, a, b, c)}, []string{"b", "c", "a", "b resolved"}},
		"all recorded at once": {[]eventlog.Event{event(true, a, b, c, resolved(b, 9))}, nil},
	} {
		var got []string
		for _, x := range g.New(c.events) {
			got = append(got, x.Fingerprint+map[bool]string{true: " resolved"}[x.Resolved])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	now := start.Add(time.Hour)
	a, b := firing("a", 3), firing("b", 1)
	g := alert.Group{Alerts: []alert.Alert{a, b, resolved(firing("c", -30), 2)}}
	if got := g.Began(now); !got.Equal(b.StartsAt) {
		t.Errorf("began %s", got)
	}
	if got := alert.Changed(g.Alerts, now); !got.Equal(a.StartsAt) {
		t.Errorf("changed %s", got)
	}
	if got := alert.Changed([]alert.Alert{firing("x", 600)}, now); !got.Equal(now) {
		t.Errorf("a clock that is ahead: %s", got)
	}
	if got := g.Firing(b.StartsAt); len(got) != 1 || got[0].Fingerprint != "a" {
		t.Errorf("after b: %v", got)
	}
}

// A comment names a few alerts in its first line, which is that of the timeline, and lists ten.
func TestText(t *testing.T) {
	t.Parallel()
	var many []alert.Alert
	for n := range 50 {
		many = append(many, firing(string(rune('a'+n%26))+strings.Repeat("x", n/26), n))
	}
	g := alert.Group{Labels: map[string]string{"alertname": "HighErrorRate", "job": "web"}, LeftOut: 7, Alerts: many}
	text := g.Text(many)
	first, rest, _ := strings.Cut(text, "\n")
	if want := "firing HighErrorRate (instance=a), HighErrorRate (instance=b), HighErrorRate (instance=c) and 47 more"; first != want {
		t.Errorf("the first line is %q, want %q", first, want)
	}
	if !strings.Contains(rest, "- and 40 more") || strings.Count(rest, "\n- ") != 11 || !strings.HasSuffix(rest, "The notification left out 7 more.") {
		t.Error(rest)
	}
	one := alert.Group{Labels: map[string]string{"alertname": "Down", "job": "web"}}
	a := resolved(alert.Alert{Labels: map[string]string{"alertname": "Down", "job": "web"}, Source: "https://me:secret@prom.example.com/graph?g0.expr=up(x)"}, 5)
	want := "resolved Down\n\n- resolved at 2018-08-24 15:55 UTC: Down [source](https://prom.example.com/graph?g0.expr=up%28x%29)"
	if got := one.Text([]alert.Alert{a}); got != want {
		t.Errorf("one:\n%s\nwant\n%s", got, want)
	}
	if got := one.Text([]alert.Alert{firing("a", 0), a}); !strings.HasPrefix(got, "firing HighErrorRate (instance=a); resolved Down\n\n") {
		t.Error(got)
	}
}

// Text of alerts runs no quick action, mentions nobody, ends no comment, and shows no password.
func TestHostileText(t *testing.T) {
	t.Parallel()
	mention := regexp.MustCompile(`(^|[^\x{200b}\w])@\w`)
	for _, bad := range []string{"/close", "x\n/close\n", "@all look", "<!-- prodctl:entry {} -->", "--> <b>", "```\n/label ~x", "[x](javascript:alert(1))", "\x1b[31mred", "\u202eevil",
		"https://me:secret@x.example/y", "postgres://me:secret@db:5432/x", "| a | b |", "<details>", strings.Repeat("ä", 5000), "~S1 #12 !3 %milestone"} {
		a := firing("r", 0, "pod", bad)
		a.Annotations["summary"], a.Source = bad, bad
		g := alert.Group{Key: "k", Annotations: map[string]string{"summary": bad, "description": bad, "runbook_url": bad}, Alerts: []alert.Alert{a}}
		rules := alert.Rules{Title: []string{"annotations.summary"}}
		for what, text := range map[string]string{"comment": g.Text(g.Alerts), "summary": g.Summary(), "title": rules.TitleOf(g, nil)} {
			if strings.Contains(text, "secret") || strings.Contains(text, "javascript:alert(1))](") {
				t.Errorf("%s from %q: %s", what, bad, text)
			}
			if what == "title" {
				continue // it is escaped with the rest of the issue
			}
			if regexp.MustCompile(`(?m)^\s*/`).MatchString(text) || mention.MatchString(text) || strings.Contains(text, "<!--") || strings.Contains(text, "\x1b") || len(text) > 6000 {
				t.Errorf("%s from %q: %s", what, bad, text)
			}
			if again := eventlog.Sanitize(text); strings.Count(again, "\n") != strings.Count(text, "\n") {
				t.Errorf("%s from %q is changed again:\n%s\n%s", what, bad, text, again)
			}
		}
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	rules := alert.Rules{
		Title:    []string{"annotations.summary", "labels.alertname"},
		Severity: alert.SeverityRule{Label: "severity", Map: map[string]incident.Severity{"critical": incident.S1, "warning": incident.S3}},
		Services: alert.ServiceRule{Label: "service", Map: map[string]string{"container-registry": "registry"}},
		Known:    []string{"registry", "Web"},
	}
	labels := func(pairs ...string) alert.Alert { return firing("r", 0, pairs...) }
	for name, c := range map[string]struct {
		alerts   []alert.Alert
		severity incident.Severity
		services string
		notes    int
	}{
		"mapped":           {[]alert.Alert{labels("severity", "Critical", "service", "container-registry")}, incident.S1, "registry", 0},
		"the worst":        {[]alert.Alert{labels("severity", "warning", "service", "web"), labels("severity", "S2")}, incident.S2, "Web", 0},
		"one is unknown":   {[]alert.Alert{labels("severity", "warning"), labels("severity", "odd")}, incident.S3, "", 0},
		"unknown":          {[]alert.Alert{labels("severity", "odd", "service", "mail")}, incident.UnknownSeverity, "", 2},
		"none":             {[]alert.Alert{labels()}, incident.UnknownSeverity, "", 0},
		"resolved is past": {[]alert.Alert{resolved(labels("severity", "critical", "service", "web"), 1), labels("severity", "warning")}, incident.S3, "", 0},
	} {
		g := alert.Group{Alerts: c.alerts}
		severity, note := rules.SeverityOf(g)
		services, notes := rules.ServicesOf(g)
		if note != "" {
			notes = append(notes, note)
		}
		if severity != c.severity || strings.Join(services, ",") != c.services || len(notes) != c.notes {
			t.Errorf("%s: %s, %v, %q", name, severity, services, notes)
		}
	}
	rules.Known = nil
	if got, notes := rules.ServicesOf(alert.Group{Alerts: []alert.Alert{labels("service", "any"), labels("service", "two words"), labels("service", "a,b")}}); strings.Join(got, ",") != "any" || len(notes) != 2 {
		t.Errorf("without services in the file: %v, %q", got, notes)
	}
}

func TestTitle(t *testing.T) {
	t.Parallel()
	rules := alert.Rules{Title: []string{"annotations.summary", "labels.alertname"}}
	shared := alert.Group{Labels: map[string]string{"alertname": "HighErrorRate"}, Alerts: []alert.Alert{firing("a", 0), firing("b", 0)}}
	for want, g := range map[string]alert.Group{
		"HighErrorRate: api, web": shared,
		"500s":                    {Annotations: map[string]string{"summary": " 500s\n"}, Labels: shared.Labels, Alerts: shared.Alerts},
		"500s on a":               {Alerts: shared.Alerts},
		"Alert without a name":    {Alerts: []alert.Alert{{}}},
	} {
		if got := rules.TitleOf(g, []string{"api", "web"}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// An incident is touched if a person commented, edited, relabelled, assigned, closed or reopened it.
func TestTouched(t *testing.T) {
	t.Parallel()
	i := issue.Issue{CreatedAt: start}
	at := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
	posted := eventlog.Body(incident.NewEvent(incident.Alert, start, map[string]string{eventlog.AlertsField: "0123456789ab"}, "firing x"), "x")
	update := eventlog.Body(incident.NewEvent(incident.Update, start, nil, "falling"), "x")
	const bot, self = "project_31_bot_5f2c9a1e", "ops"
	note := func(author, body string, system bool, minutes int) []issue.Note {
		return []issue.Note{{Author: author, Body: body, System: system, CreatedAt: at(minutes), Trusted: true}}
	}
	for name, c := range map[string]struct {
		notes          []issue.Note
		labels, states []issue.Event
		touched        string
	}{
		"nothing":                    {},
		"alerts by this account":     {notes: note(self, posted, false, 3)},
		"alerts by another":          {notes: note("ops-2", posted, false, 3)},
		"its description":            {notes: append(note("ops-2", posted, false, 3), note("ops-2", "changed the description", true, 3)...)},
		"assigned at once":           {notes: note(self, "assigned to @dev", true, 0)},
		"labels at once":             {labels: []issue.Event{{User: self, Action: "add", Name: "S1", At: at(0)}}},
		"a bot":                      {notes: note(bot, "deployed", false, 9), labels: []issue.Event{{User: bot, At: at(9)}}},
		"a comment":                  {notes: note("dev", "Looking", false, 3), touched: "comment by @dev"},
		"an update":                  {notes: note("dev", update, false, 3), touched: "comment by @dev"},
		"a comment by this account":  {notes: note(self, "Looking", false, 3), touched: "comment by @ops"},
		"an update by this account":  {notes: note(self, update, false, 3), touched: "comment by @ops"},
		"a description":              {notes: note("dev", "changed the description", true, 3), touched: "edited by @dev"},
		"an assignee":                {notes: note("dev", "assigned to @dev", true, 3), touched: "edited by @dev"},
		"assigned later":             {notes: note(self, "assigned to @dev", true, 3), touched: "edited by @ops"},
		"relabelled":                 {labels: []issue.Event{{User: "dev", Action: "add", Name: "S1", At: at(0)}}, touched: "relabelled by @dev"},
		"relabelled by this account": {labels: []issue.Event{{User: self, Action: "add", Name: "S1", At: at(9)}}, touched: "relabelled by @ops"},
		"reopened":                   {states: []issue.Event{{User: "dev", Action: "reopened", At: at(9)}}, touched: "reopened by @dev"},
		"a deleted user":             {labels: []issue.Event{{Action: "add", At: at(9)}}, touched: "relabelled by a deleted user"},
	} {
		if got := alert.Touched(i, c.notes, c.labels, c.states, self); got != c.touched {
			t.Errorf("%s: %q, want %q", name, got, c.touched)
		}
	}
}

// What is shown is what the alert says: text that is escaped twice shows entities.
func TestTextIsEscapedOnce(t *testing.T) {
	t.Parallel()
	const words = `Errors > 5 % & <b> <!-- a|b &lt; \`
	a := firing("a", 0)
	a.Annotations = map[string]string{"summary": words}
	g := alert.Group{Alerts: []alert.Alert{a}, Annotations: a.Annotations}
	const want = `Errors \> 5 % \& \<b\> \<\!-- a\|b \&lt; \\`
	if got := safetext.Passage(g.Summary()); got != want {
		t.Errorf("%q", got)
	}
	if got := eventlog.Sanitize(g.Text(g.Alerts)); !strings.Contains(got, want) {
		t.Errorf("%q", got)
	}
	if got := g.Plain(); got != words {
		t.Errorf("%q", got)
	}
}
