package manifest

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// lockText is a lock as it stands in a file: its times can be read when its zone is known.
type lockText struct {
	lock.Lock
	from, to string
}

// lock takes one lock; what must hold between its keys is checked in settleLocks.
func (f *File) lock(r *reader, at string, n *yaml.Node) {
	var l lockText
	mapping(l.fields()...)(r, at, n)
	zone := l.Zone
	if zone == nil {
		zone = time.UTC
	}
	for _, side := range []struct {
		key, text string
		take      *time.Time
	}{{"from", l.from, &l.From}, {"to", l.to, &l.To}} {
		if side.text == "" {
			continue
		}
		t, err := ParseMoment(side.text, zone)
		if err != nil {
			r.faultAt(at+"."+side.key, "%s.%s: %v", at, side.key, err)
			continue
		}
		*side.take = t
	}
	f.Locks = append(f.Locks, l.Lock)
}

func (l *lockText) fields() []field {
	kinds := []string{string(lock.Soft), string(lock.Hard)}
	return []field{
		{key: "name", read: text(oneWord("a lock"), func(s string) { l.Name = s })},
		{key: "kind", read: word(kinds, func(s string) { l.Kind = lock.Kind(s) })},
		{key: "reason", read: text(verbatim, func(s string) { l.Reason = s })},
		{key: "weekly", read: l.week, below: weekFields(new(lock.Weekly))},
		{key: "from", read: moment(func(s string) { l.from = s })},
		{key: "to", read: moment(func(s string) { l.to = s })},
		{key: "zone", read: parsed("the name of a time zone", ParseZone, func(z *time.Location) { l.Zone = z })},
		{key: "long", read: boolean(func(b bool) { l.Long = b })},
		{key: "exempt", read: texts(oneWord("a service or an environment"), &l.Exempt)},
	}
}

func (l *lockText) week(r *reader, at string, n *yaml.Node) {
	l.Weekly = new(lock.Weekly)
	mapping(weekFields(l.Weekly)...)(r, at, n)
	r.require(at, "from", n)
	r.require(at, "to", n)
}

func weekFields(w *lock.Weekly) []field {
	point := func(key string, take *lock.Point) field {
		return field{key: key, read: parsed("a time of the week such as sat 01:00", parsePoint, func(p lock.Point) { *take = p })}
	}
	return []field{point("from", &w.From), point("to", &w.To)}
}

// moment takes a point in time, to be read later.
func moment(take func(string)) reading {
	some := func(s string) (string, error) {
		if s == "" {
			return "", fmt.Errorf("it is empty")
		}
		return s, nil
	}
	return scalar("a time such as 2018-12-21 17:00", some, take)
}

// parsePoint reads a point of the week, such as sat 01:00 or Saturday 1:00.
func parsePoint(s string) (lock.Point, error) {
	words := strings.Fields(strings.ToLower(s))
	if len(words) == 2 {
		clock, err := time.Parse("15:04", words[1])
		for day := time.Sunday; day <= time.Saturday && err == nil; day++ {
			if full := strings.ToLower(day.String()); words[0] == full || words[0] == full[:3] {
				return lock.Point{Day: day, Minute: clock.Hour()*60 + clock.Minute()}, nil
			}
		}
	}
	return lock.Point{}, fmt.Errorf("%s is no time of the week: write it as sat 01:00", quote(s))
}

// settleLocks checks the locks by themselves and with each other. What follows from a fault that was told of is left out.
func (f *File) settleLocks(r *reader) {
	told := r.told()
	for _, fault := range lock.Validate(f.Locks, f.Changes.LongLock) {
		at := fmt.Sprintf("locks[%d]", fault.Index)
		key := at + "." + fault.Field
		times := []string{at + ".from", at + ".to", at + ".weekly", at + ".weekly.from", at + ".weekly.to"}
		_, said := r.places[key]
		switch {
		case reflect.DeepEqual(f.Locks[fault.Index], lock.Lock{}) && told(at): // no mapping
		case told(key), told(times...) && fault.Field != "name" && fault.Field != "kind":
		case said:
			r.faultAt(key, "%s: %s", key, fault.Text)
		case fault.Field == "name" || fault.Field == "kind":
			r.faultAt(at, "%s has no %s", at, fault.Field)
		default:
			r.faultAt(at, "%s: %s", at, fault.Text)
		}
	}
}
