package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

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
	if !v.reveals() {
		doc = doc.Withhold()
	}
	b := body{sheet: weeklyRows(doc), notes: weeklyNotes(doc), post: WeeklyPost(doc)}
	b.also = v.asPage(func(in *time.Location) string { return htmlWeekly(doc, in) })
	return v.show(doc, b, func(p *page) {
		if doc.View == string(CallSummary) {
			p.story(callStory(doc))
			return
		}
		p.line(0, as(strong, weeklyTitle(doc)))
		if doc.Log != nil {
			p.address(doc.Log.WebURL)
		}
		for _, part := range weeklyParts(doc) {
			p.gap()
			p.line(0, as(strong, part.name))
			p.sheet(part.sheet)
			p.lines(sentenced(part.tail))
		}
		p.tail(notes(weeklyNotes(doc)))
	})
}

// WeeklyPost is the report as it stands in an issue. It says the same however often it is made: no ages, and no time at which it was made.
func WeeklyPost(doc jsonv1.Weekly) string {
	if doc.View == string(CallSummary) {
		return "## " + callStory(doc).markdown()
	}
	var out strings.Builder
	out.WriteString("## " + mdCell(weeklyTitle(doc)) + "\n")
	for _, part := range weeklyParts(doc) {
		out.WriteString("\n### " + mdCell(part.name) + "\n\n")
		out.WriteString(part.sheet.without("age_minutes").markdown(part.tail))
	}
	if list := weeklyNotes(doc); len(list) > 0 {
		out.WriteString("\n" + bullets(sentenced(notes(list))))
	}
	return out.String()
}

func weeklyTitle(doc jsonv1.Weekly) string {
	return "On-call report " + weeklyDays(doc)
}

// weeklyDays are the days, and the week in which they end.
func weeklyDays(doc jsonv1.Weekly) string {
	days := doc.From + " to " + doc.To
	if doc.Zone != "UTC" && doc.Zone != "" {
		days += " (" + doc.Zone + ")"
	}
	return days
}

// weeklyNotes are what could not be read, and what else a reader should know.
func weeklyNotes(doc jsonv1.Weekly) []string {
	return append(slices.Clone([]string(doc.Unknown)), doc.Notes...)
}

// weeklyPart is one part of the report.
type weeklyPart struct {
	name  string
	sheet sheet
	tail  []string // sentences below it
}

// weeklyParts are in the order in which a shift is handed over: what burns, what was changed, what is handed on, then how the week was.
func weeklyParts(doc jsonv1.Weekly) []weeklyPart {
	changes, summed := weeklyChanges(doc)
	parts := []weeklyPart{
		{"Incidents", weeklyIncidents(doc), incidentTimes(doc.Times)},
		{"Changes", changes, nil},
	}
	if len(summed.rows) > 0 {
		parts = append(parts, weeklyPart{"Changes recorded by automation", summed, nil})
	}
	return append(parts,
		weeklyPart{"On-call issues to hand on", weeklyIssues(doc.Oncall, "no open on-call issues"), nil},
		weeklyPart{"Deltas", weeklyIssues(doc.Deltas, "no deltas"), nil},
		weeklyPart{"Hand-offs", weeklyHandoffs(doc), lackingSum(doc)},
		weeklyPart{"Compared with the four periods before", weeklyCounts(doc), nil},
	)
}

func weeklyIncidents(doc jsonv1.Weekly) sheet {
	s := sheet{columns: []column{
		{name: "Incident", field: "ref"}, {name: "Severity", field: "severity"}, {name: "State", field: "state"},
		{name: "Began (UTC)", field: "started_at", drop: 4},
		{name: "Detected in", field: "to_detect_minutes", drop: 3}, {name: "Mitigated in", field: "to_mitigate_minutes", drop: 1}, {name: "Resolved in", field: "to_resolve_minutes", drop: 2},
		{name: "Title", field: "title", min: 20}, {name: "Services", field: "services", min: 8, drop: 5},
	}, none: "no incidents"}
	for _, i := range doc.Incidents {
		row := []cell{
			text(i.Ref), {severity(i.Severity), i.Severity}, {goesOn(i), string(i.State)}, text(beganAt(i)),
			text(took(i.ToDetect, i.DetectedAt, i.DetectedFrom, false)), text(took(i.ToMitigate, i.MitigatedAt, i.MitigatedFrom, passed(i, jsonv1.IncidentMitigated))),
			text(took(i.ToResolve, i.ResolvedAt, i.ResolvedFrom, passed(i, jsonv1.IncidentResolved))),
			secret(i.Title, i.Confidential, i.Withheld), listed(i.Services),
		}
		if i.Withheld {
			for _, n := range []int{3, 4, 5, 6, 8} {
				row[n].span = t("")
			}
		}
		s.rows = append(s.rows, row)
	}
	return s
}

// beganAt is when it began; where nobody has said, when its issue was opened.
func beganAt(i jsonv1.WeeklyIncident) string {
	switch {
	case i.StartedAt == "" && i.OpenedAt == "":
		return unknown
	case i.StartedAt == "":
		return "opened " + strings.TrimSuffix(moment(i.OpenedAt), " UTC")
	}
	return strings.TrimSuffix(moment(i.StartedAt), " UTC") + evidence(i.StartedFrom)
}

