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
)

// Weekly is the report of a period as a page of its own. The document is shown as it is,
// so that what is confidential has to be withheld before.
func Weekly(doc jsonv1.Weekly, in *time.Location) string {
	w := when{in}
	p := page{Kicker: "On-call report", Title: dates(doc.From, doc.To), Verdict: weeklyVerdict(doc)}
	if doc.View == "call" {
		p.Kicker = "Infrastructure call"
	}
	p.Lead = [][]bit{bits(say("Days of " + doc.Zone + " · times in " + w.zone()))}
	if doc.Week != "" {
		p.Lead[0] = append(bits(say("Ends in ISO week "+doc.Week+" ·")), p.Lead[0]...)
	}
	if doc.Log != nil {
		p.Lead = append(p.Lead, bits(say("On-call log:"), link(doc.Log.Ref, doc.Log.WebURL)))
	}
	p.Parts = append([]part{incidentPart(doc.Incidents, w), timesPart(doc.Times)}, changesParts(doc, w)...)
	p.Parts = append(p.Parts, issuesPart("oncall", "On-call issues to hand on", doc.Oncall, w), issuesPart("deltas", "Deltas", doc.Deltas, w),
		handoffsPart(doc, w), countsPart(doc.Counts), part{ID: "unknown", Title: "Could not be found out", Lines: sentences(doc.Unknown)})
	return p.with(doc.Notes).html()
}

// dates are a period of days as a title.
func dates(from, to string) []string { return []string{layout.OneLine(from), "to", layout.OneLine(to)} }

// weeklyVerdict says what goes on. Where not everything could be read, it does not say that nothing does.
func weeklyVerdict(doc jsonv1.Weekly) verdict {
	active, going := 0, 0
	for _, i := range doc.Incidents {
		switch {
		case i.Ongoing && i.State == jsonv1.IncidentActive:
			active++
		case i.Ongoing:
			going++
		}
	}
	v := verdict{Level: levelGood, Text: "No incident went on when the period ended."}
	switch {
	case active > 0:
		v.Level, v.Text = levelBad, wentOn(active, "was active")
	case going > 0:
		v.Level, v.Text = levelWarn, wentOn(going, "was not over")
	case len(doc.Unknown) > 0:
		v.Level, v.Text = levelWarn, "No known incident went on when the period ended, but not everything could be found out."
	}
	v.Counts = []tally{{levelPlain, len(doc.Incidents), "incidents", "incidents"}, {levelPlain, len(doc.Changes), "changes", "changes"},
		{levelPlain, len(doc.Oncall), "on-call issues to hand on", "oncall"}}
	return v
}

func wentOn(n int, what string) string {
	if n > 1 {
		what = strings.Replace(what, "was", "were", 1)
	}
	return words.Count(n, "incident") + " " + what + " when the period ended."
}

// changesParts are the changes one by one, and the sums of those that automation has recorded where there are many.
func changesParts(doc jsonv1.Weekly, w when) []part {
	t := table{Columns: []column{
		{"Change", false}, {"Class", false}, {"Outcome", false}, {"Day", false}, {"Planned", false}, {"Services", false}, {"By", false}}}
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
		t.row(issueBits(c.Ref, c.WebURL, c.Title, c.Confidential, false), class, outcome, w.date(c.Day), planned(c.Change, w),
			listing(c.Services), executor(c.Change))
	}
	p := part{ID: "changes", Title: "Changes", Table: &t}
	if len(doc.Changes) > 0 {
		ended := endings(doc.Changes)
		p.Charts = []chart{{Title: "How they ended", Chart: chartBars("changes-chart", "Changes by how they ended", describe(ended), ended)}}
	}
	if len(summed) == 0 {
		return []part{p}
	}
	return []part{p, {ID: "automation", Title: "Changes recorded by automation", Table: recordsTable(summed)}}
}

func recordsTable(list []words.RecordSum) *table {
	t := table{Columns: []column{{"Type", false}, {"Environment", false}, {"Outcome", false}, {"Number", true}}}
	for _, r := range list {
		t.row(bits(quote(r.Kind)), bits(quote(r.Environment)), bits(spanBit(words.Result(r.Outcome))), bits(quote(strconv.Itoa(r.Number))))
	}
	return &t
}

