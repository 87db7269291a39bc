package input

import "gitlab.com/prodctl/prodctl/pkg/issue"

// Urgency is how soon a problem causes an outage: U1 to U3. The zero value means that none is given.
type Urgency = Enum[issue.Urgency, urgencyKind]

type urgencyKind struct{}

func (urgencyKind) name() string { return "urgency" }

func (urgencyKind) parse(raw string) (issue.Urgency, error) { return issue.ParseUrgency(raw) }

func (urgencyKind) words() []Candidate {
	var list []Candidate
	for _, u := range issue.Urgencies() {
		list = append(list, Candidate{string(u), u.Meaning()})
	}
	return list
}

// Harm is how much a problem harms users: I1 to I3. The zero value means that none is given.
type Harm = Enum[issue.Impact, harmKind]

type harmKind struct{}

func (harmKind) name() string { return "impact" }

func (harmKind) parse(raw string) (issue.Impact, error) { return issue.ParseImpact(raw) }

func (harmKind) words() []Candidate {
	var list []Candidate
	for _, i := range issue.Impacts() {
		list = append(list, Candidate{string(i), i.Meaning()})
	}
	return list
}
