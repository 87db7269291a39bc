package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/html"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// ReportView is how a weekly report is told.
type ReportView string

// The ways: everything, in the order in which it is handed on; and the summary for the infrastructure call.
const (
	OncallReport ReportView = "oncall"
	CallSummary  ReportView = "call"
)

// Weekly shows the report of a week. Outside of a page a confidential issue is its reference, unless the options say otherwise.
func (v *View) Weekly(doc jsonv1.Weekly) error {
	doc = revealed(v, doc)
	b := body{sheet: weeklyRows(doc), notes: weeklyNotes(doc), post: WeeklyPost(doc)}
	b.also = v.asPage(func(in *time.Location) string { return html.Weekly(doc, in) })
	if doc.View == string(CallSummary) {
		return v.show(doc, b, func(p *page) { p.Story(callStory(doc)) })
	}
	return v.show(doc, b, weeklyReport(doc).write)
}

// WeeklyPost is the report as it stands in an issue. It says the same however often it is made: no ages, and no time at which it was made.
func WeeklyPost(doc jsonv1.Weekly) string {
	if doc.View == string(CallSummary) {
		return "## " + callStory(doc).Markdown()
	}
	return weeklyReport(doc).markdown()
}

func weeklyReport(doc jsonv1.Weekly) report {
	r := report{title: "On-call report " + reportDays(doc.From, doc.To, doc.Zone), parts: weeklyParts(doc), notes: weeklyNotes(doc)}
	if doc.Log != nil {
		r.address = doc.Log.WebURL
	}
	return r
}

// weeklyNotes are what could not be read, and what else a reader should know.
func weeklyNotes(doc jsonv1.Weekly) []string {
	return append(slices.Clone([]string(doc.Unknown)), doc.Notes...)
}

// weeklyParts are in the order in which a shift is handed over: what burns, what was changed, what is handed on, then how the week was.
func weeklyParts(doc jsonv1.Weekly) []reportPart {
	changes, summed := weeklyChanges(doc)
	parts := []reportPart{
		{"Incidents", weeklyIncidents(doc), incidentTimes(doc.Times)},
		{"Changes", changes, nil},
	}
	if len(summed.Rows) > 0 {
		parts = append(parts, reportPart{"Changes recorded by automation", summed, nil})
	}
	return append(parts,
		reportPart{"On-call issues to hand on", weeklyIssues(doc.Oncall, "no open on-call issues"), nil},
		reportPart{"Deltas", weeklyIssues(doc.Deltas, "no deltas"), nil},
		reportPart{"Hand-offs", weeklyHandoffs(doc), words.LackingSum(doc)},
		reportPart{"Compared with the four periods before", weeklyCounts(doc), nil},
	)
}

