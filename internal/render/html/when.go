package html

import (
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// when formats instants on the clock of the page's reader, each with its time zone, and with the instant itself for programs.
type when struct{ in *time.Location }

// moment formats one instant. Text that is not an instant stays as it is.
func (w when) moment(s string) bit {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return quote(s)
	}
	return w.stamp(at, words.Stamp+" MST")
}

func (w when) stamp(at time.Time, layout string) bit {
	return bit{Text: at.In(w.in).Format(layout), Time: at.UTC().Format(time.RFC3339)}
}

// period formats the time from one instant to another, without the parts that both have in common.
func (w when) period(from, to string) []bit {
	start, end, ok := words.Ends(from, to)
	switch {
	case !ok:
		return bits(quote(from))
	case start.Equal(end):
		return bits(w.moment(from))
	}
	here, there := start.In(w.in), end.In(w.in)
	_, before := here.Zone()
	_, after := there.Zone()
	first, second := words.Stamp, words.Stamp+" MST"
	if before != after {
		first = second
	}
	if here.Format(time.DateOnly) == there.Format(time.DateOnly) {
		second = "15:04 MST"
	}
	return bits(w.stamp(start, first), plain("to"), w.stamp(end, second))
}

// date formats a civil date, which has no time zone.
func (w when) date(s string) []bit {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return optionalBits(s)
	}
	return bits(bit{Text: s, Time: s})
}

// duration formats a duration.
func duration(minutes int) bit {
	return bit{Text: words.Lasting(minutes), Time: fmt.Sprintf("PT%dM", max(minutes, 0))}
}

// zone names the clock in a sentence.
func (w when) zone() string {
	if w.in == time.Local {
		return "the local time of the machine that wrote this page"
	}
	return w.in.String()
}

// minutesBetween returns how many whole minutes an instant is after another. ok is false if one of them is unknown.
func minutesBetween(from, at string) (minutes int, ok bool) {
	begin, err := time.Parse(time.RFC3339, from)
	if err != nil {
		return 0, false
	}
	end, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return 0, false
	}
	return int(end.Sub(begin) / time.Minute), true
}

// peopleBits lists the people of a shift.
func peopleBits(list []jsonv1.Person) []bit {
	if len(list) == 0 {
		return bits(soft(words.Unknown))
	}
	var names []bit
	for i, p := range list {
		if i > 0 {
			names = append(names, plain("then"))
		}
		if p.Name != "" {
			names = append(names, quote(p.Name))
		}
		names = append(names, quote(account.Name(p.User)))
	}
	return names
}

// day returns the day of the week and the date of an instant.
func (w when) day(s string) []string {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return []string{layout.OneLine(s)}
	}
	return []string{at.In(w.in).Format("Monday"), at.In(w.in).Format(time.DateOnly)}
}
