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
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// other is another change.
func other(iid int64, state, class string, lines ...string) change.Change {
	i := issue.Issue{Ref: issue.Ref{Project: "acme/production", IID: iid}, ID: iid * 10, Title: "secret", Labels: strings.Fields(state + " " + class), CreatedAt: at("08:00"),
		Description: "```yaml prodctl/change\n" + strings.Join(lines, "\n") + "\n```"}
	return change.Of(i, labels)
}

func event(iid int64, severity string) change.Incident {
	return change.Incident{Issue: issue.Issue{Ref: issue.Ref{Project: "acme/production", IID: iid}, Title: "secret"}, Severity: severity}
}

func shown(reasons []change.Reason) []string {
	var list []string
	for _, r := range reasons {
		line := string(r.Kind)
		if r.Ref() != "" {
			line += " " + r.Ref()
		}
		line += ": " + r.Text
		if !r.Until.IsZero() {
			line += " (until " + r.Until.Format("15:04") + ")"
		}
		if r.Hard {
			line += " (hard)"
		}
		list = append(list, line)
	}
	return list
}

var (
	ready   = apply(opened(), issue.Change{AddLabels: []string{"Change::Go"}, RemoveLabels: []string{"change::scheduled"}})
	enough  = change.Verdict{Enough: true}
	freeze  = lock.Lock{Name: "freeze", Kind: lock.Hard, From: day, To: at("18:00"), Reason: "a release", Exempt: []string{"docs"}}
	quiet   = lock.Lock{Name: "quiet", Kind: lock.Soft, From: at("12:30"), To: at("14:00")}
	c1Rule  = change.DefaultRules()[change.C1]
	c4Rule  = change.DefaultRules()[change.C4]
	routine = other(3, "change::scheduled", "C4", "services: [docs]")
)

func TestCheckStart(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name      string
		change    change.Change
		rule      change.Rule
		verdict   change.Verdict
		situation change.Situation
		want      []string
	}{
		{"nothing blocks it", change.Of(ready, labels), c1Rule, enough, change.Situation{Now: at("12:00"), Incidents: []change.Incident{event(4, "S3"), event(5, "S4")},
			Changes: []change.Change{change.Of(ready, labels), other(8, "change::in-progress", "C1", "services: [billing]"), other(8, "change::in-progress", "C3")}}, nil},
		{"everything blocks it, in order", change.Of(opened(), labels), c1Rule,
			change.Verdict{Missing: []string{"1 approval needed (manager)"}, Ignored: []change.Ignored{{"ada", "author of the change"}, {"", "the account was deleted"}}},
			change.Situation{Now: at("11:50"), Locks: []lock.Lock{quiet, freeze}, Incidents: []change.Incident{event(5, ""), event(4, "S2")},
				Changes: []change.Change{other(8, "Change::Go", "C2", "start: 12:10", "duration: 5m", "services: [web]"), other(7, "change::in-progress", "", "services: [api]")}},
			[]string{
				"incident acme/production#5: active incident of unknown severity (counts as S1)",
				"incident acme/production#4: active S2 incident",
				`lock: lock "freeze" (hard: all changes) until 2018-08-24 18:00 UTC: a release (until 18:00) (hard)`,
				`lock: lock "quiet" (soft: C1 and C2) from 2018-08-24 12:30 UTC to 2018-08-24 14:00 UTC, before the change must be finished (until 14:00)`,
				"change acme/production#7: change of unknown criticality in progress",
				"change acme/production#8: C2 change with an overlapping window (2018-08-24 12:10 UTC to 2018-08-24 12:20 UTC) (until 12:20)",
				"approval acme/production#9: 1 approval needed (manager)",
				"approval acme/production#9: @ada's approval does not count: author of the change",
				"approval acme/production#9: the approval by a deleted user does not count: the account was deleted",
				"window acme/production#9: window opens 2018-08-24 12:00 UTC (until 12:00)",
			}},
		{"too late", change.Of(ready, labels), c1Rule, enough, change.Situation{Now: at("13:00")}, []string{"window acme/production#9: window closed 2018-08-24 13:00 UTC"}},
		{"a lock that begins after its slot", change.Of(ready, labels), c1Rule, enough, change.Situation{Now: at("12:00"), Locks: []lock.Lock{{Name: "x", Kind: lock.Hard, From: at("13:00"), To: at("14:00")}}}, nil},
		{"C2 without a window", other(3, "Change::Go", "C2"), c4Rule, enough, change.Situation{Now: at("12:00")}, []string{"window acme/production#3: no window: criticality C2 requires a start and a duration in the record"}},
		{"its window ends before it starts", other(3, "change::scheduled", "C4", "start: 12:00", "window_end: 11:00"), c4Rule, enough, change.Situation{Now: at("12:00")}, []string{"window acme/production#3: the window ends before it starts"}},
		{"routine, in a soft lock", routine, c4Rule, enough, change.Situation{Now: at("12:40"), Locks: []lock.Lock{quiet}}, nil},
		{"routine, not approved", routine, c4Rule, change.Verdict{}, change.Situation{Now: at("12:40")}, nil},
		{"exempt", routine, c4Rule, enough, change.Situation{Now: at("12:40"), Locks: []lock.Lock{freeze}}, nil},
		{"started already", other(3, "change::in-progress", "C4"), c4Rule, enough, change.Situation{Now: at("12:40")}, []string{"state acme/production#3: it is in progress (use approve, finish or abort)"}},
		{"over", other(3, "change::aborted", "C4"), c4Rule, enough, change.Situation{Now: at("12:40")}, []string{"state acme/production#3: already aborted"}},
		{"windows that touch", other(3, "Change::Go", "C2", "start: 12:00", "duration: 30m"), c4Rule, enough, change.Situation{Now: at("12:00"),
			Changes: []change.Change{other(8, "Change::Go", "C2", "start: 13:00", "duration: 5m"), other(9, "Change::Go", "C2", "start: 11:00", "duration: 30m")}}, nil},
	} {
		if got := shown(change.CheckStart(tc.change, tc.rule, tc.verdict, tc.situation)); !cmp.Equal(got, tc.want) {
			t.Errorf("%s:\n%s", tc.name, cmp.Diff(tc.want, got))
		}
	}
}

