package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// What a fine-grained token may do is not in its scopes. Where a command only wants to know about the token, a missing permission is
// no failure.

func TestDoctorWarnsAboutMissingPermissions(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]string{
		fineItems: "host=ok token=warn version=warn infrastructure=warn access infrastructure=skip production=warn access production=skip scope=ok " +
			"labels=warn milestones=ok roll=warn board=warn keys=ok",
		fineMembers: "host=ok token=warn version=warn infrastructure=warn access infrastructure=skip production=warn access production=skip scope=ok " +
			"labels=warn milestones=ok roll=warn board=warn keys=ok",
		fineUser: "host=ok token=ok version=warn infrastructure=warn access infrastructure=ok production=warn access production=ok scope=ok " +
			"labels=warn milestones=ok roll=warn board=warn keys=ok",
		fineAll: "host=ok token=ok version=ok infrastructure=ok access infrastructure=ok production=ok access production=ok scope=ok " +
			"labels=warn milestones=ok roll=warn board=warn keys=ok", // 18.10 has no permission for the labels of a project
	} {
		l := fineLab(t, "")
		l.env = map[string]string{"GITLAB_TOKEN": token}
		r := l.must(t, "doctor", "--jq", `.checks[] | select(.id != "config") | .id + "=" + .status`)
		if got := strings.ReplaceAll(strings.TrimSpace(r.out), "\n", " "); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", token, got, want)
		}
		r = l.must(t, "doctor", "--jq", `.checks[] | select(.status == "warn" and .id != "roll") | .message + " -> " + .fix`)
		for line := range strings.Lines(r.out) {
			if !strings.Contains(line, "permission") || !strings.Contains(line, " -> Create a ") {
				t.Errorf("%s: a warning without a permission or a fix: %s", token, line)
			}
		}
	}
}

// A fine-grained token that may not read its user is saved; a wrong one is not.
func TestLoginWithoutReadUser(t *testing.T) {
	t.Parallel()
	p := newPerson(t, fakegitlab.Seed{})
	p.server = fineLab(t, "").server
	delete(p.env, "GITLAB_TOKEN")
	login := []string{"auth", "login", "--host", "https://gitlab.example.test", "--no-keyring", "-o", "json", "--jq", `.hosts[0] | .status + " " + .message`}
	if r := p.runs("nobody\n", login...); r.code != 4 {
		t.Errorf("a wrong token: exit %d\n%s%s", r.code, r.out, r.errors)
	}
	r := p.runs(fineItems+"\n", login...)
	if r.code != 0 || !strings.HasPrefix(r.out, "warn read current user: the token lacks the permission read_user") {
		t.Fatalf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
	if r := p.runs("", "auth", "status", "--host", "https://gitlab.example.test"); r.code != 0 {
		t.Errorf("the saved token: exit %d\n%s%s", r.code, r.out, r.errors)
	}
}

// Init needs no permission for projects that are named, and asks for the names of the others.
func TestInitWithoutReadProject(t *testing.T) {
	t.Parallel()
	l := fineLab(t, "")
	l.dir = t.TempDir()
	l.env = map[string]string{"GITLAB_TOKEN": fineItems}
	r := l.run("init", "--yes")
	const hint = "hint: Name the projects: prodctl init --infrastructure GROUP/PROJECT --production GROUP/PROJECT"
	if r.code != 4 || !strings.Contains(r.errors, "find the trackers: ") || !strings.Contains(r.errors, hint) {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
	l.must(t, "init", "--yes", "--infrastructure", infra, "--production", prod)
	text, err := os.ReadFile(filepath.Join(l.dir, ".prodctl.yaml"))
	if err != nil || !strings.Contains(string(text), "infrastructure: "+infra) || !strings.Contains(string(text), "production: "+prod) {
		t.Errorf("%v\n%s", err, text)
	}
	l.must(t, "incident", "open", "Registry returns 500s")
}
