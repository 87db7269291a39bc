package render

import (
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
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
	b.Also = map[Format]func() string{ICS: func() string { return v.calendarOf(duties) }}
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

// displayName returns the name of a person without the user name; empty for nobody.
func displayName(p *jsonv1.Person) string {
	switch {
	case p == nil:
		return ""
	case p.Name == "":
		return p.User
	}
	return p.Name
}

// nonEmpty returns the texts that are not empty.
func nonEmpty(texts ...string) []string {
	var list []string
	for _, s := range texts {
		if s != "" {
			list = append(list, s)
		}
	}
	return list
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

// icsTime is the format of a UTC time in RFC 5545.
const icsTime = "20060102T150405Z"

// calendarOf returns an iCalendar object (RFC 5545) with one event per duty. A duty always has the same UID, so that importing it again
// updates the event.
func (v *View) calendarOf(duties []jsonv1.Duty) string {
	c := new(ics)
	c.add("BEGIN", "VCALENDAR")
	c.add("VERSION", "2.0")
	c.add("PRODID", "-//prodctl//on call//EN")
	c.add("CALSCALE", "GREGORIAN")
	c.add("METHOD", "PUBLISH")
	c.text("X-WR-CALNAME", "On call")
	events := 0
	for _, d := range duties {
		from, to, ok := words.Ends(d.From, d.To)
		if !ok || !from.Before(to) {
			continue
		}
		c.add("BEGIN", "VEVENT")
		c.text("UID", uid(d))
		c.add("DTSTAMP", v.clock.Now.UTC().Format(icsTime))
		c.add("DTSTART", from.UTC().Format(icsTime))
		c.add("DTEND", to.UTC().Format(icsTime))
		c.text("SUMMARY", "On call: "+strings.Join(nonEmpty(d.Region, displayName(d.Person)), ", "))
		if d.Reason != "" {
			c.text("DESCRIPTION", d.Reason)
		}
		c.add("TRANSP", "TRANSPARENT") // somebody on call can be invited to meetings
		c.add("END", "VEVENT")
		events++
	}
	if events == 0 { // a calendar needs at least one component (RFC 5545, 3.6); use the time zone
		for _, line := range [][2]string{{"BEGIN", "VTIMEZONE"}, {"TZID", "UTC"}, {"BEGIN", "STANDARD"}, {"DTSTART", "19700101T000000"},
			{"TZOFFSETFROM", "+0000"}, {"TZOFFSETTO", "+0000"}, {"END", "STANDARD"}, {"END", "VTIMEZONE"}} {
			c.add(line[0], line[1])
		}
	}
	c.add("END", "VCALENDAR")
	return c.String()
}

// uid returns the permanent ID of a duty, whoever is on call: its shift, and its start if that is not the start of the shift.
func uid(d jsonv1.Duty) string {
	id := d.Shift
	start, _, _ := strings.Cut(d.Shift, "/")
	if from, err := time.Parse(time.RFC3339, d.From); err == nil && !startsAt(start, from) {
		id += "/" + from.UTC().Format(icsTime)
	}
	return id + "@prodctl"
}

// startsAt compares the time in a shift's id, which has seconds only where needed.
func startsAt(start string, from time.Time) bool {
	for _, layout := range []string{"2006-01-02T15:04Z07:00", time.RFC3339} {
		if t, err := time.Parse(layout, start); err == nil {
			return t.Equal(from)
		}
	}
	return false
}

// ics builds content lines.
type ics struct{ strings.Builder }

var icsEscapes = sync.OnceValue(func() *strings.Replacer { return strings.NewReplacer(`\`, `\\`, `;`, `\;`, `,`, `\,`) })

// text writes a property of type TEXT from any source, without control characters and line breaks.
func (c *ics) text(name, value string) { c.add(name, icsEscapes().Replace(sanitize.Line(value))) }

// add writes a line, folded at 75 octets without splitting a UTF-8 character.
func (c *ics) add(name, value string) {
	const most = 75
	line, room := name+":"+value, most
	for len(line) > room {
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		c.WriteString(line[:cut] + "\r\n ")
		line, room = line[cut:], most-1
	}
	c.WriteString(line + "\r\n")
}
