// Package ics reads who is on call from an iCalendar file (RFC 5545), as Google Calendar, Outlook and PagerDuty write them.
//
// Start with [Parse]. Events that belong to nobody on call are skipped. Of the others, a rule of recurrence may be daily or weekly; any
// other is a [Problem], and the event is left out. Rules are evaluated only for the period that is asked for, so a series without an end
// costs no more than a short one, and the size of a file bounds the time it takes.
//
// Nothing here opens a file or sends a request. Which person covers which part of a shift is decided in pkg/oncall.
package ics

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Options are what a calendar does not say itself.
type Options struct {
	People map[string][]string                       // the attendees or words of a summary by GitLab user name
	Zone   func(name string) (*time.Location, error) // finds a time zone by its IANA name
	Local  *time.Location                            // of times without a zone, unless the calendar has one
}

// Calendar are the events of the people on call.
type Calendar struct {
	Events   int       // that belong to a person
	Others   int       // that belong to nobody
	Problems []Problem // in the order of the file

	events []event
}

// Problem is an event of a person that cannot be used.
type Problem struct {
	Line    int // of the file
	Summary string
	UID     string
	Text    string // what is wrong
}

// Limits: more than this is not an on-call schedule.
const (
	mostEvents     = 20000
	mostExceptions = 100000
	mostZones      = 100
	mostProblems   = 100
)

// Parse reads a calendar. An error means that nothing of it can be used.
func Parse(data []byte, o Options) (*Calendar, error) {
	r := &reader{options: o, people: o.names(), zones: map[string]*time.Location{}, places: map[string]int{}}
	if err := walk(data, r.read); err != nil {
		return nil, err
	}
	return r.calendar()
}

// During returns the people whose events cover a part of a period; see [oncall.Calendar].
func (c *Calendar) During(from, to time.Time, day calendar.Date) (list []oncall.Presence) {
	for i := range c.events {
		list = c.events[i].during(list, from, to, day)
	}
	return list
}

// source is an event as it is in the file.
type source struct {
	line              int
	uid, summary      string
	attendees         []string
	status            string
	sequence          int
	start, end        property
	duration, replace property
	rules             []string
	except            []property
	unsupported       string // the name of a property
	person            string
	several           string // who else it belongs to
}

// reader collects the events.
type reader struct {
	options  Options
	people   names
	zone     string            // X-WR-TIMEZONE
	custom   map[string]string // the IANA names that the calendar gives to its own zones
	zones    map[string]*time.Location
	places   map[string]int // in kept, by UID and instance
	kept     []source
	now      source // the open event
	defined  string // the TZID of the open VTIMEZONE
	location string // its X-LIC-LOCATION
	out      Calendar
	dates    int
}

func (r *reader) read(component string, p property) error {
	switch component {
	case "VCALENDAR":
		if p.name == "X-WR-TIMEZONE" {
			r.zone = p.value
		}
	case "VTIMEZONE": // its rules are ignored: only its name counts
		r.readZone(p)
	case "VEVENT":
		return r.readEvent(p)
	}
	return nil
}

func (r *reader) readZone(p property) {
	switch p.name {
	case "BEGIN":
		r.defined, r.location = "", ""
	case "TZID":
		r.defined = p.value
	case "X-LIC-LOCATION":
		r.location = p.value
	case "END":
		if r.custom == nil {
			r.custom = map[string]string{}
		}
		if r.location != "" && len(r.custom) < mostZones {
			r.custom[r.defined] = r.location
		}
	}
}

func (r *reader) readEvent(p property) error {
	e := &r.now
	switch p.name {
	case "BEGIN":
		r.now = source{line: p.line}
	case "END":
		return r.keep(r.now)
	case "UID":
		e.uid = p.text()
	case "SUMMARY":
		e.summary = p.text()
	case "STATUS":
		e.status = strings.ToUpper(p.value)
	case "SEQUENCE":
		e.sequence, _ = strconv.Atoi(p.value)
	case "DTSTART":
		e.start = p
	case "DTEND":
		e.end = p
	case "DURATION":
		e.duration = p
	case "RECURRENCE-ID":
		e.replace = p
	case "RRULE":
		e.rules = append(e.rules, p.value)
	case "EXDATE":
		if r.dates += 1 + strings.Count(p.value, ","); r.dates > mostExceptions {
			return fmt.Errorf("more than %d exceptions", mostExceptions)
		}
		e.except = append(e.except, p)
	case "RDATE", "EXRULE":
		e.unsupported = p.name
	case "ATTENDEE":
		if !strings.EqualFold(p.parameter("PARTSTAT"), "DECLINED") {
			e.attendees = append(e.attendees, p.value, p.parameter("CN"))
		}
	}
	return nil
}

