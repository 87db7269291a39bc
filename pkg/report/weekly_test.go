package report_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/evidence"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

var rules = report.Rules{Incidents: labels, Priorities: []string{"critical", "goal"}}

func TestEvidence(t *testing.T) {
	t.Parallel()
	const created = "2018-08-20T10:00:00Z"
	events := func(list ...string) (out []issue.Event) {
		for n, name := range list {
			out = append(out, issue.Event{At: at(created).Add(time.Duration(10*(n+1)) * time.Minute), Action: "add", Name: name})
		}
		return out
	}
	late := func(name, when string) []issue.Event { return []issue.Event{{At: at(when), Action: "add", Name: name}} }
	timeline := func(lines string) incident.Incident {
		return incident.Of(issue.Issue{CreatedAt: at(created), State: issue.Opened, Labels: []string{"incident", "Incident::Resolved"},
			Description: "<!-- prodctl:timeline -->\n### 2018-08-20\n\n" + lines + "\n<!-- prodctl:timeline end -->\n"}, labels)
	}
	for _, c := range []struct {
		name       string
		i          incident.Incident
		events     []issue.Event
		want       string
		incomplete bool // by its description alone
	}{
		{"record", newIncident(1, created, "mitigated_at: 2018-08-20T10:30:00Z\nresolved_at: 2018-08-20T11:00:00Z", "Incident::Resolved"), nil, "mitigated 10:30 record, resolved 11:00 record", false},
		{"labels", newIncident(1, created, "", "Incident::Resolved"), events("Incident::Mitigated", "Incident::Resolved"), "mitigated 10:10 label, resolved 10:20 label", true},
		{"the record comes first", newIncident(1, created, "mitigated_at: 2018-08-20T10:05:00Z", "Incident::Mitigated"), events("Incident::Mitigated"), "mitigated 10:05 record", false},
		{"it came back", newIncident(1, created, "", "Incident::Mitigated"), events("Incident::Mitigated", "Incident::Resolved", "Incident::Active", "Incident::Mitigated"), "mitigated 10:40 label", true},
		{"label from before it came back", newIncident(1, created, "", "Incident::Reviewed"), events("Incident::Resolved", "Incident::Active"), "", true},
		{"active: an earlier end does not count", newIncident(1, created, "", "Incident::Active"), events("Incident::Mitigated"), "", false},
		{"labels set on opening", newIncident(1, created, "", "Incident::Resolved"), late("Incident::Resolved", "2018-08-20T10:00:40Z"), "", true},
		{"timeline lines", timeline("- 09:40 Started\n- 09:50 noticed.\n- 10:12 **Mitigated**\n- 10:15 mitigated\n- 10:30 Resolved"), nil,
			"started 09:40 timeline, detected 09:50 timeline, mitigated 10:15 timeline, resolved 10:30 timeline", false},
		{"lines that say more do not count", timeline("- 10:12 resolved to restart it\n- 10:13 not mitigated"), nil, "", true},
	} {
		if got := evidence.Of(c.i, labels, nil).Incomplete(c.i); got != c.incomplete {
			t.Errorf("%s: incomplete %v", c.name, got)
		}
		if got := formatted(evidence.Of(c.i, labels, c.events)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func formatted(e evidence.Times) (text string) {
	for _, m := range []struct {
		what string
		evidence.Moment
	}{{"started", e.Started}, {"detected", e.Detected}, {"mitigated", e.Mitigated}, {"resolved", e.Resolved}} {
		if m.Known() {
			if text != "" {
				text += ", "
			}
			text += fmt.Sprintf("%s %s %s", m.what, m.At.Format("15:04"), m.From)
		}
	}
	return text
}

func TestWeeklyIncidents(t *testing.T) {
	t.Parallel()
	const over = "Incident::Resolved"
	resolved := func(id int64, created, when string) incident.Incident {
		return newIncident(id, created, "started_at: "+created+"\nresolved_at: "+when, over, "S3")
	}
	list := []incident.Incident{
		resolved(1, "2018-08-10T10:00:00Z", "2018-08-17T23:59:59Z"),                                     // resolved before
		resolved(2, "2018-08-10T10:00:00Z", "2018-08-18T00:00:00Z"),                                     // resolved in its first second
		resolved(3, "2018-08-20T10:00:00Z", "2018-08-20T11:00:00Z"),                                     // started and resolved in it
		resolved(4, "2018-08-20T10:00:00Z", "2018-08-26T11:00:00Z"),                                     // resolved after
		resolved(5, "2018-08-25T00:00:00Z", "2018-08-26T11:00:00Z"),                                     // started after
		newIncident(6, "2018-07-01T10:00:00Z", "", "S1", "Incident::Active"),                            // active for a long time
		newIncident(7, "2018-08-10T10:00:00Z", "", over),                                                // resolved at an unknown time
		newIncident(8, "2018-08-24T10:00:00Z", "", over),                                                // the same, but opened in it
		newIncident(9, "2018-08-19T10:00:00Z", "started_at: 2018-08-01T10:00:00Z", "S4", over),          // recorded late, opened in it
		newIncident(10, "2018-08-10T10:00:00Z", "started_at: 2018-08-10T10:00:00Z", "S4", over),         // a label shows when, see below
		newIncident(11, "2018-08-27T10:00:00Z", "started_at: 2018-08-22T10:00:00Z", "Incident::Active"), // recorded after it
	}
	closed := newIncident(12, "2018-08-10T10:00:00Z", "started_at: 2018-08-10T10:00:00Z") // closed, but its state is unknown
	closed.Issue.State = issue.Closed
	inIt := newIncident(13, "2018-08-20T10:00:00Z", "started_at: 2018-08-20T10:00:00Z") // the same, but it started in it
	inIt.Issue.State = issue.Closed
	list = append(list, closed, inIt)
	evidence := map[int64]evidence.Times{10: {Resolved: evidence.Moment{At: at("2018-08-19T10:00:00Z"), From: evidence.FromLabel}}}
	got := report.NewWeekly(week34, at("2018-08-28T10:00:00Z"), rules, report.Input{Incidents: list, Evidence: evidence})
	var ids []string
	for _, i := range got.Incidents {
		word := fmt.Sprint(i.Issue.ID)
		if i.Ongoing {
			word += "+"
		}
		ids = append(ids, word)
	}
	if want := []string{"6+", "4+", "11+", "2", "3", "9", "10", "13", "8"}; !slices.Equal(ids, want) {
		t.Errorf("incidents %v, want %v", ids, want)
	}
	for _, i := range list {
		in := slices.ContainsFunc(got.Incidents, func(o report.Incident) bool { return o.Issue.ID == i.Issue.ID })
		i.Issue.UpdatedAt = at("2018-08-27T10:00:00Z")
		if in && !report.Candidate(week34, i) {
			t.Errorf("%d is in the report but not a candidate", i.Issue.ID)
		}
	}
}

var changeLabels = change.Labels{Change: "change", InProgress: "change::in-progress", Scheduled: "change::scheduled", Approved: "change::approved", Complete: "change::complete", Aborted: "change::aborted"}

func changed(id int64, created, record string, on ...string) change.Change {
	return change.Of(issue.Issue{ID: id, Ref: issue.Ref{Project: "acme/production", IID: id}, CreatedAt: at(created), State: issue.Opened,
		Labels: append([]string{"change"}, on...), Description: "```yaml prodctl/change\n" + record + "\n```\n"}, changeLabels)
}

func TestWeeklyChanges(t *testing.T) {
	t.Parallel()
	closed := changed(9, "2018-08-01T10:00:00Z", "criticality: C2", "change::complete")
	closed.Issue.ClosedAt = at("2018-08-19T10:00:00Z")
	list := []change.Change{
		changed(1, "2018-08-01T10:00:00Z", "finished_at: 2018-08-20T10:00:00Z\noutcome: success", "change::complete"),
		changed(2, "2018-08-01T10:00:00Z", "finished_at: 2018-08-17T10:00:00Z\noutcome: success", "change::complete"), // before
		changed(3, "2018-08-01T10:00:00Z", "finished_at: 2018-08-21T10:00:00Z\noutcome: failure", "change::complete"),
		changed(4, "2018-08-01T10:00:00Z", "aborted_at: 2018-08-22T10:00:00Z", "change::aborted"),
		changed(5, "2018-07-01T10:00:00Z", "started_at: 2018-07-02T10:00:00Z", "change::in-progress"), // for weeks
		changed(6, "2018-08-01T10:00:00Z", "start: 2018-08-24T10:00:00Z\nduration: 30m", "change::scheduled"),
		changed(7, "2018-08-01T10:00:00Z", "start: 2018-08-25T10:00:00Z\nduration: 30m", "change::scheduled"), // after
		changed(8, "2018-08-23T10:00:00Z", "type: deployment\noutcome: success", "change::complete"),          // recorded by automation without times
		closed,
		changed(10, "2018-08-01T10:00:00Z", "criticality: C2", "change::complete"), // open, complete at an unknown time
	}
	got := report.NewWeekly(week34, at("2018-08-28T10:00:00Z"), rules, report.Input{Changes: list})
	var lines []string
	for _, c := range got.Changes {
		lines = append(lines, fmt.Sprintf("%d %s %s", c.Issue.ID, c.Day, report.Result(c.Change)))
	}
	want := []string{"5 2018-07-02 ", "3 2018-08-21 failure", "4 2018-08-22 aborted", "6 2018-08-24 ", "9 2018-08-19 unknown", "1 2018-08-20 success", "8 2018-08-23 success"}
	if !slices.Equal(lines, want) {
		t.Errorf("changes %q\nwant %q", lines, want)
	}
	if left := report.Undated(list); len(left) != 1 || left[0].Issue.ID != 10 {
		t.Errorf("undated: %v", left)
	}
	counts := map[string]string{}
	for _, c := range got.Counts {
		counts[c.Metric] = fmt.Sprint(c.Current, c.Previous, " ", c.Mean())
	}
	for what, want := range map[string]string{"changes": "5 [1 0 0 0] 0.3", "successes": "2 [1 0 0 0] 0.3", "failures": "1 [0 0 0 0] 0.0", "aborted": "1 [0 0 0 0] 0.0",
		"outcome unknown": "1 [0 0 0 0] 0.0", "incidents": "0 [0 0 0 0] 0.0", "severity unknown": ""} {
		if counts[what] != want {
			t.Errorf("%s: %s, want %s", what, counts[what], want)
		}
	}
}

func TestWeeklyIssues(t *testing.T) {
	t.Parallel()
	one := func(id int64, state issue.State, created, closed string, on ...string) issue.Issue {
		i := issue.Issue{ID: id, State: state, CreatedAt: at(created), Labels: on}
		if closed != "" {
			i.ClosedAt = at(closed)
		}
		return i
	}
	list := []issue.Issue{
		one(1, issue.Opened, "2018-08-01T10:00:00Z", ""),
		one(2, issue.Opened, "2018-08-02T10:00:00Z", "", "goal"),
		one(3, issue.Opened, "2018-08-03T10:00:00Z", "", "critical", "goal"),
		one(4, issue.Closed, "2018-08-03T10:00:00Z", "2018-08-18T00:00:00Z"),
		one(5, issue.Closed, "2018-08-03T10:00:00Z", "2018-08-17T23:59:59Z"),
		one(6, issue.Opened, "2018-08-25T00:00:00Z", "", "critical"), // after
		one(7, issue.Opened, "2018-08-01T09:00:00Z", ""),
	}
	got := report.NewWeekly(week34, at("2018-08-28T10:00:00Z"), rules, report.Input{Deltas: list, Oncall: append(list, list...)})
	ids := func(list []report.Issue) (out []int64) {
		for _, i := range list {
			out = append(out, i.ID)
		}
		return out
	}
	if deltas := ids(got.Deltas); !slices.Equal(deltas, []int64{3, 2, 7, 1, 4}) {
		t.Errorf("deltas %v", deltas)
	}
	if open := ids(got.Oncall); !slices.Equal(open, []int64{3, 6, 2, 7, 1}) || got.Oncall[0].Priority != "critical" || got.Oncall[3].Priority != "" {
		t.Errorf("on-call issues %v", got.Oncall)
	}
	last := got.Counts[len(got.Counts)-1]
	if last.Metric != "on-call issues" || last.Current != 0 || fmt.Sprint(last.Previous) != "[0 0 6 0]" {
		t.Errorf("%+v", last)
	}
}

func TestWeeklyHandoffs(t *testing.T) {
	t.Parallel()
	s := oncall.Default()
	var all []report.Handoff
	for _, sh := range s.Between(at("2018-08-16T00:00:00Z"), at("2018-08-27T00:00:00Z")) {
		all = append(all, report.Handoff{Shift: sh})
	}
	slices.Reverse(all)
	got := report.NewWeekly(week34, at("2018-08-24T17:00:00Z"), rules, report.Input{Handoffs: all}).Handoffs
	if n := len(got); n != 14 || got[0].Shift.ID() != "2018-08-17T16:00Z/AMER" || got[n-1].Shift.ID() != "2018-08-24T04:00Z/EMEA" {
		t.Errorf("%d shifts: %v", n, got)
	}
	for n := range all { // handed off early
		if all[n].Shift.ID() == "2018-08-24T16:00Z/AMER" {
			all[n].Posted = at("2018-08-24T16:59:00Z")
		}
	}
	day25 := report.Period{From: day("2018-08-25"), To: day("2018-08-25")}
	if got := report.NewWeekly(day25, at("2018-08-24T17:00:00Z"), rules, report.Input{Handoffs: all}).Handoffs; len(got) != 1 {
		t.Errorf("%d shifts that were handed off early", len(got))
	}
}

// The report does not depend on the order of its input, nor on duplicates.
func TestReportIgnoresOrderAndDuplicates(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var f report.Input
		for n := range rapid.IntRange(0, 8).Draw(t, "incidents") {
			f.Incidents = append(f.Incidents, drawIncident(t, int64(n+1)))
		}
		for n := range rapid.IntRange(0, 8).Draw(t, "changes") {
			f.Changes = append(f.Changes, drawChange(t, int64(n+1)))
		}
		now := at("2018-08-24T10:00:00Z")
		want := report.NewWeekly(week34, now, rules, f)
		other := report.Input{Incidents: rapid.Permutation(slices.Concat(f.Incidents, f.Incidents)).Draw(t, "incidents twice"),
			Changes: rapid.Permutation(slices.Concat(f.Changes, f.Changes)).Draw(t, "changes twice")}
		if got := report.NewWeekly(week34, now, rules, other); !reflect.DeepEqual(want, got) {
			t.Fatalf("%+v\n%+v", want, got)
		}
		// Every incident that started in the period is listed and counted.
		if n := len(report.Statistics(week34, f.Incidents).Incidents); want.Counts[0].Current != n || len(want.Incidents) < n {
			t.Fatalf("%d started, %d are counted and %d listed", n, want.Counts[0].Current, len(want.Incidents))
		}
	})
}

func drawChange(t *rapid.T, id int64) change.Change {
	moment := func() time.Time {
		return at("2018-08-14T00:00:00Z").Add(time.Duration(rapid.IntRange(0, 14*24).Draw(t, "time")) * time.Hour)
	}
	c := change.Change{Issue: issue.Issue{ID: id, CreatedAt: moment()}, State: rapid.SampledFrom(append(change.States(), change.UnknownState)).Draw(t, "state")}
	c.Record.Outcome = rapid.SampledFrom([]change.Outcome{"", change.Success, change.Failure}).Draw(t, "outcome")
	for _, to := range []*time.Time{&c.Record.Start, &c.Record.StartedAt, &c.Record.FinishedAt, &c.Record.AbortedAt} {
		if rapid.Bool().Draw(t, "known") {
			*to = moment()
		}
	}
	return c
}
