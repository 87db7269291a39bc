package render

import (
	"fmt"
	"strconv"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// incidentPart is the table of incidents, with how long each took and where that is written.
func incidentPart(list []jsonv1.WeeklyIncident, w when) htmlPart {
	table := htmlTable{Caption: "Times are from the start of each incident. Below each stands what it is known from.", Columns: []htmlColumn{
		{"Incident", false}, {"Severity", false}, {"State", false}, {"Services", false}, {"Started", false},
		{"Detected after", true}, {"Mitigated after", true}, {"Resolved after", true}}}
	for _, i := range list {
		state := bits(badge(stateLevel(string(i.State)), string(i.State)))
		if i.GoesOn {
			state = append(state, stress("goes on"))
		}
		if i.Withheld {
			table.row(issueBits(i.Ref, i.WebURL, "", true, true), severityBadge("incident", i.Severity), state, nil, nil, nil, nil, nil)
			continue
		}
		table.row(issueBits(i.Ref, i.WebURL, i.Title, i.Confidential, false), severityBadge("incident", i.Severity), state, listing(i.Services),
			startedBits(i, w), took(i.ToDetect, i.DetectedFrom), took(i.ToMitigate, i.MitigatedFrom), took(i.ToResolve, i.ResolvedFrom))
	}
	return htmlPart{ID: "incidents", Title: "Incidents", Table: &table}
}

func startedBits(i jsonv1.WeeklyIncident, w when) []bit {
	if i.StartedAt == "" {
		return bits(soft(unknown))
	}
	return evidence(bits(w.moment(i.StartedAt)), i.StartedFrom)
}

func took(minutes *int, from string) []bit {
	if minutes == nil {
		return bits(soft(unknown))
	}
	return evidence(bits(say(lasting(*minutes))), from)
}

func evidence(list []bit, from string) []bit {
	if from == "" {
		return list
	}
	return append(list, soft("("+from+")"))
}

// timesPart is how long it took, as a chart and in numbers.
func timesPart(times jsonv1.IncidentTimes) htmlPart {
	p := htmlPart{ID: "times", Title: "How long it took"}
	table := htmlTable{Caption: "Minutes from the start of an incident", Columns: []htmlColumn{
		{"Time to", false}, {"Median", true}, {"Mean", true}, {"90 %", true}, {"Known", true}, {"Not known", true}}}
	var list []lengths
	for _, each := range []struct {
		name   string
		spread jsonv1.Spread
	}{{"Detect", times.Detect}, {"Mitigate", times.Mitigate}, {"Resolve", times.Resolve}} {
		s := each.spread
		table.row(bits(say(each.name)), minutesBits(s.Median), minutesBits(s.Mean), minutesBits(s.P90),
			bits(say(strconv.Itoa(s.Sample))), bits(say(strconv.Itoa(s.Missing))))
		list = append(list, lengthsOf(each.name, s))
	}
	p.Table = &table
	p.Charts = []htmlChart{{Title: "Minutes from the start", Legend: "● median, × mean, ◇ nine of ten are at most that long. Dashed: 30 minutes. Each step of the axis is longer than the one before.",
		Chart: chartTimes("times-chart", "Time to detect, mitigate and resolve", timesDesc(times), list)}}
	p.Lines = [][]bit{bits(say(withinText(times.Within)))}
	return p
}

func lengthsOf(name string, s jsonv1.Spread) lengths {
	l := lengths{name: name, value: "not known"}
	if s.Sample > 0 {
		l.value = "● " + s.Median + "  × " + s.Mean + "  ◇ " + s.P90
	}
	l.median, l.mean, l.p90 = drawn(s.Median), drawn(s.Mean), drawn(s.P90)
	return l
}

// drawn is a number as a chart takes it; nil where there is none.
func drawn(text string) *int64 {
	if n, ok := thousand(text); ok {
		return &n
	}
	return nil
}

func timesDesc(times jsonv1.IncidentTimes) string {
	told := func(name string, s jsonv1.Spread) string {
		if s.Sample == 0 {
			return name + ": not known. "
		}
		return fmt.Sprintf("%s: median %s, mean %s, 90 %% within %s minutes. ", name, s.Median, s.Mean, s.P90)
	}
	return told("Detect", times.Detect) + told("Mitigate", times.Mitigate) + told("Resolve", times.Resolve)
}

func minutesBits(s string) []bit {
	if s == "" {
		return bits(soft("-"))
	}
	return bits(say(s))
}

// withinText says how many were mitigated in time, and of how many it is known.
func withinText(s jsonv1.Share) string {
	if s.Sample == 0 {
		return fmt.Sprintf("Whether they were mitigated within 30 minutes is not known of any (%d).", s.Missing)
	}
	text := fmt.Sprintf("%d of %d were mitigated within 30 minutes (%s %%)", s.Number, s.Sample, s.Percent)
	if s.Missing > 0 {
		text += fmt.Sprintf("; of %d more it is not known", s.Missing)
	}
	return text + "."
}