// took is a length of time with where its end is written, else the end, else that it is not known of what has come to pass.
func took(minutes *int, at, from string, passed bool) string {
	switch {
	case minutes != nil:
		return lasting(*minutes) + evidence(from)
	case at != "":
		return "at " + strings.TrimSuffix(moment(at), " UTC") + evidence(from)
	case passed:
		return unknown
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
		list = append(list, fmt.Sprintf("Mitigated within 30 min: %d of %d (%s %%), %d missing.", w.Number, w.Sample, w.Percent, w.Missing))
	} else if w.Missing > 0 {
		list = append(list, fmt.Sprintf("How long it took to mitigate is not known of any that began (%d missing).", w.Missing))
	}
	return list
}

// weeklyChanges are the changes one by one, and the sums of those that automation has recorded where there are many of them.
func weeklyChanges(doc jsonv1.Weekly) (each, summed sheet) {
	each = sheet{columns: []column{
		{name: "Change", field: "ref"}, {name: "Class", field: "criticality", drop: 3}, {name: "Outcome", field: "outcome"}, {name: "Day", field: "day", drop: 1},
		{name: "Title", field: "title", min: 20}, {name: "Services", field: "services", min: 8, drop: 4}, {name: "Executor", field: "executor", drop: 2},
	}, none: "no changes"}
	records := summedRecords(doc)
	many := len(records) > 0
	for _, c := range doc.Changes {
		if c.Automation != nil && many {
			continue
		}
		row := []cell{text(c.Ref), {criticality(c.Criticality), c.Criticality}, {changeResult(c), c.Outcome}, text(c.Day),
			secret(c.Title, c.Confidential, c.Withheld), listed(c.Services), text(c.Executor)}
		if c.Withheld {
			row[3].span = t("")
		}
		each.rows = append(each.rows, row)
	}
	if len(each.rows) == 0 && many {
		each.none = "none that people planned"
	}
	return each, summedChanges(records)
}

func summedChanges(records []recordSum) sheet {
	s := sheet{columns: []column{{name: "Type", field: "type"}, {name: "Environment", field: "environment", min: 8}, {name: "Outcome", field: "outcome"},
		{name: "Number", field: "number", right: true}}}
	for _, r := range records {
		s.rows = append(s.rows, []cell{text(r.kind), text(r.environment), {result(r.outcome), r.outcome}, number(r.number)})
	}
	return s
}

func weeklyIssues(list []jsonv1.WeeklyIssue, none string) sheet {
	s := sheet{columns: []column{
		{name: "Issue", field: "ref"}, {name: "Priority", field: "priority"}, {name: "State", field: "state", once: true},
		{name: "Age", field: "age_minutes", right: true, drop: 1}, {name: "Opened", field: "created_at", drop: 2},
		{name: "Title", field: "title", min: 20}, {name: "Assignees", field: "assignees", min: 8, drop: 3},
	}, none: none}
	for _, i := range list {
		day, _, _ := strings.Cut(i.CreatedAt, "T")
		state := "open"
		if !i.Open {
			state = "closed"
		}
		s.rows = append(s.rows, []cell{text(i.Ref), text(i.Priority), text(state), age(i.AgeMinutes), text(day),
			secret(i.Title, i.Confidential, i.Withheld), people(i.Assignees)})
	}
	return s
}

func weeklyHandoffs(doc jsonv1.Weekly) sheet {
	s := sheet{columns: []column{
		{name: "Shift (UTC)", field: "from"}, {name: "Region", field: "region"}, {name: "Handed over", field: "posted_at"}, {name: "By", field: "by"},
	}, none: "no shift ended"}
	lacking := lackingHandoffs(doc)
	if n := len(doc.Handoffs); n > 0 && lacking == n {
		s.none = "none of " + count(n, "shift") + " has a note in the log"
		return s
	}
	for _, h := range doc.Handoffs {
		posted := t(strings.TrimSuffix(moment(h.Posted), " UTC"))
		if h.Posted == "" {
			posted = as(warn, "no note")
		}
		s.rows = append(s.rows, []cell{text(strings.TrimSuffix(utcWindow(h.Shift.From, h.Shift.To), " UTC")), text(h.Shift.Region), {posted, h.Posted}, text(h.By)})
	}
	return s
}

func weeklyCounts(doc jsonv1.Weekly) sheet {
	s := sheet{columns: []column{
		{name: "What", field: "what"}, {name: "Now", field: "now", right: true}, {name: "Before", field: "before", right: true, drop: 1}, {name: "Mean", field: "mean", right: true},
	}, compact: true}
	for _, c := range doc.Counts {
		before := make([]string, len(c.Before))
		for i, n := range c.Before {
			before[i] = strconv.Itoa(n)
		}
		s.rows = append(s.rows, []cell{text(c.What), number(c.Now), text(strings.Join(before, " ")), text(c.Mean)})
	}
	return s
}
