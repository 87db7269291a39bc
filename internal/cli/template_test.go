package cli_test

import (
	"strings"
	"testing"
)

// A team's own template is used. One without the record, with an unknown variable, or outside the folder is refused before any
// request.
func TestTeamTemplates(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config, file, text string
		code               int
		want               string
	}{
		"own":           {"templates/i.md", "templates/i.md", "What {title} is about:\n{summary}\n\n{{braces}}\n\n{timeline}\n\n{record}\n", 0, ""},
		"no record":     {"templates/i.md", "templates/i.md", "{summary}\n", 6, "{record}"},
		"unknown":       {"templates/i.md", "templates/i.md", "line\n  {sumary}\n{record}\n", 6, "line 2, column 3"},
		"missing":       {"templates/i.md", "templates/other.md", "{record}", 6, "templates/i.md"},
		"above":         {"../i.md", "templates/i.md", "{record}", 6, ".."},
		"of the system": {"/etc/hostname.md", "templates/i.md", "{record}", 6, "/etc/hostname.md"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{config: "incidents: {template: " + c.config + "}\n"})
			l.ownDir(t)
			l.file(t, c.file, c.text)
			r := l.run("incident", "open", "It burns", "-m", "all of {it}\n/close")
			if r.code != c.code || !strings.Contains(r.errors, c.want) {
				t.Fatalf("exit %d\n%s%s", r.code, r.out, r.errors)
			}
			if c.code != 0 {
				if len(l.requests()) > 0 {
					t.Errorf("requests: %v", l.requests())
				}
				return
			}
			text := l.server.Snapshot().Projects[1].Issues[0].Description
			for _, want := range []string{"What It burns is about:\n\nall of {it}\n\\/close\n", "{braces}", "incident declared", "```yaml prodctl/incident"} {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing in\n%s", want, text)
				}
			}
		})
	}
}

// GitLab runs the quick actions of a team's own template and removes their lines. The first incident is opened all the same.
func TestTemplateWithQuickActions(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: "incidents: {template: i.md}\n"})
	l.ownDir(t)
	l.file(t, "i.md", "{summary}\n\n/due 2018-09-01\n\n{timeline}\n\n{record}\n")
	if r := l.run("config", "validate"); r.code != 0 || !strings.Contains(r.errors, `i.md:3: GitLab runs "/due 2018-09-01" as a quick action`) {
		t.Errorf("validate: exit %d\n%s%s", r.code, r.out, r.errors)
	}
	if r := l.run("incident", "open", "It burns", "-m", "text"); r.code != 0 {
		t.Fatalf("open: exit %d\n%s%s", r.code, r.out, r.errors)
	}
	i := l.server.Snapshot().Projects[1].Issues[0]
	if strings.Contains(i.Description, "/due") || !strings.Contains(i.Description, "```yaml prodctl/incident") {
		t.Errorf("description:\n%s", i.Description)
	}
}
