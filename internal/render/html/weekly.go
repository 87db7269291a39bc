package html

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Weekly returns the report on a period as a page. The document is shown as it is, so withhold confidential issues before.
func Weekly(doc jsonv1.Weekly, in *time.Location) string { return weeklyPage(doc, in).html() }

func weeklyPage(doc jsonv1.Weekly, in *time.Location) page {
	w := when{in}
	p := page{Kicker: "On-call report", Period: dates(doc.From, doc.To), Verdict: weeklyVerdict(doc)}
	if doc.View == "call" {
		p.Kicker = "Infrastructure call"
	}
	p.Lead = [][]bit{bits(plain("Days in " + doc.Zone + " · times in " + w.zone()))}
	if doc.Week != "" {
		p.Lead[0] = append(bits(plain("Ends in ISO week "+doc.Week+" ·")), p.Lead[0]...)
	}
	if doc.Log != nil {
		p.Lead = append(p.Lead, bits(plain("On-call log:"), link(doc.Log.Ref, doc.Log.WebURL)))
	}
	p.Parts = append([]part{weeklyIncidents(doc, w), timesPart(doc.Times)}, changesParts(doc, w)...)
	p.Parts = append(p.Parts, followUpsParts(doc.FollowUps)...)
	p.Parts = append(p.Parts, issuesPart("oncall", "Open on-call issues", doc.Oncall, w), issuesPart("deltas", "Deltas", doc.Deltas, w),
		handoffsPart(doc, w), loadPart(doc.Load), countsPart(doc.Counts), weeklyBudget(doc, w),
		part{ID: "unknown", Title: "Could not be read", Lines: sentences(doc.Unknown)})
	p.Parts = slices.DeleteFunc(p.Parts, func(p part) bool { return p.ID == "" })
	return p.with(doc.Notes)
}

// weeklyBudget is empty for a report without a budget.
func weeklyBudget(doc jsonv1.Weekly, w when) part {
	if doc.Budget == nil {
		return part{}
	}
	return budgetPart(doc.Budget, w)
}

// dates returns a period of days as a title.
func dates(from, to string) []string { return []string{layout.OneLine(from), "to", layout.OneLine(to)} }

// weeklyVerdict says what is ongoing. If some data could not be read, it never says that nothing is.
func weeklyVerdict(doc jsonv1.Weekly) verdict {
	active, other := 0, 0
	for _, i := range doc.Incidents {
		switch {
		case i.Ongoing && i.State == jsonv1.IncidentActive:
			active++
		case i.Ongoing:
			other++
		}
	}
	end := " at the end of the " + spanOf(doc) + "."
	v := verdict{Level: levelGood, Text: "No incident was ongoing" + end}
	switch {
	case active > 0:
		v.Level, v.Text = levelBad, ongoingText(active, "was still active")+end
	case other > 0:
		v.Level, v.Text = levelWarn, ongoingText(other, "was not over")+end
	case len(doc.Unknown) > 0:
		v.Level, v.Text, v.More = levelWarn, "No known incident was ongoing"+end, "Some data could not be read."
	}
	v.Counts = weeklyFigures(doc)
	return v
}

// weeklyFigures are three numbers of the table of counts, beside their means before, so that the two agree.
func weeklyFigures(doc jsonv1.Weekly) []tally {
	var list []tally
	for _, f := range []struct{ metric, what, noun, part string }{
		{"incidents", "started", "incident", "incidents"}, {"changes", "ended", "change", "changes"},
		{"on-call issues", "opened", "on-call issue", "oncall"},
	} {
		n := slices.IndexFunc(doc.Counts, func(c jsonv1.WeeklyCount) bool { return c.Metric == f.metric })
		if n < 0 {
			continue
		}
		c := doc.Counts[n]
		list = append(list, tally{Level: levelPlain, Number: c.Current, What: words.Noun(c.Current, f.noun) + " " + f.what, Part: f.part,
			Beside: fmt.Sprintf("mean of the %s before: %s", words.Count(len(c.Previous), spanOf(doc)), c.Mean)})
	}
	return list
}

// spanOf is the word for the period of a report.
func spanOf(doc jsonv1.Weekly) string {
	if days, ok := minutesBetween(doc.From+"T00:00:00Z", doc.To+"T00:00:00Z"); ok && days == 6*24*60 {
		return "week"
	}
	return "period"
}

func ongoingText(n int, what string) string {
	if n > 1 {
		what = strings.Replace(what, "was", "were", 1)
	}
	return words.Count(n, "incident") + " " + what
}

