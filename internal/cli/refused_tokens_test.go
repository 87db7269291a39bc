package cli_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// What GitLab refuses to a token as such has words of its own in every command that writes: before the first write with exit code 4 or 1, and
// nothing is left half done.
func TestRefusalsOfTokensInWritingCommands(t *testing.T) {
	t.Parallel()
	const page = "https://gitlab.example.test/-/user_settings/personal_access_tokens"
	for name, c := range map[string]struct {
		seed          func(*fakegitlab.Seed)
		code          int
		message, hint string
		onlyNewIssues bool
	}{
		"a group that requires fine-grained tokens": {func(s *fakegitlab.Seed) { s.Groups[0].FineGrainedOnly = true },
			4, "the token lacks the permission", "Create a fine-grained token with ", false},
		"a type that is switched off": {func(s *fakegitlab.Seed) {
			for i := range s.Projects {
				s.Projects[i].DisabledTypes = []string{"issue"}
			}
		}, 1, "work item type Issue is disabled or archived for this project or group", "Ask a Maintainer to allow the type there", true},
	} {
		for _, line := range []string{"incident open Registry -s S2", "change open Move --criticality C4 --start 2018-08-24T17:00 --duration 30m",
			"change record --type deployment --outcome success --key k", "handoff mark infrastructure#1 --left-off a --next b", "issue request Access --why x"} {
			if c.onlyNewIssues && strings.HasPrefix(line, "handoff mark") {
				continue
			}
			l := newLab(t, setup{seed: c.seed, version: "18.10.0-ee"})
			l.ownDir(t)
			inner, writes := l.wire, 0
			l.wire = exchanges(func(r *http.Request) (*http.Response, error) {
				if r.Method != http.MethodGet && !strings.HasSuffix(r.URL.Path, "/graphql") {
					writes++
				}
				return inner.RoundTrip(r)
			})
			before := len(l.server.Snapshot().Projects[0].Issues) + len(l.server.Snapshot().Projects[1].Issues)
			r := l.run(strings.Fields(line)...)
			if r.code != c.code || !strings.Contains(r.errors, c.message) || !strings.Contains(r.errors, c.hint) ||
				c.code == 4 && !strings.Contains(r.errors, page) {
				t.Errorf("%s, %s: exit %d, want %d with %q and %q\n%s", name, line, r.code, c.code, c.message, c.hint, r.errors)
			}
			after := len(l.server.Snapshot().Projects[0].Issues) + len(l.server.Snapshot().Projects[1].Issues)
			if writes > 1 || before != after {
				t.Errorf("%s, %s: %d writes were tried, want at most 1; %d issues, were %d", name, line, writes, after, before)
			}
		}
	}
}

// A token for AI workflows writes issues and comments. Of the quick actions in a team's own template it runs those that set what a request can
// set too; with others GitLab refuses the issue, in its words.
func TestTokenForAIWorkflows(t *testing.T) {
	t.Parallel()
	for action, refused := range map[string]string{"/due 2018-09-01": "", "/close": "Quick actions close cannot be used with AI workflows"} {
		l := newLab(t, setup{config: "incidents: {template: i.md}\n", edition: fakegitlab.Premium, seed: func(s *fakegitlab.Seed) {
			u := slices.IndexFunc(s.Users, func(u fakegitlab.SeedUser) bool { return u.Username == "dev" })
			s.Users[u].Tokens = []fakegitlab.SeedToken{{Name: "duo", Value: "duo-token", Scopes: []string{"ai_workflows", "read_api"}}}
		}})
		l.ownDir(t)
		l.file(t, "i.md", "{summary}\n\n"+action+"\n\n{timeline}\n\n{record}\n")
		l.env = map[string]string{"GITLAB_TOKEN": "duo-token"}
		r := l.run("incident", "open", "It burns")
		issues := l.server.Snapshot().Projects[1].Issues
		if refused == "" {
			if r.code != 0 || len(issues) != 1 || issues[0].DueDate != "2018-09-01" {
				t.Errorf("%s: exit %d, %d issues\n%s%s", action, r.code, len(issues), r.out, r.errors)
			}
			continue
		}
		if r.code != 4 || len(issues) != 0 || !strings.Contains(r.errors, refused) ||
			!strings.Contains(r.errors, "Create a token with the scope api: https://gitlab.example.test/-/user_settings/personal_access_tokens") {
			t.Errorf("%s: exit %d, %d issues\n%s%s", action, r.code, len(issues), r.out, r.errors)
		}
	}
}
