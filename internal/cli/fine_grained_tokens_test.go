package cli_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// The fine-grained tokens of TestFineGrainedTokens, each with all that the one before it has.
const (
	fineItems   = "fine-grained-items"   // read_work_item and write_work_item of the group
	fineMembers = "fine-grained-members" // and read_member
	fineUser    = "fine-grained-user"    // and read_user
	fineAll     = "fine-grained-all"     // and every other permission that prodctl uses
)

func fineTokens() []fakegitlab.SeedToken {
	in := func(scope fakegitlab.SeedGranularScope, picks string) fakegitlab.SeedGranularScope {
		scope.Permissions = strings.Fields(picks)
		return scope
	}
	acme, self := fakegitlab.SeedGranularScope{Group: "acme"}, in(fakegitlab.SeedGranularScope{User: true}, "read_user")
	const items = "read_work_item write_work_item"
	const ofProject = "read_issue_label_event read_project read_freeze_period read_deployment read_merge_request read_merge_request_approval_state"
	type scopes = []fakegitlab.SeedGranularScope
	return []fakegitlab.SeedToken{
		{Value: fineItems, GranularScopes: scopes{in(acme, items)}},
		{Value: fineMembers, GranularScopes: scopes{in(acme, items+" read_member")}},
		{Value: fineUser, GranularScopes: scopes{in(acme, items+" read_member"), self}},
		{Value: fineAll, GranularScopes: scopes{
			in(acme, items+" delete_work_item read_member read_group read_project"), self,
			in(fakegitlab.SeedGranularScope{Instance: true}, "read_metadata"),
			in(fakegitlab.SeedGranularScope{Project: infra}, ofProject), in(fakegitlab.SeedGranularScope{Project: prod}, ofProject),
		}},
	}
}

const approvalRule = "approvals:\n  repositories: [{project: acme/production}]\n  teams: {production: {users: [dev]}}\n"

// fineLab returns a lab of GitLab 18.10 after a story, in which mara has the fine-grained tokens too, and more.
func fineLab(t *testing.T, story string, more ...fakegitlab.SeedToken) *lab {
	t.Helper()
	s := setup{carried: 2, done: 1, edition: fakegitlab.Premium, version: "18.10.0-ee", config: approvalRule + drills}
	if strings.HasPrefix(story, "on call") {
		s.config, s.seed = s.config+rotations, busy
	}
	if story == "frozen" {
		s.config += "locks: [{name: nights, kind: hard, weekly: {from: \"fri 22:30\", to: \"mon 06:00\"}}]\n"
	}
	own := s.seed
	s.seed = func(s *fakegitlab.Seed) {
		if own != nil {
			own(s)
		}
		if story == "planning" {
			fillable(s)
			swept(s)
		}
		if story == "old key" {
			s.Projects[1].Issues = []fakegitlab.SeedIssue{{Title: "Old", Author: "mara", Labels: []string{"incident"}, Description: "Old.\n\n<!-- prodctl:key=incident/pager-1 -->"}}
		}
		if story == "late" {
			s.Projects[0].Issues = append(s.Projects[0].Issues, fakegitlab.SeedIssue{Title: "Late", Author: "mara", Milestone: "Current Milestone"},
				fakegitlab.SeedIssue{Title: "Backups are tested", Author: "mara", Labels: []string{"meta", "goal"}})
		}
		if story == "overdue" {
			s.Projects[0].Issues = append(s.Projects[0].Issues, fakegitlab.SeedIssue{Title: "Alert", Author: "mara", DueDate: "2018-08-20",
				Labels: []string{"corrective action"}, Description: "Corrective action of acme/production#1."})
		}
		if story == "frozen" {
			s.Projects[1].FreezePeriods = []fakegitlab.SeedFreezePeriod{{Start: "0 0 * * 0", End: "0 1 * * 0", Zone: "UTC"}}
		}
		if story == "by hand" {
			openedByHand(s)
		}
		if story == "meta" {
			s.Projects[0].Issues[0].Labels = []string{"meta"}
		}
		s.Users[0].Tokens = append(fineTokens(), more...)
		s.Projects[1].MergeRequests = []fakegitlab.SeedMergeRequest{{Title: "Faster", Author: "dev"}}
	}
	opened := says("mara", "incident", "open", "Registry returns 500s", "-s", "S2")
	mitigated, resolved := says("mara", "incident", "mitigate", "1", "-m", "Failed over"), says("mara", "incident", "resolve", "1", "-m", "Done")
	planned, approved, started := scheduledAt("C2", "16:00"), says("mara", "change", "approve", "1"), says("rep", "change", "start", "1", "--override", "agreed")
	stories := map[string][]invocation{
		"": nil, "on call": nil, "by hand": nil, "old key": nil, "late": nil, "meta": nil, "planning": nil, "overdue": {opened},
		"on call, updated": {says("mara", "incident", "open", "Queue is slow", "-s", "S2"), says("dev", "incident", "update", "9", "-m", "Looking")},
		"opened":           {opened},
		"updated":          {opened, says("dev", "incident", "update", "1", "-m", "Looking")},
		"resolved":         {opened, mitigated, resolved},
		"on call, posted":  {says("dev", "handoff", "--post")},
		"fixed":            {opened, says("dev", "incident", "mitigate", "1", "-m", "Failed over"), says("dev", "incident", "resolve", "1", "-m", "Done")},
		"marked":           {says("dev", "handoff", "mark", "1", "--left-off", "a", "--next", "b")},
		"drilled":          {says("mara", "rad", "open")},
		"frozen":           nil,
		"planned":          {planned}, "approved": {planned, approved}, "started": {planned, approved, started},
	}
	l := newLab(t, s)
	if _, ok := stories[story]; !ok {
		t.Fatalf("story %q not found", story)
	}
	l.runAll(t, stories[story]...)
	return l
}

