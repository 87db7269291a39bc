package change_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

func vote(id int64, by, plan string, roles ...string) change.Vote {
	return change.Vote{By: by, Roles: roles, Plan: plan, At: day.Add(time.Duration(id) * time.Minute), NoteID: id}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	rules := change.DefaultRules()
	none := time.Time{}
	for _, tc := range []struct {
		name    string
		rule    change.Rule
		votes   []change.Vote
		reopen  time.Time
		counted string
		ignored string // user name, and the start of the reason
		missing []string
	}{
		{"C1, nobody yet", rules[change.C1], nil, none, "", "", []string{"2 approvals needed (manager, lead or peer; at least one manager)"}},
		{"C1, a peer", rules[change.C1], []change.Vote{vote(1, "piet", "p", "peer")}, none, "piet", "", []string{"1 more approval needed (manager)"}},
		{"C1, two peers", rules[change.C1], []change.Vote{vote(1, "piet", "p", "peer"), vote(2, "nina", "p", "lead", "peer")}, none, "piet nina", "", []string{"1 more approval needed (manager)"}},
		{"C1, a manager", rules[change.C1], []change.Vote{vote(1, "mara", "p", "manager")}, none, "mara", "", []string{"1 more approval needed (manager, lead or peer)"}},
		{"C1, a manager and a peer", rules[change.C1], []change.Vote{vote(1, "mara", "p", "manager"), vote(2, "piet", "p", "peer")}, none, "mara piet", "", nil},
		{"C1, a manager twice", rules[change.C1], []change.Vote{vote(1, "mara", "p", "manager"), vote(2, "@Mara", "p", "manager")}, none, "mara", "", []string{"1 more approval needed (manager, lead or peer)"}},
		{"C2, a lead", rules[change.C2], []change.Vote{vote(1, "nina", "p", "lead")}, none, "nina", "", nil},
		{"C2, a peer", rules[change.C2], []change.Vote{vote(1, "piet", "p", "peer")}, none, "", "piet: not a manager or lead", []string{"1 approval needed (manager or lead)"}},
		{"C3, a peer", rules[change.C3], []change.Vote{vote(1, "piet", "p", "peer")}, none, "piet", "", nil},
		{"C3, somebody", rules[change.C3], []change.Vote{vote(1, "olga", "p")}, none, "", "olga: not a manager, lead or peer", []string{"1 approval needed (manager, lead or peer)"}},
		{"C4, nobody", rules[change.C4], nil, none, "", "", nil},
		{"the author", rules[change.C3], []change.Vote{vote(1, "Ada", "p", "manager")}, none, "", "Ada: author of the change", []string{"1 approval needed (manager, lead or peer)"}},
		{"the executor", rules[change.C3], []change.Vote{vote(1, "ines", "p", "manager")}, none, "", "ines: executor of the change", []string{"1 approval needed (manager, lead or peer)"}},
		{"a deleted account", rules[change.C3], []change.Vote{vote(1, "", "p", "manager")}, none, "", ": the account was deleted", []string{"1 approval needed (manager, lead or peer)"}},
		{"another version of the plan", rules[change.C3], []change.Vote{vote(1, "piet", "q", "peer")}, none, "", "piet: the plan was edited after this approval", []string{"1 approval needed (manager, lead or peer)"}},
		{"no digest", rules[change.C3], []change.Vote{vote(1, "piet", "", "peer")}, none, "", "piet: the plan was edited", []string{"1 approval needed (manager, lead or peer)"}},
		{"again after the edit", rules[change.C3], []change.Vote{vote(1, "piet", "q", "peer"), vote(2, "piet", "p", "peer")}, none, "piet", "", nil},
		{"before it was reopened", rules[change.C3], []change.Vote{vote(5, "piet", "p", "peer")}, day.Add(5 * time.Minute), "", "piet: the change was reopened after this approval", []string{"1 approval needed (manager, lead or peer)"}},
		{"after it was reopened", rules[change.C3], []change.Vote{vote(5, "piet", "p", "peer"), vote(6, "piet", "p", "peer")}, day.Add(5 * time.Minute), "piet", "", nil},
		{"three of them", change.Rule{Count: 3, Of: []string{"peer"}}, []change.Vote{vote(1, "piet", "p", "peer")}, none, "piet", "", []string{"2 more approvals needed (peer)"}},
	} {
		v := change.Judge(tc.rule, tc.votes, change.Proposal{Digest: "p", Author: "ada", Executors: []string{"@ines"}, ReopenedAt: tc.reopen})
		var counted []string
		for _, c := range v.Counted {
			counted = append(counted, c.By)
		}
		ignored := ""
		for _, i := range v.Ignored {
			ignored += i.By + ": " + i.Reason
		}
		if strings.Join(counted, " ") != tc.counted || !strings.HasPrefix(ignored, tc.ignored) || (tc.ignored == "") != (ignored == "") || !cmp.Equal(v.Missing, tc.missing) || v.Enough != (tc.missing == nil) {
			t.Errorf("%s: %+v", tc.name, v)
		}
	}
}

