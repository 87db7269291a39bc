package document

import (
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// Oncall is the published form of two duties that follow on an instant, the second of which may be missing. what says how they were asked
// for.
func Oncall(what string, at time.Time, turns []oncall.Turn, cfg config.Config) jsonv1.Oncall {
	docs := make([]jsonv1.Duty, 2)
	copy(docs, duties(turns, cfg.Oncall))
	doc := jsonv1.NewOncall(Instant(at), what, docs[0], docs[1])
	doc.Notes = missingRotations(cfg)
	return doc
}

// OncallSchedule is the published form of all duties of some weeks, or of one person's, whole.
func OncallSchedule(first calendar.Date, weeks int, person string, cfg config.Config) jsonv1.OncallSchedule {
	from, to := first.Midnight(cfg.Timezone), first.AddDays(7*weeks).Midnight(cfg.Timezone)
	doc := jsonv1.NewOncallSchedule(Instant(from), Instant(to), cfg.Timezone.String(), duties(cfg.Oncall.Within(from, to, person), cfg.Oncall))
	doc.Person, doc.Notes = person, missingRotations(cfg)
	return doc
}

func duties(turns []oncall.Turn, s oncall.Schedule) []jsonv1.Duty {
	var docs []jsonv1.Duty
	for _, t := range turns {
		doc := jsonv1.Duty{Shift: t.Shift.ID(), Region: t.Region, From: Instant(t.From), To: Instant(t.To), Override: t.Override,
			Reason: t.Reason}
		if t.Person != "" {
			doc.Person = Person(s, t.Person)
		}
		docs = append(docs, doc)
	}
	return docs
}

// OncallCheck is the published form of what is wrong with the schedule, and of what may be.
func OncallCheck(cfg config.Config) jsonv1.OncallCheck {
	var faults []jsonv1.ScheduleProblem
	for _, f := range cfg.Oncall.Check() {
		place := "oncall." + f.List
		if f.Index >= 0 {
			place = fmt.Sprintf("%s[%d]", place, f.Index)
		}
		if f.Field != "" {
			place += "." + f.Field
		}
		if at := cfg.Source(place); at.Kind == config.FromFile {
			place += " (" + at.String() + ")"
		}
		faults = append(faults, jsonv1.ScheduleProblem{Kind: f.Kind, Text: f.Text, From: Instant(f.From), To: Instant(f.To), ConfigKey: place})
	}
	var regions []string
	for _, r := range cfg.Oncall.Regions {
		regions = append(regions, r.Name)
	}
	doc := jsonv1.NewOncallCheck(Instant(oncall.CheckedFrom), Instant(oncall.CheckedTo), regions, faults)
	doc.Notes = missingRotations(cfg)
	if names := cfg.Oncall.Substitutes(); len(names) > 0 {
		verb := "is"
		if len(names) > 1 {
			verb = "are"
		}
		doc.Notes = append(doc.Notes, fmt.Sprintf("@%s %s on call by an override or a swap, and in no rotation: are names misspelt?",
			strings.Join(names, ", @"), verb))
	}
	for _, o := range cfg.Oncall.UnusedOverrides() {
		doc.Notes = append(doc.Notes, fmt.Sprintf("the override of %s by @%s never holds: @%s is not in the rotation of %s",
			o.Region, o.Person, o.InsteadOf, o.Region))
	}
	return doc
}

// withoutRotation says where people are written, for regions of which nobody is known.
func missingRotations(cfg config.Config) []string {
	var names []string
	for _, r := range cfg.Oncall.Regions {
		if r.Rotation == nil {
			names = append(names, r.Name)
		}
	}
	switch {
	case len(names) == 0:
		return nil
	case cfg.File == "":
		return []string{"who is on call is written below oncall in " + config.FileName + ": prodctl init makes one"}
	case len(names) == 1:
		return []string{names[0] + " has no rotation: nobody is known to be on call in it"}
	}
	return []string{strings.Join(names, " and ") + " have no rotation: nobody is known to be on call in them"}
}

// Person is a person on call, by user name and name.
func Person(s oncall.Schedule, user string) *jsonv1.Person {
	p := &jsonv1.Person{User: user}
	if name := s.Name(user); name != user {
		p.Name = name
	}
	return p
}