// keep keeps an event that belongs to a person, and one that replaces an instance of another event, whoever it belongs to.
func (r *reader) keep(e source) error {
	e.person, e.several = r.people.of(e.attendees, e.summary)
	e.attendees = nil
	if e.person == "" {
		r.out.Others++
	} else {
		r.out.Events++
	}
	if e.person == "" && e.replace.name == "" {
		return nil
	}
	if e.uid != "" {
		key := e.uid + "\x00" + e.replace.value
		if n, known := r.places[key]; known {
			if e.sequence >= r.kept[n].sequence {
				r.kept[n] = e
			}
			return nil
		}
		r.places[key] = len(r.kept)
	}
	if r.kept = append(r.kept, e); len(r.kept) > mostEvents {
		return fmt.Errorf("more than %d events of people on call", mostEvents)
	}
	return nil
}

// calendar makes events of what was kept.
func (r *reader) calendar() (*Calendar, error) {
	if r.options.Local == nil {
		r.options.Local = time.UTC
	}
	if zone, err := r.findZone(r.zone); err == nil && zone != nil {
		r.options.Local = zone
	}
	ours, wrong := map[string]bool{}, map[string]bool{}
	for _, e := range r.kept {
		ours[e.uid] = ours[e.uid] || e.person != ""
	}
	type made struct {
		event
		source *source
	}
	var list []made
	replaced := map[string][]moment{}
	for i := range r.kept {
		e := &r.kept[i]
		if !ours[e.uid] {
			continue
		}
		one, err := r.event(e)
		if errors.Is(err, errZones) {
			return nil, err
		}
		if err != nil {
			r.problem(e, err)
			wrong[e.uid] = wrong[e.uid] || e.uid != ""
			continue
		}
		if e.replace.name != "" {
			replaced[e.uid] = append(replaced[e.uid], one.replaces)
		}
		if e.person != "" && e.status != "CANCELLED" {
			list = append(list, made{one, e})
		}
	}
	for _, m := range list {
		if wrong[m.source.uid] {
			continue
		}
		if m.rule != nil && m.source.uid != "" {
			m.except.add(m.days, replaced[m.source.uid]...)
		}
		r.out.events = append(r.out.events, m.event)
	}
	return &r.out, nil
}

func (r *reader) problem(e *source, err error) {
	if len(r.out.Problems) < mostProblems {
		r.out.Problems = append(r.out.Problems, Problem{e.line, short(e.summary), short(e.uid), err.Error()})
	}
}

// short makes a text from the calendar fit into a message.
func short(s string) string {
	const most = 80
	runes := []rune(sanitize.Line(s[:min(len(s), 4*most)]))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(runes)
}

// names finds people.
type names struct {
	exact map[string]string // user names by lower-case attendee
	words [][2]string       // lower-case words of a summary, and the user name
}

func (o Options) names() names {
	n := names{exact: map[string]string{}}
	for _, user := range slices.Sorted(maps.Keys(o.People)) {
		for _, name := range o.People[user] {
			name = strings.ToLower(strings.TrimSpace(name))
			n.exact[name] = user
			n.words = append(n.words, [2]string{name, user})
		}
	}
	return n
}

// of returns the person of an event: the attendee, or else who is named in the summary. If there are several, the second one is other.
func (n names) of(attendees []string, summary string) (person, other string) {
	add := func(user string) {
		switch {
		case user == "" || user == person || user == other:
		case person == "":
			person = user
		default:
			person, other = min(person, user), cmp.Or(other, max(person, user))
		}
	}
	for _, a := range attendees {
		a = strings.ToLower(strings.TrimSpace(a))
		add(n.exact[strings.TrimPrefix(a, "mailto:")])
	}
	if person != "" {
		return person, other
	}
	const longest = 1000
	summary = strings.ToLower(summary[:min(len(summary), longest)])
	for _, w := range n.words {
		if hasWords(summary, w[0]) {
			add(w[1])
		}
	}
	return person, other
}