// Whatever the sequence of approvals, edits, reopenings and changes of executor: the author and the executors never count, nobody counts twice, and no
// approval counts that is for another version of the plan or from before a reopening.
func TestNobodyApprovesTheirOwnChange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.SampledFrom([]string{"ada", "Ada", "@ADA", "ines", "INES", "mara", "piet", "nina", ""})
		i, reopened := opened(), time.Time{}
		i.Assignees = nil
		var notes []issue.Note
		plans := map[int64]string{}
		for id := int64(1); id <= 12; id++ {
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0:
				i.Description = strings.Replace(i.Description, "Why:", "Why: "+fmt.Sprint(id), 1)
			case 1:
				reopened = day.Add(time.Duration(id) * time.Minute)
			case 2:
				i.Assignees = []string{people.Draw(t, "assignee")}
			case 3:
				notes = append(notes, eventNote(id, people.Draw(t, "by"), change.Start, "12:00", change.FieldExecutor, people.Draw(t, "executor")))
			default:
				plans[id] = rapid.SampledFrom([]string{change.Of(i, labels).Digest(), "", "other"}).Draw(t, "plan")
				notes = append(notes, eventNote(id, people.Draw(t, "by"), change.Approve, "12:00", change.FieldPlan, plans[id], change.FieldEnough, "true"))
			}
			i = reconcile(t, i, notes...)
		}
		c := change.Of(i, labels)
		for n := range notes {
			notes[n].Trusted = false // approvals by untrusted authors are judged too
		}
		events := eventlog.Events(notes, change.Kind)
		executors, digest := c.Executors(events), c.Digest()
		votes := change.Votes(events, func(string) []string { return []string{"manager"} })
		v := change.Judge(change.DefaultRules()[change.C1], votes, change.Proposal{Digest: digest, Author: i.Author, Executors: executors, ReopenedAt: reopened})
		var seen []string
		for _, counted := range v.Counted {
			name := strings.ToLower(counted.By)
			carries := slices.ContainsFunc(executors, func(e string) bool { return strings.EqualFold(e, name) })
			if name == "ada" || name == "" || carries || slices.Contains(seen, name) {
				t.Fatalf("%q is counted: %+v", counted.By, v)
			}
			if plans[counted.NoteID] != digest || !day.Add(time.Duration(counted.NoteID)*time.Minute).After(reopened) {
				t.Fatalf("an approval of another plan is counted: %+v", counted)
			}
			seen = append(seen, name)
		}
		if v.Enough != (len(seen) >= 2) || v.Enough != (len(v.Missing) == 0) {
			t.Fatalf("with %d approvals enough is %t, missing %q", len(seen), v.Enough, v.Missing)
		}
	})
}

func TestRolesOf(t *testing.T) {
	t.Parallel()
	approvers := map[string]change.Approvers{
		"manager": {Users: []string{"@mara"}, Groups: []string{"acme/managers"}},
		"peer":    {Access: instance.Developer},
		"nobody":  {},
	}
	for _, tc := range []struct {
		who  change.Person
		want []string
	}{
		{change.Person{Name: "Mara"}, []string{"manager"}},
		{change.Person{Name: "mara", Access: instance.Owner}, []string{"manager", "peer"}},
		{change.Person{Name: "piet", Groups: []string{"Acme/Managers"}}, []string{"manager"}},
		{change.Person{Name: "piet", Groups: []string{"acme/managers/sub"}}, nil},
		{change.Person{Name: "piet", Access: instance.Developer}, []string{"peer"}},
		{change.Person{Name: "piet", Access: instance.Reporter}, nil},
		{change.Person{Name: "piet", Access: instance.Planner}, nil},
		{change.Person{Name: "", Groups: []string{"acme/managers"}, Access: instance.Owner}, nil},
	} {
		if got := change.RolesOf(approvers, tc.who); !cmp.Equal(got, tc.want) {
			t.Errorf("%+v counts as %q, want %q", tc.who, got, tc.want)
		}
	}
}

// The time of an approval is GitLab's, not the one in the event.
func TestVotesHaveGitLabsTime(t *testing.T) {
	t.Parallel()
	notes := []issue.Note{eventNote(3, "mara", change.Approve, "23:00", change.FieldPlan, "p"), eventNote(4, "mara", change.Start, "12:00"), eventNote(1, "piet", change.Approve, "12:00")}
	got := change.Votes(eventlog.Events(notes, change.Kind), func(author string) []string { return []string{"role of " + author} })
	want := []change.Vote{
		{By: "piet", Roles: []string{"role of piet"}, At: day.Add(time.Minute), NoteID: 1},
		{By: "mara", Roles: []string{"role of mara"}, Plan: "p", At: day.Add(3 * time.Minute), NoteID: 3},
	}
	for n := range got {
		if !got[n].At.Equal(want[n].At) {
			t.Errorf("the time of %s's vote is %s", got[n].By, got[n].At)
		}
	}
	if !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
}

