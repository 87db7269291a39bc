package render

import (
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/visible"
)

// icsTime is an instant in UTC as RFC 5545 writes it.
const icsTime = "20060102T150405Z"

// calendarOf is an iCalendar object (RFC 5545) of duties, an event each. A duty has the same UID whenever it is written,
// so that importing it again moves or renames it and doubles nothing.
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
		c.text("SUMMARY", "On call: "+strings.Join(said(d.Region, called(d.Person)), ", "))
		if d.Reason != "" {
			c.text("DESCRIPTION", d.Reason)
		}
		c.add("TRANSP", "TRANSPARENT") // somebody on call can be invited to meetings
		c.add("END", "VEVENT")
		events++
	}
	if events == 0 { // a calendar has a component at least (RFC 5545, 3.6), and the zone of all its instants is one
		for _, line := range [][2]string{{"BEGIN", "VTIMEZONE"}, {"TZID", "UTC"}, {"BEGIN", "STANDARD"}, {"DTSTART", "19700101T000000"},
			{"TZOFFSETFROM", "+0000"}, {"TZOFFSETTO", "+0000"}, {"END", "STANDARD"}, {"END", "VTIMEZONE"}} {
			c.add(line[0], line[1])
		}
	}
	c.add("END", "VCALENDAR")
	return c.String()
}

// uid names a duty for good, whoever has it: its shift, and its start where that is not the shift's.
func uid(d jsonv1.Duty) string {
	id := d.Shift
	begin, _, _ := strings.Cut(d.Shift, "/")
	if from, err := time.Parse(time.RFC3339, d.From); err == nil && !startsAt(begin, from) {
		id += "/" + from.UTC().Format(icsTime)
	}
	return id + "@prodctl"
}

// startsAt reads the instant in a shift's id, which has seconds only where it needs them.
func startsAt(begin string, from time.Time) bool {
	for _, form := range []string{"2006-01-02T15:04Z07:00", time.RFC3339} {
		if t, err := time.Parse(form, begin); err == nil {
			return t.Equal(from)
		}
	}
	return false
}

// ics are content lines.
type ics struct{ strings.Builder }

var icsEscapes = sync.OnceValue(func() *strings.Replacer { return strings.NewReplacer(`\`, `\\`, `;`, `\;`, `,`, `\,`) })

// text writes a property whose value is TEXT, from whoever it may come. What a terminal would act on is no part of a calendar either,
// and neither are line breaks.
func (c *ics) text(name, value string) { c.add(name, icsEscapes().Replace(visible.Line(value))) }

// add writes a line, folded: no more than 75 octets, and no character of UTF-8 in two pieces.
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
