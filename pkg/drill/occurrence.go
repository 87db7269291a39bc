package drill

import (
	"fmt"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// Occurrence is one day of drills.
type Occurrence struct {
	ID     string        // the month, such as 2018-09; of a rule with several days a month the day by the rule, such as 2018-09-02
	Rule   calendar.Date // the day by the rule
	Day    calendar.Date // on which it takes place: another one if nobody works on the day by the rule
	Number int           // of the occurrences since 1970, for turns
}

// Moved reports whether the drill takes place on another day than the rule says.
func (o Occurrence) Moved() bool { return o.Day != o.Rule }

// Earliest returns the first day on which the occurrence can take place, whatever days its rule names: the start of the month that it is
// named by, or a day to which it moved before that.
func (o Occurrence) Earliest() calendar.Date {
	first := o.Rule
	if len(o.ID) == len(monthLayout) {
		first = calendar.NewDate(o.Rule.Year(), o.Rule.Month(), 1)
	}
	if o.Day.Before(first) {
		return o.Day
	}
	return first
}

// Days are the days of drills: a rule, and the days besides weekends on which nobody works.
type Days struct {
	Rule     Rule
	Holidays []calendar.Date
}

// monthLayout is the form of a month: 2018-09.
const monthLayout = "2006-01"

// In returns the occurrences whose day by the rule is in a month, in order.
func (d Days) In(year int, month time.Month) (list []Occurrence) {
	months := max(1, len(d.Rule.Months))
	at := max(0, slices.Index(d.Rule.Months, int(month)))
	if len(d.Rule.Months) == 0 {
		months, at = 12, int(month)-1
	}
	nominal := d.Rule.nominal(year, month)
	for n, day := range nominal {
		o := Occurrence{ID: day.String(), Rule: day, Day: d.moved(day), Number: ((year-1970)*months+at)*len(nominal) + n}
		if len(d.Rule.Days) < 2 {
			o.ID = day.String()[:len(monthLayout)]
		}
		list = append(list, o)
	}
	return list
}

// moved returns the day on which people work, for a day by the rule.
func (d Days) moved(day calendar.Date) calendar.Date {
	step := map[Weekend]int{NextDay: 1, PreviousDay: -1}[d.Rule.Weekend]
	if step == 0 {
		return day
	}
	for n := 0; n < maxMove; n++ {
		if to := day.AddDays(n * step); d.works(to) {
			return to
		}
	}
	return day
}

// maxMove is how many days without work are passed over.
const maxMove = 28

func (d Days) works(day calendar.Date) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && !slices.Contains(d.Holidays, day)
}

// Around returns the last occurrence up to a day, and the next one after it. Both are zero without a rule.
func (d Days) Around(today calendar.Date) (last, next Occurrence) {
	const reach = 14 // months: every rule has an occurrence in a year, and a move can leave the month
	for n := -reach; n <= reach; n++ {
		month := calendar.NewDate(today.Year(), today.Month()+time.Month(n), 1)
		for _, o := range d.In(month.Year(), month.Month()) {
			switch {
			case !o.Day.After(today):
				last = o
			case next.ID == "":
				next = o
			}
		}
	}
	return last, next
}

// Before returns the occurrence before another one.
func (d Days) Before(o Occurrence) Occurrence {
	last, _ := d.Around(o.Day.AddDays(-1))
	return last
}

// Between returns the occurrences that take place from one day to another, both included.
func (d Days) Between(from, to calendar.Date) (list []Occurrence) {
	for month := calendar.NewDate(from.Year(), from.Month()-1, 1); !month.After(to.AddDays(maxMove)); {
		for _, o := range d.In(month.Year(), month.Month()) {
			if !o.Day.Before(from) && !o.Day.After(to) {
				list = append(list, o)
			}
		}
		month = calendar.NewDate(month.Year(), month.Month()+1, 1)
	}
	return list
}

// Find returns the occurrence with an id. A month is enough if it has one occurrence, and so is the day on which one takes place.
func (d Days) Find(id string) (Occurrence, error) {
	if month, err := time.Parse(monthLayout, id); err == nil {
		list := d.In(month.Year(), month.Month())
		switch len(list) {
		case 1:
			return list[0], nil
		case 0:
			return Occurrence{}, fmt.Errorf("no restore drill is in %s by the rule %s", id, d.Rule)
		}
		return Occurrence{}, fmt.Errorf("%s has %d restore drills: use a day such as %s", id, len(list), list[0].ID)
	}
	day, err := calendar.ParseDate(id)
	if err != nil {
		return Occurrence{}, fmt.Errorf("invalid occurrence %q (use a month such as 2018-09, or a day)", id)
	}
	near := d.Between(day.AddDays(-maxMove), day.AddDays(maxMove))
	for _, match := range []func(Occurrence) bool{
		func(o Occurrence) bool { return o.Rule == day }, func(o Occurrence) bool { return o.Day == day },
	} {
		if at := slices.IndexFunc(near, match); at >= 0 {
			return near[at], nil
		}
	}
	return Occurrence{}, fmt.Errorf("no restore drill is on %s by the rule %s", id, d.Rule)
}
