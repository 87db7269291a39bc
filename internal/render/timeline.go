package render

import (
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Timeline shows what happened in an incident, by day. As Markdown it is ready for a review.
func (v *View) Timeline(doc jsonv1.Timeline) error { return show(v, doc, v.timelineForm) }

func (v *View) timelineForm(doc jsonv1.Timeline) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Time", Field: "at"}, {Name: "Event", Field: "text", Min: 20}, {Name: "By", Field: "author"},
		{Name: "Source", Field: "source"}, {Field: "note_id"},
	}, None: "No events in " + doc.Ref}
	if doc.Withheld {
		s.None = "Timeline of " + doc.Ref + " not shown: confidential"
	}
	for _, l := range doc.Lines {
		s.Rows = append(s.Rows, []cell{both(words.Moment(l.At), l.At), text(l.Text), both(by(l.Author), l.Author), text(l.Source),
			noteID(l.NoteID)})
	}
	days := timelineDays(doc.Lines)
	return body{Sheet: s, Notes: doc.Notes, Post: timelinePost(doc, days, s.None)},
		func(p *page) { timeline(p, doc, days, s.None) }
}

// by is how people read a user name.
func by(user string) string { return account.Name(user) }

func noteID(id int64) cell {
	if id == 0 {
		return text("")
	}
	return text(strconv.FormatInt(id, 10))
}

// timelineDay holds the lines of one UTC date.
type timelineDay struct {
	date  string
	lines []timelineEntry
}

type timelineEntry struct{ clock, text, by string }

// timelineDays groups the lines by date. They stay in the order of the document.
func timelineDays(lines []jsonv1.TimelineLine) []timelineDay {
	var days []timelineDay
	for _, l := range lines {
		date, clock := l.At, ""
		if at, err := time.Parse(time.RFC3339, l.At); err == nil {
			date, clock = words.DayOf(at), at.UTC().Format("15:04")
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

func (e timelineEntry) content() []span {
	spans := []span{t(e.text)}
	if e.by != "" {
		spans = append(spans, as(faint, " "+e.by))
	}
	return spans
}

func timeline(p *page, doc jsonv1.Timeline, days []timelineDay, none string) {
	p.Lines([]line{form.Titled(doc.Ref, doc.Title, doc.Confidential, doc.Withheld)})
	if len(days) == 0 {
		p.Line(0, t(none))
	} else {
		p.Line(0, as(faint, "All times UTC"))
	}
	for _, day := range days {
		p.Gap()
		p.Line(0, as(strong, day.date))
		for _, e := range day.lines {
			p.Hang(2, e.lead(), 2+layout.Cells(layout.Sanitize(e.lead())), e.content()...)
		}
	}
	p.Tail(layout.Notes(doc.Notes))
}

// timelineTail are the last lines, shown below an incident. A line has its date if that differs from the line before.
func (v *View) timelineTail(lines []jsonv1.TimelineLine) []line {
	var list []line
	before := words.DayOf(v.clock.Now)
	for _, day := range timelineDays(lines) {
		for _, e := range day.lines {
			spans := append(e.lead(), e.content()...)
			if day.date != before {
				spans = append([]span{t(day.date + " ")}, spans...)
			}
			before = day.date
			list = append(list, unindented(spans...))
		}
	}
	return list
}

// timelinePost is the timeline as Markdown: a heading for each date, with the events below it in UTC.
func timelinePost(doc jsonv1.Timeline, days []timelineDay, none string) string {
	if len(days) == 0 {
		return layout.MarkdownLine(none) + "\n"
	}
	var out strings.Builder
	out.WriteString("All times UTC\n")
	for _, day := range days {
		out.WriteString("\n### " + layout.MarkdownCell(day.date) + "\n\n")
		for _, e := range day.lines {
			out.WriteString("- " + strings.TrimSpace(e.clock+" "+layout.MarkdownCell(e.text)) + "\n")
		}
	}
	if len(doc.Notes) > 0 {
		out.WriteString("\n" + layout.Bullets(layout.Sentenced(layout.Notes(doc.Notes))))
	}
	return out.String()
}
