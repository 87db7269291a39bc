package html

import (
	"fmt"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// incidentPart is the table of incidents, with how long each took and where that is written.
func incidentPart(list []jsonv1.WeeklyIncident, w when) part {
	t := table{Caption: "Times are from the start of each incident. " +
		"Where one is not written in the record, the page says by what it is known.", Columns: []column{
		{"Incident", false}, {"Severity", false}, {"State", false}, {"Services", false}, {"Started", false},
		{"Detected after", true}, {"Mitigated after", true}, {"Resolved after", true}}}
	for _, i := range list {
		state := bits(badge(stateLevel(string(i.State)), words.Ongoing(i).Text))
		if i.Withheld {
			t.row(issueBits(i.Ref, i.WebURL, "", true, true), withheldSeverity(i.Severity), state, nil, nil, nil, nil, nil)
			continue
		}
		t.row(issueBits(i.Ref, i.WebURL, i.Title, i.Confidential, false), bits(severityBadge(i.Severity)), state, listing(i.Services),
			startedBits(i, w),
			w.took(i.ToDetect, i.DetectedAt, i.DetectedFrom, false),
			w.took(i.ToMitigate, i.MitigatedAt, i.MitigatedFrom, words.Reached(i, jsonv1.IncidentMitigated)),
			w.took(i.ToResolve, i.ResolvedAt, i.ResolvedFrom, words.Reached(i, jsonv1.IncidentResolved)))
	}
	return part{ID: "incidents", Title: "Incidents", Table: &t}
}

// withheldSeverity is the severity of an incident of which not everything is told.
func withheldSeverity(severity string) []bit {
	if severity == "" {
		return nil
	}
	return bits(severityBadge(severity))
}

// startedBits are when it began; where nobody has said, when its issue was opened.
func startedBits(i jsonv1.WeeklyIncident, w when) []bit {
	switch {
	case i.StartedAt == "" && i.OpenedAt == "":
		return bits(soft(words.Unknown))
	case i.StartedAt == "":
		return bits(soft("unknown, opened"), w.moment(i.OpenedAt))
	}
	return evidenceBits(bits(w.moment(i.StartedAt)), i.StartedFrom)
}

// took is a length of time with where its end is written, else the end, else that it is not known of what has come to pass.
func (w when) took(minutes *int, at, from string, passed bool) []bit {
	switch {
	case minutes != nil:
		return evidenceBits(bits(duration(*minutes)), from)
	case at != "":
		return evidenceBits(bits(say("at"), w.moment(at)), from)
	case passed:
		return bits(soft(words.Unknown))
	}
	return nil
}

// evidenceBits say where a time is written that is not in the record.
func evidenceBits(list []bit, from string) []bit {
	if s := words.Evidence(from); s != "" {
		return append(list, soft(strings.TrimSpace(s)))
	}
	return list
}

// timesPart is how long it took, as a chart and in numbers.
func timesPart(times jsonv1.IncidentTimes) part {
	p := part{ID: "times", Title: "How long it took"}
	if times.Detect.Sample+times.Detect.Missing+times.Mitigate.Sample+times.Mitigate.Missing+times.Resolve.Sample+times.Resolve.Missing == 0 {
		return p // of no incident
	}
	t := table{Caption: "Minutes from the start of an incident", Columns: []column{
		{"Time to", false}, {"Median", true}, {"Mean", true}, {"p90", true}, {"Sample", true}, {"Missing", true}}}
	var list []lengths
	for _, each := range []struct {
		name   string
		spread jsonv1.Spread
	}{{"Detect", times.Detect}, {"Mitigate", times.Mitigate}, {"Resolve", times.Resolve}} {
		s := each.spread
		t.row(bits(say(each.name)), minutesBits(s.Median), minutesBits(s.Mean), minutesBits(s.P90),
			bits(say(strconv.Itoa(s.Sample))), bits(say(strconv.Itoa(s.Missing))))
		list = append(list, lengthsOf(each.name, s))
	}
	p.Table = &t
	p.Charts = []chart{{Title: "Minutes from the start", Legend: "● median, × mean, ◇ p90: nine of ten took at most that long. " +
		"Dashed: 30 minutes. Each step of the axis is longer than the one before.",
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
		return fmt.Sprintf("%s: median %s, mean %s, p90 %s minutes. ", name, s.Median, s.Mean, s.P90)
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
	text := fmt.Sprintf("%d of %d were mitigated within 30 minutes (%s %%)", s.Count, s.Sample, s.Percent)
	if s.Missing > 0 {
		text += fmt.Sprintf("; of %d more it is not known", s.Missing)
	}
	return text + "."
}