// TestFineGrainedTokens records what works with tokens of more and more permissions. Nothing is half done for want of one, except where
// only the last step needs it.
func TestFineGrainedTokens(t *testing.T) {
	t.Parallel()
	tokens := []string{fineItems, fineMembers, fineUser, fineAll}
	for _, c := range []struct {
		story, line string
		codes       [4]int // one for each token
	}{
		{"", "incident open Title -s S2", [4]int{0, 0, 0, 0}},
		{"", "incident open Title -s S2 --assign dev", [4]int{3, 0, 0, 0}}, // opened, but members may not be read
		{"on call", "incident open Title -s S1", [4]int{3, 0, 0, 0}},       // the same for whoever is on call
		{"by hand", "incident adopt 1", [4]int{4, 0, 0, 0}},
		{"", "incident open --from alert.json", [4]int{3, 0, 0, 0}}, // opened, and roles are needed to record the alert
		{"opened", "incident update 1 -m x", [4]int{4, 0, 0, 0}},    // roles of authors are needed after the comment
		{"updated", "incident update 1 -m x", [4]int{4, 0, 0, 0}},
		{"opened", "incident update 1 -s S3", [4]int{4, 0, 0, 0}},
		{"opened", "incident mitigate 1 -m x", [4]int{4, 0, 0, 0}},
		{"resolved", "incident resolve 1 -m x", [4]int{4, 0, 0, 0}},
		{"resolved", "incident reopen 1 -m x", [4]int{4, 0, 0, 0}},
		{"resolved", "incident review 1 --force", [4]int{4, 4, 4, 0}}, // label events
		{"resolved", "incident review 1 --done -m x", [4]int{4, 0, 0, 0}},
		{"opened", "incident action 1 Fix", [4]int{4, 0, 0, 0}},
		{"overdue", "incident actions", [4]int{0, 0, 0, 0}},
		{"overdue", "incident actions --remind --yes", [4]int{4, 0, 0, 0}}, // roles of authors are needed after the comment
		{"updated", "incident check --now 2018-08-24T20:00:00Z", [4]int{0, 0, 0, 0}},
		{"opened", "incident list", [4]int{0, 0, 0, 0}},
		{"updated", "incident list", [4]int{0, 0, 0, 0}},
		{"updated", "status", [4]int{0, 0, 0, 0}},
		{"opened", "incident show 1", [4]int{0, 0, 0, 0}},
		{"updated", "incident show 1", [4]int{4, 0, 0, 0}},
		{"opened", "incident timeline 1", [4]int{4, 4, 4, 0}}, // label events
		{"opened", "incident changes 1", [4]int{0, 0, 0, 0}},
		{"", "change open Move --criticality C3 --start 2018-08-24T17:00 --duration 30m", [4]int{0, 0, 0, 0}},
		{"", "change record --type deployment --outcome success --key k", [4]int{0, 0, 0, 0}},
		{"planned", "change approve 1", [4]int{4, 4, 0, 0}},
		{"approved", "change start 1 --override agreed", [4]int{4, 4, 4, 0}}, // read_project: whether the queue can be seen
		{"started", "change finish 1", [4]int{4, 0, 0, 0}},
		{"planned", "change abort 1 -m x", [4]int{4, 0, 0, 0}},
		{"", "change gate --criticality C3", [4]int{4, 4, 4, 0}}, // read_project
		{"planned", "change list", [4]int{0, 0, 0, 0}},
		{"planned", "change show 1", [4]int{0, 0, 0, 0}},
		{"approved", "change show 1", [4]int{4, 0, 0, 0}},
		{"", "handoff mark 1 --left-off a --next b", [4]int{4, 0, 0, 0}},
		{"on call, posted", "handoff accept --for rep", [4]int{4, 4, 0, 0}},
		{"marked", "handoff take 1", [4]int{4, 4, 0, 0}},
		{"marked", "handoff list", [4]int{4, 0, 0, 0}},
		{"", "handoff list", [4]int{0, 0, 0, 0}},
		{"marked", "handoff check", [4]int{4, 0, 0, 0}},
		{"on call", "handoff", [4]int{0, 0, 0, 0}},
		{"on call", "handoff --post", [4]int{0, 0, 0, 0}},
		{"", "report weekly", [4]int{0, 0, 0, 0}},
		{"", "report weekly --post", [4]int{0, 0, 0, 0}},
		{"on call, updated", "handoff", [4]int{4, 0, 0, 0}},
		{"on call, updated", "report weekly", [4]int{0, 0, 0, 0}}, // with a warning: the label events could not be read
		{"on call, posted", "report weekly", [4]int{4, 0, 0, 0}},  // the roles of those who posted hand-offs
		{"fixed", "report weekly", [4]int{0, 0, 0, 0}},
		{"updated", "report weekly", [4]int{0, 0, 0, 0}},
		{"fixed", "report incidents", [4]int{0, 0, 0, 0}},
		{"", "report flow", [4]int{4, 4, 4, 0}}, // label events
		{"", "report labels", [4]int{0, 0, 0, 0}},
		{"fixed", "budget", [4]int{0, 0, 0, 0}},
		{"", "report readiness", [4]int{0, 0, 0, 0}},
		{"", "milestone ensure --yes", [4]int{0, 0, 0, 0}},
		{"", "milestone roll --yes", [4]int{0, 0, 0, 0}},
		{"", "milestone list", [4]int{0, 0, 0, 0}},
		{"", "milestone velocity", [4]int{0, 0, 0, 0}},
		{"", "milestone plan", [4]int{0, 0, 0, 0}},
		{"", "milestone plan --fill --yes", [4]int{0, 0, 0, 0}},
		{"", "milestone sweep --yes", [4]int{0, 0, 0, 0}},
		{"", "board move 1 waiting", [4]int{0, 0, 0, 0}},
		{"", "board show --ages all", [4]int{0, 0, 0, 0}},
		{"", "issue list", [4]int{0, 0, 0, 0}},
		{"", "issue show 1", [4]int{0, 0, 0, 0}},
		{"", "goal list", [4]int{0, 0, 0, 0}},
		{"", "issue ready 1", [4]int{0, 0, 0, 0}},
		{"", "issue priority 1 --urgency U1 --impact I1", [4]int{0, 0, 0, 0}},
		{"", "issue request Access --urgent", [4]int{0, 0, 0, 0}},
		{"", "rad status", [4]int{0, 0, 0, 0}},
		{"", "rad open", [4]int{0, 0, 0, 0}},
		{"drilled", "rad record --target db --start 14:00 --end 15:00 --verified", [4]int{4, 0, 0, 0}},
		{"", "board init --yes", [4]int{4, 4, 4, 4}}, // 18.10 declares no permission for the labels of a project
		{"", "label apply --yes", [4]int{4, 4, 4, 4}},
		{"on call, posted", "report site {dir}/public", [4]int{0, 0, 0, 0}},
		{"", "report site {dir}/public", [4]int{4, 4, 4, 0}}, // label events
		{"updated", "queue merge --from production --yes", [4]int{4, 4, 4, 4}},
		{"", "label list", [4]int{4, 4, 4, 4}},
		{"", "label plan", [4]int{4, 4, 4, 4}},
		{"", "lint", [4]int{4, 4, 4, 4}}, // labels
		{"", "lint two-columns change-window closed-milestone", [4]int{0, 0, 0, 0}},
		{"", "lock check --criticality C2", [4]int{0, 0, 0, 0}},
		{"frozen", "lock sync --project acme/production --yes", [4]int{4, 4, 4, 4}}, // none may create a freeze period
		{"", "approval check --mr acme/production!1", [4]int{4, 4, 4, 5}},           // nobody approved it
		{"", "auth status", [4]int{0, 0, 0, 0}},
		{"", "doctor", [4]int{0, 0, 0, 0}}, // with warnings
	} {
		t.Run(c.line+" "+c.story, func(t *testing.T) {
			t.Parallel()
			for n, token := range tokens {
				l := fineLab(t, c.story)
				l.env = map[string]string{"GITLAB_TOKEN": token}
				r := l.run(strings.Fields(strings.ReplaceAll(c.line, "{dir}", t.TempDir()))...)
				if r.code != c.codes[n] {
					t.Errorf("%s: exit %d, want %d\n%s", token, r.code, c.codes[n], r.errors)
				}
				named := strings.Contains(r.errors, "the token lacks the permission") || strings.Contains(r.errors, "GitLab offers no permission") || c.line == "doctor"
				if (r.code == 3 || r.code == 4) && !named {
					t.Errorf("%s: the refusal is not about the token:\n%s", token, r.errors)
				}
			}
		})
	}
}
