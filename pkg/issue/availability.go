package issue

import (
	"fmt"
	"slices"
	"strings"
)

// Urgency is how soon a problem of availability or performance causes an outage, and for how many users.
type Urgency string

// The urgencies, most urgent first.
const (
	U1 Urgency = "U1" // an outage within a month, many users
	U2 Urgency = "U2" // an outage within three months, a few users
	U3 Urgency = "U3" // later
)

// Impact is how much a problem of availability or performance harms users.
type Impact string

// The impacts, worst first.
const (
	I1 Impact = "I1" // an outage of 25 minutes or more, or 100 ms or more
	I2 Impact = "I2" // 5 to 25 minutes, or 10 to 100 ms
	I3 Impact = "I3" // less
)

// Urgencies returns all urgencies, most urgent first.
func Urgencies() []Urgency { return []Urgency{U1, U2, U3} }

// Impacts returns all impacts, worst first.
func Impacts() []Impact { return []Impact{I1, I2, I3} }

// Meaning describes an urgency.
func (u Urgency) Meaning() string {
	return map[Urgency]string{U1: "outage likely within a month, many users", U2: "outage likely within three months, a few users",
		U3: "outage later or unlikely"}[u]
}

// Meaning describes an impact.
func (i Impact) Meaning() string {
	return map[Impact]string{I1: "outage of 25 min or more, or 100 ms or more of latency",
		I2: "outage of 5 to 25 min, or 10 to 100 ms of latency", I3: "outage under 5 min, or under 10 ms of latency"}[i]
}

// ParseUrgency parses U1 to U3, also as u1 or 1.
func ParseUrgency(s string) (Urgency, error) {
	if n := scaled(s, "u"); n != "" {
		return Urgency("U" + n), nil
	}
	return "", fmt.Errorf("invalid urgency %q (use U1, U2 or U3)", s)
}

// ParseImpact parses I1 to I3, also as i1 or 1.
func ParseImpact(s string) (Impact, error) {
	if n := scaled(s, "i"); n != "" {
		return Impact("I" + n), nil
	}
	return "", fmt.Errorf("invalid impact %q (use I1, I2 or I3)", s)
}

// scaled returns the digit of a value on a scale of three, or nothing.
func scaled(s, letter string) string {
	switch n := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(s)), letter); n {
	case "1", "2", "3":
		return n
	}
	return ""
}

// AvailabilityOf returns the availability and performance priority of a problem: 1 for AP1 to 3 for AP3.
func AvailabilityOf(u Urgency, i Impact) int {
	matrix := map[Urgency]map[Impact]int{
		U1: {I1: 1, I2: 1, I3: 2},
		U2: {I1: 1, I2: 2, I3: 3},
		U3: {I1: 2, I2: 3, I3: 3},
	}
	return matrix[u][i]
}

// One returns the change after which an issue has one label of a list, and none of the others. changed is false if nothing has to change. A
// label that GitLab stores twice counts as a change, because any update repairs it.
func (i Issue) One(of []string, label string) (c Change, changed bool) {
	for _, name := range of {
		switch {
		case name == label && (!i.Has(name) || slices.Contains(i.Doubled, name)):
			c.AddLabels = append(c.AddLabels, name)
		case name != label && i.Has(name):
			c.RemoveLabels = append(c.RemoveLabels, name)
		}
		if name != label {
			c.NotLabels = append(c.NotLabels, name)
		}
	}
	return c, len(c.AddLabels)+len(c.RemoveLabels) > 0
}

// LastAdded returns the event that added one of these labels last, among those that an issue still has. events are its label events in
// their order.
func (i Issue) LastAdded(of []string, events []Event) (last Event) {
	for _, e := range events {
		if e.Action == "add" && slices.Contains(of, e.Name) && i.Has(e.Name) {
			last = e
		}
	}
	return last
}
