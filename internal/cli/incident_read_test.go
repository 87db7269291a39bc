package cli_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// readable is a tracker with incidents in every state; the issues of some are open or closed against their state.
func readable(t *testing.T) *lab {
	t.Helper()
	at := func(hour int) time.Time { return time.Date(2018, 8, 20, hour, 0, 0, 0, time.UTC) }
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		record := func(lines string) string { return "Words.\n\n```yaml prodctl/incident\n" + lines + "```\n" }
		for n, i := range []fakegitlab.SeedIssue{
			{Title: "active and open", Labels: []string{"Incident::Active", "S2", "service:web"}},
			{Title: "active and closed", Labels: []string{"Incident::Active", "S1", "service:registry"}, Closed: true},
			{Title: "mitigated", Labels: []string{"Incident::Mitigated", "S1"}},
			{Title: "resolved and open", Labels: []string{"Incident::Resolved", "S1"}},
			{Title: "reviewed", Labels: []string{"Incident::Reviewed", "S2"}, Closed: true},
			{Title: "resolved by its record", Description: record("resolved_at: 2018-08-20T12:00:00Z\nseverity: S4\nservices: [web]\n")},
			{Title: "no state"},
			{Title: "closed, no state", Closed: true},
			{Title: "of two states", Labels: []string{"Incident::Active", "Incident::Resolved", "S3", "S4"}},
		} {
			i.Labels, i.Author, i.CreatedAt = append(i.Labels, "incident"), "dev", at(n)
			s.Projects[1].Issues = append(s.Projects[1].Issues, i)
		}
		s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{Title: "no incident", Labels: []string{"Incident::Active", "S1"}, Author: "dev", CreatedAt: at(9)})
	}})
	return l
}

// Label and record decide the state: an open issue may be resolved, and a closed one may be ongoing.
func TestIncidentList(t *testing.T) {
	t.Parallel()
	l := readable(t)
	for _, c := range []struct{ args, want string }{
		{"", "active and closed, active and open, of two states, no state, mitigated"},
		{"--state active", "active and closed, active and open, of two states"},
		{"--state mitigated,reviewed", "mitigated, reviewed"},
		{"--state resolved --all", "resolved and open, resolved by its record"},
		{"--state unknown", "no state, closed, no state"},
		{"-s S1", "active and closed, mitigated"},
		{"-s S1 --all", "active and closed, mitigated, resolved and open"},
		{"-s S3", "of two states"},
		{"-s unknown", "no state"},
		{"--service web", "active and open"},
		{"--service web,registry --all", "active and closed, active and open, resolved by its record"},
		{"--since 2018-08-20T02:00:00Z", "of two states, no state, mitigated"},
		{"--since 1h", ""},
		{"--all --since 2018-08-20T07:00:00Z", "of two states, closed, no state"},
	} {
		r := l.must(t, append([]string{"incident", "list", "--jq", `[.incidents[].title] | join(", ")`}, strings.Fields(c.args)...)...)
		if got := strings.TrimSpace(r.out); got != c.want {
			t.Errorf("list %s: %s, want %s", c.args, got, c.want)
		}
	}
	for _, wrong := range []string{"--state over", "-s S5", "--since yesterday"} {
		if r := l.run(append([]string{"incident", "list"}, strings.Fields(wrong)...)...); r.code != 6 {
			t.Errorf("list %s: exit %d\n%s", wrong, r.code, r.errors)
		}
	}
}

