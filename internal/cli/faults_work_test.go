package cli_test

import (
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// managed is a configuration with two managers, who have a week in turn.
const managed = "requests:\n  managers: [plan, mara]\n"

// workScenarios are the writing commands of the team's issues and goals.
func workScenarios() []scenario {
	rated := work(fakegitlab.SeedIssue{Title: "Slow", Labels: []string{"AP1", "AP3", "toil"}})
	asked := setup{config: managed + onCallConfig}
	return []scenario{
		{name: "issue request", setup: asked, args: []string{"issue", "request", "Access to the logs", "--team", "search", "--due", "2018-09-01", "--urgent", "--oncall",
			"--access", "--requester", "dev", "--why", "Customers wait", "-q"}},
		{name: "issue request with a key", args: []string{"issue", "request", "Access to the logs", "--key", "ask-7", "-q"}},
		{name: "issue priority", setup: rated, args: []string{"issue", "priority", "2", "--urgency", "U2", "--impact", "I2", "-q"}},
	}
}

// TestWorkScenarios checks that each scenario changes something, and that running it a second time writes nothing.
func TestWorkScenarios(t *testing.T) {
	t.Parallel()
	for _, s := range workScenarios() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			l, args := s.prepare(t)
			before := l.picture()
			l.must(t, args...)
			if slices.Equal(before, l.picture()) {
				t.Error("nothing was changed")
			}
			l.server.ResetRequests()
			l.must(t, args...)
			if _, writes := l.count(); writes > 0 {
				t.Errorf("run again, it writes:\n%s", strings.Join(l.requests(), "\n"))
			}
		})
	}
}