// The user of an access token never counts, however it is listed: anybody with the token could approve.
func TestTokensNeverApprove(t *testing.T) {
	t.Parallel()
	approvers := map[string]change.Approvers{"peer": {Access: instance.Developer, Groups: []string{"acme/sre"}}, "robot": {Users: []string{"project_31_bot_5f2c9a1e"}}}
	for name, want := range map[string][]string{
		"project_31_bot_5f2c9a1e": nil, "service_account_group_7_2f": nil, "group_4_bot_00ff": nil, "Project_7_Bot": nil, "project_7_bot2": nil,
		"project_owner_bot": {"peer"}, "robot": {"peer"}, "project_31_botanist": {"peer"},
	} {
		got := change.RolesOf(approvers, change.Person{Name: name, Access: instance.Maintainer, Groups: []string{"acme/sre"}})
		if !slices.Equal(got, want) {
			t.Errorf("%s counts as %v, want %v", name, got, want)
		}
	}
}

// A comment that was edited after it was written does not count as an approval. Where that is unknown, there is a doubt if with it there would be enough.
func TestEditedApprovals(t *testing.T) {
	t.Parallel()
	rule := change.DefaultRules()[change.C3]
	touched := func(id int64, by string, c change.Comment) change.Vote {
		v := vote(id, by, "p", "peer")
		c.Touched = true
		v.Comment = c
		return v
	}
	unedited, edited, unknown := change.Comment{Known: true}, change.Comment{Known: true, Editor: "mara"}, change.Comment{}
	for name, c := range map[string]struct {
		votes []change.Vote
		ask   []int64
		by    string // whose approval counts
		why   string // why that of piet does not
		doubt string
	}{
		"a reaction":                      {[]change.Vote{touched(1, "piet", unedited)}, nil, "piet", "", ""},
		"edited":                          {[]change.Vote{touched(1, "piet", edited)}, nil, "", "its comment was edited by @mara", ""},
		"unknown":                         {[]change.Vote{touched(1, "piet", unknown)}, []int64{1}, "", "cannot tell if its comment was edited after it was written", "piet"},
		"unknown, and another one":        {[]change.Vote{touched(1, "piet", unknown), vote(2, "piet", "p", "peer")}, nil, "piet", "", ""},
		"edited, and another one":         {[]change.Vote{touched(1, "piet", edited), vote(2, "piet", "p", "peer")}, nil, "piet", "", ""},
		"unknown, but of another plan":    {[]change.Vote{func() change.Vote { v := touched(1, "piet", unknown); v.Plan = "q"; return v }()}, nil, "", "the plan was edited after this approval", ""},
		"unknown, but by the author":      {[]change.Vote{touched(1, "ada", unknown)}, nil, "", "", ""},
		"unknown, but another one counts": {[]change.Vote{touched(1, "piet", unknown), vote(2, "nina", "p", "lead")}, []int64{1}, "nina", "cannot tell if its comment was edited after it was written", ""},
	} {
		p := change.Proposal{Digest: "p", Author: "ada"}
		v := change.Judge(rule, c.votes, p)
		by, why := "", ""
		for _, counted := range v.Counted {
			by += counted.By
		}
		for _, i := range v.Ignored {
			if i.By == "piet" {
				why = i.Reason
			}
		}
		if by != c.by || why != c.why || strings.Join(v.Doubt, " ") != c.doubt || v.Enough != (c.by != "") {
			t.Errorf("%s: %+v", name, v)
		}
		if got := change.Touched(rule, c.votes, p); !slices.Equal(got, c.ask) {
			t.Errorf("%s: asks about %v, want %v", name, got, c.ask)
		}
	}
}

// An approval is for one criticality. Whoever lowers it until no approval is needed keeps the rule that applied before.
func TestLoweredCriticality(t *testing.T) {
	t.Parallel()
	rules := change.DefaultRules()
	for _, c := range []struct {
		now    change.Criticality
		before []change.Criticality
		want   change.Criticality
	}{
		{change.C4, nil, change.C4},
		{change.C4, []change.Criticality{change.UnknownCriticality}, change.C4},
		{change.C4, []change.Criticality{change.C4}, change.C4},
		{change.C4, []change.Criticality{change.C3, change.C2}, change.C2},
		{change.C3, []change.Criticality{change.C1}, change.C3},
		{change.C1, []change.Criticality{change.C4}, change.C1},
		{change.UnknownCriticality, []change.Criticality{change.C3}, change.C1},
	} {
		if got := rules.For(c.now, c.before...); !cmp.Equal(got, rules[c.want]) {
			t.Errorf("%s after %q: %+v", c.now, c.before, got)
		}
	}
	v := vote(1, "piet", "p", "peer")
	v.Criticality = change.C1
	got := change.Judge(rules[change.C3], []change.Vote{v}, change.Proposal{Digest: "q", Criticality: change.C3, Author: "ada"})
	if got.Enough || got.Ignored[0].Reason != "the criticality was changed from C1 to C3 after this approval" {
		t.Errorf("%+v", got)
	}
}
