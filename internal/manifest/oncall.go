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

// PartOncall marks faults that [oncall.Schedule.Check] found: all that is said can be read, and contradicts itself.
const PartOncall = "oncall"

func (f *File) oncallFields() []field {
	s, user := &f.Oncall, distinct(username)
	everybody := list(mapping(func(p *person) []field {
		return []field{key("user", text(user), &p.user).must(), key("name", text(title), &p.name).must()}
	}))
	people := key("people", everybody, &f.people)
	people.value = func() any {
		var all []person
		for _, user := range slices.Sorted(maps.Keys(s.Names)) {
			all = append(all, person{user, s.Names[user]})
		}
		return everybody.say(all)
	}
	return []field{
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

// clock is a time of the day.
func clock() codec[int] {
	return parsed("a time of the day such as 04:00, in quotes", parseClock, oncall.Clock)
}

func parseClock(s string) (int, error) {
	t, err := time.Parse("15:04", s)
	switch {
	case s == "24:00":
		return 0, fmt.Errorf("write the end of a day as 00:00")
	case err != nil:
		return 0, fmt.Errorf("%s is no time of the day: write it as 04:00", quote(s))
	}
	return t.Hour()*60 + t.Minute(), nil
}

// ParsePeriod reads how long a turn of a rotation is: 1w, 3d, 12h.
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
	return oncall.Period{}, fmt.Errorf("%s is no length of a turn: write it as 1w, 3d or 12h", quote(s))
}

type person struct{ user, name string }

// dayOrMoment is what people see in the ends of an override or a swap.
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
			r.fault(n, "%s names %d people: a swap is between two", at, len(n.Content))
		}
	}
	return []field{
		field{key: "people", read: read, value: func() any { return two.say(w.value.People[:]) }}.must(),
		key("from", moment(dayOrMoment), &w.from).must(),
		key("to", moment(dayOrMoment), &w.to).must(),
		key("reason", text(verbatim), &w.value.Reason),
	}
}

// settleOncall reads the dates, now that the regions are known, and checks the schedule. What follows from a fault that was told of is left
// out.
func (f *File) settleOncall(r *reader) {
	s := &f.Oncall
	if _, said := r.places["oncall.people"]; said {
		s.Names = map[string]string{}
	}
	for _, p := range f.people {
		if p.user != "" {
			s.Names[p.user] = p.name
		}
	}
	unread := r.told()
	for i, g := range s.Regions {
		at := fmt.Sprintf("oncall.regions[%d].rotation.handover", i)
		if _, said := r.places[at]; g.Rotation != nil && (!said || unread(at)) {
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
	told, readable := r.told(), len(r.faults)
	for _, fault := range s.Check() {
		r.schedule(*s, fault, told)
	}
	for i := range r.faults[readable:] {
		r.faults[readable+i].Part = PartOncall
	}
}

// schedule is a fault of the schedule at the place that it is about.
func (r *reader) schedule(s oncall.Schedule, fault oncall.Problem, told func(...string) bool) {
	at := "oncall." + fault.List
	if (fault.Kind == oncall.KindGap || fault.Kind == oncall.KindOverlap) && told(r.placesBelow(at)...) {
		return // it may not be there
	}
	if fault.Index >= 0 {
		at = fmt.Sprintf("%s[%d]", at, fault.Index)
	}
	key, near := at, ""
	if fault.Kind == oncall.KindOverride && fault.Field == "region" {
		near = didYouMean(s.Overrides[fault.Index].Region, regionNames(s))
	}
	if _, said := r.places[at+"."+fault.Field]; said {
		key = at + "." + fault.Field
	}
	if !told(r.placesBelow(at)...) {
		r.faultAt(key, "%s: %s%s", key, fault.Text, near)
	}
}

func regionNames(s oncall.Schedule) []string {
	var names []string
	for _, one := range s.Regions {
		names = append(names, one.Name)
	}
	return names
}

// below are a key and all that is said below it.
func (r *reader) placesBelow(at string) []string {
	var list []string
	for key := range r.places {
		if strings.HasPrefix(key, at) {
			list = append(list, key)
		}
	}
	return list
}

// regionOf is the first region of a sort. Without one the day begins at midnight on the team's clocks.
func (f *File) regionOf(is func(oncall.Region) bool) oncall.Region {
	for _, one := range f.Oncall.Regions {
		if is(one) {
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

// dayOf reads a point in time. A date is the day of a region: it begins with its shift.
func dayOf(region oncall.Region) func(string) (time.Time, error) {
	return func(s string) (time.Time, error) {
		if d, err := calendar.ParseDate(s); err == nil {
			t, _ := d.Clock(region.From, region.Zone)
			return t, nil
		}
		return ParseMoment(s, region.Zone)
	}
}
