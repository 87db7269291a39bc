package render

import (
	"strconv"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/icalendar"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Oncall shows who is on call and who is next. It is also a calendar.
func (v *View) Oncall(doc jsonv1.Oncall) error { return show(v, doc, v.oncallForm) }

func (v *View) oncallForm(doc jsonv1.Oncall) (body, func(*page)) {
	s := sheet{Columns: append([]column{{Name: "When", Field: "when"}}, dutyColumns()...)}
	duties := []jsonv1.Duty{doc.Duty}
	s.Rows = append(s.Rows, dutyRow(doc.Duty, text(doc.When)))
	if doc.After.Shift != "" { // a person may have no further duty
		duties = append(duties, doc.After)
		s.Rows = append(s.Rows, dutyRow(doc.After, text("after")))
	}
	b := body{Sheet: s, Notes: doc.Notes}
	b.Also = map[Format]func() string{ICS: func() string { return icalendar.Of(duties, v.clock.Now) }}
	return b, func(p *page) {
		p.Lines(v.oncallLines(doc))
		p.Tail(layout.Notes(doc.Notes))
	}
}

func (v *View) oncallLines(doc jsonv1.Oncall) []line {
	head := "On call now: "
	if doc.When != "now" {
		head = "On call next: "
	}
	lines := []line{unindented(t(head), as(strong, personText(doc.Duty.Person)), t(", "+doc.Duty.Region))}
	lines = append(lines, v.dutyLines(doc.Duty, v.distance(doc))...)
	if doc.After.Shift == "" {
		return lines
	}
	lines = append(lines, unindented(t("After that: "), as(strong, personText(doc.After.Person)), t(", "+doc.After.Region)))
	return append(lines, v.dutyLines(doc.After, "")...)
}

// dutyLines returns the time of a duty, and the reason of an override.
func (v *View) dutyLines(d jsonv1.Duty, distance string) []line {
	when := []span{t(v.clock.Window(d.From, d.To))}
	if distance != "" {
		when = append(when, as(faint, " ("+distance+")"))
	}
	lines := []line{below(2, when...)}
	if d.Override {
		lines = append(lines, below(2, as(warn, "override"), t(reasoned(d.Reason))))
	}
	return lines
}

// distance returns how long the duty still lasts, or how long until it starts.
func (v *View) distance(doc jsonv1.Oncall) string {
	at, err := time.Parse(time.RFC3339, doc.At)
	from, to, ok := words.Ends(doc.Duty.From, doc.Duty.To)
	switch {
	case err != nil || !ok:
		return ""
	case at.Before(from):
		return "in " + words.Lasting(int(from.Sub(at).Minutes()))
	}
	return words.Lasting(int(to.Sub(at).Minutes())) + " left"
}

// personText formats a person for people: Ana Ott (@ana).
func personText(p *jsonv1.Person) string {
	switch {
	case p == nil || p.User == "":
		return words.Unknown
	case p.Name == "" || p.Name == p.User:
		return by(p.User)
	}
	return p.Name + " (" + by(p.User) + ")"
}

func dutyColumns() []column {
	return []column{
		{Name: "Region", Field: "region"},
		{Name: "On call", Field: "user", Min: 12},
		{Field: "name"},
		{Name: "From", Field: "from"},
		{Name: "To", Field: "to", Drop: 2},
		{Name: "By", Field: "override", Drop: 3},
		{Name: "Reason", Field: "reason", Min: 10, Drop: 1},
		{Field: "shift"},
	}
}

func dutyRow(d jsonv1.Duty, before ...cell) []cell {
	who := both(personText(d.Person), "")
	name := text("")
	if d.Person != nil {
		who.Data, name = d.Person.User, text(d.Person.Name)
	}
	override := both("", strconv.FormatBool(d.Override))
	if d.Override {
		override.Span = as(warn, "override")
	}
	return append(before, text(d.Region), who, name, both(words.Moment(d.From), d.From), both(words.Moment(d.To), d.To), override,
		text(d.Reason), text(d.Shift))
}

// OncallCheck shows the problems of the schedule.
func (v *View) OncallCheck(doc jsonv1.OncallCheck) error { return show(v, doc, v.oncallCheckForm) }

func (v *View) oncallCheckForm(doc jsonv1.OncallCheck) (body, func(*page)) {
	s := sheet{Columns: []column{{Name: "Problem", Field: "kind"}, {Name: "Details", Field: "text", Min: 20}, {Field: "from"}, {Field: "to"},
		{Name: "Where", Field: "config_key", Drop: 1}},
		None: "The schedule is valid" + validSchedule(doc)}
	for _, f := range doc.Problems {
		s.Rows = append(s.Rows, []cell{styled(bad, f.Kind), text(f.Text), text(f.From), text(f.To), text(f.ConfigKey)})
	}
	s.Rows = append(s.Rows, driftRows(doc.Calendar)...)
	return body{Sheet: s, Notes: doc.Notes}, func(p *page) {
		if len(doc.Problems) == 0 {
			p.Line(0, as(good, "The schedule is valid"),
				t(validSchedule(doc)))
		}
		for _, f := range doc.Problems {
			p.Line(0, as(bad, f.Kind), t(": "+f.Text))
			if f.ConfigKey != "" {
				p.Line(2, as(faint, f.ConfigKey))
			}
		}
		p.Lines(v.calendarLines(doc.Calendar))
		p.Tail(layout.Notes(doc.Notes))
	}
}

// calendarLines shows the calendar of the schedule, and where it differs from the file.
func (v *View) calendarLines(c *jsonv1.OncallCalendar) []line {
	if c == nil {
		return nil
	}
	head := "The calendar has " + strconv.Itoa(c.Events) + " " + words.Noun(c.Events, "event") + " of people on call"
	if c.Others > 0 {
		head += " and " + strconv.Itoa(c.Others) + " of nobody on call"
	}
	lines := []line{unindented(t(head))}
	if len(c.Drift) == 0 {
		return append(lines, unindented(as(good, "It agrees with the file"), t(" from "+day(c.From)+" to "+day(c.To))))
	}
	lines = append(lines, unindented(as(warn, "It differs from the file"), t(" from "+day(c.From)+" to "+day(c.To)+":")))
	for _, d := range c.Drift {
		lines = append(lines, below(2, t(d.Region+", "+v.clock.Window(d.From, d.To)+": "+driftText(d))))
	}
	return lines
}

// driftText says who is on call by the calendar, and who by the file.
func driftText(d jsonv1.OncallDrift) string {
	text := personText(d.Calendar) + " in the calendar, " + personText(d.File) + " in the file"
	switch {
	case d.Calendar == nil && d.File == nil:
		text = "nobody in the calendar, nobody in the file"
	case d.Calendar == nil:
		text = "nobody in the calendar, so " + personText(d.File) + " from the file"
	}
	if d.Shifts > 1 {
		text += " (" + strconv.Itoa(d.Shifts) + " shifts)"
	}
	return text
}

func driftRows(c *jsonv1.OncallCalendar) (rows [][]cell) {
	if c == nil {
		return nil
	}
	for _, d := range c.Drift {
		rows = append(rows, []cell{styled(warn, "drift"), text(d.Region + ": " + driftText(d)), text(d.From), text(d.To), text("")})
	}
	return rows
}

// validSchedule is the rest of the sentence about a schedule without problems.
func validSchedule(doc jsonv1.OncallCheck) string {
	regions := "between " + words.List(doc.Regions)
	if len(doc.Regions) == 1 {
		regions = "in " + doc.Regions[0]
	}
	return ": no gaps or overlaps " + regions + " from " + day(doc.From) + " to " + day(doc.To)
}

// day returns the UTC date of a time.
func day(s string) string {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return words.DayOf(at)
}