// Missing data and contradictions are gaps; a value of the record that cannot be read is a problem with line and column.
func TestIncidentGaps(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		labels string
		record string
		want   []string
		doc    string // lines and columns of problems
	}{
		"nothing":       {"incident", "", []string{"no record", "severity unknown", "state unknown", "no start time", "no services"}, ""},
		"contradiction": {"incident,Incident::Active,S1", "severity: S3\nstarted_at: 12:00\nresolved_at: 11:00\n", []string{"the label says S1, the record S3", "resolved before it started", "has a resolution time"}, ""},
		"several":       {"incident,Incident::Active,Incident::Mitigated,S1,S2", "started_at: 12:00\n", []string{"several state labels: active, mitigated", "several severity labels: S1, S2"}, ""},
		"unreadable":    {"incident,Incident::Active", "started_at: soon\nimpact: 40\n  severity: S9\nservices: web\n", []string{"line 4, column 13", "line 5, column 9"}, "4:13 5:9 6:13"},
		"lenient":       {"incident,Incident::Active", "severity: \"s2\" # guess\nservices: web\nstarted_at: '2018-08-24 10:02'\nowner: ines\n", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			body := "Words."
			if c.record != "" {
				body += "\n\n```yaml prodctl/incident\n" + c.record + "```"
			}
			l.web("dev", "POST", "/issues", `{"title":"Registry","labels":%q,"description":%q}`, c.labels, body)
			shown := l.must(t, "incident", "show", "1", "--jq", `(.gaps | join("; ")), ([.problems[] | "\(.line):\(.column)"] | join(" "))`)
			for _, want := range c.want {
				if !strings.Contains(shown.out, want) {
					t.Errorf("no gap has %q:\n%s", want, shown.out)
				}
			}
			lines := strings.Split(shown.out, "\n")
			if lines[1] != c.doc || c.want == nil && lines[0] != "" {
				t.Errorf("gaps %q, problems %q", lines[0], lines[1])
			}
		})
	}
}

// The timeline is in the order in which things happened, whatever the order of commands, and the same in every run.
func TestIncidentTimeline(t *testing.T) {
	t.Parallel()
	commands := []string{"update 1 -m Third --at 15:30", "update 1 -m First --at 14:50", "mitigate 1 --at 15:40", "update 1 -m Second --at 15:10", "update 1 -m Yesterday --at 2018-08-23T23:59:00Z"}
	const want = "### 2018-08-23\n\n- 23:59 Yesterday\n\n### 2018-08-24\n\n- 14:00 started\n- 14:50 First\n- 15:10 Second\n- 15:30 Third\n- 15:40 mitigated\n- 16:00 incident declared, S2\n"
	for turn := range commands {
		t.Run(fmt.Sprint(turn), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			l.must(t, "incident", "open", "Registry", "-s", "S2", "--started", "2h")
			for n := range commands {
				l.must(t, append([]string{"incident"}, strings.Fields(commands[(n+turn)%len(commands)])...)...)
			}
			for range 2 {
				r := l.must(t, "incident", "timeline", "1", "-o", "md")
				if !strings.HasSuffix(strings.TrimSpace(r.out)+"\n", want) {
					t.Errorf("the timeline is\n%s\nwant\n%s", r.out, want)
				}
			}
			if i := l.incident(t, 1); strings.Join(timelineOf(i.Description), "\n") != "23:59 Yesterday\n14:00 started\n14:50 First\n15:10 Second\n15:30 Third\n15:40 mitigated\n16:00 incident declared" {
				t.Errorf("the description says\n%s", i.Description)
			}
		})
	}
	t.Run("comments and labels", func(t *testing.T) {
		t.Parallel()
		l := newLab(t, setup{})
		l.must(t, "incident", "open", "Registry", "-s", "S2", "--started", "2h")
		l.web("guest", "POST", "/issues/1/notes", `{"body":"Is this [mine](http://x)?\n\nMore."}`)
		r := l.must(t, "incident", "timeline", "1", "--jq", `.lines[] | "\(.source) \(.author // "-") \(.text)"`)
		for _, want := range []string{"record  started", "declared mara incident declared, S2", "note guest Is this [mine](http://x)? …"} {
			if !strings.Contains(strings.ReplaceAll(r.out, "record - ", "record  "), want) {
				t.Errorf("the timeline lacks %q:\n%s", want, r.out)
			}
		}
	})
}

