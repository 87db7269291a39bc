package cli_test

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/pkg/permission"
)

const needsFile = "../../pkg/permission/commands.txt"

// permitted is a command that the walk runs: its words with flags that need more, a story, and the command line. {dir} is a folder.
type permitted struct {
	name, story, line string
	code              int    // if it is another one than 0
	before            string // a command that mara runs with a token of the scope api
}

func permittedRuns() []permitted {
	return []permitted{
		{name: "apply", story: "on call", line: "apply {dir}/plan.json --yes", before: "milestone ensure --plan-file {dir}/plan.json"},
		{name: "approval audit", line: "approval audit"},
		{name: "approval check", line: "approval check --mr acme/production!1", code: 5}, // nobody approved it
		{name: "auth status", line: "auth status"},
		{name: "board init", line: "board init --yes"},
		{name: "board move", line: "board move 1 waiting"},
		{name: "board show", line: "board show --ages all"},
		{name: "change abort", story: "planned", line: "change abort 1 -m x"},
		{name: "change approve", story: "planned", line: "change approve 1"},
		{name: "change finish", story: "started", line: "change finish 1"},
		{name: "change gate", story: "approved", line: "change gate --criticality C3"},
		{name: "change gate --change", story: "approved", line: "change gate --change 1"},
		{name: "change list", story: "approved", line: "change list"},
		{name: "change open", line: "change open Move --criticality C3 --start 2018-08-24T17:00 --duration 30m"},
		{name: "change open --executor", line: "change open Move --criticality C3 --start 2018-08-24T17:00 --duration 30m --executor dev"},
		{name: "change record", line: "change record --type deployment --outcome success --key k"},
		{name: "change show", story: "approved", line: "change show 1"},
		{name: "change start", story: "approved", line: "change start 1 --override agreed"},
		{name: "doctor", line: "doctor"},
		{name: "doctor --fix keys", story: "old key", line: "doctor --fix keys"},
		{name: "goal check", story: "meta", line: "goal check"},
		{name: "goal list", story: "meta", line: "goal list"},
		{name: "goal slice", story: "meta", line: "goal slice 1 Piece"},
		{name: "handoff", story: "on call, updated", line: "handoff"},
		{name: "handoff --post", story: "on call, updated", line: "handoff --post"},
		{name: "handoff accept", story: "on call, posted", line: "handoff accept --for rep"},
		{name: "handoff check", story: "marked", line: "handoff check"},
		{name: "handoff list", story: "marked", line: "handoff list"},
		{name: "handoff mark", line: "handoff mark 1 --left-off a --next b"},
		{name: "handoff take", story: "marked", line: "handoff take 1"},
		{name: "incident action", story: "updated", line: "incident action 1 Fix"},
		{name: "incident actions", story: "overdue", line: "incident actions"},
		{name: "incident actions --remind", story: "overdue", line: "incident actions --remind"},
		{name: "incident adopt", story: "by hand", line: "incident adopt 1"},
		{name: "incident check", story: "updated", line: "incident check --now 2018-08-24T20:00:00Z"},
		{name: "incident changes", story: "updated", line: "incident changes 1"},
		{name: "incident list", story: "updated", line: "incident list"},
		{name: "incident mitigate", story: "updated", line: "incident mitigate 1 -m x"},
		{name: "incident open", line: "incident open Title -s S2 --link 1"},
		{name: "incident open --assign", line: "incident open Title -s S2 --assign dev"},
		{name: "incident open --from", line: "incident open --from alert.json"},
		{name: "incident reopen", story: "resolved", line: "incident reopen 1 -m x"},
		{name: "incident resolve", story: "updated", line: "incident resolve 1 -m x"},
		{name: "incident review", story: "resolved", line: "incident review 1 --force"},
		{name: "incident show", story: "updated", line: "incident show 1"},
		{name: "incident timeline", story: "updated", line: "incident timeline 1"},
		{name: "incident update", story: "updated", line: "incident update 1 -m x"},
		{name: "init", line: "init --yes --dry-run"},
		{name: "init --infrastructure", line: "init --yes --dry-run --infrastructure acme/infrastructure --production acme/production"},
		{name: "issue list", line: "issue list --carried 1"},
		{name: "issue list --stale", line: "issue list --stale 14d"},
		{name: "issue priority", line: "issue priority 1 --urgency U2 --impact I2"},
		{name: "issue ready", line: "issue ready 1"},
		{name: "issue request", line: "issue request Access --urgent --why x --due 2018-09-01"},
		{name: "issue request --requester", line: "issue request Access --why x --due 2018-09-01 --requester dev"},
		{name: "issue show", story: "marked", line: "issue show 1"},
		{name: "label apply", line: "label apply --yes"},
		{name: "label list", line: "label list"},
		{name: "label plan", line: "label plan"},
		{name: "lint", line: "lint"},
		{name: "lock check", line: "lock check --criticality C2"},
		{name: "lock list", line: "lock list"},
		{name: "lock sync", story: "frozen", line: "lock sync --project acme/production --yes"},
		{name: "lock sync --remove", story: "frozen", line: "lock sync --project acme/production --remove 15001 --yes"},
		{name: "milestone ensure", story: "on call", line: "milestone ensure --yes"},
		{name: "milestone list", line: "milestone list"},
		{name: "milestone plan", line: "milestone plan"},
		{name: "milestone plan --fill", story: "planning", line: "milestone plan --fill --yes"},
		{name: "milestone roll", line: "milestone roll --yes"},
		{name: "milestone show", line: "milestone show current"},
		{name: "milestone sweep", story: "late", line: "milestone sweep --yes"},
		{name: "milestone velocity", line: "milestone velocity"},
		{name: "oncall check", story: "on call", line: "oncall check"},
		{name: "oncall next", story: "on call", line: "oncall next"},
		{name: "oncall now", story: "on call", line: "oncall now"},
		{name: "oncall schedule", story: "on call", line: "oncall schedule"},
		{name: "queue merge", line: "queue merge --from production --into infrastructure --yes"},
		{name: "rad open", line: "rad open"},
		{name: "rad record", line: "rad record --target db --start 14:00 --end 15:00 --verified", before: "rad open"},
		{name: "rad status", line: "rad status"},
		{name: "report flow", line: "report flow"},
		{name: "status", story: "approved", line: "status"},
		{name: "report incidents", story: "fixed", line: "report incidents"},
		{name: "report labels", line: "report labels"},
		{name: "budget", story: "fixed", line: "budget"},
		{name: "change gate --budget", story: "fixed", line: "change gate --criticality C2 --budget"},
		{name: "report readiness", story: "fixed", line: "report readiness"},
		{name: "report site", story: "on call, posted", line: "report site {dir}/public"},
		{name: "report weekly", story: "on call, posted", line: "report weekly"},
		{name: "report weekly --post", story: "on call, posted", line: "report weekly --post"},
	}
}

