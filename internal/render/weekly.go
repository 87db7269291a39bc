package render

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/followup"
	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/html"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// ReportView is a view of the weekly report.
type ReportView string

// The views: the full report, in the order in which a shift hands over, and a summary for the infrastructure call.
const (
	OncallReport ReportView = "oncall"
	CallSummary  ReportView = "call"
)

// Weekly shows a weekly report. Outside of a terminal page a confidential issue is its reference only, unless the options reveal it.
func (v *View) Weekly(doc jsonv1.Weekly) error { return show(v, doc, v.weeklyForm) }

func (v *View) weeklyForm(doc jsonv1.Weekly) (body, func(*page)) {
	b := body{Sheet: weeklyRows(doc), Notes: weeklyNotes(doc), Post: WeeklyPost(doc)}
	b.Also = v.asPage(func(in *time.Location) string { return html.Weekly(doc, in) })
	if doc.View == string(CallSummary) {
		return b, func(p *page) { p.Outline(callOutline(doc)) }
	}
	return b, weeklyReport(doc).Write
}

// WeeklyPost returns the report as it is posted to an issue. The same data gives the same text: no ages, and no time at which it was
// made.
func WeeklyPost(doc jsonv1.Weekly) string {
	if doc.View == string(CallSummary) {
		return "## " + callOutline(doc).Markdown()
	}
	return weeklyReport(doc).Markdown()
}

func weeklyReport(doc jsonv1.Weekly) report {
	r := report{Title: "On-call report " + form.Days(doc.From, doc.To, doc.Zone), Parts: weeklyParts(doc), Notes: weeklyNotes(doc)}
	if doc.Budget != nil {
		text := budgetLeft(*doc.Budget) + "; " + strings.Join(budgetFacts(*doc.Budget), "; ")
		r.Facts = []layout.Fact{{Name: "Error budget", Value: []span{t(text)}}}
	}
	if doc.Log != nil {
		r.Address = doc.Log.WebURL
	}
	return r
}

// weeklyNotes returns what could not be read, and the notes of the document.
func weeklyNotes(doc jsonv1.Weekly) []string {
	return append(slices.Clone([]string(doc.Unknown)), doc.Notes...)
}

// weeklyParts returns the tables in the order in which a shift hands over: incidents, changes, open issues, then statistics.
func weeklyParts(doc jsonv1.Weekly) []form.Part {
	changes, summed := weeklyChanges(doc)
	parts := []form.Part{
		part("Incidents", weeklyIncidents(doc), incidentTimes(doc.Times)),
		part("Changes", changes, nil),
	}
	if len(summed.Rows) > 0 {
		parts = append(parts, part("Changes recorded by automation", summed, nil))
	}
	parts = append(parts, followup.Parts(doc.FollowUps)...)
	return append(parts,
		part("Open on-call issues", weeklyIssues(doc.Oncall, "No open on-call issues"), nil),
		part("Deltas", weeklyIssues(doc.Deltas, "No deltas"), nil),
		part("Hand-offs", weeklyHandoffs(doc), words.MissingNotesLine(doc)),
		part("Compared with the previous four periods", weeklyCounts(doc), nil),
	)
}