func TestCheckGate(t *testing.T) {
	t.Parallel()
	deploy := change.Pipeline{Criticality: change.C4, Services: []string{"api"}, Environment: "production"}
	for _, tc := range []struct {
		name      string
		pipeline  change.Pipeline
		situation change.Situation
		want      []string // kinds
	}{
		{"go", deploy, change.Situation{Now: at("12:40"), Locks: []lock.Lock{quiet}, Changes: []change.Change{other(8, "change::in-progress", "C3", "services: [web]")}, Incidents: []change.Incident{event(4, "S3")}}, nil},
		{"unknown criticality, in a soft lock", change.Pipeline{}, change.Situation{Now: at("12:40"), Locks: []lock.Lock{quiet}}, []string{"lock"}},
		{"a hard lock", deploy, change.Situation{Now: at("12:40"), Locks: []lock.Lock{freeze}}, []string{"lock"}},
		{"at its end", deploy, change.Situation{Now: at("18:00"), Locks: []lock.Lock{freeze}}, nil},
		{"any change in progress", deploy, change.Situation{Now: at("12:40"), Changes: []change.Change{other(8, "change::in-progress", "C3"), other(7, "change::in-progress", "C4", "services: [API]"), other(6, "Change::Go", "C1")}}, []string{"change", "change"}},
		{"an incident", deploy, change.Situation{Now: at("12:40"), Incidents: []change.Incident{event(4, "S1")}}, []string{"incident"}},
	} {
		var got []string
		for _, r := range change.CheckGate(tc.pipeline, tc.situation) {
			got = append(got, string(r.Kind))
		}
		if !cmp.Equal(got, tc.want) {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

// The worst incident comes first, whatever its number. An unknown severity comes after S1.
func TestGateListsTheWorstIncidentFirst(t *testing.T) {
	t.Parallel()
	incidents := []change.Incident{event(4, "S2"), event(5, ""), event(6, "S1"), event(7, "S2")}
	var got []int64
	for _, r := range change.CheckGate(change.Pipeline{Criticality: change.C3}, change.Situation{Now: at("12:40"), Incidents: incidents}) {
		got = append(got, r.Issue.Ref.IID)
	}
	if want := []int64{6, 5, 4, 7}; !cmp.Equal(got, want) {
		t.Errorf("incidents %d, want %d", got, want)
	}
}

func TestCheckGateOfAChange(t *testing.T) {
	t.Parallel()
	going := change.Of(apply(opened(), issue.Change{AddLabels: []string{"change::in-progress"}, RemoveLabels: []string{"change::scheduled"}}), labels)
	lowered := going
	lowered.Criticality = change.C4
	lacking := change.Verdict{Missing: []string{"x"}}
	began := change.Began{At: at("12:01"), By: "dev", Plan: going.Digest(), Criticality: change.C1}
	none, started, finished := change.Course{Over: change.UnknownState}, change.Course{Began: began, Over: change.UnknownState}, change.Course{Began: began, Over: change.Complete}
	edited, overridden := started, started
	edited.Began.Plan, overridden.Began.Override = "other", "it fixes it"
	overriddenEdited, overriddenUnknown := overridden, overridden
	overriddenEdited.Began.Plan, overriddenUnknown.Began.Plan = "other", ""
	incidents := []change.Incident{event(4, "S1")}
	conflicting := []change.Change{going, other(8, "Change::Go", "C2", "start: 12:10", "duration: 50m")}
	for _, tc := range []struct {
		name      string
		change    change.Change
		verdict   change.Verdict
		situation change.Situation
		course    change.Course
		want      string // kinds
	}{
		{"in progress", going, enough, change.Situation{Now: at("12:05"), Locks: []lock.Lock{quiet}, Changes: conflicting}, started, ""},
		{"in progress, its approvals do not count any more", going, lacking, change.Situation{Now: at("12:05")}, started, "approval"},
		{"in progress, and the plan was edited", going, lacking, change.Situation{Now: at("12:05")}, edited, "approval approval"},
		{"in progress, edited and approved anew", going, enough, change.Situation{Now: at("12:05")}, edited, ""},
		{"in progress without approvals, which was overridden", going, lacking, change.Situation{Now: at("12:05")}, overridden, ""},
		{"overridden, and the plan was edited", going, lacking, change.Situation{Now: at("12:05"), Incidents: incidents}, overriddenEdited, "incident approval approval"},
		{"overridden, but for which plan is unknown", going, lacking, change.Situation{Now: at("12:05")}, overriddenUnknown, "approval"},
		{"overridden, and the criticality lowered", lowered, lacking, change.Situation{Now: at("12:05")}, overridden, "approval approval"},
		{"in progress by its label alone", going, lacking, change.Situation{Now: at("12:05")}, none, "state approval"},
		{"in progress by its label alone, but approved", going, enough, change.Situation{Now: at("12:05")}, none, ""},
		{"in progress by its label alone, ahead of its window", going, enough, change.Situation{Now: at("11:00")}, none, "state window"},
		{"finished, and its label set back", going, enough, change.Situation{Now: at("12:05")}, finished, "state"},
		{"in progress, a lock has started", going, enough, change.Situation{Now: at("12:30"), Locks: []lock.Lock{quiet}}, started, "lock"},
		{"in progress, an incident began", going, enough, change.Situation{Now: at("12:05"), Incidents: []change.Incident{event(4, "S1")}}, started, "incident"},
		{"in progress, after its slot", going, enough, change.Situation{Now: at("13:00")}, started, "window"},
		{"in progress, started ahead of its window, which was overridden", going, enough, change.Situation{Now: at("11:00")}, overridden, ""},
		{"not approved", change.Of(opened(), labels), change.Verdict{Missing: []string{"x"}}, change.Situation{Now: at("12:05")}, none, "approval"},
		{"approved, could be started", change.Of(ready, labels), enough, change.Situation{Now: at("12:05")}, none, ""},
		{"over", other(3, "change::complete", "C4"), enough, change.Situation{Now: at("12:05")}, none, "state"},
	} {
		var got []string
		for _, r := range change.CheckGateOf(tc.change, c1Rule, tc.verdict, tc.situation, tc.course) {
			got = append(got, string(r.Kind))
		}
		if strings.Join(got, " ") != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

// No reason has the title of an issue, which may be confidential.
func TestReasonsHaveNoTitles(t *testing.T) {
	t.Parallel()
	s := change.Situation{Now: at("12:05"), Incidents: []change.Incident{event(4, "S1")}, Changes: []change.Change{other(8, "change::in-progress", "C1"), other(7, "Change::Go", "C1", "start: 12:10", "duration: 5m")}}
	reasons := change.CheckStart(other(3, "change::complete", "C1"), c1Rule, change.Verdict{}, s)
	if len(reasons) < 4 {
		t.Fatalf("%d reasons", len(reasons))
	}
	for _, line := range shown(reasons) {
		if strings.Contains(line, "secret") {
			t.Errorf("%q has a title", line)
		}
	}
}

// Two changes conflict if and only if an instant is in both windows, in whatever order they are compared.
func TestConflicts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(iid int64) change.Change {
			return other(iid, "Change::Go", rapid.SampledFrom([]string{"C1", "C2", "C3", ""}).Draw(t, "class"), fmt.Sprintf("start: %02d:%02d", 10+rapid.IntRange(0, 1).Draw(t, "hour"), rapid.IntRange(0, 5).Draw(t, "tens")*10),
				fmt.Sprintf("duration: %dm", rapid.IntRange(0, 4).Draw(t, "duration")*5), "services: "+rapid.SampledFrom([]string{"", "api", "[api, web]", "[Web]", "docs"}).Draw(t, "services"))
		}
		a, b := draw(1), draw(2)
		sameTime := false
		for at := at("09:00"); at.Before(day.Add(14 * time.Hour)); at = at.Add(time.Minute) {
			sameTime = sameTime || a.Window().Contains(at) && b.Window().Contains(at)
		}
		sameService := len(a.Record.Services) == 0 || len(b.Record.Services) == 0
		for _, s := range a.Record.Services {
			sameService = sameService || slices.ContainsFunc(b.Record.Services, func(o string) bool { return strings.EqualFold(o, s) })
		}
		want := sameTime && sameService && a.Criticality.Grave() && b.Criticality.Grave()
		if got := change.Conflicts(a, []change.Change{a, b}); (len(got) == 1) != want {
			t.Fatalf("%v %q and %v %q conflict: %d, want %t", a.Window(), a.Record.Services, b.Window(), b.Record.Services, len(got), want)
		}
		if len(change.Conflicts(a, []change.Change{b})) != len(change.Conflicts(b, []change.Change{a})) {
			t.Fatal("a conflicts with b, but b does not conflict with a")
		}
		over := b
		over.State = change.Aborted
		if got := change.Conflicts(a, []change.Change{over}); len(got) > 0 {
			t.Fatal("a change that is over conflicts")
		}
	})
}

// What was overridden at the start of a change does not block its gate; what has come since does.
func TestGateAfterAnOverride(t *testing.T) {
	t.Parallel()
	at := time.Date(2018, 8, 24, 10, 0, 0, 0, time.UTC)
	incidentAt := func(iid int64, t time.Time) change.Incident {
		return change.Incident{Issue: issue.Issue{Ref: issue.Ref{Project: "acme/production", IID: iid}, CreatedAt: t}, Severity: "S1"}
	}
	other := change.Change{Issue: issue.Issue{Ref: issue.Ref{Project: "acme/production", IID: 40}}, State: change.InProgress, Criticality: change.C1, Record: change.Record{StartedAt: at.Add(-time.Hour)}}
	s := change.Situation{
		Now: at.Add(time.Hour), Changes: []change.Change{other},
		Incidents: []change.Incident{incidentAt(1, at.Add(-time.Minute)), incidentAt(2, at.Add(time.Minute))},
		Locks: []lock.Lock{
			{Name: "before", Kind: lock.Hard, From: at.Add(-time.Hour), To: at.Add(3 * time.Hour)},
			{Name: "since", Kind: lock.Hard, From: at.Add(time.Minute), To: at.Add(3 * time.Hour)},
		},
	}
	c := change.Change{Issue: issue.Issue{Ref: issue.Ref{Project: "acme/production", IID: 7}}, State: change.InProgress, Criticality: change.C1}
	texts := func(override string) (list []string) {
		course := change.Course{Began: change.Began{At: at, Plan: c.Digest(), Override: override}, Over: change.UnknownState}
		for _, r := range change.CheckGateOf(c, change.Rule{}, change.Verdict{Enough: true}, s, course) {
			list = append(list, r.Ref()+r.Text)
		}
		return list
	}
	if got := texts("it fixes it"); len(got) != 2 || !strings.Contains(got[0], "#2") || !strings.Contains(got[1], `"since"`) {
		t.Errorf("after an override: %q", got)
	}
	if got := texts(""); len(got) != 5 {
		t.Errorf("without one: %q", got)
	}
}
