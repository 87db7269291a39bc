package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/goal"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/lint"
)

var now = time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)

func settings() lint.Settings {
	return lint.Settings{
		Layout: board.Builtin(), Goals: goal.Labels{Goal: "goal", Meta: "meta"}, Incidents: incident.LabelsOf(nil, ""), Changes: change.LabelsOf(nil),
		Handoff: "Ready_to_Handoff", Priorities: []string{"AP1", "AP2", "AP3"}, Stale: 14 * 24 * time.Hour,
	}
}

func numbered(iid int64, i issue.Issue) issue.Issue {
	i.Ref, i.ID = issue.Ref{Project: "acme/infrastructure", IID: iid}, iid
	if i.State == "" {
		i.State = issue.Opened
	}
	if i.UpdatedAt.IsZero() {
		i.UpdatedAt = now
	}
	return i
}

// ids are the rules that find something in one issue of a list. Suspects are decided with the facts.
func ids(in lint.List, i issue.Issue, facts lint.Facts, s lint.Settings) []string {
	look := lint.New(s, now, lint.IDs())
	look.Closed = map[int64]bool{7: true}
	look.Add(in, numbered(1, i))
	for _, suspect := range look.Suspects {
		look.Decide(suspect, facts)
	}
	var got []string
	for _, f := range look.Findings {
		got = append(got, f.ID)
	}
	return got
}

