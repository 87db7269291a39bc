// Package drill holds the rules of restore drills, which the handbook calls R.A.D., Restore Appreciation Days: on which day one takes
// place, whose turn it is, what a restore of a backup target was like, and whether every target was tested lately.
//
// Start with [Rule] for the days, [Rota] for the people, [Read] for the record in a drill's issue, and [Durable] for the state of all
// targets. The events that the record follows from are read in package eventlog. Requests, clocks and output do not belong here.
package drill

import (
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// Kind is the kind of the record of a drill, of its events, and of the key of its issue.
const Kind = "drill"

// Drill is one restore drill: its issue, and what its record has.
type Drill struct {
	Issue      issue.Issue
	Occurrence string        // id of the occurrence, such as 2018-09
	Day        calendar.Date // on which it takes place, or else the due date; zero: unknown
	People     []string      // user names without @
	Results    []Result      // in the order of the record
	Problems   []record.Problem
	Exists     bool // the issue has a record
}

// The keys of the record. The results have numbered keys, so that each is a line of its own.
const (
	keyOccurrence = "occurrence"
	keyDay        = "day"
	keyPeople     = "people"
	keyRestore    = "restore_" // restore_1, restore_2, ...
	keyNotes      = "notes"    // ids of the comments that are in the results
)

// Read parses the record of a drill's issue. A value that cannot be read is a problem, and left out.
func Read(i issue.Issue) Drill {
	block, problems := record.Find(i.Description, Kind)
	d := Drill{Issue: i, Problems: problems, Exists: block.Exists()}
	if v, ok := block.Get(keyOccurrence); ok {
		d.Occurrence = v.Text
	}
	if v, ok := block.Get(keyPeople); ok {
		for _, name := range v.Items() {
			d.People = append(d.People, strings.TrimPrefix(name, "@"))
		}
	}
	unreadable := func(key string, v record.Value, err error) {
		d.Problems = append(d.Problems, record.Problem{Line: v.Line, Column: v.Column, Text: key + ": " + err.Error()})
	}
	if v, ok := block.Get(keyDay); ok && v.Text != "" {
		var err error
		if d.Day, err = calendar.ParseDate(v.Text); err != nil {
			unreadable(keyDay, v, err)
		}
	}
	if d.Day.IsZero() { // a drill of people's own
		d.Day = i.Due
	}
	if at, ok := dayOf(i.Title); ok && d.Day.IsZero() {
		d.Day = at
	}
	attempts := map[string]int{}
	for _, key := range block.Keys() {
		v, _ := block.Get(key)
		if _, ok := restoreNumber(key); !ok || v.Text == "" {
			continue
		}
		r, err := ParseResult(v.Text, i.CreatedAt)
		if err != nil {
			unreadable(key, v, err)
			continue
		}
		attempts[r.Target]++
		r.Attempt = attempts[r.Target]
		d.Results = append(d.Results, r)
	}
	record.SortProblems(d.Problems)
	return d
}

// Of reports whether a drill is the one of an occurrence. One that people opened has no name: its day decides, or its title. The day
// decides too if the rule named its occurrences by months then and by days now, or the other way round.
func (d Drill) Of(o Occurrence) bool {
	switch {
	case len(d.Occurrence) == len(o.ID):
		return d.Occurrence == o.ID
	case d.Occurrence != "":
		return d.Day == o.Day
	}
	return d.Day == o.Day || strings.TrimSpace(d.Issue.Title) == Title(o)
}

// ResultsOf returns the results of a target.
func (d Drill) ResultsOf(target string) (list []Result) {
	for _, r := range d.Results {
		if r.Target == target {
			list = append(list, r)
		}
	}
	return list
}
