package render

import (
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Timeline shows what happened in an incident, day by day. In Markdown it is the text of a review.
func (v *View) Timeline(doc jsonv1.Timeline) error {
	if !v.reveals() {
		doc = doc.Withhold()
	}
	s := sheet{columns: []column{
		{name: "Time", field: "at"}, {name: "What", field: "text", min: 20}, {name: "By", field: "author"},
		{name: "From", field: "source"}, {field: "note_id"},
	}, none: "the timeline of " + doc.Ref + " is empty"}
	if doc.Withheld {
		s.none = "the timeline of " + doc.Ref + " is not told: it is confidential"
	}
	for _, l := range doc.Lines {
		s.rows = append(s.rows, []cell{both(moment(l.At), l.At), text(l.Text), both(by(l.Author), l.Author), text(l.Source), noteID(l.NoteID)})
	}
	days := timelineDays(doc.Lines)
	return v.show(doc, body{sheet: s, notes: doc.Notes, post: timelinePost(doc, days, s.none)}, func(p *page) { p.timeline(doc, days, s.none) })
}

func by(user string) string {
	if user == "" {
		return ""
	}
	return "@" + user
}

func noteID(id int64) cell {
	if id == 0 {
		return text("")
	}
	return text(strconv.FormatInt(id, 10))
}

// timelineDay are the lines of one UTC date.
type timelineDay struct {
	date  string
	lines []timelineEntry
}

type timelineEntry struct{ clock, text, by string }

// timelineDays parts the lines by date. They stay in the order in which the document has them.
func timelineDays(lines []jsonv1.TimelineLine) []timelineDay {
	var days []timelineDay
	for _, l := range lines {
		date, clock := l.At, ""
		if at, err := time.Parse(time.RFC3339, l.At); err == nil {
			date, clock = dayOf(at), at.UTC().Format("15:04")
		}
		if len(days) == 0 || days[len(days)-1].date != date {
			days = append(days, timelineDay{date: date})
		}
		last := &days[len(days)-1]
		last.lines = append(last.lines, timelineEntry{clock, l.Text, by(l.Author)})
	}
	return days
}

func (e timelineEntry) lead() []span {
	if e.clock == "" {
		return nil
	}
	return []span{as(strong, e.clock), t("  ")}
}

func (e timelineEntry) said() []span {
	spans := []span{t(e.text)}
	if e.by != "" {
		spans = append(spans, as(faint, " "+e.by))
	}
	return spans
}

func (p *page) timeline(doc jsonv1.Timeline, days []timelineDay, none string) {
	p.lines([]line{titled(doc.Ref, doc.Title, doc.Confidential, doc.Withheld)})
	if len(days) == 0 {
		p.line(0, t(none))
	} else {
		p.line(0, as(faint, "All times UTC"))
	}
	for _, day := range days {
		p.gap()
		p.line(0, as(strong, day.date))
		for _, e := range day.lines {
			p.hang(2, e.lead(), 2+cells(harmless(e.lead())), e.said()...)
		}
	}
	p.tail(notes(doc.Notes))
}

// timelineTail are the last lines as they stand below an incident, with the date where it is another one than before.
func (v *View) timelineTail(lines []jsonv1.TimelineLine) []line {
	var list []line
	before := dayOf(v.clock.now)
	for _, day := range timelineDays(lines) {
		for _, e := range day.lines {
			spans := append(e.lead(), e.said()...)
			if day.date != before {
				spans = append([]span{t(day.date + " ")}, spans...)
			}
			before = day.date
			list = append(list, says(spans...))
		}
	}
	return list
}

// timelinePost is the form that a team's timeline has: a heading for each date, and below it what happened, UTC.
func timelinePost(doc jsonv1.Timeline, days []timelineDay, none string) string {
	if len(days) == 0 {
		return mdLine(none) + "\n"
	}
	var out strings.Builder
	out.WriteString("All times UTC\n")
	for _, day := range days {
		out.WriteString("\n### " + mdCell(day.date) + "\n\n")
		for _, e := range day.lines {
			out.WriteString("- " + strings.TrimSpace(e.clock+" "+mdCell(e.text)) + "\n")
		}
	}
	if len(doc.Notes) > 0 {
		out.WriteString("\n" + bullets(sentenced(notes(doc.Notes))))
	}
	return out.String()
}
