package render

import (
	"cmp"
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// callStory is the summary for the infrastructure call: a sentence for each incident, what deviates from the standard, what went wrong,
// numbers.
func callStory(doc jsonv1.Weekly) story {
	return story{
		Head: []line{says(as(strong, "Infrastructure call, "+reportDays(doc.From, doc.To, doc.Zone)))},
		Sections: []layout.Section{
			section("Incidents", callIncidents(doc)),
			section("Exceptions", callDeltas(doc)),
			section("Changes", callChanges(doc)),
			section("In numbers, and the mean of the four periods before", callCounts(doc)),
		},
		Notes: weeklyNotes(doc),
	}
}

// orNoneLine says that there is nothing, which is news too.
func orNoneLine(lines []line) []line {
	if len(lines) == 0 {
		return []line{says(t("none"))}
	}
	return lines
}

func callIncidents(doc jsonv1.Weekly) []line {
	var lines []line
	for _, i := range doc.Incidents {
		lines = append(lines, callIncident(i))
	}
	return orNoneLine(lines)
}

func callIncident(i jsonv1.WeeklyIncident) line {
	spans := []span{words.Severity(i.Severity), t(", "), words.GoesOn(i), t(": ")}
	if i.Severity == "" && !i.Withheld {
		spans[0].Text = "severity unknown"
	}
	if i.State == jsonv1.IncidentUnknown {
		spans[2].Text = "state unknown"
	}
	spans = append(spans, titled(i.Ref, i.Title, i.Confidential, i.Withheld).Spans...)
	if i.Withheld {
		return says(spans...)
	}
	if len(i.Services) > 0 {
		spans = append(spans, t(" ("+strings.Join(i.Services, ", ")+")"))
	}
	said := []string{"began " + beganAt(i)}
	if i.StartedAt == "" {
		said[0] = strings.TrimPrefix(beganAt(i)+", its begin is unknown", words.Unknown+", ")
	}
	for _, s := range []struct {
		what string
		text string
	}{
		{"detected", took(i.ToDetect, i.DetectedAt, i.DetectedFrom, false)},
		{"mitigated", took(i.ToMitigate, i.MitigatedAt, i.MitigatedFrom, false)},
		{"resolved", took(i.ToResolve, i.ResolvedAt, i.ResolvedFrom, false)},
	} {
		switch {
		case strings.HasPrefix(s.text, "at "):
			said = append(said, s.what+" "+s.text)
		case s.text != "":
			said = append(said, s.what+" after "+s.text)
		}
	}
	return says(append(spans, t("; "+strings.Join(said, ", ")))...)
}

func callDeltas(doc jsonv1.Weekly) []line {
	var lines []line
	for _, d := range doc.Deltas {
		spans := titled(d.Ref, d.Title, d.Confidential, d.Withheld).Spans
		switch {
		case !d.Open:
			spans = append(spans, t(", "), as(good, "closed"))
		case d.CreatedAt != "":
			day, _, _ := strings.Cut(d.CreatedAt, "T")
			spans = append(spans, t(", since "+day))
		}
		lines = append(lines, says(spans...))
	}
	return orNoneLine(lines)
}

// callChanges tells of what went wrong or goes on; what went well is a number.
func callChanges(doc jsonv1.Weekly) []line {
	var lines []line
	well := 0
	for _, c := range doc.Changes {
		if c.State == jsonv1.ChangeComplete && c.Outcome == "success" {
			well++
			continue
		}
		spans := []span{{Text: cmp.Or(c.Criticality, "class "+words.Unknown), Style: words.Criticality(c.Criticality).Style}, t(" "),
			words.ChangeResult(c), t(": ")}
		spans = append(spans, titled(c.Ref, c.Title, c.Confidential, c.Withheld).Spans...)
		lines = append(lines, says(spans...))
	}
	if len(doc.Changes) == 0 {
		return orNoneLine(nil)
	}
	if well > 0 {
		lines = append(lines, says(t(fmt.Sprintf("%s made without trouble", words.Count(well, "change")))))
	}
	return lines
}

func callCounts(doc jsonv1.Weekly) []line {
	var lines []line
	for _, c := range doc.Counts {
		lines = append(lines, says(t(fmt.Sprintf("%s: %d (%s)", c.What, c.Now, c.Mean))))
	}
	if w := doc.Times.Within; w.Sample > 0 {
		lines = append(lines, says(t(fmt.Sprintf("mitigated within 30 min: %d of %d, %d missing", w.Number, w.Sample, w.Missing))))
	}
	return lines
}
