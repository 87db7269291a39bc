package manifest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// The sources of who is on call.
const (
	SourceFile = "file" // rotations, swaps and overrides
	SourceICS  = "ics"  // a calendar, and the file where it has nobody
)

// PartOncall marks problems found by [oncall.Schedule.Check]: the file can be read, but the schedule is invalid.
const PartOncall = "oncall"

func (f *File) oncallFields() []field {
	s, user, known := &f.Oncall, distinct(username), distinct(attendee)
	everybody := list(mapping(func(p *person) []field {
		return []field{
			key("user", text(user), &p.user).must(), key("name", text(title), &p.name).must(),
			key("zone", zone(zoneName), &p.working.Zone),
			key("hours", parsed("hours such as 09:00-17:00", parseHours, oncall.Hours.String), &p.working.Hours),
			key("calendar", list(text(known)), &p.attendees),
		}
	}))
	people := key("people", everybody, &f.people)
	people.value = func() any {
		var all []person
		for _, user := range slices.Sorted(maps.Keys(s.Names)) {
			all = append(all, person{user, s.Names[user], s.Working[user], s.Attendees[user]})
		}
		return everybody.encode(all)
	}
	return []field{
		key("source", word(SourceFile, SourceICS), &f.OncallSource),
		key("ics_file", text(calendarFile), &f.OncallFile),
		key("regions", list(mapping(regionFields)), &s.Regions).orEmpty(),
		people,
		datedKey("overrides", mapping(overrideFields), &f.overrides, &s.Overrides,
			func(o oncall.Override) (from, to time.Time) { return o.From, o.To }),
		datedKey("swaps", mapping(swapFields), &f.swaps, &s.Swaps,
			func(w oncall.Swap) (from, to time.Time) { return w.From, w.To }),
	}
}

func regionFields(g *oncall.Region) []field {
	inUTC := func(z *time.Location) string { return cmp.Or(zoneName(z), time.UTC.String()) }
	return []field{
		key("name", text(oneWord("a region")), &g.Name).must(),
		key("from", clock(), &g.From).must(),
		key("to", clock(), &g.To).must(),
		key("zone", zone(inUTC), &g.Zone),
		key("rotation", optional(mapping(rotationFields)), &g.Rotation),
	}
}

func rotationFields(rot *oncall.Rotation) []field {
	return []field{
		key("members", list(text(username)), &rot.Members).must(),
		key("period", parsed("a length of time such as 1w", ParsePeriod, oncall.Period.String), &rot.Period).must(),
		key("start", parsed("a date such as 2018-08-06", calendar.ParseDate, calendar.Date.String), &rot.Start).must(),
		key("handover", clock(), &rot.Handover),
	}
}

// clock is the codec of a time of the day.
func clock() codec[int] {
	return parsed("a time of the day such as 04:00, in quotes", parseClock, oncall.Clock)
}

func parseClock(s string) (int, error) {
	t, err := time.Parse("15:04", s)
	switch {
	case s == "24:00":
		return 0, fmt.Errorf("invalid time \"24:00\" (use \"00:00\" for the end of a day)")
	case err != nil:
		return 0, fmt.Errorf("invalid time %s (use a form such as 04:00)", quote(s))
	}
	return t.Hour()*60 + t.Minute(), nil
}

// ParsePeriod parses the length of a turn in a rotation: 1w, 3d, 12h.
func ParsePeriod(s string) (oncall.Period, error) {
	const most = 1000
	if n, err := strconv.ParseUint(strings.TrimRight(s, "wdh"), 10, 16); err == nil && n > 0 && n <= most {
		switch strings.TrimLeft(s, "0123456789") {
		case "w":
			return oncall.Period{Days: int(n) * 7}, nil
		case "d":
			return oncall.Period{Days: int(n)}, nil
		case "h":
			return oncall.Period{Hours: int(n)}, nil
		}
	}
	return oncall.Period{}, fmt.Errorf("invalid period %s (use a form such as 1w, 3d or 12h)", quote(s))
}

// person is one of the people of the schedule.
type person struct {
	user, name string
	working    oncall.Working
	attendees  []string
}

// attendee accepts how a calendar calls a person: an address, or words of a summary. Each belongs to one person.
func attendee(s string) (string, error) {
	if s = strings.Join(strings.Fields(s), " "); s == "" {
		return "", fmt.Errorf("the name is empty")
	}
	return s, nil
}

// parseHours parses working hours.
func parseHours(s string) (oncall.Hours, error) {
	h, err := oncall.ParseHours(s)
	if err != nil {
		err = fmt.Errorf("invalid hours %s (use a form such as 09:00-17:00)", quote(s))
	}
	return h, err
}

// dayOrMoment describes the ends of an override or a swap in messages.
const dayOrMoment = "a date such as 2018-12-24, or a time such as 2018-12-24 17:00"

func overrideFields(o *dated[oncall.Override]) []field {
	return []field{
		key("region", text(oneWord("a region")), &o.value.Region).must(),
		key("person", text(username), &o.value.Person).must(),
		key("from", moment(dayOrMoment), &o.from).must(),
		key("to", moment(dayOrMoment), &o.to).must(),
		key("instead_of", text(username), &o.value.InsteadOf),
		key("reason", text(verbatim), &o.value.Reason),
	}
}

