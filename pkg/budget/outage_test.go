package budget_test

import (
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

func record(lines string) string { return "```yaml prodctl/incident\n" + lines + "\n```\n" }

func TestOutageOf(t *testing.T) {
	t.Parallel()
	labels := incident.LabelsOf(label.Spelling{}, "service:{service}")
	now := instant("2018-08-24T16:00:00Z")
	set := func(name, at string) issue.Event {
		return issue.Event{Action: "add", Name: name, At: instant("2018-08-24T" + at + ":00Z")}
	}
	const minutes = "Minutes downtime or degradation : 14\n"
	for name, c := range map[string]struct {
		text   string
		state  string
		events []issue.Event
		want   string // from source, to source; or the reason
		lacks  bool
	}{
		"record":              {record("started_at: 2018-08-24T10:00:00Z\nmitigated_at: 2018-08-24T10:20:00Z\nresolved_at: 2018-08-24T11:00:00Z"), "Resolved", nil, "10:00 record to 10:20 record", false},
		"record, resolved":    {record("started_at: 2018-08-24T10:00:00Z\nresolved_at: 2018-08-24T11:00:00Z"), "Resolved", nil, "10:00 record to 11:00 record", false},
		"ongoing":             {record("started_at: 2018-08-24T10:00:00Z"), "Active", nil, "10:00 record to 16:00 ongoing", false},
		"record and minutes":  {record("started_at: 2018-08-24T10:00:00Z") + minutes, "Resolved", nil, "10:00 record to 10:14 text", false},
		"minutes to an end":   {record("resolved_at: 2018-08-24T11:00:00Z") + minutes, "Resolved", nil, "10:46 text to 11:00 record", false},
		"minutes alone":       {minutes, "Resolved", nil, "09:30 opened to 09:44 text", true},
		"minutes, a late end": {minutes, "Resolved", []issue.Event{set("Incident::Resolved", "12:00")}, "11:46 text to 12:00 label", false},
		"minutes, active":     {minutes, "Active", []issue.Event{}, "start unknown", false},
		"a contradiction": {record("started_at: 2018-08-24T10:00:00Z\nmitigated_at: 2018-08-24T10:20:00Z") + minutes, "Mitigated", nil,
			"10:00 record to 10:20 record; the text has 14 minutes", false},
		"impact duration":     {"Customer Impact Duration: 09:28 UTC - 09:42 UTC (14 minutes)", "Resolved", nil, "09:28 text to 09:42 text", false},
		"record before text":  {record("started_at: 2018-08-24T10:00:00Z\nmitigated_at: 2018-08-24T10:20:00Z") + "Customer Impact Duration: 10:00 - 10:20", "Resolved", nil, "10:00 record to 10:20 record", false},
		"no end":              {record("started_at: 2018-08-24T10:00:00Z"), "Resolved", nil, "end unknown", true},
		"end by a label":      {record("started_at: 2018-08-24T10:00:00Z"), "Resolved", []issue.Event{set("Incident::Mitigated", "10:30"), set("Incident::Resolved", "12:00")}, "10:00 record to 10:30 label", false},
		"both by labels":      {"", "Resolved", []issue.Event{set("Incident::Active", "10:00"), set("Incident::Resolved", "12:00")}, "10:00 label to 12:00 label", false},
		"opened with a label": {"", "Resolved", []issue.Event{set("Incident::Active", "09:30"), set("Incident::Resolved", "12:00")}, "start unknown", false},
		"nothing":             {"", "Resolved", []issue.Event{}, "start and end unknown", false},
		"backwards":           {record("started_at: 2018-08-24T10:00:00Z\nmitigated_at: 2018-08-24T09:00:00Z"), "Mitigated", nil, "ends before it starts", false},
	} {
		i := issue.Issue{ID: 1, Description: c.text, Labels: []string{"incident", "Incident::" + c.state}, CreatedAt: instant("2018-08-24T09:30:00Z"), State: issue.Opened}
		o := budget.OutageOf(incident.Of(i, labels), labels, c.events, now)
		got := o.Why
		if o.Known() {
			got = o.From.At.Format("15:04 ") + string(o.From.From) + " to " + o.To.At.Format("15:04 ") + string(o.To.From)
			if o.Note != "" {
				got += "; " + o.Note
			}
		}
		if got != c.want || o.Lacks != c.lacks {
			t.Errorf("%s: %s (lacks %v), want %s (%v)", name, got, o.Lacks, c.want, c.lacks)
		}
	}
	closed := issue.Issue{ID: 1, Labels: []string{"incident"}, CreatedAt: instant("2018-08-20T09:30:00Z"), ClosedAt: instant("2018-08-21T09:30:00Z"), State: issue.Closed}
	if o := budget.OutageOf(incident.Of(closed, labels), labels, nil, now); !o.Last.Equal(closed.ClosedAt) || o.Known() {
		t.Errorf("closed: over by %s", o.Last)
	}
	young := issue.Issue{ID: 1, Description: minutes, Labels: []string{"incident", "Incident::Resolved"}, CreatedAt: now.Add(-time.Minute), State: issue.Opened}
	if o := budget.OutageOf(incident.Of(young, labels), labels, nil, now); !o.To.At.Equal(now) || o.To.At.Sub(o.From.At) != 14*time.Minute {
		t.Errorf("minutes of an issue that was just opened: %v to %v", o.From, o.To)
	}
	moved := closed
	moved.Labels, moved.MovedToID, moved.Description = []string{"incident", "Incident::Active"}, 7, record("started_at: 2018-08-20T10:00:00Z")
	if o := budget.OutageOf(incident.Of(moved, labels), labels, nil, now); o.Why != "moved to another project" {
		t.Errorf("moved: %q", o.Why)
	}
	shares := incident.Of(issue.Issue{Description: record("started_at: 2018-08-24T10:00:00Z\nimpact: 25%") + "Service(s) affected : api\n"}, labels)
	if o := budget.OutageOf(shares, labels, nil, now); o.Impact == nil || o.Impact.String() != "1/4" || len(o.Services) != 1 || o.Services[0] != "api" {
		t.Errorf("%+v", o)
	}
}