// withoutToken are the commands that the walk does not run: they send no request with a token, or only the token that is entered.
func withoutToken() []string {
	return []string{"auth login", "auth logout", "completion", "config edit", "config get", "config migrate", "config path", "config schema", "config set", "config show", "config trust", "config validate", "demo", "mcp", "sandbox", "version"}
}

// leastToken is a token of mara with these permissions: those of projects in both trackers.
func leastToken(name string, list []permission.Permission) fakegitlab.SeedToken {
	in := map[permission.Boundary][]fakegitlab.SeedGranularScope{
		permission.Project: {{Project: infra}, {Project: prod}}, permission.Group: {{Group: "acme"}},
		permission.User: {{User: true}}, permission.Instance: {{Instance: true}},
	}
	token := fakegitlab.SeedToken{Value: strings.ReplaceAll(name, " ", "-"), GranularScopes: []fakegitlab.SeedGranularScope{{User: true, Permissions: []string{"read_namespace"}}}}
	for _, p := range list {
		for _, scope := range in[p.Boundary] {
			scope.Permissions = []string{p.Name}
			token.GranularScopes = append(token.GranularScopes, scope)
		}
	}
	return token
}

// runWith runs the command with a token on a copy of a lab, and returns what its requests need.
func (c permitted) runWith(t *testing.T, start *lab, token string) (ran, map[permission.Permission]bool) {
	t.Helper()
	l, dir := start.copy(), t.TempDir()
	words := func(line string) []string { return strings.Fields(strings.ReplaceAll(line, "{dir}", dir)) }
	if c.before != "" {
		l.must(t, words(c.before)...)
	}
	var mu sync.Mutex
	sent, inner := map[permission.Permission]bool{}, l.wire
	l.wire = exchanges(func(r *http.Request) (*http.Response, error) {
		if p, ok := permission.Of(r.Method, strings.TrimPrefix(r.URL.EscapedPath(), "/api/v4")); ok {
			mu.Lock()
			sent[p] = true
			mu.Unlock()
		}
		return inner.RoundTrip(r)
	})
	l.env = map[string]string{"GITLAB_TOKEN": strings.ReplaceAll(token, " ", "-")}
	return l.run(words(c.line)...), sent
}