func planned(c jsonv1.Change, w when) []bit {
	if c.Start == "" {
		return nil
	}
	return w.period(c.Start, c.WindowEnd)
}

// executor is who made the change, or the pipeline that did.
func executor(c jsonv1.Change) []bit {
	switch {
	case c.Executor != "":
		return naming([]string{c.Executor})
	case c.Automation != nil && c.Automation.User != "":
		return append(naming([]string{c.Automation.User}), soft("by a pipeline"))
	case c.Automation != nil:
		return bits(soft("a pipeline"))
	}
	return nil
}

// endings count changes by what became of them, the most frequent first.
func endings(list []jsonv1.WeeklyChange) []amount {
	var amounts []amount
	for _, c := range list {
		name := words.ChangeResult(c).Text
		i := slices.IndexFunc(amounts, func(a amount) bool { return a.name == name })
		if i < 0 {
			i, amounts = len(amounts), append(amounts, amount{name: name})
		}
		amounts[i].number++
	}
	slices.SortFunc(amounts, func(a, b amount) int { return cmp.Or(b.number-a.number, strings.Compare(a.name, b.name)) })
	return amounts
}

// describe is a chart of numbers in words.
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
		t.row(issueBits(i.Ref, i.WebURL, i.Title, i.Confidential, i.Withheld), foreign(i.Priority), naming(i.Assignees), bits(say(state)),
			instant(i.CreatedAt, w), instant(i.ClosedAt, w), old(i.AgeMinutes))
	}
	return part{ID: id, Title: title, Table: &t}
}

// foreign is a text of others, and nothing where there is none.
func foreign(s string) []bit {
	if s == "" {
		return nil
	}
	return bits(quote(s))
}

func instant(s string, w when) []bit {
	if s == "" {
		return nil
	}
	return bits(w.moment(s))
}

func old(minutes *int) []bit {
	if minutes == nil {
		return nil
	}
	return bits(duration(*minutes))
}

func handoffsPart(doc jsonv1.Weekly, w when) part {
	p := part{ID: "handoffs", Title: "Hand-offs", Lines: sentences(words.MissingNotesLine(doc))}
	if n := len(doc.Handoffs); n > 0 && words.MissingNotes(doc) == n {
		p.Lines = [][]bit{bits(badge(levelWarn, "no note"), say("None of "+words.Count(n, "shift")+" has a note in the log."))}
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
		t.row(bits(quote(h.Shift.Region)), w.period(h.Shift.From, h.Shift.To), staff(h.Shift.People), posted, naming(by))
	}
	p.Table = &t
	return p
}

// countsPart sets the period against those before it: severities as a chart, and all in numbers.
func countsPart(list []jsonv1.WeeklyCount) part {
	t := table{Caption: "Before: the periods of the same length, the latest first", Columns: []column{
		{"What", false}, {"Now", true}, {"Before", true}, {"Mean before", true}}}
	var severities []amount
	for _, c := range list {
		before := make([]string, len(c.Previous))
		for i, n := range c.Previous {
			before[i] = strconv.Itoa(n)
		}
		t.row(bits(quote(c.Metric)), bits(stress(strconv.Itoa(c.Current))), bits(say(strings.Join(before, ",\u00a0"))), bits(say(c.Mean)))
		switch c.Metric {
		case "S1", "S2", "S3", "S4", "severity unknown":
			severities = append(severities, compared(c))
		}
	}
	p := part{ID: "counts", Title: "Against the periods before", Table: &t}
	if len(severities) > 0 {
		p.Charts = []chart{{Title: "Incidents by severity", Legend: "Solid: this period. Hatched: mean of those before.",
			Chart: chartBars("severity-chart", "Incidents by severity, against the mean before", describe(severities), severities)}}
	}
	return p
}

func compared(c jsonv1.WeeklyCount) amount {
	a := amount{name: c.Metric, number: c.Current, value: fmt.Sprintf("%d now, %s before", c.Current, c.Mean)}
	if mean, ok := thousand(c.Mean); ok {
		a.compared = new(mean / 100)
	}
	return a
}
