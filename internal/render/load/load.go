// Package load holds the forms of the load of being on call: a part of the weekly report, and its numbers for CSV.
//
// Start with [Parts]. It has the people by name, and never a ranking. Writing to a stream and who may read what do not belong here.
package load

import (
	"fmt"
	"math"
	"strconv"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Title is the heading of the part.
const Title = "On-call load"

// Note explains the numbers.
const Note = "In parentheses: the mean of the previous four periods. Working hours are those of each person, Monday to Friday."

// Parts returns the table and its notes; nothing if nobody was on call.
func Parts(list []jsonv1.OncallLoad) []form.Part {
	if len(list) == 0 {
		return nil
	}
	s := layout.Sheet{Columns: []layout.Column{
		{Name: "On call", Field: "person"}, {Name: "Region", Field: "region"}, {Name: "Shifts", Field: "shifts", Right: true, Drop: 2},
		{Name: "Incidents in hours", Field: "incidents_in_hours", Right: true}, {Name: "Out of hours", Field: "incidents_out_of_hours", Right: true},
		{Name: "Time in hours", Field: "incident_minutes_in_hours", Right: true, Drop: 1},
		{Name: "Out of hours", Field: "incident_minutes_out_of_hours", Right: true},
	}, Compact: true}
	for _, l := range list {
		row := []layout.Cell{layout.Text(Person(l)), layout.Text(l.Region), layout.Number(l.Current.Shifts)}
		for _, c := range Cells(l) {
			row = append(row, layout.Text(c))
		}
		s.Rows = append(s.Rows, row)
	}
	return []form.Part{{Name: Title, Sheet: s, Tail: Notes(list)}}
}

// Notes returns the sentences below the table.
func Notes(list []jsonv1.OncallLoad) []string {
	unknown := 0
	for _, l := range list {
		unknown += l.Current.Unknown
	}
	notes := []string{Note}
	if unknown > 0 {
		notes = append(notes, words.Count(unknown, "incident")+" of unknown duration: not in the times")
	}
	return notes
}

// Person is who was on call.
func Person(l jsonv1.OncallLoad) string {
	if l.Person == "" {
		return words.Unknown
	}
	return account.Name(l.Person)
}

// Cells returns the numbers of incidents and the times, inside and outside of working hours, each with the mean of the previous periods.
func Cells(l jsonv1.OncallLoad) []string {
	return []string{
		fmt.Sprintf("%d (%s)", l.Current.IncidentsInside, l.Mean.IncidentsInside),
		fmt.Sprintf("%d (%s)", l.Current.IncidentsOutside, l.Mean.IncidentsOutside),
		words.Lasting(l.Current.MinutesInside) + " (" + span(l.Mean.MinutesInside) + ")",
		words.Lasting(l.Current.MinutesOutside) + " (" + span(l.Mean.MinutesOutside) + ")",
	}
}

// span is a decimal number of minutes as a duration.
func span(decimal string) string {
	n, err := strconv.ParseFloat(decimal, 64)
	if err != nil {
		return decimal + " min"
	}
	return words.Lasting(int(math.Round(n)))
}

// Figure is one number for CSV.
type Figure struct {
	Person, Region, Name, Mean string
	Value                      int
	Previous                   []int
}

// Figures returns all numbers, by person.
func Figures(list []jsonv1.OncallLoad) []Figure {
	var all []Figure
	for _, l := range list {
		for _, f := range []struct {
			name, mean string
			of         func(jsonv1.OncallBurden) int
		}{
			{"shifts", "", func(b jsonv1.OncallBurden) int { return b.Shifts }},
			{"incidents in hours", l.Mean.IncidentsInside, func(b jsonv1.OncallBurden) int { return b.IncidentsInside }},
			{"incidents out of hours", l.Mean.IncidentsOutside, func(b jsonv1.OncallBurden) int { return b.IncidentsOutside }},
			{"incident minutes in hours", l.Mean.MinutesInside, func(b jsonv1.OncallBurden) int { return b.MinutesInside }},
			{"incident minutes out of hours", l.Mean.MinutesOutside, func(b jsonv1.OncallBurden) int { return b.MinutesOutside }},
			{"on-call minutes in hours", "", func(b jsonv1.OncallBurden) int { return b.OncallInside }},
			{"on-call minutes out of hours", "", func(b jsonv1.OncallBurden) int { return b.OncallOutside }},
			{"incidents of unknown duration", "", func(b jsonv1.OncallBurden) int { return b.Unknown }},
		} {
			figure := Figure{Person: l.Person, Region: l.Region, Name: f.name, Mean: f.mean, Value: f.of(l.Current)}
			for _, b := range l.Before {
				figure.Previous = append(figure.Previous, f.of(b))
			}
			all = append(all, figure)
		}
	}
	return all
}