type exchanges func(*http.Request) (*http.Response, error)

func (f exchanges) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestLeastPermissions runs every command with exactly the permissions that doctor --permissions prints. With one of them less it ends with a
// message that names it. A new command fails here until it is listed; then -update writes its line.
func TestLeastPermissions(t *testing.T) {
	t.Parallel()
	if testkit.Update() {
		writeNeeds(t)
		return
	}
	needs := map[string]permission.Need{}
	for _, n := range permission.Needs() {
		needs[strings.TrimSpace(n.Command+" "+n.Flags)] = n
	}
	stories := map[string][]permitted{}
	for _, c := range permittedRuns() {
		stories[c.story] = append(stories[c.story], c)
	}
	for story, list := range stories {
		t.Run(story, func(t *testing.T) {
			t.Parallel()
			var tokens []fakegitlab.SeedToken
			for _, c := range list {
				n := needs[c.name]
				tokens = append(tokens, leastToken(c.name, n.Required))
				for k, p := range n.Required {
					tokens = append(tokens, leastToken(c.name+" without "+p.String(), slices.Delete(slices.Clone(n.Required), k, k+1)))
				}
			}
			start := fineLab(t, story, tokens...)
			for _, c := range list {
				c.check(t, start, needs[c.name])
			}
		})
	}
}

func (c permitted) check(t *testing.T, start *lab, n permission.Need) {
	t.Helper()
	if n.Refused {
		r, _ := c.runWith(t, start, fineAll)
		if r.code != 4 || !strings.Contains(r.errors, "GitLab offers no permission for this to fine-grained tokens") {
			t.Errorf("%s: exit %d\n%s", c.name, r.code, r.errors)
		}
		return
	}
	r, sent := c.runWith(t, start, c.name)
	if r.code != c.code {
		t.Errorf("%s: exit %d, want %d\n%s", c.name, r.code, c.code, r.errors)
	}
	for p := range sent {
		if !slices.Contains(n.Required, p) && !slices.Contains(n.Optional, p) {
			t.Errorf("%s needs %s, which is not listed", c.name, p)
		}
	}
	for k, p := range n.Required {
		if !sampled(3, c.name, k) {
			continue
		}
		r, _ := c.runWith(t, start, c.name+" without "+p.String())
		wayOut := strings.Contains(r.errors, "Create a fine-grained token with "+p.Name) || strings.Contains(r.errors, "Name the projects: prodctl init")
		if r.code == c.code || !strings.Contains(r.errors, "the token lacks the permission") || !wayOut {
			t.Errorf("%s without %s: exit %d\n%s", c.name, p, r.code, r.errors)
		}
	}
}

