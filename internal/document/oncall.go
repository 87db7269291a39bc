package document

import (
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// Oncall returns the published form of the duty at a time and the next one, which may be missing. when is the word for the first one: now
// or next.
func Oncall(when string, at time.Time, turns []oncall.Turn, cfg config.Config) jsonv1.Oncall {
	docs := make([]jsonv1.Duty, 2)
	copy(docs, duties(turns, cfg.Oncall))
	doc := jsonv1.NewOncall(Instant(at), when, docs[0], docs[1])
	doc.Notes = missingRotations(cfg)
	return doc
}

// OncallSchedule returns the published form of all duties in some weeks, or of one person's duties, not clipped.
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

// OncallCheck returns the published form of the problems of the schedule, with possible mistakes as notes.
func OncallCheck(cfg config.Config) jsonv1.OncallCheck {
	var problems []jsonv1.ScheduleProblem
	for _, f := range cfg.Oncall.Check() {
		key := "oncall." + f.List
		if f.Index >= 0 {
			key = fmt.Sprintf("%s[%d]", key, f.Index)
		}
		if f.Field != "" {
			key += "." + f.Field
		}
		if at := cfg.Source(key); at.Kind == config.FromFile {
			key += " (" + at.String() + ")"
		}
		problems = append(problems, jsonv1.ScheduleProblem{Kind: f.Kind, Text: f.Text, From: Instant(f.From), To: Instant(f.To), ConfigKey: key})
	}
	var regions []string
	for _, r := range cfg.Oncall.Regions {
		regions = append(regions, r.Name)
	}
	doc := jsonv1.NewOncallCheck(Instant(oncall.CheckedFrom), Instant(oncall.CheckedTo), regions, problems)
	doc.Notes = missingRotations(cfg)
	if names := cfg.Oncall.Substitutes(); len(names) > 0 {
		verb := "appears"
		if len(names) > 1 {
			verb = "appear"
		}
		doc.Notes = append(doc.Notes, fmt.Sprintf("%s %s only in overrides or swaps, not in a rotation. Check the spelling.",
			account.Names(names, ", "), verb))
	}
	for _, o := range cfg.Oncall.UnusedOverrides() {
		doc.Notes = append(doc.Notes, fmt.Sprintf("The override by %s never applies: %s is not in the rotation of %s",
			account.Name(o.Person), account.Name(o.InsteadOf), o.Region))
	}
	return doc
}

// missingRotations returns a note about regions without a rotation.
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
		return []string{"No schedule configured. To create " + config.FileName + ": prodctl init"}
	case len(names) == 1:
		return []string{names[0] + " has no rotation: people on call are unknown"}
	}
	return []string{strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1] + " have no rotation: people on call are unknown"}
}

// Person returns the published form of a person on call.
func Person(s oncall.Schedule, user string) *jsonv1.Person {
	p := &jsonv1.Person{User: user}
	if name := s.Name(user); name != user {
		p.Name = name
	}
	return p
}