func swapFields(w *dated[oncall.Swap]) []field {
	two := texts(username)
	people := two.into(func(users []string) { copy(w.value.People[:], users) })
	read := func(r *reader, at string, n *yaml.Node) {
		if people(r, at, n); n.Kind == yaml.SequenceNode && len(n.Content) != len(w.value.People) {
			r.fault(n, "%s: a swap needs exactly two people, not %d", at, len(n.Content))
		}
	}
	return []field{
		field{key: "people", read: read, value: func() any { return two.encode(w.value.People[:]) }}.must(),
		key("from", moment(dayOrMoment), &w.from).must(),
		key("to", moment(dayOrMoment), &w.to).must(),
		key("reason", text(verbatim), &w.value.Reason),
	}
}

// deriveOncall parses the dates, now that the regions are known, and checks the schedule. Problems that follow from an error reported
// before are left out.
func (f *File) deriveOncall(r *reader) {
	s := &f.Oncall
	if _, given := r.places["oncall.people"]; given {
		s.Names, s.Working, s.Attendees = map[string]string{}, map[string]oncall.Working{}, map[string][]string{}
	}
	for _, p := range f.people {
		if p.user != "" {
			s.Names[p.user] = p.name
			if p.working != (oncall.Working{}) {
				s.Working[p.user] = p.working
			}
			if len(p.attendees) > 0 {
				s.Attendees[p.user] = p.attendees
			}
		}
	}
	invalid := r.reported()
	for i, g := range s.Regions {
		at := fmt.Sprintf("oncall.regions[%d].rotation.handover", i)
		if _, given := r.places[at]; g.Rotation != nil && (!given || invalid(at)) {
			g.Rotation.Handover = g.From
		}
	}
	for i, o := range f.overrides {
		region := f.regionOf(func(one oncall.Region) bool { return one.Name == o.value.Region })
		o.value.From, o.value.To = o.between(r, fmt.Sprintf("oncall.overrides[%d]", i), dayOf(region))
		s.Overrides = append(s.Overrides, o.value)
	}
	for i, w := range f.swaps {
		region := f.regionOf(func(one oncall.Region) bool {
			return inRotation(one, w.value.People[0]) || inRotation(one, w.value.People[1])
		})
		w.value.From, w.value.To = w.between(r, fmt.Sprintf("oncall.swaps[%d]", i), dayOf(region))
		s.Swaps = append(s.Swaps, w.value)
	}
	reported, before := r.reported(), len(r.faults)
	for _, problem := range s.Check() {
		r.schedule(*s, problem, reported)
	}
	for i := range r.faults[before:] {
		r.faults[before+i].Part = PartOncall
	}
}

// schedule reports a problem of the schedule at its place in the file.
func (r *reader) schedule(s oncall.Schedule, problem oncall.Problem, reported func(...string) bool) {
	at := "oncall." + problem.List
	if (problem.Kind == oncall.KindGap || problem.Kind == oncall.KindOverlap) && reported(r.placesBelow(at)...) {
		return // it may follow from the other error
	}
	if problem.Index >= 0 {
		at = fmt.Sprintf("%s[%d]", at, problem.Index)
	}
	key, near := at, ""
	if problem.Kind == oncall.KindOverride && problem.Field == "region" {
		near = didYouMean(s.Overrides[problem.Index].Region, regionNames(s))
	}
	if _, given := r.places[at+"."+problem.Field]; given {
		key = at + "." + problem.Field
	}
	if !reported(r.placesBelow(at)...) {
		r.faultAt(key, "%s: %s%s", key, problem.Text, near)
	}
}

func regionNames(s oncall.Schedule) []string {
	var names []string
	for _, one := range s.Regions {
		names = append(names, one.Name)
	}
	return names
}

// placesBelow returns a key and all keys below it.
func (r *reader) placesBelow(at string) []string {
	var list []string
	for key := range r.places {
		if strings.HasPrefix(key, at) {
			list = append(list, key)
		}
	}
	return list
}

// regionOf returns the first matching region. If there is none, a day starts at midnight in the team's time zone.
func (f *File) regionOf(match func(oncall.Region) bool) oncall.Region {
	for _, one := range f.Oncall.Regions {
		if match(one) {
			if one.Zone == nil {
				one.Zone = time.UTC
			}
			return one
		}
	}
	return oncall.Region{Zone: f.Timezone}
}

func inRotation(r oncall.Region, user string) bool {
	if r.Rotation == nil || user == "" {
		return false
	}
	for _, m := range r.Rotation.Members {
		if oncall.Same(m, user) {
			return true
		}
	}
	return false
}

// dayOf parses a point in time. A date is the day of a region: it starts with the shift.
func dayOf(region oncall.Region) func(string) (time.Time, error) {
	return func(s string) (time.Time, error) {
		if d, err := calendar.ParseDate(s); err == nil {
			t, _ := d.Clock(region.From, region.Zone)
			return t, nil
		}
		return ParseMoment(s, region.Zone)
	}
}
