package cli_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// Only addresses of the configured GitLab, and its other names, become links: an answer or a record may name any other one, which is text.
func TestForeignAddressesAreText(t *testing.T) {
	t.Parallel()
	const foreign = "https://evil.example.test"
	for name, c := range map[string]struct {
		server, config string
		linked         bool
	}{
		"own":        {"https://gitlab.example.test", "", true},
		"elsewhere":  {foreign, "", false},
		"other name": {foreign, "web_hosts: [evil.example.test]\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{config: c.config})
			l.must(t, "incident", "open", "Down", "-s", "S1")
			l.server.SetURL(c.server)
			for _, line := range []string{"handoff -o html", "report incidents -o html", "budget -o html"} {
				r := l.must(t, strings.Fields(line)...)
				if linked := strings.Contains(r.out, `<a href="`+c.server); linked != c.linked || !strings.Contains(r.out, "acme/production#1") {
					t.Errorf("%s, linked: %t", line, linked)
				}
			}
		})
	}
}

// The address of a change's diff at another service is shown, but not as a link.
func TestForeignDiffIsText(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		s.Projects[1].Issues = []fakegitlab.SeedIssue{{Title: "deployment", Author: "dev", Labels: []string{"change"},
			Description: "```yaml prodctl/change\ntype: deployment\nenvironment: production\ndiff: https://github.example.com/acme/compare/a...b\njob: https://gitlab.example.test/acme/production/-/jobs/1\n```\n"}}
	}})
	for _, line := range []string{"change show 1 -o md", "change list -o md"} {
		r := l.must(t, strings.Fields(line)...)
		if strings.Contains(r.out, "https://github.example.com") || !strings.Contains(strings.ReplaceAll(r.out, "\u200b", ""), "github.example.com") && strings.Contains(line, "show") {
			t.Errorf("%s:\n%s", line, r.out)
		}
	}
}
