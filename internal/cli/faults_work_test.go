package cli_test

import (
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// managed is a configuration with two managers, who have a week in turn.
const managed = "requests:\n  managers: [plan, mara]\n"

// drills is a configuration by which a restore drill is due today.
const drills = `rad:
  rule: fourth:friday
  people: [dev, nobody, rep, plan]
  targets: [{name: db, kind: database, size: 412GiB, verify: Count the rows}, {name: uploads}]
`

// drillText is the description of the drill of today, as rad open writes it.
const drillText = "@dev and @rep restore the targets.\n\n- [ ] `db` (database)\n- [ ] `uploads`\n\n```yaml prodctl/drill\noccurrence: \"2018-08\"\nday: \"2018-08-24\"\n" +
	"people: [dev, rep]\n```"

// drilled is a team with an open drill.
func drilled() setup {
	s := work(fakegitlab.SeedIssue{Title: "2018-08-24: Restore Appreciation Day", Labels: []string{"restore drill"}, Description: drillText})
	s.config = drills
	return s
}

// restoreLine records a restore.
var restoreLine = []string{"rad", "record", "--target", "db", "--start", "14:00", "--end", "15:00", "--size", "400GiB", "--verified", "-m", "All rows are there", "-q"}

// workScenarios are the writing commands of the team's issues and goals.
func workScenarios() []scenario {
	rated := work(fakegitlab.SeedIssue{Title: "Slow", Labels: []string{"AP1", "AP3", "toil"}})
	asked := setup{config: managed + onCallConfig}
	meta := work(fakegitlab.SeedIssue{Title: "All backups are tested", Labels: []string{"meta", "goal"}})
	unlinked := meta
	unlinked.noLinks = true
	slice := []string{"goal", "slice", "2", "Test the restore", "-q"}
	return []scenario{
		{name: "goal slice", setup: meta, args: slice},
		{name: "goal slice without links", setup: unlinked, args: slice},
		{name: "issue request", setup: asked, args: []string{"issue", "request", "Access to the logs", "--team", "search", "--due", "2018-09-01", "--urgent", "--oncall",
			"--access", "--requester", "dev", "--why", "Customers wait", "-q"}},
		{name: "issue request with a key", args: []string{"issue", "request", "Access to the logs", "--key", "ask-7", "-q"}},
		{name: "issue priority", setup: rated, args: []string{"issue", "priority", "2", "--urgency", "U2", "--impact", "I2", "-q"}},
		{name: "queue merge", setup: mergeWorld, args: append([]string{"-q"}, mergeLine...), reads: true},
		{name: "rad open", setup: setup{config: drills}, args: []string{"rad", "open", "-q"}},
		{name: "rad record", setup: drilled(), args: restoreLine},
		{name: "lint --fix", setup: fixable(), args: fixLine},
		{name: "incident open --from", args: alertLine("alerts")},
		{name: "incident open --from, assigned", setup: setup{carried: 1}, args: append(alertLine("alerts"), "--assign", "dev", "--link", infra+"#1")},
		{name: "incident open --from, more alerts", args: alertLine("alerts"), story: []invocation{{"mara", alertLine("alert")}}},
		{name: "incident open --from, another incident", args: alertLine("again"),
			story: []invocation{{"mara", alertLine("alert")}, {"mara", []string{"incident", "resolve", "1", "--at", "15:55", "--close", "-q"}}}},
		{name: "incident open --from, resolved", setup: setup{config: "incidents: {close_on_resolved: true}\n"}, args: alertLine("over"),
			story: []invocation{{"mara", alertLine("alert")}}},
		{name: "incident open --from, resolved, review due", setup: setup{config: "incidents: {close_on_resolved: true, review_after: 1m}\n"},
			args: alertLine("over"), story: []invocation{{"mara", alertLine("alert")}}},
		{name: "incident actions --remind", setup: followUps(), args: []string{"incident", "actions", "--remind", "--yes", "-q"}},
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
			for _, line := range l.requests() {
				if line[:3] != "GET" && !strings.HasSuffix(line, "/links") { // GitLab refuses what it does not offer
					t.Errorf("run again, it writes: %s", line)
				}
			}
		})
	}
}
