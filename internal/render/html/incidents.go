package html

import (
	"fmt"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// incidentPart is the table of incidents, with their times and the sources of those times.
func incidentPart(list []jsonv1.WeeklyIncident, w when) part {
	t := table{Caption: "Times count from the start of each incident. A time that is not from the record shows its source.", Columns: []column{
		{"Incident", false}, {"Severity", false}, {"State", false}, {"Services", false}, {"Started", false},
		{"Detected after", true}, {"Mitigated after", true}, {"Resolved after", true}}}
	for _, i := range list {
		state := bits(badge(stateLevel(string(i.State)), words.Ongoing(i).Text))
		if i.Withheld {
			t.row(issueBits(i.Ref, i.WebURL, "", true, true), withheldSeverity(i.Severity), state, nil, nil, nil, nil, nil)
			continue
		}
		t.row(issueBits(i.Ref, i.WebURL, i.Title, i.Confidential, false), bits(severityBadge(i.Severity)), state, joinedBits(i.Services),
			startedBits(i, w),
			w.took(i.ToDetect, i.DetectedAt, i.DetectedFrom, false),
			w.took(i.ToMitigate, i.MitigatedAt, i.MitigatedFrom, words.Reached(i, jsonv1.IncidentMitigated)),
			w.took(i.ToResolve, i.ResolvedAt, i.ResolvedFrom, words.Reached(i, jsonv1.IncidentResolved)))
	}
	return part{ID: "incidents", Title: "Incidents", Table: &t}
}

// withheldSeverity is the severity of an incident that is withheld.
func withheldSeverity(severity string) []bit {
	if severity == "" {
		return nil
	}
	return bits(severityBadge(severity))
}

// startedBits shows when an incident started, or, if that is unknown, when its issue was opened.
func startedBits(i jsonv1.WeeklyIncident, w when) []bit {
	switch {
	case i.StartedAt == "" && i.OpenedAt == "":
		return bits(soft(words.Unknown))
	case i.StartedAt == "":
		return bits(soft("unknown, opened"), w.moment(i.OpenedAt))
	}
	return evidenceBits(bits(w.moment(i.StartedAt)), i.StartedFrom)
}

// took shows a duration with the source of its end, or else the end, or else "unknown" for something that has happened.
func (w when) took(minutes *int, at, from string, passed bool) []bit {
	switch {
	case minutes != nil:
		return evidenceBits(bits(duration(*minutes)), from)
	case at != "":
		return evidenceBits(bits(plain("at"), w.moment(at)), from)
	case passed:
		return bits(soft(words.Unknown))
	}
	return nil
}

// evidenceBits adds the source of a time that is not from the record.
func evidenceBits(list []bit, from string) []bit {
	if s := words.Evidence(from); s != "" {
		return append(list, soft(strings.TrimSpace(s)))
	}
	return list
}

// timesPart shows the times to detect, mitigate and resolve, as a chart and in numbers.
func timesPart(times jsonv1.IncidentTimes) part {
	p := part{ID: "times", Title: "Times to detect, mitigate and resolve"}
	if times.Detect.Sample+times.Detect.Missing+times.Mitigate.Sample+times.Mitigate.Missing+times.Resolve.Sample+times.Resolve.Missing == 0 {
		return p // no incidents
	}
	t := table{Caption: "Minutes from the start of an incident (n = incidents with data)", Columns: []column{
		{"Time to", false}, {"Median", true}, {"Mean", true}, {"p90", true}, {"n", true}, {"No data", true}}}
	var list []lengths
	for _, each := range []struct {
		name   string
		spread jsonv1.Spread
	}{{"Detect", times.Detect}, {"Mitigate", times.Mitigate}, {"Resolve", times.Resolve}} {
		s := each.spread
		t.row(bits(plain(each.name)), minutesBits(s.Median), minutesBits(s.Mean), minutesBits(s.P90),
			bits(plain(strconv.Itoa(s.Sample))), bits(plain(strconv.Itoa(s.Missing))))
		list = append(list, lengthsOf(each.name, s))
	}
	p.Table = &t
	p.Charts = []chart{{Title: "Minutes from the start", Legend: "● median, × mean, ◇ p90 (nine of ten took at most this long). " +
		"Dashed: 30 minutes. The axis is not linear.",
		Chart: chartTimes("times-chart", "Time to detect, mitigate and resolve", timesDesc(times), list)}}
	p.Lines = [][]bit{bits(plain(words.Within(times.Within)))}
	return p
}

func lengthsOf(name string, s jsonv1.Spread) lengths {
	l := lengths{name: name, value: words.Unknown}
	if s.Sample > 0 {
		l.value = "● " + s.Median + "  × " + s.Mean + "  ◇ " + s.P90
	}
	l.median, l.mean, l.p90 = chartValue(s.Median), chartValue(s.Mean), chartValue(s.P90)
	return l
}

// chartValue parses a number for a chart. It is nil if there is none.
func chartValue(text string) *int64 {
	if n, ok := parseThousandths(text); ok {
		return &n
	}
	return nil
}

func timesDesc(times jsonv1.IncidentTimes) string {
	describe := func(name string, s jsonv1.Spread) string {
		if s.Sample == 0 {
			return name + ": unknown. "
		}
		return fmt.Sprintf("%s: median %s, mean %s, p90 %s minutes. ", name, s.Median, s.Mean, s.P90)
	}
	return describe("Detect", times.Detect) + describe("Mitigate", times.Mitigate) + describe("Resolve", times.Resolve)
}

func minutesBits(s string) []bit {
	if s == "" {
		return bits(soft("-"))
	}
	return bits(plain(s))
}