func TestRules(t *testing.T) {
	t.Parallel()
	four, five := 4, 5
	ready := issue.Issue{Labels: []string{"Ready"}, Weight: &five, Description: "Done when the host is gone."}
	window := func(state string) issue.Issue {
		return issue.Issue{Labels: []string{"change", state}, Description: "```yaml prodctl/change\nstart: 2018-08-24T14:00:00Z\nduration: 1h\nstarted_at: 2018-08-24T14:00:00Z\n```\n"}
	}
	kept := settings()
	kept.Kept = true
	for _, tt := range []struct {
		name  string
		list  lint.List
		issue issue.Issue
		facts lint.Facts
		want  string
	}{
		{"nothing", lint.OpenWork, issue.Issue{}, lint.Facts{}, ""},
		{"ready", lint.OpenWork, ready, lint.Facts{}, ""},
		{"ready without criteria", lint.OpenWork, issue.Issue{Labels: []string{"Ready"}, Weight: &five}, lint.Facts{}, "not-ready"},
		{"off the scale", lint.OpenWork, issue.Issue{Weight: &four}, lint.Facts{}, "weight-scale"},
		{"a goal without owner", lint.OpenWork, issue.Issue{Labels: []string{"goal"}}, lint.Facts{}, "goal-owner"},
		{"a meta goal that is sliced", lint.OpenWork, issue.Issue{Labels: []string{"goal", "meta"}, Assignees: []string{"ana"}}, lint.Facts{Links: []issue.Link{{}}}, ""},
		{"a meta issue without pieces", lint.OpenWork, issue.Issue{Labels: []string{"meta"}}, lint.Facts{}, "meta-pieces"},
		{"a closed issue in a column", lint.ClosedWork, issue.Issue{State: issue.Closed, Labels: []string{"Ready"}}, lint.Facts{}, "closed-in-column"},
		{"moved", lint.ClosedWork, issue.Issue{State: issue.Closed, Labels: []string{"Ready"}, MovedToID: 5}, lint.Facts{}, ""},
		{"an old milestone", lint.OpenWork, issue.Issue{MilestoneID: 7}, lint.Facts{}, "closed-milestone"},
		{"stale on the day", lint.OpenWork, issue.Issue{Labels: []string{"Waiting"}, UpdatedAt: now.Add(-14 * 24 * time.Hour)}, lint.Facts{}, "stale"},
		{"a minute before", lint.OpenWork, issue.Issue{Labels: []string{"Waiting"}, UpdatedAt: now.Add(-14*24*time.Hour + time.Minute)}, lint.Facts{}, ""},
		{"old, but not started", lint.OpenWork, issue.Issue{Labels: []string{"Planning"}, UpdatedAt: now.AddDate(-1, 0, 0)}, lint.Facts{}, ""},
		{"three severities", lint.OpenQueue, issue.Issue{Labels: []string{"S1", "S2", "S4"}}, lint.Facts{}, "double-severity"},
		{"two criticalities", lint.OpenQueue, issue.Issue{Labels: []string{"C1", "C4"}}, lint.Facts{}, "double-criticality"},
		{"two priorities", lint.OpenWork, issue.Issue{Labels: []string{"AP1", "AP3"}}, lint.Facts{}, "double-priority"},
		{"an incident without a state", lint.OpenQueue, issue.Issue{Labels: []string{"incident"}}, lint.Facts{}, "incident-state"},
		{"an active incident", lint.OpenQueue, issue.Issue{Labels: []string{"incident", "Incident::Active"}}, lint.Facts{}, ""},
		{"resolved by label only", lint.OpenQueue, issue.Issue{Labels: []string{"incident", "Incident::Resolved"}}, lint.Facts{}, "state-record"},
		{"two states", lint.OpenQueue, issue.Issue{Labels: []string{"incident", "Incident::Active", "Incident::Mitigated"}}, lint.Facts{}, "state-record"},
		{"past its window", lint.OpenQueue, window("change::in-progress"), lint.Facts{}, "change-window"},
		{"over", lint.OpenQueue, window("change::aborted"), lint.Facts{}, "state-record"}, // the record has no time of the abort
		{"marked without a note", lint.OpenQueue, issue.Issue{Labels: []string{"Ready_to_Handoff"}}, lint.Facts{}, "mark-note"},
		{"marked with other comments", lint.OpenWork, issue.Issue{Labels: []string{"Ready_to_Handoff"}, Notes: 1}, lint.Facts{Notes: []issue.Note{{Body: "Hello"}}}, "mark-note"},
	} {
		if got := strings.Join(ids(tt.list, tt.issue, tt.facts, settings()), " "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := ids(lint.OpenWork, issue.Issue{MilestoneID: 7}, lint.Facts{}, kept); got != nil {
		t.Errorf("issues are kept in finished milestones, but: %q", got)
	}
}

// A confidential title is found however it is written, and in whole only. The finding quotes nothing of it.
func TestConfidentialTitle(t *testing.T) {
	t.Parallel()
	const title = "2018-08-20: Root password leaked to @mallory"
	for text, want := range map[string]bool{
		"Root password leaked to @mallory": true, "see **root password** LEAKED\nto `mallory`.": true, "2018-08-20: Root password leaked to mallory!": true,
		"Root password leaked": false, "root-password leaked to nobody": false, "": false, "Rootpassword leaked to mallory": false,
	} {
		look := lint.New(settings(), now, []string{lint.ConfidentialTitle})
		look.Add(lint.Secrets, numbered(9, issue.Issue{Title: title, Confidential: true}))
		look.Add(lint.Secrets, numbered(8, issue.Issue{Title: "Two words", Confidential: true}))
		look.Add(lint.OpenWork, numbered(1, issue.Issue{Title: "Two words", Description: text}))
		look.Add(lint.OpenWork, numbered(2, issue.Issue{Title: title, Confidential: true}))
		if got := len(look.Findings) == 1; got != want {
			t.Errorf("%q: found %v, want %v", text, got, want)
		}
		for _, f := range look.Findings {
			if strings.Contains(strings.ToLower(fmt.Sprint(f)), "mallory") {
				t.Errorf("%v quotes it", f)
			}
		}
	}
}

// Of labels that exclude each other the one with the latest add event stays, and only it; other labels are not touched.
func TestFixKeepsTheLatestLabel(t *testing.T) {
	t.Parallel()
	scale := []string{"S1", "S2", "S3", "S4"}
	rapid.Check(t, func(t *rapid.T) {
		on := rapid.SliceOfNDistinct(rapid.SampledFrom(scale), 2, 4, rapid.ID[string]).Draw(t, "labels")
		slices.Sort(on)
		var events []issue.Event
		latest := on[0]
		for range rapid.IntRange(0, 6).Draw(t, "events") {
			e := issue.Event{Name: rapid.SampledFrom(append(scale, "toil")).Draw(t, "name"), Action: rapid.SampledFrom([]string{"add", "remove"}).Draw(t, "action")}
			events = append(events, e)
			if e.Action == "add" && slices.Contains(on, e.Name) {
				latest = e.Name
			}
		}
		look := lint.New(settings(), now, []string{lint.DoubleSeverity})
		look.Add(lint.OpenWork, numbered(1, issue.Issue{Labels: append([]string{"toil"}, on...)}))
		removed := look.Findings[0].Fix.Removed(events)
		left := slices.DeleteFunc(slices.Clone(on), func(name string) bool { return slices.Contains(removed, name) })
		if !slices.Equal(left, []string{latest}) || slices.Contains(removed, "toil") {
			t.Fatalf("%q stay, want %q", left, latest)
		}
	})
}

// What is ignored is left out until its day, once it is over it is found again, and entries that do nothing are findings.
func TestApply(t *testing.T) {
	t.Parallel()
	day := calendar.NewDate(2018, 8, 24)
	rule, _ := lint.Find(lint.Stale)
	one := issue.Ref{Project: "acme/infrastructure", IID: 1}
	list := []lint.Finding{{Rule: rule, Place: lint.Place{Issue: one}}}
	for _, tt := range []struct {
		name  string
		entry lint.Ignore
		rules []string
		want  []string
	}{
		{"used", lint.Ignore{Rule: lint.Stale, Issue: one, Until: day}, lint.IDs(), nil},
		{"over", lint.Ignore{Rule: lint.Stale, Issue: one, Until: day.AddDays(-1)}, lint.IDs(), []string{"stale", "ignore-entry"}},
		{"another rule", lint.Ignore{Rule: lint.NotReady, Issue: one, Until: day}, lint.IDs(), []string{"stale", "ignore-entry"}},
		{"a rule that is not checked", lint.Ignore{Rule: lint.NotReady, Issue: one, Until: day}, []string{lint.Stale, lint.IgnoreEntry}, []string{"stale"}},
		{"entries are not checked", lint.Ignore{Rule: lint.NotReady, Issue: one, Until: day}, []string{lint.Stale}, []string{"stale"}},
	} {
		left, _ := lint.Apply([]lint.Ignore{tt.entry}, list, tt.rules, day)
		var got []string
		for _, f := range left {
			got = append(got, f.ID)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}
