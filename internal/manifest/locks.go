package manifest

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/lock"
)

func lockFields(l *dated[lock.Lock]) []field {
	const form = "a time such as 2018-12-21 17:00"
	v := &l.value
	long := key("long", boolean(), &v.Long)
	if !v.Long {
		long.value = func() any { return nil } // false is the default
	}
	return []field{
		key("name", text(oneWord("a lock")), &v.Name),
		key("kind", word(lock.Soft, lock.Hard), &v.Kind),
		key("reason", text(verbatim), &v.Reason),
		key("weekly", optional(mapping(weekFields)), &v.Weekly),
		key("from", moment(form), &l.from),
		key("to", moment(form), &l.to),
		key("zone", zone(zoneName), &v.Zone),
		long,
		key("exempt", texts(oneWord("a service or an environment")), &v.Exempt),
	}
}

// zoneName returns the name of a zone; empty for the default.
func zoneName(z *time.Location) string {
	if z == nil {
		return ""
	}
	return z.String()
}

func weekFields(w *lock.Weekly) []field {
	point := func(name string, into *lock.Point) field {
		return key(name, parsed("a time of the week such as sat 01:00", parsePoint, lock.Point.String), into).must()
	}
	return []field{point("from", &w.From), point("to", &w.To)}
}

// parsePoint parses a point in the week, such as sat 01:00 or Saturday 1:00.
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
	return lock.Point{}, fmt.Errorf("invalid time of the week %s (use a time such as sat 01:00)", quote(s))
}

// deriveLocks checks each lock and the list. It leaves out faults that follow from one already reported.
func (f *File) deriveLocks(r *reader) {
	for i, l := range f.locks {
		zone := l.value.Zone
		if zone == nil {
			zone = time.UTC
		}
		l.value.From, l.value.To = l.between(r, fmt.Sprintf("locks[%d]", i), func(s string) (time.Time, error) { return ParseMoment(s, zone) })
		f.Locks = append(f.Locks, l.value)
	}
	reported := r.reported()
	for _, fault := range lock.Validate(f.Locks, f.Changes.LongLock) {
		at := fmt.Sprintf("locks[%d]", fault.Index)
		key := at + "." + fault.Field
		times := []string{at + ".from", at + ".to", at + ".weekly", at + ".weekly.from", at + ".weekly.to"}
		_, set := r.places[key]
		switch {
		case reflect.DeepEqual(f.Locks[fault.Index], lock.Lock{}) && reported(at): // not a mapping
		case reported(key), reported(times...) && fault.Field != "name" && fault.Field != "kind":
		case set:
			r.faultAt(key, "%s: %s", key, fault.Text)
		case fault.Field == "name" || fault.Field == "kind":
			r.faultAt(at, "%s.%s is required", at, fault.Field)
		default:
			r.faultAt(at, "%s: %s", at, fault.Text)
		}
	}
}
