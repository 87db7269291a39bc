package cli_test

import (
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// openedByHand adds an ordinary issue to the production queue, as a person opens it.
func openedByHand(s *fakegitlab.Seed) {
	s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{Title: "Disk full", Author: "dev", CreatedAt: l24(9)})
}

// queueScenarios are the writing commands of the production queue, each with the state that earlier commands left.
func queueScenarios() []scenario {
	mara := func(args ...string) invocation { return invocation{"mara", args} }
	dev := func(args ...string) invocation { return invocation{"dev", args} }
	opened := mara("incident", "open", "Registry returns 500s", "-s", "S2", "--service", "registry", "--started", "40m", "-q")
	mitigated := mara("incident", "mitigate", "1", "-m", "Failed over", "-q")
	resolved := mara("incident", "resolve", "1", "-m", "Disk replaced", "-q")
	planned := dev("change", "open", "Move the database", "--criticality", "C2", "--start", "2018-08-24 16:00", "--duration", "30m", "--rollback", "move it back",
		"--service", "db", "--executor", "rep", "-q")
	approved := mara("change", "approve", "1", "-q")
	started := invocation{"rep", []string{"change", "start", "1", "-q"}}
	recorded := mara("change", "record", "--type", "deployment", "--outcome", "failure", "--key", "deploy-7", "-q")
	var list []scenario
	add := func(name string, args []string, story ...invocation) {
		list = append(list, scenario{name: name, setup: setup{}, args: append(args, "-q"), story: story})
	}
	add("incident open", []string{"incident", "open", "Registry returns 500s", "-s", "S2", "--link", "infrastructure#1", "--assign", "rep"})
	add("incident open with a key", []string{"incident", "open", "Registry returns 500s", "--key", "pager-12"})
	list = append(list, scenario{name: "incident adopt", setup: setup{seed: openedByHand}, args: []string{"incident", "adopt", "1", "-q"}})
	add("incident update", []string{"incident", "update", "1", "-m", "Error rate falling", "-s", "S1", "--service", "registry,web"}, opened)
	add("incident update with a contingency", []string{"incident", "update", "1", "--next", "Restart it", "--if", "over 5 %: fail back"}, opened)
	add("incident mitigate", []string{"incident", "mitigate", "1", "-m", "Failed over", "--at", "10m"}, opened)
	add("incident resolve", []string{"incident", "resolve", "1", "--cause", "disk full", "--close"}, opened, mitigated)
	add("incident reopen", []string{"incident", "reopen", "1", "-m", "They are back"}, opened, mitigated, resolved)
	add("incident review", []string{"incident", "review", "1"}, opened, resolved)
	add("incident review, new facts", []string{"incident", "review", "1"}, opened, resolved, mara("incident", "review", "1", "-q"),
		mara("incident", "update", "1", "--cause", "disk full", "-q"))
	add("incident review --done", []string{"incident", "review", "1", "--done", "-m", "Held"}, opened, resolved)
	add("incident action", []string{"incident", "action", "1", "Alert before the disk is full", "--owner", "rep"}, opened)
	add("change open", []string{"change", "open", "Restart the workers", "--criticality", "C3", "--start", "2018-08-30 10:00", "--duration", "20m", "--link", "infrastructure#1"})
	add("change approve", []string{"change", "approve", "1", "-m", "Tried on staging"}, planned)
	add("change start", []string{"change", "start", "1"}, planned, approved)
	add("change finish", []string{"change", "finish", "1"}, planned, approved, started)
	add("change abort", []string{"change", "abort", "1", "-m", "Lag rose"}, planned, approved, started)
	add("change record", []string{"change", "record", "--type", "deployment", "--outcome", "success", "--key", "deploy-7"})
	add("change record again", []string{"change", "record", "--type", "deployment", "--outcome", "success", "--key", "deploy-7"}, recorded)
	add("change record after a success", redeploy("mara", 2, "success").args, redeploy("mara", 1, "success"))
	add("change record after a failed retry", redeploy("mara", 3, "success").args, redeploy("mara", 1, "success"), redeploy("mara", 2, "failure"))
	for n := range list {
		if list[n].name == "change start" { // whoever approved a change cannot start it
			list[n].user = "rep"
		}
	}
	for _, s := range []scenario{list[0], list[3], list[10]} { // with real scoped labels, and without links
		s.name, s.setup.edition = s.name+" on Premium", fakegitlab.Premium
		list = append(list, s)
	}
	unlinked := list[0]
	unlinked.name, unlinked.setup.noLinks = "incident open without links", true
	return append(list, unlinked)
}

// TestQueueScenarios checks that each scenario changes something, and that running it a second time changes nothing
// more.
func TestQueueScenarios(t *testing.T) {
	t.Parallel()
	for _, s := range queueScenarios() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			l, args := s.prepare(t)
			before := l.picture()
			l.must(t, args...)
			after := l.picture()
			if len(before) == len(after) && before[len(before)-1] == after[len(after)-1] {
				t.Error("nothing was changed")
			}
			l.server.ResetRequests()
			l.must(t, args...)
			for _, line := range l.requests() {
				if line[:3] != "GET" && line[:4] != "PUT " && line[len(line)-6:] != "/links" {
					t.Errorf("run again, it writes: %s", line)
				}
			}
		})
	}
}