func weeklyIncidents(doc jsonv1.Weekly) sheet {
	s := sheet{Columns: []column{
		{Name: "Incident", Field: "ref"}, {Name: "Severity", Field: "severity"}, {Name: "State", Field: "state"},
		{Name: "Began (UTC)", Field: "started_at", Drop: 4},
		{Name: "Detected in", Field: "to_detect_minutes", Drop: 3}, {Name: "Mitigated in", Field: "to_mitigate_minutes", Drop: 1},
		{Name: "Resolved in", Field: "to_resolve_minutes", Drop: 2},
		{Name: "Title", Field: "title", Min: 20}, {Name: "Services", Field: "services", Min: 8, Drop: 5},
	}, None: "no incidents"}
	for _, i := range doc.Incidents {
		row := []cell{
			text(i.Ref), cellOf(words.Severity(i.Severity), i.Severity), cellOf(words.Ongoing(i), string(i.State)), text(beganAt(i)),
			text(took(i.ToDetect, i.DetectedAt, i.DetectedFrom, false)),
			text(took(i.ToMitigate, i.MitigatedAt, i.MitigatedFrom, words.Passed(i, jsonv1.IncidentMitigated))),
			text(took(i.ToResolve, i.ResolvedAt, i.ResolvedFrom, words.Passed(i, jsonv1.IncidentResolved))),
			secret(i.Title, i.Confidential, i.Withheld), listed(i.Services),
		}
		if i.Withheld {
			for _, n := range []int{3, 4, 5, 6, 8} {
				row[n].Span = t("")
			}
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// beganAt is when it began; where nobody has said, when its issue was opened.
func beganAt(i jsonv1.WeeklyIncident) string {
	switch {
	case i.StartedAt == "" && i.OpenedAt == "":
		return words.Unknown
	case i.StartedAt == "":
		return "opened " + strings.TrimSuffix(words.Moment(i.OpenedAt), " UTC")
	}
	return strings.TrimSuffix(words.Moment(i.StartedAt), " UTC") + words.Evidence(i.StartedFrom)
}

// took is a length of time with where its end is written, else the end, else that it is not known of what has come to pass.
func took(minutes *int, at, from string, passed bool) string {
	switch {
	case minutes != nil:
		return words.Lasting(*minutes) + words.Evidence(from)
	case at != "":
		return "at " + strings.TrimSuffix(words.Moment(at), " UTC") + words.Evidence(from)
	case passed:
		return words.Unknown
	}
	return ""
}

// incidentTimes are the sentences about how long it took.
func incidentTimes(t jsonv1.IncidentTimes) []string {
	var list []string
	for _, s := range []struct {
		what string
		of   jsonv1.Spread
	}{{"detect", t.Detect}, {"mitigate", t.Mitigate}, {"resolve", t.Resolve}} {
		if s.of.Sample > 0 {
			list = append(list, fmt.Sprintf("To %s, of those that began: median %s min, mean %s, 90th percentile %s; %d known, %d missing.",
				s.what, s.of.Median, s.of.Mean, s.of.P90, s.of.Sample, s.of.Missing))
		}
	}
	if w := t.Within; w.Sample > 0 {
		list = append(list, fmt.Sprintf("Mitigated within 30 min: %d of %d (%s %%), %d missing.", w.Count, w.Sample, w.Percent, w.Missing))
	} else if w.Missing > 0 {
		list = append(list, fmt.Sprintf("How long it took to mitigate is not known of any that began (%d missing).", w.Missing))
	}
	return list
}

// weeklyChanges are the changes one by one, and the sums of those that automation has recorded where there are many of them.
func weeklyChanges(doc jsonv1.Weekly) (each, summed sheet) {
	each = sheet{Columns: []column{
		{Name: "Change", Field: "ref"}, {Name: "Class", Field: "criticality", Drop: 3}, {Name: "Outcome", Field: "outcome"},
		{Name: "Day", Field: "day", Drop: 1},
		{Name: "Title", Field: "title", Min: 20}, {Name: "Services", Field: "services", Min: 8, Drop: 4},
		{Name: "Executor", Field: "executor", Drop: 2},
	}, None: "no changes"}
	records := words.SummedRecords(doc)
	many := len(records) > 0
	for _, c := range doc.Changes {
		if c.Automation != nil && many {
			continue
		}
		row := []cell{text(c.Ref), cellOf(words.Criticality(c.Criticality), c.Criticality), cellOf(words.ChangeResult(c), c.Outcome), text(c.Day),
			secret(c.Title, c.Confidential, c.Withheld), listed(c.Services), text(c.Executor)}
		if c.Withheld {
			row[3].Span = t("")
		}
		each.Rows = append(each.Rows, row)
	}
	if len(each.Rows) == 0 && many {
		each.None = "none that people planned"
	}
	return each, summedChanges(records)
}

func summedChanges(records []words.RecordSum) sheet {
	s := sheet{Columns: []column{{Name: "Type", Field: "type"}, {Name: "Environment", Field: "environment", Min: 8},
		{Name: "Outcome", Field: "outcome"},
		{Name: "Count", Field: "count", Right: true}}}
	for _, r := range records {
		s.Rows = append(s.Rows, []cell{text(r.Kind), text(r.Environment), cellOf(words.Result(r.Outcome), r.Outcome), number(r.Number)})
	}
	return s
}

func weeklyIssues(list []jsonv1.WeeklyIssue, none string) sheet {
	s := sheet{Columns: []column{
		{Name: "Issue", Field: "ref"}, {Name: "Priority", Field: "priority"}, {Name: "State", Field: "state", Once: true},
		{Name: "Age", Field: "age_minutes", Right: true, Drop: 1}, {Name: "Opened", Field: "created_at", Drop: 2},
		{Name: "Title", Field: "title", Min: 20}, {Name: "Assignees", Field: "assignees", Min: 8, Drop: 3},
	}, None: none}
	for _, i := range list {
		day, _, _ := strings.Cut(i.CreatedAt, "T")
		state := "open"
		if !i.Open {
			state = "closed"
		}
		s.Rows = append(s.Rows, []cell{text(i.Ref), text(i.Priority), text(state), age(i.AgeMinutes), text(day),
			secret(i.Title, i.Confidential, i.Withheld), people(i.Assignees)})
	}
	return s
}

func weeklyHandoffs(doc jsonv1.Weekly) sheet {
	s := sheet{Columns: []column{
		{Name: "Shift (UTC)", Field: "from"}, {Name: "Region", Field: "region"}, {Name: "Handed over", Field: "posted_at"},
		{Name: "By", Field: "by"},
	}, None: "no shift ended"}
	lacking := words.LackingHandoffs(doc)
	if n := len(doc.Handoffs); n > 0 && lacking == n {
		s.None = "none of " + words.Count(n, "shift") + " has a note in the log"
		return s
	}
	for _, h := range doc.Handoffs {
		posted := t(strings.TrimSuffix(words.Moment(h.Posted), " UTC"))
		if h.Posted == "" {
			posted = as(warn, "no note")
		}
		s.Rows = append(s.Rows, []cell{text(strings.TrimSuffix(words.WindowUTC(h.Shift.From, h.Shift.To), " UTC")), text(h.Shift.Region),
			cellOf(posted, h.Posted), text(h.By)})
	}
	return s
}

func weeklyCounts(doc jsonv1.Weekly) sheet {
	s := sheet{Columns: []column{
		{Name: "Metric", Field: "metric"}, {Name: "Now", Field: "current", Right: true},
		{Name: "Before", Field: "previous", Right: true, Drop: 1},
		{Name: "Mean", Field: "mean", Right: true},
	}, Compact: true}
	for _, c := range doc.Counts {
		before := make([]string, len(c.Previous))
		for i, n := range c.Previous {
			before[i] = strconv.Itoa(n)
		}
		s.Rows = append(s.Rows, []cell{text(c.Metric), number(c.Current), text(strings.Join(before, " ")), text(c.Mean)})
	}
	return s
}
