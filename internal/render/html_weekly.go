package render

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// htmlWeekly is the report of a period as a page of its own. The document is shown as it is, so that what is confidential has to be withheld before. The error is of the program.
func htmlWeekly(doc jsonv1.Weekly, o Options) (string, error) {
	w := when{o.Location}
	p := htmlPage{Kicker: "On-call report", Title: weeklyTitle(doc), Verdict: weeklyVerdict(doc)}
	if doc.View == "call" {
		p.Kicker = "Infrastructure call"
	}
	p.Lead = [][]bit{bits(quote(doc.From), say("to"), quote(doc.To), say("· days of "+doc.Zone+" · times are those of "+w.zone()))}
	if doc.Log != nil {
		p.Lead = append(p.Lead, bits(say("On-call log:"), link(doc.Log.Ref, doc.Log.WebURL)))
	}
	p.Parts = []htmlPart{incidentPart(doc.Incidents, w), timesPart(doc.Times), changesPart(doc.Changes, w), weeklyIssues("deltas", "Deltas", doc.Deltas, w),
		weeklyIssues("oncall", "On-call issues to hand on", doc.Oncall, w), handoffsPart(doc.Handoffs, w), countsPart(doc.Counts),
		{ID: "unknown", Title: "Could not be found out", Lines: sentences(doc.Unknown)}}
	if len(doc.Notes) > 0 {
		p.Parts = append(p.Parts, htmlPart{ID: "notes", Title: "Notes", Lines: sentences(doc.Notes)})
	}
	return p.html()
}

func weeklyTitle(doc jsonv1.Weekly) string {
	if doc.Week != "" {
		return oneLine(doc.Week)
	}
	return oneLine(doc.From + " to " + doc.To)
}