// Every command of the tree has a line, and no other.
func TestEveryCommandHasPermissions(t *testing.T) {
	t.Parallel()
	var all, run []string
	walk(newTree(), func(cmd *cobra.Command) {
		if cmd.Runnable() && (!cmd.HasSubCommands() || cmd.Flags().Lookup("post") != nil) && !cmd.Hidden {
			all = append(all, strings.TrimPrefix(cmd.CommandPath(), "prodctl "))
		}
	})
	for _, c := range permittedRuns() {
		name, _, _ := strings.Cut(c.name, " --")
		run = append(run, name)
	}
	run = append(run, withoutToken()...)
	slices.Sort(all)
	slices.Sort(run)
	if run = slices.Compact(run); !slices.Equal(all, run) {
		t.Errorf("commands %q\nhave runs %q", all, run)
	}
	var lines, want []string
	for _, n := range permission.Needs() {
		lines = append(lines, strings.TrimSpace(n.Command+" "+n.Flags))
	}
	for _, c := range permittedRuns() {
		want = append(want, c.name)
	}
	want = append(want, withoutToken()...)
	slices.Sort(want)
	if !slices.Equal(lines, want) {
		t.Errorf("%s has %q, want %q: go test ./internal/cli -run TestLeastPermissions -update", needsFile, lines, want)
	}
}

// writeNeeds runs every command with all permissions that its requests need, finds out without which of them it ends otherwise, and writes
// the result.
func writeNeeds(t *testing.T) {
	t.Helper()
	lines := map[string]string{}
	for _, name := range withoutToken() {
		lines[name] = permission.Need{Command: name}.Line()
	}
	lines["auth login"] = permission.Need{Command: "auth login", Optional: []permission.Permission{{Name: "read_user", Boundary: permission.User}}}.Line()
	for _, c := range permittedRuns() {
		lines[c.name] = c.find(t).Line()
	}
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		fmt.Fprintln(&text, lines[name])
	}
	if err := os.WriteFile(filepath.FromSlash(needsFile), []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// find returns what a command needs.
func (c permitted) find(t *testing.T) permission.Need {
	t.Helper()
	ends := func(list []permission.Permission) (ran, map[permission.Permission]bool) {
		return c.runWith(t, fineLab(t, c.story, leastToken("some", list)), "some")
	}
	command, flags, _ := strings.Cut(c.name, " --")
	n := permission.Need{Command: command}
	if flags != "" {
		n.Flags = "--" + flags
	}
	all, full := c.everything(ends)
	if n.Refused = full.code != c.code && strings.Contains(full.errors, "GitLab offers no permission"); n.Refused {
		return n
	}
	if full.code != c.code {
		t.Errorf("%s: exit %d\n%s", c.name, full.code, full.errors)
	}
	for _, p := range all { // leave out one after the other
		rest := slices.DeleteFunc(slices.Clone(all), func(q permission.Permission) bool { return q == p || slices.Contains(n.Optional, q) })
		if r, _ := ends(rest); r.code == c.code {
			n.Optional = append(n.Optional, p)
		} else {
			n.Required = append(n.Required, p)
		}
	}
	_, sent := ends(n.Required)
	for _, p := range n.Required {
		delete(sent, p)
	}
	for _, p := range n.Optional {
		sent[p] = true
	}
	n.Optional = sorted(sent)
	return n
}

// everything returns what all requests of a command need, and how it ends then: each refusal shows what the next request needs.
func (c permitted) everything(ends func([]permission.Permission) (ran, map[permission.Permission]bool)) ([]permission.Permission, ran) {
	all, last := map[permission.Permission]bool{}, ran{}
	for range 9 {
		r, sent := ends(sorted(all))
		before := len(all)
		maps.Copy(all, sent)
		if last = r; before == len(all) && r.code == c.code {
			break
		}
	}
	return sorted(all), last
}

func sorted(set map[permission.Permission]bool) []permission.Permission {
	return slices.SortedFunc(maps.Keys(set), func(a, b permission.Permission) int { return strings.Compare(a.String(), b.String()) })
}
