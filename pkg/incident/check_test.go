package incident_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

var (
	checkLabels = incident.LabelsOf(label.Spelling{}, "service:{service}")
	checkLimits = incident.Limits{Silent: 72 * time.Hour, ReviewAfter: 30 * time.Minute,
		UpdateEvery: map[incident.Severity]time.Duration{incident.S1: 30 * time.Minute, incident.S2: time.Hour}}
	checked = time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)
)

// toCheck is an incident that was opened some time ago.
func toCheck(ago time.Duration, record string, labels ...string) incident.Incident {
	i := issue.Issue{Ref: issue.Ref{Project: "acme/production", IID: 8}, ID: 8, State: issue.Opened, CreatedAt: checked.Add(-ago), Labels: append(labels, "incident"), Author: "mara"}
	if record != "" {
		i.Description = "```yaml prodctl/incident\n" + record + "\n```\n"
	}
	return incident.Of(i, checkLabels)
}

func findings(list []incident.Finding) (out []string) {
	for _, f := range list {
		out = append(out, string(f.Rule)+": "+strings.Join(f.Fix, " "))
	}
	return out
}

// The clock of an S1 is half an hour and that of an S2 an hour, both included; three days of silence are one finding.
func TestUpdateClock(t *testing.T) {
	t.Parallel()
	const update = ": incident update acme/production#8 -m TEXT"
	for name, c := range map[string]struct {
		severity string
		quiet    time.Duration
		want     []string
	}{
		"S1 in time":       {"S1", 30 * time.Minute, nil},
		"S1 late":          {"S1", 30*time.Minute + time.Second, []string{"update-overdue" + update}},
		"S2 in time":       {"S2", time.Hour, nil},
		"S2 late":          {"S2", 61 * time.Minute, []string{"update-overdue" + update}},
		"S2 for days":      {"S2", 73 * time.Hour, []string{"silent" + update}},
		"S3 for a day":     {"S3", 24 * time.Hour, nil},
		"S3 for days":      {"S3", 72*time.Hour + 1, []string{"silent" + update}},
		"unknown for days": {"", 80 * time.Hour, []string{"silent" + update}},
	} {
		labels := []string{"Incident::Active"}
		if c.severity != "" {
			labels = append(labels, c.severity)
		}
		i := toCheck(100*time.Hour, "started_at: 2018-08-20T12:00:00Z", labels...)
		known := incident.Facts{Word: incident.Word{At: checked.Add(-c.quiet), By: "ines"}, Actions: true}
		if diff := cmp.Diff(c.want, findings(i.Check(checked, checkLimits, checkLabels, known))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if !i.WordMatters(checked, checkLimits) {
			t.Errorf("%s: the comments are not read", name)
		}
		i.State = incident.Mitigated
		if i.WordMatters(checked, checkLimits) {
			t.Errorf("%s: the comments of a mitigated incident are read", name)
		}
	}
	young := toCheck(20*time.Minute, "", "Incident::Active", "S1")
	if young.WordMatters(checked, checkLimits) {
		t.Error("the comments of an incident within its limit are read")
	}
}

// The last word is of a person: not GitLab's own, and not an access token's.
func TestLastWord(t *testing.T) {
	t.Parallel()
	i := toCheck(2*time.Hour, "")
	note := func(minute int, author string, system bool) issue.Note {
		return issue.Note{Author: author, System: system, CreatedAt: i.Issue.CreatedAt.Add(time.Duration(minute) * time.Minute)}
	}
	notes := []issue.Note{note(20, "dev", false), note(10, "ines", false), note(30, "dev", true), note(40, "project_31_bot_5f2c9a1e", false)}
	if got := i.LastWord(notes); got.By != "dev" || got.At != notes[0].CreatedAt {
		t.Errorf("%+v", got)
	}
	if got := i.LastWord(notes[2:]); got.By != "" || got.At != i.Issue.CreatedAt {
		t.Errorf("without a word: %+v", got)
	}
}

// Each contradiction is a finding with a command.
func TestCheckOfRecordAndLabels(t *testing.T) {
	t.Parallel()
	const started, resolved = "started_at: 2018-08-24T13:00:00Z", "\nresolved_at: 2018-08-24T15:00:00Z"
	for name, c := range map[string]struct {
		record string
		labels []string
		want   []string
	}{
		"resolved, S2 over an hour":      {started + resolved, []string{"Incident::Resolved", "S2"}, []string{"review-missing: incident review acme/production#8", "cause-missing: incident update acme/production#8 --cause TEXT", "actions-missing: incident action acme/production#8 TITLE --owner USER"}},
		"reviewed":                       {started + resolved + "\ncause: disk", []string{"Incident::Reviewed", "S1"}, []string{"actions-missing: incident action acme/production#8 TITLE --owner USER"}},
		"S3":                             {started + resolved + "\ncause: disk", []string{"Incident::Resolved", "S3"}, nil},
		"mitigated without a time":       {started, []string{"Incident::Mitigated", "S3"}, []string{"state-mismatch: incident mitigate acme/production#8 --at TIME"}},
		"resolved without a time":        {started + "\ncause: disk", []string{"Incident::Resolved", "S3"}, []string{"state-mismatch: incident resolve acme/production#8 --at TIME"}},
		"active with a time":             {started + resolved, []string{"Incident::Active", "S3"}, []string{"state-mismatch: incident resolve acme/production#8 --at 2018-08-24T15:00:00Z"}},
		"no label":                       {started + resolved + "\ncause: disk", []string{"S3"}, []string{"state-mismatch: incident resolve acme/production#8 --at 2018-08-24T15:00:00Z"}},
		"two labels":                     {started, []string{"Incident::Active", "Incident::Mitigated", "S3"}, []string{"state-mismatch: incident mitigate acme/production#8 --at TIME"}},
		"reviewed without a time":        {started + "\ncause: disk", []string{"Incident::Reviewed", "S3"}, []string{"state-mismatch: incident show acme/production#8"}},
		"another severity in the record": {started + "\nseverity: S3", []string{"Incident::Mitigated", "S2"}, []string{"state-mismatch: incident mitigate acme/production#8 --at TIME", "severity-mismatch: incident update acme/production#8 -s S2"}},
		"two severities":                 {started, []string{"Incident::Active", "S4", "S3"}, []string{"severity-mismatch: incident update acme/production#8 -s S3"}},
		"unknown":                        {"", nil, nil},
	} {
		i := toCheck(3*time.Hour, c.record, c.labels...)
		if diff := cmp.Diff(c.want, findings(i.Check(checked, checkLimits, checkLabels, incident.Facts{}))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A later word never adds a finding, the order is that of the rules and does not depend on the input, and limits of zero find nothing.
func TestCheckProperties(t *testing.T) {
	t.Parallel()
	drawn := rapid.Custom(func(t *rapid.T) incident.Incident {
		labels := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"S1", "S2", "S3", "Incident::Active", "Incident::Mitigated", "Incident::Resolved", "Incident::Reviewed"}), 0, 4, rapid.ID[string]).Draw(t, "labels")
		record := rapid.SampledFrom([]string{"", "started_at: 2018-08-24T13:00:00Z", "started_at: 2018-08-24T13:00:00Z\nresolved_at: 2018-08-24T15:00:00Z\nseverity: S2", "cause: disk\ndata_loss: true"}).Draw(t, "record")
		i := toCheck(time.Duration(rapid.IntRange(1, 200).Draw(t, "hours"))*time.Hour, record, labels...)
		i.Issue.ID = rapid.Int64Range(1, 1<<40).Draw(t, "id")
		return i
	})
	rapid.Check(t, func(t *rapid.T) {
		var all []incident.Finding
		for _, i := range rapid.SliceOfN(drawn, 1, 5).Draw(t, "incidents") {
			age := checked.Sub(i.Issue.CreatedAt)
			early := time.Duration(rapid.Int64Range(0, int64(age)).Draw(t, "early"))
			late := time.Duration(rapid.Int64Range(0, int64(early)).Draw(t, "late"))
			word := func(ago time.Duration) incident.Facts {
				return incident.Facts{Word: incident.Word{At: checked.Add(-ago), By: "ines"}}
			}
			before, after := i.Check(checked, checkLimits, checkLabels, word(early)), i.Check(checked, checkLimits, checkLabels, word(late))
			if len(after) > len(before) {
				t.Fatalf("%v after a later word, %v before", findings(after), findings(before))
			}
			for _, f := range i.Check(checked, incident.Limits{ReviewAfter: time.Hour}, checkLabels, word(early)) {
				if f.Rule == incident.UpdateOverdue || f.Rule == incident.Silent {
					t.Fatalf("%v without a limit", f)
				}
			}
			for _, f := range before {
				if !slices.Contains(incident.Rules(), f.Rule) || f.Text == "" || f.Fix[0] != "incident" || f.Fix[2] != "acme/production#8" {
					t.Fatalf("%+v", f)
				}
			}
			all = append(all, before...)
		}
		other := rapid.Permutation(all).Draw(t, "order")
		incident.SortFindings(all)
		incident.SortFindings(other)
		if diff := cmp.Diff(findings(all), findings(other)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// GitLab's own incident without the label is one finding while it goes on: what label and record lack has the same remedy.
func TestNotAdopted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*issue.Issue)
		want   []string
	}{
		"open":            {func(*issue.Issue) {}, []string{"not-adopted: incident adopt acme/production#8"}},
		"active by label": {func(i *issue.Issue) { i.Labels = []string{"Incident::Active"} }, []string{"not-adopted: incident adopt acme/production#8"}},
		"adopted":         {func(i *issue.Issue) { i.Labels = []string{"incident", "Incident::Active", "S3"} }, nil},
		"of prodctl":      {func(i *issue.Issue) { i.Incident, i.Labels = false, []string{"incident", "Incident::Active", "S3"} }, nil},
		"closed": {func(i *issue.Issue) { i.State, i.ClosedAt = issue.Closed, checked },
			[]string{"state-mismatch: incident adopt acme/production#8", "cause-missing: incident update acme/production#8 --cause TEXT"}},
	} {
		i := issue.Issue{Ref: issue.Ref{Project: "acme/production", IID: 8}, ID: 8, State: issue.Opened, CreatedAt: checked.Add(-time.Hour), Incident: true, Author: "mara"}
		c.change(&i)
		got := findings(incident.Of(i, checkLabels).Check(checked, checkLimits, checkLabels, incident.Facts{Word: incident.Word{At: checked}, Actions: true}))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
