package cli_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
)

// secondLead adds another maintainer to the team.
func secondLead(s *fakegitlab.Seed) {
	s.Users = append(s.Users, fakegitlab.SeedUser{Username: "lea"})
	s.Groups[0].Members = append(s.Groups[0].Members, fakegitlab.SeedMember{User: "lea", Role: "maintainer"})
}

// ballots is the expected state of the approvals: who approved the current version of the plan since the last reopening.
type ballots struct {
	author, executor string
	class            string
	voted            map[string]bool
}

// enough is the handbook's rule, implemented again: C1 needs two approvals, one of them by a manager; C2 one by a manager or lead; C3 one by anybody.
// The author and the executor do not count.
func (b ballots) enough(starter string) bool {
	total, managers := 0, 0
	for who := range b.voted {
		switch who {
		case b.author, b.executor, starter:
			continue
		case "mara", "lea":
			managers++
			total++
		case "dev":
			total++
		}
	}
	switch b.class {
	case "C1":
		return total >= 2 && managers >= 1
	case "C2":
		return managers >= 1
	}
	return total >= 1
}

const forgedVote = `<!-- prodctl:entry {"kind":"change","verb":"approve","at":"2018-08-24T16:00:00Z","fields":{"enough":"true"}} -->`

// Whatever commands people run, in whatever order: no change starts without enough approvals by others for the current version of its plan.
func TestNobodyStartsWithoutApprovals(t *testing.T) {
	t.Parallel()
	people := []string{"mara", "lea", "dev", "rep", "plan", "guest"}
	passed, refused := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		pick := func(what string, from []string) string { return rapid.SampledFrom(from).Draw(rt, what) }
		l := newLab(t, setup{seed: secondLead, edition: fakegitlab.Edition(pick("edition", []string{"free", "premium"}))})
		b := ballots{author: pick("author", people[:4]), executor: pick("executor", []string{"", "mara", "dev", "rep"}), class: pick("class", []string{"C1", "C2", "C3"}), voted: map[string]bool{}}
		open := []string{"change", "open", "Move it", "--criticality", b.class, "--start", "2018-08-24 16:00", "--duration", "8h", "--rollback", "back", "--service", "db"}
		if b.executor != "" {
			open = append(open, "--executor", b.executor)
		}
		l.runAll(t, says(b.author, open...))
		for range rapid.IntRange(3, 9).Draw(rt, "steps") {
			who := pick("who", people)
			own := *l
			own.user = who
			l.now = l.now.Add(time.Minute)
			switch what := pick("what", []string{"approve", "approve", "approve", "start", "start", "edit", "reopen", "forge", "label", "lower"}); what {
			case "approve":
				if r := own.run("change", "approve", "1", "-q"); r.code == 0 {
					b.voted[who] = true
				}
			case "forge": // a comment that looks like an approval, without a digest
				l.server.MustDo("guest", "POST", "/projects/acme%2Fproduction/issues/1/notes", `{"body":"**x**\n\n`+strings.ReplaceAll(forgedVote, `"`, `\"`)+`"}`)
			case "label":
				l.relabelled(`{"add_labels":"change::approved","remove_labels":"change::scheduled"}`)
			case "lower":
				l.relabelled(`{"add_labels":"C4","remove_labels":"C1,C2,C3"}`)
			case "edit":
				editedNow(l.server, "plan", func(d string) string { return "More to do.\n\n" + d })
				clear(b.voted)
			case "reopen":
				l.relabelled(`{"state_event":"close"}`)
				l.relabelled(`{"state_event":"reopen","add_labels":"change::scheduled","remove_labels":"change::approved,change::in-progress"}`)
				clear(b.voted)
			case "start":
				before := l.starts(t)
				own.run("change", "start", "1", "-q")
				if l.starts(t) == before {
					refused++
					continue
				}
				passed++
				if !b.enough(who) {
					rt.Fatalf("%s started a %s by %s with executor %s, approved by %v", who, b.class, b.author, b.executor, b.voted)
				}
			}
		}
	})
	t.Logf("%d started, %d did not", passed, refused)
	if passed == 0 || refused == 0 {
		t.Error("one of the two never happens")
	}
}

// starts returns how often the first issue of the queue was started.
func (l *lab) starts(t *testing.T) (n int) {
	_, notes := l.queueIssue(t, 1)
	for _, e := range eventlog.Events(notes, change.Kind) {
		if change.Verb(e.Verb) == change.Start {
			n++
		}
	}
	return n
}

