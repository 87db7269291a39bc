package html

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

var decimalPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(-?)([0-9]{1,9})(?:\.([0-9]+))?$`) })

// parseThousandths parses an exact decimal as thousandths for a drawing, which cannot show more; the text beside it has the decimal
// itself. ok is false for any other text, and for numbers that no real duration reaches.
func parseThousandths(s string) (n int64, ok bool) {
	m := decimalPattern().FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(m[2]+(m[3] + "000")[:3], 10, 64)
	if m[1] == "-" {
		n = -n
	}
	return n, err == nil
}

// responsiveChart returns a chart with two shapes, one for narrow and one for wide pages, because text in a drawing shrinks with the
// drawing.
func responsiveChart(title, legend string, draw func(id string, units int) chart) chart {
	narrow, wide := draw("narrow", svgNarrow), draw("wide", svgWide)
	return chart{Title: title, Legend: legend, Chart: narrow.Chart, Wide: wide.Chart}
}

// budgetPart shows the rest of the error budget in words and as a bar.
func budgetPart(b *jsonv1.BudgetLeft, w when) part {
	p := part{ID: "budget", Title: "Error budget"}
	if b == nil {
		p.Lines = [][]bit{bits(badge(levelWarn, words.Unknown), plain("The error budget could not be computed."))}
		return p
	}
	left := badge(levelGood, b.Remaining+" min left")
	if rest, ok := parseThousandths(b.Remaining); strings.HasPrefix(b.Remaining, "-") {
		left = badge(levelBad, strings.TrimPrefix(b.Remaining, "-")+" min overspent")
	} else if ok && rest == 0 {
		left = badge(levelWarn, "nothing left")
	}
	p.Lines = append(p.Lines,
		bits(left, plain(b.Spent+" of "+b.Allowed+" min spent ("+words.Percent(b.Percent)+")")),
		append(bits(plain("SLO "+b.SLO+" % ·")), w.period(b.From, b.To)...))
	if len(b.Charged) > 0 {
		p.Lines = append(p.Lines, bits(plain("Counted:"), quote(strings.Join(b.Charged, ", "))))
	}
	if len(b.Unknown) > 0 {
		p.Lines = append(p.Lines, bits(badge(levelWarn, "not counted"), plain("Duration unknown:"), quote(strings.Join(b.Unknown, ", "))))
	}
	allowed, known := parseThousandths(b.Allowed)
	spent, also := parseThousandths(b.Spent)
	if !known || !also {
		return p
	}
	desc := fmt.Sprintf("%s of %s minutes spent, %s left.", b.Spent, b.Allowed, b.Remaining)
	p.Charts = []chart{responsiveChart("Minutes of the budget", "Hatched: spent. Plain: left.", func(id string, units int) chart {
		return chart{Chart: chartBudget("budget-"+id, desc, units, allowed, spent)}
	})}
	return p
}

// stripPart draws the incidents and changes of the report over the hours of the shift.
func stripPart(doc jsonv1.Handoff, w when) part {
	p := part{ID: "strip", Title: "Shift timeline"}
	length, ok := minutesBetween(doc.Shift.From, doc.Shift.To)
	if !ok || length <= 0 {
		return p
	}
	now, _ := minutesBetween(doc.Shift.From, doc.At)
	list, missing := stripsOf(doc, w, length, now)
	if len(list) > 0 {
		desc := "Incidents and changes from " + doc.Shift.From + " to " + doc.Shift.To + "."
		p.Charts = []chart{responsiveChart("Incidents and changes",
			"Solid: ongoing since the time shown. Hatched: over. Outline: planned. Dashed line: time of this report.",
			func(id string, units int) chart {
				return chart{Chart: chartShift("shift-"+id, desc, units, length, now, w.ticks(doc.Shift.From, length, units), list)}
			})}
	}
	if more := len(list) - maxStrips; more > 0 {
		p.Lines = append(p.Lines, bits(plain(fmt.Sprintf("Not drawn: %d more", more))))
	}
	if len(missing) > 0 {
		p.Lines = append(p.Lines, bits(soft("Not drawn, time unknown:"), quote(strings.Join(missing, ", "))))
	}
	return p
}

// stripsOf returns the entries of a report that overlap its shift, the earliest first. missing are the references of incidents and
// changes whose times are unknown. An issue in two sections is drawn once.
func stripsOf(doc jsonv1.Handoff, w when, length, now int) (list []strip, missing []string) {
	seen := map[string]bool{}
	for _, s := range doc.Sections {
		for _, e := range s.Entries {
			if e.Kind == "issue" || seen[e.Ref] {
				continue
			}
			seen[e.Ref] = true
			one, ok := stripOf(e, doc.Shift.From, length, now, w)
			switch {
			case !ok:
				missing = append(missing, e.Ref)
			case one.to >= 0 && one.from <= length:
				list = append(list, one)
			}
		}
	}
	stable.Sort(list, func(a, b strip) int { return a.from - b.from })
	return list, missing
}

func stripOf(e jsonv1.HandoffEntry, begin string, length, now int, w when) (strip, bool) {
	s := strip{name: strings.Join(slices.DeleteFunc([]string{e.Ref, e.Severity, e.Criticality}, func(s string) bool { return s == "" }), " ")}
	var ok bool
	if e.Kind == "change" {
		s.planned = e.State != string(jsonv1.ChangeInProgress)
		s.ongoing = !s.planned
		if s.from, ok = minutesBetween(begin, e.Start); !ok {
			return s, false
		}
		if s.to, ok = minutesBetween(begin, e.End); !ok {
			s.to = s.from
		}
		s.value = w.hours(e.Start, e.End)
		return s, true
	}
	if s.from, ok = minutesBetween(begin, e.Since); !ok {
		return s, false
	}
	if s.to, ok = minutesBetween(begin, e.ResolvedAt); ok {
		s.value = w.hours(e.Since, e.ResolvedAt)
		return s, true
	}
	s.to, s.ongoing, s.value = min(max(now, s.from), max(length, s.from)), true, w.hours(e.Since, "")
	if s.from >= 0 && length <= 24*60 { // the hour alone shows which day it was
		s.value = w.hour(e.Since)
	}
	return s, true
}

// hours formats a period on the clock, with dates only if it is longer than a day.
func (w when) hours(from, to string) string {
	start, end, ok := words.Ends(from, to)
	if !ok {
		return from
	}
	return hoursOf(start.In(w.in), end.In(w.in))
}

// hour formats an instant on the clock, without its date.
func (w when) hour(s string) string {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return at.In(w.in).Format("15:04")
}

func hoursOf(from, to time.Time) string {
	const day = "01-02 15:04"
	switch {
	case from.Equal(to):
		return from.Format(day)
	case to.Sub(from) >= 24*time.Hour:
		return from.Format(day) + " to " + to.Format(day)
	}
	return from.Format("15:04") + " to " + to.Format("15:04")
}

// ticks returns the full hours of a shift, as many as there is room to name.
func (w when) ticks(from string, length, units int) []tick {
	begin, err := time.Parse(time.RFC3339, from)
	if err != nil || length > 60*24*60 {
		return nil
	}
	every := 1
	for _, hours := range []int{1, 2, 3, 4, 6, 12, 24} {
		every = hours
		if length/(60*hours)*64 <= units {
			break
		}
	}
	var list []tick
	for minute := 0; minute <= length; minute++ {
		at := begin.Add(time.Duration(minute) * time.Minute).In(w.in)
		if at.Minute() != 0 || at.Hour()%every != 0 {
			continue
		}
		name := at.Format("15:04")
		if every == 24 {
			name = at.Format("01-02")
		}
		list = append(list, tick{minute, name})
	}
	return list
}
