package change

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/journal"
	"gitlab.com/prodctl/prodctl/pkg/record"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// NewEntry is an entry that is yet to be written: what happened at a time, what it says of the record by its keys, and what was said, as typed.
func NewEntry(v Verb, at time.Time, fields map[string]string, said string) journal.Entry {
	return journal.Entry{Kind: Kind, Verb: string(v), At: at.UTC().Truncate(time.Second), Fields: fields, Text: journal.Said(said)}
}

// NewRelation is the entry that names another issue; it is the same whenever it is made.
func NewRelation(ref string) journal.Entry {
	return NewEntry(Relate, journal.Undated, map[string]string{keyRelated: ref}, "")
}

// Heading is the first line of an entry's comment, such as "10:30 UTC, finished: success". The date is there when it is not today's.
func Heading(e journal.Entry, today calendar.Date) string {
	parts := []string{saidOf(e)}
	if !e.At.Equal(journal.Undated) {
		when := e.At.UTC().Format("15:04 UTC")
		if calendar.DateOf(e.At.UTC()) != today {
			when = clock(e.At)
		}
		parts = []string{when, saidOf(e)}
	}
	if why := safetext.Cell(e.Fields[FieldOverride]); why != "" && Verb(e.Verb) != Override {
		parts = append(parts, "overridden: "+why)
	}
	return strings.Join(parts, ", ")
}

func saidOf(e journal.Entry) string {
	outcome, _ := ParseOutcome(e.Fields[keyOutcome])
	switch v := Verb(e.Verb); v {
	case Approve, Start, Finish, Abort:
		if outcome != UnknownOutcome {
			return past[v] + ": " + string(outcome)
		}
		return past[v]
	case Recorded:
		if outcome != UnknownOutcome {
			return "another attempt: " + string(outcome)
		}
		return "another attempt"
	case Override:
		return "overridden: " + safetext.Cell(e.Fields[FieldOverride])
	case Relate:
		return "related: " + safetext.Cell(e.Fields[keyRelated])
	}
	return "update"
}

// none stands in a description for what nobody has said.
const none = "not said"

// Vars are the values for a template of a change (pkg/template, ChangeVariables). What a person has typed can run no quick action and notify nobody.
func (r Request) Vars() map[string]string {
	vars := map[string]string{
		"title": safetext.Title(r.Title), "why": prose(r.Why),
		"criticality": r.Criticality.String(),
		"start":       none, "duration": none, "window": none,
		"services":      otherwise(safetext.Cell(strings.Join(r.Services, ", ")), "all"),
		"environment":   otherwise(safetext.Cell(r.Environment), none),
		"executor":      otherwise(safetext.Cell(userName(r.Executor)), none),
		"impact":        r.Impact.words(),
		"communication": otherwise(prose(r.Communication), none),
		"preparation":   numbered(r.Preparation), "steps": numbered(r.Steps),
		"check_before": boxes(r.CheckBefore), "check_after": boxes(r.CheckAfter),
		"rollback": r.Rollback.words(), "monitoring": otherwise(prose(r.Monitoring), none),
		"record": r.Record(),
	}
	if !r.Start.IsZero() {
		vars["start"] = clock(r.Start)
	}
	if r.Estimate() > 0 {
		vars["duration"] = FormatMinutes(r.Estimate())
	}
	if w := r.Window(); !w.From.IsZero() {
		vars["window"] = window(w)
	}
	return vars
}

func otherwise(s, instead string) string {
	if strings.TrimSpace(s) == "" {
		return instead
	}
	return s
}

// prose is text of people that begins no HTML comment, which could hide what follows or pass for a mark of ours, and whose code blocks end with it.
func prose(s string) string {
	s = strings.TrimSpace(safetext.Prose(hideless(s)))
	if block, problems := record.Find(s, Kind); block.Exists() || len(problems) > 0 || unclosed(s) {
		return safetext.Quote(s)
	}
	return s
}

// unclosed reports whether a text may leave a code block open, in which all that follows it would be shown.
func unclosed(s string) bool {
	fences := 0
	for line := range strings.Lines(s) {
		line = strings.TrimLeft(line, " ")
		if strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~") {
			fences++
		}
	}
	return fences%2 == 1
}

func (i Impact) words() string {
	parts := []string{otherwise(string(i.Type), none)}
	if i.Type != UnknownImpact || i.Downtime > 0 {
		parts = append(parts, "downtime "+FormatMinutes(i.Downtime))
	}
	words := strings.Join(parts, ", ")
	if text := prose(i.Text); text != "" {
		words += "\n\n" + text
	}
	return words
}

func (r Rollback) words() string {
	estimate := r.Minutes
	if estimate == 0 {
		estimate = minutes(r.Steps)
	}
	var parts []string
	if text := prose(r.Text); text != "" {
		parts = append(parts, text)
	}
	if len(r.Steps) > 0 {
		parts = append(parts, numbered(r.Steps))
	}
	if estimate > 0 {
		parts = append(parts, "Estimate: "+strconv.Itoa(estimate)+"m")
	}
	return otherwise(strings.Join(parts, "\n\n"), none)
}

// numbered is a list of steps with boxes to tick, each with its estimate.
func numbered(steps []Step) string {
	var lines []string
	for n, s := range steps {
		line := fmt.Sprintf("%d. [ ] %s", n+1, safetext.Title(hideless(s.Do)))
		if s.Minutes > 0 {
			line += fmt.Sprintf(" (%dm)", s.Minutes)
		}
		lines = append(lines, line)
	}
	return otherwise(strings.Join(lines, "\n"), none)
}

func boxes(list []string) string {
	list = slices.DeleteFunc(slices.Clone(list), func(s string) bool { return strings.TrimSpace(s) == "" })
	for n, s := range list {
		list[n] = "- [ ] " + safetext.Title(hideless(s))
	}
	return otherwise(strings.Join(list, "\n"), none)
}

func hideless(s string) string { return strings.ReplaceAll(s, "<!--", "&lt;!--") }
