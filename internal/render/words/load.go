package words

import (
	"fmt"
	"math"
	"strconv"

	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// LoadTitle is the heading of the load of being on call.
const LoadTitle = "On-call load"

// LoadNote explains its numbers.
const LoadNote = "In parentheses: the mean of the previous four periods. Working hours are those of each person, Monday to Friday."

// LoadNotes returns the sentences below the table of on-call load.
func LoadNotes(list []jsonv1.OncallLoad) []string {
	unknown := 0
	for _, l := range list {
		unknown += l.Current.Unknown
	}
	notes := []string{LoadNote}
	if unknown > 0 {
		notes = append(notes, Count(unknown, "incident")+" of unknown duration: not in the times")
	}
	return notes
}

// LoadPerson is who was on call, for people.
func LoadPerson(l jsonv1.OncallLoad) string {
	if l.Person == "" {
		return Unknown
	}
	return account.Name(l.Person)
}

// LoadCells returns the numbers of incidents and the times, inside and outside of working hours, each with the mean of the previous
// periods.
func LoadCells(l jsonv1.OncallLoad) []string {
	return []string{
		fmt.Sprintf("%d (%s)", l.Current.IncidentsInside, l.Mean.IncidentsInside),
		fmt.Sprintf("%d (%s)", l.Current.IncidentsOutside, l.Mean.IncidentsOutside),
		Lasting(l.Current.MinutesInside) + " (" + roundedLasting(l.Mean.MinutesInside) + ")",
		Lasting(l.Current.MinutesOutside) + " (" + roundedLasting(l.Mean.MinutesOutside) + ")",
	}
}

// roundedLasting is a decimal number of minutes as a duration.
func roundedLasting(decimal string) string {
	n, err := strconv.ParseFloat(decimal, 64)
	if err != nil {
		return decimal + " min"
	}
	return Lasting(int(math.Round(n)))
}

// DisplayName returns the name of a person without the user name; empty for nobody.
func DisplayName(p *jsonv1.Person) string {
	switch {
	case p == nil:
		return ""
	case p.Name == "":
		return p.User
	}
	return p.Name
}
