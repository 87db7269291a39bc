// Package load holds the forms of the load of being on call: a part of the weekly report, and its numbers for CSV.
//
// Start with [Parts]. It has the people by name, and never a ranking. Writing to a stream and who may read what do not belong here.
package load

import (
	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Parts returns the table and its notes; nothing if nobody was on call.
func Parts(list []jsonv1.OncallLoad) []form.Part {
	if len(list) == 0 {
		return nil
	}
	s := layout.Sheet{Columns: []layout.Column{
		{Name: "On call", Field: "person"}, {Name: "Region", Field: "region"}, {Name: "Shifts", Field: "shifts", Right: true, Drop: 2},
		{Name: "In-hours incidents", Field: "incidents_in_hours", Right: true},
		{Name: "Out-of-hours incidents", Field: "incidents_out_of_hours", Right: true},
		{Name: "In-hours time", Field: "incident_minutes_in_hours", Right: true, Drop: 1},
		{Name: "Out-of-hours time", Field: "incident_minutes_out_of_hours", Right: true},
	}, Compact: true}
	for _, l := range list {
		row := []layout.Cell{layout.Text(words.LoadPerson(l)), layout.Text(l.Region), layout.Number(l.Current.Shifts)}
		for _, c := range words.LoadCells(l) {
			row = append(row, layout.Text(c))
		}
		s.Rows = append(s.Rows, row)
	}
	return []form.Part{{Name: words.LoadTitle, Sheet: s, Tail: words.LoadNotes(list)}}
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