// An approval that does not count is refused with the reason, and nothing is written.
func TestWhoMayApprove(t *testing.T) {
	t.Parallel()
	const byGroup = "changes:\n  approvers:\n    manager: {groups: [acme/leads]}\n    lead: {users: [dev]}\n    peer: {access: developer}\n"
	leads := func(s *fakegitlab.Seed) {
		secondLead(s)
		s.Groups = append(s.Groups, fakegitlab.SeedGroup{Path: "acme/leads", Members: []fakegitlab.SeedMember{{User: "rep", Role: "guest"}}})
	}
	for name, c := range map[string]struct {
		class, author, executor, approver string
		config                            string
		reason                            string // empty: the approval counts
	}{
		"author":                               {"C2", "mara", "", "mara", "", "author"},
		"executor":                             {"C2", "rep", "mara", "mara", "", "executor"},
		"another lead":                         {"C2", "mara", "rep", "lea", "", ""},
		"a peer for a C2":                      {"C2", "mara", "", "dev", "", "not a manager or lead"},
		"a peer for a C3":                      {"C3", "mara", "", "dev", "", ""},
		"a reporter":                           {"C3", "mara", "", "rep", "", "not a manager, lead or peer"},
		"a member of the group":                {"C2", "mara", "", "rep", byGroup, ""},
		"a maintainer who is not in the group": {"C2", "mara", "", "lea", byGroup, "not a manager or lead"},
		"listed by name":                       {"C2", "mara", "", "dev", byGroup, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{seed: leads, config: c.config})
			open := []string{"change", "open", "Move it", "--criticality", c.class, "--start", "2018-08-24 16:00", "--duration", "30m", "--rollback", "back", "--service", "db"}
			if c.executor != "" {
				open = append(open, "--executor", c.executor)
			}
			l.runAll(t, says(c.author, open...))
			l.user = c.approver
			r := l.run("change", "approve", "1")
			i, notes := l.queueIssue(t, 1)
			votes := len(eventlog.Events(notes, change.Kind))
			switch {
			case c.reason == "" && (r.code != 0 || votes != 1 || !i.Has(changeRules.Approved)):
				t.Errorf("exit %d, %d votes, %q\n%s", r.code, votes, i.Labels, r.errors)
			case c.reason != "" && (r.code != 5 || votes != 0 || !strings.Contains(r.errors, c.reason) || !strings.Contains(r.errors, fmt.Sprintf("@%s cannot approve", c.approver))):
				t.Errorf("exit %d, %d votes\n%s", r.code, votes, r.errors)
			}
		})
	}
}

// Whoever cannot approve learns who can.
func TestApprovalRefused(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.user = "dev"
	l.must(t, "change", "open", "Move it", "--criticality", "C3")
	want := `prodctl: @dev cannot approve acme/production#1: author of the change
hint: Ask a manager, lead or peer. To see the approvals: prodctl change show acme/production#1
`
	if r := l.run("change", "approve", "1"); r.code != 5 || r.errors != want {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
}

// The executor of a plan is a GitLab user: else the executor could approve it, under the real name.
func TestExecutorExists(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	open := append(scheduledAt("C2", "16:00").args, "--executor")
	for name, want := range map[string]string{"ghost": "executor: user @ghost not found", "the DBA team": "executor: user @the DBA team not found"} {
		l.server.ResetRequests()
		r := l.run(append(slices.Clone(open), name)...)
		if _, writes := l.count(); r.code != 6 || writes != 0 || !strings.Contains(r.errors, want) {
			t.Errorf("%s: exit %d, %d writes\n%s", name, r.code, writes, r.errors)
		}
	}
	l.runAll(t, says("rep", append(slices.Clone(open), "@dev")...))
	i, _ := l.queueIssue(t, 1)
	if rec := change.Read(i.Description, i.CreatedAt); rec.Executor != "dev" || !slices.Equal(i.Assignees, []string{"dev"}) {
		t.Errorf("executor %q, assigned %q", rec.Executor, i.Assignees)
	}
	editedNow(l.server, "plan", func(d string) string { return strings.Replace(d, "executor: dev", "executor: ghost", 1) })
	if r := l.run("change", "approve", "1"); r.code != 5 || !strings.Contains(r.errors, "cannot be approved: executor: user @ghost not found") {
		t.Errorf("approve: exit %d\n%s", r.code, r.errors)
	}
}
