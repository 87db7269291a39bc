package document

import (
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// Duty is the published form of a duty in a shift.
func Duty(s oncall.Schedule, sh oncall.Shift, d oncall.Duty) jsonv1.Duty {
	doc := jsonv1.Duty{Shift: sh.ID(), Region: d.Region, From: Instant(d.From), To: Instant(d.To), Override: d.Override, Reason: d.Reason}
	if d.Person != "" {
		doc.Person = Person(s, d.Person)
	}
	return doc
}

// Person is a person on call, by user name and name.
func Person(s oncall.Schedule, user string) *jsonv1.Person {
	p := &jsonv1.Person{User: user}
	if name := s.Name(user); name != user {
		p.Name = name
	}
	return p
}
