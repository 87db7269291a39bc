package manifest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// PartOncall marks faults that [oncall.Schedule.Check] found: all that is said can be read, and contradicts itself.
const PartOncall = "oncall"

// shifts is the schedule as it stands in a file: its dates can be read when the regions are known.
type shifts struct {
	schedule  *oncall.Schedule
	overrides []dated[oncall.Override]
	swaps     []dated[oncall.Swap]
}

// dated is something with a start and an end that are still text.
type dated[T any] struct {
	value    T
	from, to string
}

func (s *shifts) fields() []field {
	return []field{
		{key: "regions", read: s.regions, below: new(regionText).fields(), items: itemsOfList},
		{key: "people", read: s.people, below: personFields(nil, new(person)), items: itemsOfList},
		{key: "overrides", read: list(s.override), below: overrideFields(new(dated[oncall.Override])), items: itemsOfList},
		{key: "swaps", read: list(s.swap), below: swapFields(new(dated[oncall.Swap])), items: itemsOfList},
	}
}

// regionText is a region as it stands in a file: its hand-over may be left out.
type regionText struct {
	oncall.Region
	handover bool
}

// regions replaces the default ones.
func (s *shifts) regions(r *reader, at string, n *yaml.Node) {
	s.schedule.Regions = nil
	list(func(r *reader, at string, n *yaml.Node) {
		var text regionText
		mapping(text.fields()...)(r, at, n)
		for _, key := range []string{"name", "from", "to"} {
			r.require(at, key, n)
		}
		if text.Rotation != nil && !text.handover {
			text.Rotation.Handover = text.From
		}
		s.schedule.Regions = append(s.schedule.Regions, text.Region)
	})(r, at, n)
}

func (t *regionText) fields() []field {
	return []field{
		{key: "name", read: text(oneWord("a region"), func(s string) { t.Name = s })},
		clock("from", func(m int) { t.From = m }),
		clock("to", func(m int) { t.To = m }),
		{key: "zone", read: parsed("the name of a time zone", ParseZone, func(z *time.Location) { t.Zone = z })},
		{key: "rotation", read: t.rotation, below: t.rotationFields(new(oncall.Rotation))},
	}
}

func (t *regionText) rotation(r *reader, at string, n *yaml.Node) {
	t.Rotation = new(oncall.Rotation)
	mapping(t.rotationFields(t.Rotation)...)(r, at, n)
	for _, key := range []string{"members", "period", "start"} {
		r.require(at, key, n)
	}
}

func (t *regionText) rotationFields(rot *oncall.Rotation) []field {
	return []field{
		{key: "members", read: list(text(username, func(s string) { rot.Members = append(rot.Members, s) }))},
		{key: "period", read: parsed("a length of time such as 1w", ParsePeriod, func(p oncall.Period) { rot.Period = p })},
		{key: "start", read: parsed("a date such as 2018-08-06", calendar.ParseDate, func(d calendar.Date) { rot.Start = d })},
		clock("handover", func(m int) { rot.Handover, t.handover = m, true }),
	}
}