// weeklyIncidents is the table of incidents. Some started before the period, so there may be more than are counted.
func weeklyIncidents(doc jsonv1.Weekly, w when) part {
	p := incidentPart(doc.Incidents, w)
	n := slices.IndexFunc(doc.Counts, func(c jsonv1.WeeklyCount) bool { return c.Metric == "incidents" })
	if n >= 0 && len(doc.Incidents) > doc.Counts[n].Current {
		p.Table.Caption = fmt.Sprintf("%s, of which %d started in the %s. %s", words.Count(len(doc.Incidents), "incident"), doc.Counts[n].Current,
			spanOf(doc), p.Table.Caption)
	}
	return p
}

// changesParts lists the changes one by one, and sums up those that automation recorded if there are many.
func changesParts(doc jsonv1.Weekly, w when) []part {
	t := table{Columns: []column{
		{"Change", false}, {"Class", false}, {"Result", false}, {"Day", false}, {"Planned", false}, {"Services", false}, {"Executor", false}}}
	summed := words.SummedRecords(doc)
	for _, c := range doc.Changes {
		if c.Automation != nil && len(summed) > 0 {
			continue
		}
		class, outcome := bits(spanBit(words.Criticality(c.Criticality))), bits(spanBit(words.ChangeResult(c)))
		if c.Withheld {
			t.row(issueBits(c.Ref, c.WebURL, "", true, true), class, outcome, nil, nil, nil, nil)
			continue
		}
		t.row(issueBits(c.Ref, c.WebURL, c.Title, c.Confidential, false), class, outcome, w.date(c.Day), plannedBits(c.Change, w),
			joinedBits(c.Services), executorBits(c.Change))
	}
	p := part{ID: "changes", Title: "Changes", Table: &t}
	if ended := outcomes(doc.Changes); len(ended) > 0 {
		p.Charts = []chart{{Title: "Outcomes of those that ended",
			Chart: chartBars("changes-chart", "Changes by outcome", describe(ended), ended)}}
	}
	if len(summed) == 0 {
		return []part{p}
	}
	return []part{p, {ID: "automation", Title: "Changes recorded by automation", Table: recordsTable(summed)}}
}

func recordsTable(list []words.RecordSum) *table {
	t := table{Columns: []column{{"Type", false}, {"Environment", false}, {"Outcome", false}, {"Count", true}}}
	for _, r := range list {
		t.row(bits(quote(r.Kind)), bits(quote(r.Environment)), bits(spanBit(words.Result(r.Outcome))), bits(quote(strconv.Itoa(r.Number))))
	}
	return &t
}

func plannedBits(c jsonv1.Change, w when) []bit {
	if c.Start == "" {
		return nil
	}
	return w.period(c.Start, c.WindowEnd)
}

// executorBits shows who made the change, or the pipeline that did.
func executorBits(c jsonv1.Change) []bit {
	switch {
	case c.Executor != "":
		return mentionBits([]string{c.Executor})
	case c.Automation != nil && c.Automation.User != "":
		return append(mentionBits([]string{c.Automation.User}), soft("by a pipeline"))
	case c.Automation != nil:
		return bits(soft("a pipeline"))
	}
	return nil
}

// outcomes counts the changes that ended by outcome, the most frequent first.
func outcomes(list []jsonv1.WeeklyChange) []amount {
	var amounts []amount
	for _, c := range list {
		if c.State != jsonv1.ChangeComplete && c.State != jsonv1.ChangeAborted {
			continue
		}
		name := words.ChangeResult(c).Text
		i := slices.IndexFunc(amounts, func(a amount) bool { return a.name == name })
		if i < 0 {
			i, amounts = len(amounts), append(amounts, amount{name: name})
		}
		amounts[i].number++
	}
	stable.Sort(amounts, func(a, b amount) int { return cmp.Or(b.number-a.number, strings.Compare(a.name, b.name)) })
	return amounts
}

// describe returns a chart of numbers in words.
func describe(list []amount) string {
	parts := make([]string, len(list))
	for i, a := range list {
		parts[i] = a.name + ": " + a.written()
	}
	return strings.Join(parts, "; ") + "."
}

func issuesPart(id, title string, list []jsonv1.WeeklyIssue, w when) part {
	t := table{Columns: []column{
		{"Issue", false}, {"Priority", false}, {"Assignees", false}, {"State", false}, {"Opened", false}, {"Closed", false}, {"Age", true}}}
	for _, i := range list {
		state := "closed"
		if i.Open {
			state = "open"
		}
		t.row(issueBits(i.Ref, i.WebURL, i.Title, i.Confidential, i.Withheld), optionalBits(i.Priority), mentionBits(i.Assignees),
			bits(plain(state)),
			momentBits(i.CreatedAt, w), momentBits(i.ClosedAt, w), ageBits(i.AgeMinutes))
	}
	return part{ID: id, Title: title, Table: &t}
}

