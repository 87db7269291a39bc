package cli_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// doctor --permissions needs no token and sends no request.
func TestDoctorPermissions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ args, jq, want string }{
		{"", `.commands | map(.command) | contains(["incident open", "milestone roll", "label apply"])`, "true"},
		{"", `.commands | map(.command) | index("version")`, "null"}, // it sends no request
		{"", `.notes[0] | startswith("A token with the scope api is needed for board init, label apply, ") and endswith(": GitLab offers no permission for the labels of a project")`, "true"},
		{"incident open", `.commands | map(.flags // "-") | join(" ")`, "- --assign --from"},
		{"incident open", `.pick`, "Pick for acme/infrastructure and acme/production: read_member, read_work_item, write_work_item"},
		{"prodctl change approve", `.pick`, "Pick for acme/infrastructure and acme/production: read_member, read_work_item, write_work_item; for the user: read_user"},
		{"change approve", `.commands[0].required | map(.name + "@" + .boundary) | join(" ")`, "read_member@project read_user@user read_work_item@project write_work_item@project"},
		{"incident", `[.commands[].command] | unique | length`, "14"},
		{"label list", `.commands[0] | .fine_grained, (.required | length)`, "false\n0"},
		{"label list", `.pick`, ""},
		{"version", `.commands[0].fine_grained`, "true"},
	} {
		l := newLab(t, setup{})
		l.env = map[string]string{"GITLAB_TOKEN": ""}
		r := l.must(t, append(append([]string{"doctor", "--permissions"}, strings.Fields(c.args)...), "--jq", c.jq)...)
		if got := strings.TrimSuffix(r.out, "\n"); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.args, c.jq, got, c.want)
		}
		if sent := l.requests(); len(sent) > 0 {
			t.Errorf("%s: sent %q", c.args, sent)
		}
	}
	l := newLab(t, setup{group: true})
	if r := l.must(t, "doctor", "--permissions", "milestone", "roll", "--jq", ".pick"); r.out != "Pick for group acme: read_work_item, write_work_item\n" {
		t.Errorf("milestones of a group: %s", r.out)
	}
	r := l.must(t, "doctor", "--permissions", "milestone", "roll")
	if r.out != "milestone roll\tread_work_item, write_work_item\t\n" || r.errors != "prodctl: Pick for group acme: read_work_item, write_work_item\n" {
		t.Errorf("in a pipe: %q %q", r.out, r.errors)
	}
	for args, want := range map[string]string{
		"doctor incident open":            "doctor takes no argument without --permissions\nhint: To see what a command needs: prodctl doctor --permissions incident open\n",
		"doctor --permissions incident x": "command \"incident x\" not found\nhint: To see all commands: prodctl doctor --permissions\n",
	} {
		if r := l.run(strings.Fields(args)...); r.code != 6 || r.errors != "prodctl: "+want {
			t.Errorf("%s: exit %d\n%s", args, r.code, r.errors)
		}
	}
}

// The table in docs/tokens.md is that of doctor --permissions; -update writes it.
func TestTokensPageShowsThePermissions(t *testing.T) {
	t.Parallel()
	const page = "../../docs/tokens.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	table := newLab(t, setup{}).must(t, "doctor", "--permissions", "-o", "md").out
	table = strings.ReplaceAll(table[:strings.Index(table, "\n\n")+1], `\_`, "_")
	block := regexp.MustCompile(`(?s)\| Command \| Required .*?\n\n`)
	if testkit.Update() {
		text = block.ReplaceAll(text, []byte(table+"\n"))
		if err := os.WriteFile(page, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := string(block.Find(text)); got != table+"\n" {
		t.Errorf("%s has another table than prodctl doctor --permissions -o md: go test ./internal/cli -run TestTokensPage -update", page)
	}
}