// clock is a key whose value is a time of the day.
func clock(key string, take func(int)) field {
	return field{key: key, read: parsed("a time of the day such as 04:00, in quotes", parseClock, take)}
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

func (s *shifts) people(r *reader, at string, n *yaml.Node) {
	user := distinct(username)
	s.schedule.Names = map[string]string{}
	list(func(r *reader, at string, n *yaml.Node) {
		var p person
		mapping(personFields(user, &p)...)(r, at, n)
		r.require(at, "user", n)
		r.require(at, "name", n)
		if p.user != "" {
			s.schedule.Names[p.user] = p.name
		}
	})(r, at, n)
}

func personFields(user func(string) (string, error), p *person) []field {
	return []field{
		{key: "user", read: text(user, func(s string) { p.user = s })},
		{key: "name", read: text(title, func(s string) { p.name = s })},
	}
}

func (s *shifts) override(r *reader, at string, n *yaml.Node) {
	var o dated[oncall.Override]
	mapping(overrideFields(&o)...)(r, at, n)
	for _, key := range []string{"region", "person", "from", "to"} {
		r.require(at, key, n)
	}
	s.overrides = append(s.overrides, o)
}

func overrideFields(o *dated[oncall.Override]) []field {
	return []field{
		{key: "region", read: text(oneWord("a region"), func(s string) { o.value.Region = s })},
		{key: "person", read: text(username, func(s string) { o.value.Person = s })},
		{key: "from", read: day(func(s string) { o.from = s })},
		{key: "to", read: day(func(s string) { o.to = s })},
		{key: "instead_of", read: text(username, func(s string) { o.value.InsteadOf = s })},
		{key: "reason", read: text(verbatim, func(s string) { o.value.Reason = s })},
	}
}

func (s *shifts) swap(r *reader, at string, n *yaml.Node) {
	var w dated[oncall.Swap]
	mapping(swapFields(&w)...)(r, at, n)
	for _, key := range []string{"people", "from", "to"} {
		r.require(at, key, n)
	}
	s.swaps = append(s.swaps, w)
}

func swapFields(w *dated[oncall.Swap]) []field {
	return []field{
		{key: "people", read: func(r *reader, at string, n *yaml.Node) {
			var two []string
			texts(username, &two)(r, at, n)
			if n.Kind == yaml.SequenceNode && len(two) != len(w.value.People) {
				r.fault(n, "%s names %d people: a swap is between two", at, len(two))
			}
			copy(w.value.People[:], two)
		}},
		{key: "from", read: day(func(s string) { w.from = s })},
		{key: "to", read: day(func(s string) { w.to = s })},
		{key: "reason", read: text(verbatim, func(s string) { w.value.Reason = s })},
	}
}

// day takes a date or a point in time, to be read later.
func day(take func(string)) reading {
	some := func(s string) (string, error) {
		if s == "" {
			return "", fmt.Errorf("it is empty")
		}
		return s, nil
	}
	return scalar("a date such as 2018-12-24, or a time such as 2018-12-24 17:00", some, take)
}

// settleOncall reads the dates, now that the regions are known, and checks the schedule. What follows from a fault that was told of is left out.
func (f *File) settleOncall(r *reader) {
	s := &f.Oncall
	for i, o := range f.shifts.overrides {
		region := f.regionOf(func(one oncall.Region) bool { return one.Name == o.value.Region })
		o.value.From, o.value.To = r.between(fmt.Sprintf("oncall.overrides[%d]", i), o.from, o.to, region)
		s.Overrides = append(s.Overrides, o.value)
	}
	for i, w := range f.shifts.swaps {
		region := f.regionOf(func(one oncall.Region) bool {
			return rotates(one, w.value.People[0]) || rotates(one, w.value.People[1])
		})
		w.value.From, w.value.To = r.between(fmt.Sprintf("oncall.swaps[%d]", i), w.from, w.to, region)
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
func (r *reader) schedule(s oncall.Schedule, fault oncall.Fault, told func(...string) bool) {
	at := "oncall." + fault.List
	if (fault.Kind == oncall.KindGap || fault.Kind == oncall.KindOverlap) && told(r.below(at)...) {
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
	if !told(r.below(at)...) {
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
func (r *reader) below(at string) []string {
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

func rotates(r oncall.Region, user string) bool {
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

// between reads a start and an end. A date is the day of a region: it begins with its shift.
func (r *reader) between(at, from, to string, region oncall.Region) (time.Time, time.Time) {
	var out [2]time.Time
	for i, side := range []struct{ key, text string }{{"from", from}, {"to", to}} {
		if side.text == "" {
			continue
		}
		if d, err := calendar.ParseDate(side.text); err == nil {
			out[i], _ = d.Clock(region.From, region.Zone)
			continue
		}
		t, err := ParseMoment(side.text, region.Zone)
		if err != nil {
			r.faultAt(at+"."+side.key, "%s.%s: %v", at, side.key, err)
			continue
		}
		out[i] = t
	}
	return out[0], out[1]
}