func weeklyIncidents(doc jsonv1.Weekly) sheet {
	s := sheet{Columns: []column{
		{Name: "Incident", Field: "ref"}, {Name: "Severity", Field: "severity"}, {Name: "State", Field: "state"},
		{Name: "Started (UTC)", Field: "started_at", Drop: 4},
		{Name: "Detected in", Field: "to_detect_minutes", Drop: 3}, {Name: "Mitigated in", Field: "to_mitigate_minutes", Drop: 1},
		{Name: "Resolved in", Field: "to_resolve_minutes", Drop: 2},
		{Name: "Title", Field: "title", Min: 20}, {Name: "Services", Field: "services", Min: 8, Drop: 5},
	}, None: "No incidents"}
	for _, i := range doc.Incidents {
		row := []cell{
			text(i.Ref), cellOf(words.Severity(i.Severity), i.Severity), cellOf(words.Ongoing(i), string(i.State)), text(startedAt(i)),
			text(took(i.ToDetect, i.DetectedAt, i.DetectedFrom, false)),
			text(took(i.ToMitigate, i.MitigatedAt, i.MitigatedFrom, words.Reached(i, jsonv1.IncidentMitigated))),
			text(took(i.ToResolve, i.ResolvedAt, i.ResolvedFrom, words.Reached(i, jsonv1.IncidentResolved))),
			form.Secret(i.Title, i.Confidential, i.Withheld), form.Listed(i.Services),
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

// startedAt returns when an incident started in UTC, or, if that is unknown, when its issue was opened.
func startedAt(i jsonv1.WeeklyIncident) string {
	switch {
	case i.StartedAt == "" && i.OpenedAt == "":
		return words.Unknown
	case i.StartedAt == "":
		return "opened " + strings.TrimSuffix(words.Moment(i.OpenedAt), " UTC")
	}
	return strings.TrimSuffix(words.Moment(i.StartedAt), " UTC") + words.Evidence(i.StartedFrom)
}

// took returns a duration with the source of its end, or else the end, or else "unknown" for something that has happened.
func took(minutes *int, at, from string, passed bool) string {
	switch {
	case minutes != nil:
		return words.Lasting(*minutes) + words.Evidence(from)
	case at != "":
		return "at " + words.Moment(at) + words.Evidence(from)
	case passed:
		return words.Unknown
	}
	return ""
}

// roundedSpan is a decimal number of minutes as a duration.
func roundedSpan(decimal string) string {
	n, err := strconv.ParseFloat(decimal, 64)
	if err != nil {
		return decimal + " min"
	}
	return words.Lasting(int(math.Round(n)))
}

// incidentTimes returns the sentences on the times to detect, mitigate and resolve.
func incidentTimes(t jsonv1.IncidentTimes) []string {
	var list []string
	for _, s := range []struct {
		what string
		of   jsonv1.Spread
	}{{"detect", t.Detect}, {"mitigate", t.Mitigate}, {"resolve", t.Resolve}} {
		if s.of.Sample > 0 {
			list = append(list, fmt.Sprintf("Time to %s: median %s, mean %s, p90 %s (%s)", s.what, roundedSpan(s.of.Median),
				roundedSpan(s.of.Mean), roundedSpan(s.of.P90), sampleSize(s.of.Sample, s.of.Missing)))
		} else if s.of.Missing > 0 {
			list = append(list, fmt.Sprintf("Time to %s: unknown (%s)", s.what, words.NoData(s.of.Missing)))
		}
	}
	if len(list) == 0 {
		return nil
	}
	if t.Within.Sample > 0 {
		list = append(list, words.Within(t.Within))
	}
	return append([]string{"Started in this period: " + words.Count(t.Mitigate.Sample+t.Mitigate.Missing, "incident")}, list...)
}

// sampleSize formats the number of incidents with data, and of those without if there are any.
func sampleSize(known, missing int) string {
	size := fmt.Sprintf("n = %d", known)
	if missing > 0 {
		size += ", " + words.NoData(missing)
	}
	return size
}

// weeklyChanges returns the changes one by one, and the sums of those that automation recorded if there are many.
func weeklyChanges(doc jsonv1.Weekly) (each, summed sheet) {
	each = sheet{Columns: []column{
		{Name: "Change", Field: "ref"}, {Name: "Class", Field: "criticality", Drop: 3}, {Name: "Outcome", Field: "outcome"},
		{Name: "Day", Field: "day", Drop: 1},
		{Name: "Title", Field: "title", Min: 20}, {Name: "Services", Field: "services", Min: 8, Drop: 4},
		{Name: "Executor", Field: "executor", Drop: 2},
	}, None: "No changes"}
	records := words.SummedRecords(doc)
	many := len(records) > 0
	for _, c := range doc.Changes {
		if c.Automation != nil && many {
			continue
		}
		row := []cell{text(c.Ref), cellOf(words.Criticality(c.Criticality), c.Criticality), cellOf(words.ChangeResult(c), c.Outcome), text(c.Day),
			form.Secret(c.Title, c.Confidential, c.Withheld), form.Listed(c.Services), both(by(c.Executor), c.Executor)}
		if c.Withheld {
			row[3].Span = t("")
		}
		each.Rows = append(each.Rows, row)
	}
	if len(each.Rows) == 0 && many {
		each.None = "No planned changes"
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
		s.Rows = append(s.Rows, []cell{text(i.Ref), text(i.Priority), text(state), form.Age(i.AgeMinutes), text(day),
			form.Secret(i.Title, i.Confidential, i.Withheld), form.People(i.Assignees)})
	}
	return s
}

func weeklyHandoffs(doc jsonv1.Weekly) sheet {
	s := sheet{Columns: []column{
		{Name: "Shift (UTC)", Field: "from"}, {Name: "Region", Field: "region"}, {Name: "Handed off (UTC)", Field: "posted_at"},
		{Name: "By", Field: "by"},
	}, None: "No shift ended"}
	missing := words.MissingNotes(doc)
	if n := len(doc.Handoffs); n > 0 && missing == n {
		s.None = "No note in the log for " + words.Count(n, "shift")
		return s
	}
	for _, h := range doc.Handoffs {
		posted := t(strings.TrimSuffix(words.Moment(h.Posted), " UTC"))
		if h.Posted == "" {
			posted = as(warn, "no note")
		}
		s.Rows = append(s.Rows, []cell{text(strings.TrimSuffix(words.WindowUTC(h.Shift.From, h.Shift.To), " UTC")), text(h.Shift.Region),
			cellOf(posted, h.Posted), both(by(h.By), h.By)})
	}
	return s
}

func weeklyCounts(doc jsonv1.Weekly) sheet {
	s := sheet{Columns: []column{
		{Name: "Metric", Field: "metric"}, {Name: "Now", Field: "current", Right: true},
		{Name: "Previous", Field: "previous", Right: true, Drop: 1},
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
