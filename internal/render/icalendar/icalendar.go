// Package icalendar writes duties as an iCalendar file (RFC 5545). Start with [Of]. Other formats and the rules of a schedule do not belong
// here.
package icalendar

import (
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// icsTime is the format of a UTC time in RFC 5545.
const icsTime = "20060102T150405Z"

// Of returns an iCalendar object (RFC 5545) with one event per duty. A duty always has the same UID, so that importing it again
// updates the event.
func Of(duties []jsonv1.Duty, now time.Time) string {
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
		c.add("DTSTAMP", now.UTC().Format(icsTime))
		c.add("DTSTART", from.UTC().Format(icsTime))
		c.add("DTEND", to.UTC().Format(icsTime))
		c.text("SUMMARY", summary(d))
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

// summary is the title of an event: the region and the person, if they are known.
func summary(d jsonv1.Duty) string {
	list := []string{}
	if d.Region != "" {
		list = append(list, d.Region)
	}
	if name := words.DisplayName(d.Person); name != "" {
		list = append(list, name)
	}
	return "On call: " + strings.Join(list, ", ")
}
