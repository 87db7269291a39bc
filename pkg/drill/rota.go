package drill

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/planning"
)

// Pair is how many people do a drill together.
const Pair = 2

// Rota is who takes turns, and when somebody does not work.
type Rota struct {
	People   []string // user names without @
	Absences []planning.Absence
}

// Order returns everybody in the order in which they are asked for an occurrence: its pair, then the others as their substitutes, and
// last, in the same order, those who are absent on its day. It follows from the number of the occurrence alone, so every run has the same.
// Over as many occurrences as there are people, everybody has the same number of turns.
func (r Rota) Order(o Occurrence) (present, absent []string) {
	n := len(r.People)
	if n == 0 {
		return nil, nil
	}
	at := ((o.Number*Pair)%n + n) % n
	for _, name := range slices.Concat(r.People[at:], r.People[:at]) {
		if r.absent(name, o.Day) {
			absent = append(absent, name)
		} else {
			present = append(present, name)
		}
	}
	return present, absent
}

// InTurn returns the two people of an occurrence; fewer if fewer are there.
func (r Rota) InTurn(o Occurrence) []string {
	present, _ := r.Order(o)
	return present[:min(Pair, len(present))]
}

// Skipped returns who would be in turn for an occurrence and is absent.
func (r Rota) Skipped(o Occurrence) []string {
	due := Rota{People: r.People}.InTurn(o)
	return slices.DeleteFunc(due, func(name string) bool { return !r.absent(name, o.Day) })
}

func (r Rota) absent(person string, day calendar.Date) bool {
	return slices.ContainsFunc(r.Absences, func(a planning.Absence) bool {
		return strings.EqualFold(a.Person, person) && !day.Before(a.From) && !day.After(a.To)
	})
}
