package drill

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Weekend says what happens to an occurrence on a Saturday, a Sunday or a holiday.
type Weekend string

// What a rule can do with a day on which nobody works.
const (
	NextDay     Weekend = "next" // it moves to the next working day
	PreviousDay Weekend = "previous"
	KeepDay     Weekend = "keep"
)

// Rule says on which days of which months a drill takes place. The zero Rule has no occurrence; see [Handbook].
type Rule struct {
	Days    []int        // of the month, sorted; in a shorter month its last day; empty: Weekday counts
	Nth     int          // of the weekdays of the month: 1 to 4, or Last
	Weekday time.Weekday // with Nth
	Months  []int        // sorted; empty: all
	Weekend Weekend
}

// Last is the last weekday of a month.
const Last = -1

const lastDay = 31

// Handbook returns the rule of the handbook: the second day of every month.
func Handbook() Rule { return Rule{Days: []int{2}, Weekend: NextDay} }

// ruleForms are examples for messages.
const ruleForms = `use day:2, last:friday, first:monday or a list such as "day:2,16 month:1-6", and weekend:keep to stay on weekends`

var ordinals = []string{"first", "second", "third", "fourth"}

// ParseRule parses a rule: day:2, day:last, day:2,16, first:monday to fourth:monday or last:friday; perhaps followed by month:1,4,7,10 and
// weekend:next, previous or keep. The numbers may be ranges and steps as in cron: 1-6, */3. A rule that names a Saturday or a Sunday keeps
// it unless it has a word for weekends.
func ParseRule(s string) (Rule, error) {
	var r Rule
	seen := map[string]bool{}
	for _, term := range strings.Fields(strings.ToLower(s)) {
		name, value, ok := strings.Cut(term, ":")
		group := cmp.Or(map[string]string{"month": name, "weekend": name}[name], "day")
		if !ok || value == "" {
			return Rule{}, fmt.Errorf("invalid rule %q (%s)", s, ruleForms)
		}
		if seen[group] {
			return Rule{}, fmt.Errorf("invalid rule %q: it has two words for the %s", s, group)
		}
		seen[group] = true
		if err := r.term(name, value); err != nil {
			return Rule{}, fmt.Errorf("invalid rule %q: %w", s, err)
		}
	}
	if !seen["day"] {
		return Rule{}, fmt.Errorf("invalid rule %q (%s)", s, ruleForms)
	}
	if r.Weekend == "" {
		r.Weekend = NextDay
		if r.onWeekends() {
			r.Weekend = KeepDay
		}
	}
	return r, nil
}

// onWeekends reports whether the rule names a Saturday or a Sunday.
func (r Rule) onWeekends() bool {
	return len(r.Days) == 0 && (r.Weekday == time.Saturday || r.Weekday == time.Sunday)
}

func (r *Rule) term(name, value string) (err error) {
	switch name {
	case "day":
		if value == "last" {
			value = strconv.Itoa(lastDay)
		}
		if r.Days, err = numbers(value, 1, lastDay); err != nil {
			return err
		}
		if n := len(r.Days); n > 1 && r.Days[n-2] > 28 {
			return fmt.Errorf("day %d and day %d are the same day in February", r.Days[n-2], r.Days[n-1])
		}
		return nil
	case "month":
		r.Months, err = numbers(value, 1, 12)
		return err
	case "weekend":
		r.Weekend = Weekend(value)
		if r.Weekend != NextDay && r.Weekend != PreviousDay && r.Weekend != KeepDay {
			return fmt.Errorf("invalid word %q for weekends (use next, previous or keep)", value)
		}
		return nil
	}
	r.Nth = slices.Index(ordinals, name) + 1
	if name == "last" {
		r.Nth = Last
	}
	if r.Nth == 0 {
		return fmt.Errorf("unknown word %q (%s)", name, ruleForms)
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		if strings.EqualFold(day.String(), value) {
			r.Weekday = day
			return nil
		}
	}
	return fmt.Errorf("invalid day of the week %q (use monday to sunday)", value)
}

// numbers parses a list as in cron: 2, 2,16, 1-6, */3.
func numbers(list string, least, most int) (all []int, err error) {
	for item := range strings.SplitSeq(list, ",") {
		from, to, step := least, most, 1
		value, every, stepped := strings.Cut(item, "/")
		if stepped {
			if step, err = number(every, 1, most); err != nil {
				return nil, err
			}
		}
		if first, last, isRange := strings.Cut(value, "-"); value != "*" {
			if from, err = number(first, least, most); err != nil {
				return nil, err
			}
			if !stepped {
				to = from
			}
			if isRange {
				if to, err = number(last, from, most); err != nil {
					return nil, err
				}
			}
		}
		for n := from; n <= to; n += step {
			all = append(all, n)
		}
	}
	stable.Sort(all, cmp.Compare[int])
	return slices.Compact(all), nil
}

func number(s string, least, most int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most || strings.HasPrefix(s, "+") {
		return 0, fmt.Errorf("invalid number %q (use %d to %d)", s, least, most)
	}
	return n, nil
}

// String returns the rule in the form that [ParseRule] reads.
func (r Rule) String() string {
	if r.IsZero() {
		return ""
	}
	s := ""
	switch {
	case len(r.Days) == 1 && r.Days[0] == lastDay:
		s = "day:last"
	case len(r.Days) > 0:
		s = "day:" + joined(r.Days)
	case r.Nth == Last:
		s = "last:" + strings.ToLower(r.Weekday.String())
	default:
		s = ordinals[r.Nth-1] + ":" + strings.ToLower(r.Weekday.String())
	}
	if len(r.Months) > 0 {
		s += " month:" + joined(r.Months)
	}
	if r.Weekend != NextDay && !r.onWeekends() || r.onWeekends() && r.Weekend != KeepDay {
		s += " weekend:" + string(r.Weekend)
	}
	return s
}

func joined(list []int) string {
	var words []string
	for _, n := range list {
		words = append(words, strconv.Itoa(n))
	}
	return strings.Join(words, ",")
}

// IsZero reports whether the rule is empty.
func (r Rule) IsZero() bool { return len(r.Days) == 0 && r.Nth == 0 }

// nominal returns the days of a month, before any moves.
func (r Rule) nominal(year int, month time.Month) (days []calendar.Date) {
	if len(r.Months) > 0 && !slices.Contains(r.Months, int(month)) {
		return nil
	}
	end := calendar.NewDate(year, month+1, 0)
	for _, day := range r.Days {
		days = append(days, calendar.NewDate(year, month, min(day, end.Day())))
	}
	switch {
	case len(r.Days) > 0 || r.Nth == 0:
	case r.Nth == Last:
		days = append(days, end.AddDays(-ahead(r.Weekday, end.Weekday())))
	default:
		first := calendar.NewDate(year, month, 1)
		days = append(days, first.AddDays(ahead(first.Weekday(), r.Weekday)+7*(r.Nth-1)))
	}
	return days
}

// ahead returns how many days a weekday is after another one: 0 to 6.
func ahead(from, to time.Weekday) int { return (int(to) - int(from) + 7) % 7 }