// optionalBits returns text from other people, or nothing if it is empty.
func optionalBits(s string) []bit {
	if s == "" {
		return nil
	}
	return bits(quote(s))
}

func momentBits(s string, w when) []bit {
	if s == "" {
		return nil
	}
	return bits(w.moment(s))
}

func ageBits(minutes *int) []bit {
	if minutes == nil {
		return nil
	}
	return bits(duration(*minutes))
}

func handoffsPart(doc jsonv1.Weekly, w when) part {
	p := part{ID: "handoffs", Title: "Hand-offs", Lines: sentences(words.MissingNotesLine(doc))}
	if n := len(doc.Handoffs); n > 0 && words.MissingNotes(doc) == n {
		p.Lines = [][]bit{bits(badge(levelWarn, "no note"), plain("No note in the log for "+words.Count(n, "shift")+"."))}
		return p
	}
	t := table{Columns: []column{{"Shift", false}, {"When", false}, {"On call", false}, {"Handed off", false}, {"By", false}}}
	for _, h := range doc.Handoffs {
		posted := bits(badge(levelWarn, "no note"))
		if h.Posted != "" {
			posted = bits(w.moment(h.Posted))
			if to := link("note", h.WebURL); to.Href != "" {
				posted = append(posted, to)
			}
		}
		var by []string
		if h.By != "" {
			by = []string{h.By}
		}
		t.row(bits(quote(h.Shift.Region)), w.period(h.Shift.From, h.Shift.To), peopleBits(h.Shift.People), posted, mentionBits(by))
	}
	p.Table = &t
	return p
}

// loadPart lists what being on call meant for whom, by name.
func loadPart(list []jsonv1.OncallLoad) part {
	if len(list) == 0 {
		return part{}
	}
	t := table{Caption: words.LoadNote, Columns: []column{{"On call", false}, {"Region", false}, {"Working hours", false}, {"Shifts", true},
		{"In-hours incidents", true}, {"Out-of-hours incidents", true}, {"In-hours time", true}, {"Out-of-hours time", true}}}
	for _, l := range list {
		row := [][]bit{bits(quote(words.LoadPerson(l))), bits(quote(l.Region)), optionalBits(strings.TrimSpace(l.Hours + " " + l.Zone)),
			bits(plain(strconv.Itoa(l.Current.Shifts)))}
		for _, c := range words.LoadCells(l) {
			row = append(row, bits(plain(c)))
		}
		t.row(row...)
	}
	return part{ID: "load", Title: words.LoadTitle, Table: &t, Lines: sentences(words.LoadNotes(list)[1:])}
}

// countsPart compares the period with the previous ones: severities as a chart, and all metrics as numbers.
func countsPart(list []jsonv1.WeeklyCount) part {
	t := table{Caption: "Previous: the periods of the same length before this one, latest first", Columns: []column{
		{"Metric", false}, {"Now", true}, {"Previous", true}, {"Mean of previous", true}}}
	var severities []amount
	for _, c := range list {
		before := make([]string, len(c.Previous))
		for i, n := range c.Previous {
			before[i] = strconv.Itoa(n)
		}
		t.row(bits(quote(c.Metric)), bits(stress(strconv.Itoa(c.Current))), bits(plain(strings.Join(before, ",\u00a0"))), bits(plain(c.Mean)))
		switch c.Metric {
		case "S1", "S2", "S3", "S4", "severity unknown":
			severities = append(severities, compared(c))
		}
	}
	p := part{ID: "counts", Title: "Compared with the previous periods", Table: &t}
	if len(severities) > 0 {
		p.Charts = []chart{{Title: "Incidents by severity", Legend: "Solid: this period. Hatched: mean of the previous periods.",
			Chart: chartBars("severity-chart", "Incidents by severity, compared with the mean of the previous periods",
				describe(severities), severities)}}
	}
	return p
}

func compared(c jsonv1.WeeklyCount) amount {
	a := amount{name: c.Metric, number: c.Current, value: fmt.Sprintf("%d now, mean %s", c.Current, c.Mean)}
	if mean, ok := parseThousandths(c.Mean); ok {
		a.compared = new(mean / 100)
	}
	return a
}