// A review is due for an S1 or S2 longer than half an hour, and for data loss. The form is added once, with what is recorded.
func TestIncidentReview(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		open, resolve string
		config        string
		code          int
		want          string
	}{
		"S1, an hour":          {"-s S1 --started 2h", "--at 15:00", "", 0, "S1 lasted 1h, longer than 30m"},
		"S2, half an hour":     {"-s S2 --started 14:00", "--at 14:30", "", 5, "it lasted 30m, not longer than 30m"},
		"S3, data loss":        {"-s S3 --data-loss --started 14:00", "--at 14:10", "", 0, "data may have been lost"},
		"S3":                   {"-s S3 --started 2h", "", "", 5, "no review of acme/production#1 is due: severity S3"},
		"still active":         {"-s S1 --started 2h", "-", "", 5, "acme/production#1 is not resolved: its state is active"},
		"unknown severity":     {"--started 2h", "", "", 0, "severity unknown"},
		"the team's own limit": {"-s S1 --started 2h", "", "incidents: {review_after: 3h}\n", 5, "it lasted 2h, not longer than 3h"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{config: c.config})
			l.must(t, append([]string{"incident", "open", "Registry"}, strings.Fields(c.open)...)...)
			if c.resolve != "-" {
				l.must(t, append([]string{"incident", "resolve", "1", "-m", "Disk replaced"}, strings.Fields(c.resolve)...)...)
			}
			before := len(commentsOf(l.incident(t, 1)))
			r := l.run("incident", "review", "1")
			comments := commentsOf(l.incident(t, 1))
			if r.code != c.code || !strings.Contains(r.errors+strings.Join(comments[before:], ""), c.want) || (len(comments) == before+1) != (c.code == 0) {
				t.Fatalf("exit %d, comments %q\n%s", r.code, comments[before:], r.errors)
			}
			if c.resolve == "-" {
				if r := l.run("incident", "review", "1", "--force"); r.code != 5 || !strings.Contains(r.errors, "prodctl incident resolve acme/production#1") {
					t.Errorf("--force: exit %d\n%s", r.code, r.errors)
				}
				return
			}
			l.must(t, "incident", "review", "1", "--force")
			l.must(t, "incident", "review", "1", "--force")
			comments = commentsOf(l.incident(t, 1))
			if len(comments) != before+1 || !strings.Contains(comments[before], "16:00 incident declared") || !strings.Contains(comments[before], "Disk replaced") {
				t.Errorf("comments %q", comments[before:])
			}
		})
	}
}

// An action is an issue in the infrastructure tracker with the incident's severity and a due date, linked both ways, created once.
func TestIncidentAction(t *testing.T) {
	t.Parallel()
	for severity, due := range map[string]string{"S1": "2018-08-31", "S2": "2018-09-23", "S3": "2018-10-23", "S4": "2018-11-22", "": "2018-11-22"} {
		l := newLab(t, setup{})
		open := []string{"incident", "open", "Registry"}
		if severity != "" {
			open = append(open, "-s", severity)
		}
		l.must(t, open...)
		for range 2 {
			l.must(t, "incident", "action", "1", "Alert before the disk is full", "--owner", "@rep", "-m", "At 80%.")
		}
		l.must(t, "incident", "action", "1", "Drill", "--due", "2018-10-01")
		issues := l.server.Snapshot().Project(infra).Issues
		if len(issues) != 3 {
			t.Fatalf("%s: %d issues", severity, len(issues))
		}
		alert, drill := issues[1], issues[2]
		labels := strings.TrimSpace(severity + " corrective action")
		if alert.DueDate != due || strings.Join(alert.Labels, " ") != labels || len(alert.Assignees) != 1 || len(alert.Links) != 1 || alert.Links[0].Target != "acme/production#1" || !strings.HasPrefix(alert.Description, "At 80%.") {
			t.Errorf("%s: %+v", severity, alert)
		}
		if drill.DueDate != "2018-10-01" || len(drill.Assignees) != 0 {
			t.Errorf("%+v", drill)
		}
		i := l.incident(t, 1)
		if len(i.Links) != 2 || len(commentsOf(i)) != 2 || strings.Count(i.Description, "Alert before the disk is full") != 1 {
			t.Errorf("%s: %+v", severity, i)
		}
		shown := l.must(t, "incident", "show", "1", "--jq", `.actions[] | "\(.ref) \(.owner // "-") \(.due) \(.done)"`)
		if want := "acme/infrastructure#2 rep " + due + " false\n"; !strings.Contains(shown.out, want) {
			t.Errorf("show lacks %s:\n%s", want, shown.out)
		}
	}
}
