package cli_test

import (
	"slices"
	"strings"
	"testing"
)

// If the log is one issue per shift, or one fixed issue, the report has an issue of its own. Hand-off notes are found in the log issues.
func TestReportWithOtherLogKinds(t *testing.T) {
	t.Parallel()
	const note = "Quiet.\n\n<!-- prodctl:key=handoff/2018-08-23T04:00Z/EMEA -->"
	for _, c := range []struct{ log, issue, key string }{
		{"log: shift", `{"title": "On-call EMEA", "labels": "oncall report", "description": "<!-- prodctl:key=oncall-log/2018-08-23T04:00Z/EMEA -->"}`, "oncall-report/2018-W34"},
		{`{log: issue, issue: "production#1"}`, `{"title": "Our log"}`, "oncall-report/2018-W34"},
		{"log: week", `{"title": "On-call", "labels": "oncall report", "description": "<!-- prodctl:key=oncall-log/2018-W34 -->"}`, "oncall-log/2018-W34"},
	} {
		t.Run(c.log, func(t *testing.T) {
			t.Parallel()
			config := "handoff: " + c.log + "\n"
			if !strings.HasPrefix(c.log, "{") {
				config = "handoff: {" + c.log + "}\n"
			}
			l := newLab(t, setup{config: config})
			l.web("mara", "POST", "/issues", "%s", c.issue)
			l.web("dev", "POST", "/issues/1/notes", `{"body": %q}`, note)
			if out := l.must(t, "report", "weekly", "-o", "md").out; !strings.Contains(out, "| 2018-08-23 04:00-16:00 | EMEA | 2018-08-24 16:00 | @\u200bdev |") {
				t.Errorf("the note is not found:\n%s", out)
			}
			l.must(t, "report", "weekly", "--post")
			list := l.incidents()
			log := list[len(list)-1]
			if !strings.Contains(log.Description, "<!-- prodctl:key="+c.key+" -->") || !strings.Contains(reportOf(t, log.Description), "| @\u200bdev |") {
				t.Errorf("it is in %q:\n%s", log.Title, log.Description)
			}
			l.server.ResetRequests()
			l.must(t, "report", "weekly", "--post")
			if _, writes := l.count(); writes != 0 {
				t.Errorf("a second run writes %q", l.requests())
			}
		})
	}
}

// The log may be in the other tracker, with custom labels, and confidential. A confidential log gets the full report, but a plan never does.
func TestReportInAConfidentialLog(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: "handoff: {project: infrastructure, confidential: true}\nlabels: {names: {oncall report: Shift log, incident: Outage report}}\n"})
	l.must(t, "incident", "open", "Customer data leaked", "-s", "S1", "--confidential")
	if r := l.must(t, "report", "weekly", "--post", "--dry-run", "-o", "json"); strings.Contains(r.out, "leaked") {
		t.Errorf("the plan leaks\n%s", r.out)
	}
	l.must(t, "report", "weekly", "--post")
	list := l.server.Snapshot().Project(infra).Issues
	log := list[len(list)-1]
	if !log.Confidential || !slices.Equal(log.Labels, []string{"Shift log"}) || !strings.Contains(reportOf(t, log.Description), "Customer data leaked") {
		t.Errorf("confidential %v, %q\n%s", log.Confidential, log.Labels, log.Description)
	}
	l.server.ResetRequests()
	l.must(t, "report", "weekly", "--post")
	if _, writes := l.count(); writes != 0 {
		t.Errorf("a second run writes %q", l.requests())
	}
	// Somebody makes the issue public: the next run redacts the report.
	l.do("PUT", "/issues/2", `{"confidential": false}`)
	l.must(t, "report", "weekly", "--post")
	if list = l.server.Snapshot().Project(infra).Issues; strings.Contains(list[len(list)-1].Description, "leaked") {
		t.Errorf("the public report leaks:\n%s", list[len(list)-1].Description)
	}
}

// Titles are inert in a posted report: no quick action runs, nobody is mentioned, nothing is hidden, no table breaks.
func TestReportEscapesHostileTitles(t *testing.T) {
	t.Parallel()
	for _, title := range []string{"/close", "@all look | here", "<!-- /prodctl:report -->", "<!-- prodctl:key=oncall-log/2018-W34 -->", "</td><script>alert(1)</script>", "`` | \\| [x](javascript:y)", "=cmd()"} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			l.web("guest", "POST", "/issues", `{"title": "x"}`)
			l.web("mara", "PUT", "/issues/1", `{"title": %q, "add_labels": "incident,Incident::Active,delta,oncall"}`, title)
			for _, view := range []string{"oncall", "call"} {
				l.must(t, "report", "weekly", "--post", "--view", view)
				log := l.incident(t, 2)
				text := reportOf(t, log.Description)
				if log.State != "opened" || !strings.Contains(text, "acme/production#1") || strings.Contains(text, "@all") || strings.Contains(text, "<script") ||
					strings.Count(log.Description, "<!--") != 5 {
					t.Errorf("%s\n%s", log.State, log.Description)
				}
				columns := 0
				for line := range strings.Lines(text) {
					if n := strings.Count(line, "|"); strings.HasPrefix(line, "| acme/production#1 ") && columns != 0 && n != columns {
						t.Errorf("a row with %d bars, want %d: %s", n, columns, line)
					}
					columns = 0
					if strings.HasPrefix(line, "| ---") {
						columns = strings.Count(line, "|")
					}
				}
				l.server.ResetRequests()
				l.must(t, "report", "weekly", "--post", "--view", view)
				if _, writes := l.count(); writes != 0 {
					t.Errorf("a second run writes: GitLab stored something else\n%s", l.incident(t, 2).Description)
				}
			}
			if out := l.must(t, "report", "weekly", "-o", "csv").out; strings.Contains(out, ",=cmd") || strings.Contains(out, ",@all") {
				t.Errorf("the CSV has a formula:\n%s", out)
			}
		})
	}
}

// A user who may not edit the issue, or cannot see the tracker, gets an error with a hint, and the hint names only flags that the command has.
func TestReportsByRole(t *testing.T) {
	t.Parallel()
	for user, code := range map[string]int{"dev": 0, "rep": 0, "plan": 0, "guest": 4, "stranger": 1} {
		l := newLab(t, setup{})
		l.must(t, "report", "weekly", "--post")
		before := l.all()
		l.user = user
		r := l.run("report", "weekly", "--post", "--view", "call")
		if r.code != code || (code == 0) == (l.all() == before) || strings.Contains(r.errors, "--key") || strings.Contains(r.errors, "--new") || code != 0 && !strings.Contains(r.errors, "hint: ") {
			t.Errorf("%s: exit %d\n%s", user, r.code, r.errors)
		}
	}
}