// weeklyVerdict says what goes on. Where not everything could be read, it does not say that nothing does.
func weeklyVerdict(doc jsonv1.Weekly) verdict {
	active, going := 0, 0
	for _, i := range doc.Incidents {
		switch {
		case i.GoesOn && i.State == jsonv1.IncidentActive:
			active++
		case i.GoesOn:
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
	v.Counts = []htmlTally{{levelPlain, len(doc.Incidents), "incidents", "incidents"}, {levelPlain, len(doc.Changes), "changes", "changes"},
		{levelPlain, len(doc.Oncall), "on-call issues to hand on", "oncall"}}
	return v
}

func wentOn(n int, what string) string {
	if n > 1 {
		what = strings.Replace(what, "was", "were", 1)
	}
	return count(n, "incident") + " " + what + " when the period ended."
}

func changesPart(list []jsonv1.WeeklyChange, w when) htmlPart {
	table := htmlTable{Caption: "Changes that were made, or were to be made", Columns: []htmlColumn{
		{"Change", false}, {"Class", false}, {"State", false}, {"Outcome", false}, {"Day", false}, {"Planned", false}, {"Services", false}, {"By", false}}}
	for _, c := range list {
		class := bits(soft(unknown))
		if c.Criticality != "" {
			class = bits(badge(criticalityLevel(c.Criticality), c.Criticality))
		}
		state := bits(badge(stateLevel(string(c.State)), string(c.State)))
		if c.Withheld {
			table.row(issueBits(c.Ref, c.WebURL, "", true, true), class, state, nil, nil, nil, nil, nil)
			continue
		}
		table.row(issueBits(c.Ref, c.WebURL, c.Title, c.Confidential, false), class, state, outcomeBits(c.Outcome), bits(quote(c.Day)),
			planned(c.Change, w), listing(c.Services), executor(c.Change))
	}
	p := htmlPart{ID: "changes", Title: "Changes", Table: &table}
	if len(list) > 0 {
		ended := endings(list)
		p.Charts = []htmlChart{{Title: "How they ended", Chart: chartBars("changes-chart", "Changes by how they ended", describe(ended), ended)}}
	}
	return p
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

// endings count changes by their outcome, and those that have none by their state.
func endings(list []jsonv1.WeeklyChange) []amount {
	order := []string{"success", "failure", string(jsonv1.ChangeAborted), string(jsonv1.ChangeComplete), string(jsonv1.ChangeInProgress),
		string(jsonv1.ChangeApproved), string(jsonv1.ChangeScheduled), "not known"}
	found := map[string]int{}
	for _, c := range list {
		found[ending(c, order)]++
	}
	var amounts []amount
	for _, name := range order {
		if found[name] > 0 {
			amounts = append(amounts, amount{name: name, number: found[name]})
		}
	}
	return amounts
}

func ending(c jsonv1.WeeklyChange, known []string) string {
	for _, name := range known {
		if c.Outcome == name || c.Outcome == "" && string(c.State) == name {
			return name
		}
	}
	return "not known"
}

// describe is a chart of numbers in words.
func describe(list []amount) string {
	parts := make([]string, len(list))
	for i, a := range list {
		parts[i] = a.name + ": " + a.written()
	}
	return strings.Join(parts, "; ") + "."
}

func weeklyIssues(id, title string, list []jsonv1.WeeklyIssue, w when) htmlPart {
	table := htmlTable{Caption: title, Columns: []htmlColumn{
		{"Issue", false}, {"Priority", false}, {"Assignees", false}, {"State", false}, {"Opened", false}, {"Closed", false}, {"Age", true}}}
	for _, i := range list {
		state := "closed"
		if i.Open {
			state = "open"
		}
		table.row(issueBits(i.Ref, i.WebURL, i.Title, i.Confidential, i.Withheld), bits(quote(i.Priority)), naming(i.Assignees), bits(say(state)),
			instant(i.CreatedAt, w), instant(i.ClosedAt, w), old(i.AgeMinutes))
	}
	return htmlPart{ID: id, Title: title, Table: &table}
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
	return bits(say(lasting(*minutes)))
}

func handoffsPart(list []jsonv1.WeeklyHandoff, w when) htmlPart {
	table := htmlTable{Caption: "One for each shift", Columns: []htmlColumn{{"Shift", false}, {"When", false}, {"On call", false}, {"Handed off", false}, {"By", false}}}
	for _, h := range list {
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
		table.row(bits(quote(h.Shift.Region)), w.period(h.Shift.From, h.Shift.To), staff(h.Shift.People), posted, naming(by))
	}
	return htmlPart{ID: "handoffs", Title: "Hand-offs", Table: &table}
}

var severityName = regexp.MustCompile(`^(S[1-4]|unknown)$`)

// countsPart sets the period against those before it: severities as a chart, and all in numbers.
func countsPart(list []jsonv1.WeeklyCount) htmlPart {
	table := htmlTable{Caption: "Before: the periods of the same length, the latest first", Columns: []htmlColumn{
		{"What", false}, {"Now", true}, {"Before", true}, {"Mean before", true}}}
	var severities []amount
	for _, c := range list {
		before := make([]string, len(c.Before))
		for i, n := range c.Before {
			before[i] = strconv.Itoa(n)
		}
		table.row(bits(quote(c.What)), bits(stress(strconv.Itoa(c.Now))), bits(say(strings.Join(before, ", "))), bits(say(c.Mean)))
		if severityName.MatchString(c.What) {
			severities = append(severities, compared(c))
		}
	}
	p := htmlPart{ID: "counts", Title: "Against the periods before", Table: &table}
	if len(severities) > 0 {
		p.Charts = []htmlChart{{Title: "Incidents by severity", Legend: "Solid: this period. Hatched: mean of those before.",
			Chart: chartBars("severity-chart", "Incidents by severity, against the mean before", describe(severities), severities)}}
	}
	return p
}

func compared(c jsonv1.WeeklyCount) amount {
	a := amount{name: c.What, number: c.Now, value: fmt.Sprintf("%d now, %s before", c.Now, c.Mean)}
	if mean, ok := thousand(c.Mean); ok {
		a.compared = new(mean / 100)
	}
	return a
}
