// Package template fills in the Markdown of incidents, reviews and changes: the built-in texts, or a team's own.
//
// A text holds variables such as {title}. [Template.Fill] puts values in their place as they are,
// so whoever calls makes safe what others wrote; the text itself is the team's and is trusted.
// Two braces stand for one that is not a variable's. Reading files is not here, and neither is what the values say.
package template

import (
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Template is a text with variables.
type Template string

//go:embed incident.md
var incidentText string

//go:embed review.md
var reviewText string

//go:embed change.md
var changeText string

// Incident is the built-in description of a new incident.
func Incident() Template { return Template(incidentText) }

// Review is the built-in text of an incident's review.
func Review() Template { return Template(reviewText) }

// Change is the built-in description of a change request.
func Change() Template { return Template(changeText) }

// Variable is what a template may name, with what it stands for.
type Variable struct{ Name, Meaning string }

// IncidentVariables are those of the description of an incident.
func IncidentVariables() []Variable {
	return []Variable{
		{"title", "what was typed, without the date"},
		{"summary", "what is known, as it was typed; may be empty"},
		{"severity", "S1 to S4, or unknown"},
		{"services", "the services affected, with commas; may be empty"},
		{"impact", "the share of users affected, from 0 to 1; may be empty"},
		{"timeline", "the timeline, which prodctl keeps up to date"},
		{"record", "the record, which prodctl keeps up to date"},
	}
}

// ReviewVariables are those of a review.
func ReviewVariables() []Variable {
	return []Variable{
		{"title", "the title of the incident"},
		{"incident", "the reference of the incident"},
		{"severity", "S1 to S4, or unknown"},
		{"services", "the services affected, with commas; or unknown"},
		{"impact", "the share of users affected, from 0 to 1; or unknown"},
		{"started", "when it began, in UTC; or unknown"},
		{"detected", "when it was noticed; or unknown"},
		{"mitigated", "when users were not affected any more; or unknown"},
		{"resolved", "when the cause was gone; or unknown"},
		{"to_detect", "how long it took from the start until it was noticed; or unknown"},
		{"to_mitigate", "the same until it was mitigated"},
		{"to_resolve", "the same until it was resolved"},
		{"cause", "the root cause of the record; may be empty"},
		{"data_loss", "yes or no"},
		{"reason", "why a review is held"},
		{"timeline", "what happened, in order"},
		{"actions", "the corrective actions, one on each line; may be empty"},
	}
}

// ChangeVariables are those of the description of a change.
func ChangeVariables() []Variable {
	return []Variable{
		{"title", "what is changed"},
		{"reason", "the reason for the change"},
		{"criticality", "C1 to C4"},
		{"start", "when it starts, in UTC"},
		{"duration", "how long it should take"},
		{"window", "the slot that is kept free for it, twice as long"},
		{"services", "the services, with commas"},
		{"environment", "where"},
		{"executor", "who carries it out"},
		{"impact", "the type of impact, what happens, and the downtime"},
		{"communication", "who is told, when and how"},
		{"preparation", "what is done ahead of it"},
		{"steps", "how, as a numbered list"},
		{"check_before", "what is checked before"},
		{"check_after", "what is checked after"},
		{"rollback", "how to go back"},
		{"monitoring", "what to watch, and what should prompt going back"},
		{"record", "the record, which prodctl keeps up to date"},
	}
}

// Names are the names of variables.
func Names(list []Variable) []string {
	var names []string
	for _, v := range list {
		names = append(names, v.Name)
	}
	return names
}

// token is an escaped brace or a variable. A brace that begins neither is text: Markdown and code have their own.
var token = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{\{|\}\}|\{([A-Za-z][A-Za-z0-9_-]*)\}`) })

// Fault is a variable that there is not, counted from 1, columns in characters.
type Fault struct {
	Line, Column int
	Text         string
}

// Error is the fault with its place.
func (f Fault) Error() string { return fmt.Sprintf("line %d, column %d: %s", f.Line, f.Column, f.Text) }

// Validate is an error for all variables that are not among the known ones, each of them a [Fault].
func (t Template) Validate(known []string) error {
	var faults []error
	for _, m := range token().FindAllStringSubmatchIndex(string(t), -1) {
		if m[2] < 0 || slices.Contains(known, string(t[m[2]:m[3]])) {
			continue
		}
		head := string(t[:m[0]])
		begin := strings.LastIndexByte(head, '\n') + 1
		faults = append(faults, Fault{
			Line: strings.Count(head, "\n") + 1, Column: utf8.RuneCountInString(head[begin:]) + 1,
			Text: "there is no variable " + string(t[m[0]:m[1]]) + advice(string(t[m[2]:m[3]]), known),
		})
	}
	return errors.Join(faults...)
}

// Fill is the text with values in place of variables. Braces in a value mean nothing; a variable without value stays as it is.
func (t Template) Fill(values map[string]string) string {
	return token().ReplaceAllStringFunc(string(t), func(found string) string {
		switch found {
		case "{{":
			return "{"
		case "}}":
			return "}"
		}
		if value, ok := values[strings.Trim(found, "{}")]; ok {
			return value
		}
		return found
	})
}

// Uses reports whether the text names a variable.
func (t Template) Uses(name string) bool {
	return slices.Contains(token().FindAllString(string(t), -1), "{"+name+"}")
}

// advice names the known variable nearest to a mistyped one, or all of them when none is near.
func advice(word string, known []string) string {
	best, near := "", max(1, (len(word)+1)/3)+1
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d < near {
			best, near = k, d
		}
	}
	if best != "" {
		return ": did you mean {" + best + "}? Two braces, {{, stand for one"
	}
	return ": there are {" + strings.Join(known, "}, {") + "}; two braces, {{, stand for one"
}

// distance is how many characters are to be put in, taken out or replaced to make one word of the other.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0]++
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
