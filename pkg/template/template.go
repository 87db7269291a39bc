// Package template fills in the Markdown of incidents, reviews, changes and restore drills, from the built-in templates or a team's own.
//
// A template contains variables such as {title}. [Template.Fill] inserts their values unchanged, so the caller must sanitize untrusted
// values; the template itself is the team's and is trusted. A double brace is a literal brace. Reading files and computing values do not
// belong here.
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

	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Template is a text with variables.
type Template string

//go:embed incident.md
var incidentText string

//go:embed review.md
var reviewText string

//go:embed change.md
var changeText string

//go:embed drill.md
var drillText string

// Incident returns the built-in description of a new incident.
func Incident() Template { return Template(incidentText) }

// Review returns the built-in text of an incident review.
func Review() Template { return Template(reviewText) }

// Change returns the built-in description of a change request.
func Change() Template { return Template(changeText) }

// Drill returns the built-in description of a restore drill.
func Drill() Template { return Template(drillText) }

// Variable is a variable that a template may use, with its meaning.
type Variable struct{ Name, Meaning string }

// IncidentVariables returns the variables of the description of an incident.
func IncidentVariables() []Variable {
	return []Variable{
		{"title", "title from the command line, without the date"},
		{"summary", "summary from the command line; may be empty"},
		{"severity", "S1 to S4, or unknown"},
		{"services", "affected services, separated by commas; may be empty"},
		{"impact", "share of affected users, from 0 to 1; may be empty"},
		{"timeline", "timeline, which prodctl keeps up to date"},
		{"record", "record, which prodctl keeps up to date"},
	}
}

// ReviewVariables returns the variables of an incident review.
func ReviewVariables() []Variable {
	return []Variable{
		{"title", "title of the incident"},
		{"incident", "reference of the incident"},
		{"severity", "S1 to S4, or unknown"},
		{"services", "affected services, separated by commas, or unknown"},
		{"impact", "share of affected users, from 0 to 1, or unknown"},
		{"started", "when it started, in UTC, or unknown"},
		{"detected", "when it was detected, in UTC, or unknown"},
		{"mitigated", "when users were no longer affected, in UTC, or unknown"},
		{"resolved", "when the cause was gone, in UTC, or unknown"},
		{"to_detect", "time from the start to the detection, or unknown"},
		{"to_mitigate", "time from the start to the mitigation, or unknown"},
		{"to_resolve", "time from the start to the resolution, or unknown"},
		{"cause", "root cause from the record; may be empty"},
		{"data_loss", "yes or no"},
		{"reason", "why a review is required"},
		{"timeline", "timeline of the incident"},
		{"actions", "corrective actions, one per line"},
		{"facts", "all of these and more, which prodctl keeps up to date; without it they come last"},
	}
}

// ChangeVariables returns the variables of the description of a change.
func ChangeVariables() []Variable {
	return []Variable{
		{"title", "title of the change"},
		{"reason", "reason for the change"},
		{"criticality", "C1 to C4"},
		{"start", "planned start, in UTC"},
		{"duration", "estimated duration"},
		{"window", "reserved window, twice the estimate"},
		{"services", "services, separated by commas"},
		{"environment", "environment"},
		{"executor", "who executes the change"},
		{"impact", "type of impact, expected effects, and downtime"},
		{"communication", "who is notified, when and how"},
		{"preparation", "preparation steps"},
		{"steps", "steps, as a numbered list"},
		{"check_before", "checks before the change"},
		{"check_after", "checks after the change"},
		{"rollback", "rollback steps"},
		{"monitoring", "what to watch, and when to roll back"},
		{"record", "record, which prodctl keeps up to date"},
	}
}

// DrillVariables returns the variables of the description of a restore drill.
func DrillVariables() []Variable {
	return []Variable{
		{"day", "day of the drill"},
		{"occurrence", "id of the occurrence, such as 2018-09"},
		{"people", "who does the drill; they are mentioned"},
		{"targets", "targets as a checklist, which prodctl ticks"},
		{"record", "record, which prodctl keeps up to date"},
	}
}

// Names returns the names of variables.
func Names(list []Variable) []string {
	var names []string
	for _, v := range list {
		names = append(names, v.Name)
	}
	return names
}

// token matches an escaped brace or a variable. Any other brace is text, because Markdown and code contain braces too.
var token = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{\{|\}\}|\{([A-Za-z][A-Za-z0-9_-]*)\}`) })

// Fault is an unknown variable, or a quick action. Line and Column count from 1, columns in characters.
type Fault struct {
	Line, Column int
	Text         string
}

// Error returns the text with its position.
func (f Fault) Error() string { return fmt.Sprintf("line %d, column %d: %s", f.Line, f.Column, f.Text) }

// Validate returns an error that joins a [Fault] for each unknown variable.
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
			Text: "unknown variable " + string(t[m[0]:m[1]]) + advice(string(t[m[2]:m[3]]), known),
		})
	}
	return errors.Join(faults...)
}

// QuickActions returns the lines that GitLab may run as quick actions when it stores the text.
func (t Template) QuickActions() []Fault {
	var found []Fault
	n := 0
	for line := range strings.Lines(string(t)) {
		if n++; safetext.IsAction(line) {
			found = append(found, Fault{Line: n, Column: 1, Text: strings.TrimRight(line, " \t\n")})
		}
	}
	return found
}

// ActionsIn returns the lines of a filled text that come from the template's own quick actions.
func (t Template) ActionsIn(text string) []string {
	var lines []string
	for _, own := range t.QuickActions() {
		variables := token().FindAllStringIndex(own.Text, -1)
		head, tail := own.Text, ""
		if n := len(variables); n > 0 {
			head, tail = own.Text[:variables[0][0]], own.Text[variables[n-1][1]:]
		}
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, " \t\r\n")
			filled := len(line) >= len(head)+len(tail) && strings.HasPrefix(line, head) && strings.HasSuffix(line, tail)
			if filled && safetext.IsAction(line) && (len(variables) > 0 || line == head) {
				lines = append(lines, line)
				break
			}
		}
	}
	return lines
}

// Fill returns the text with the values of its variables. Braces in a value have no meaning. A variable without a value stays. A value of
// several lines is a paragraph of its own, within the quote or list item of its variable.
func (t Template) Fill(values map[string]string) string {
	var b strings.Builder
	from := 0
	for _, m := range token().FindAllStringSubmatchIndex(string(t), -1) {
		b.WriteString(string(t[from:m[0]]))
		from = m[1]
		found := string(t[m[0]:m[1]])
		value, ok := values[strings.Trim(found, "{}")]
		switch {
		case m[2] < 0:
			b.WriteString(found[:1])
		case !ok:
			b.WriteString(found)
		case strings.Contains(value, "\n"):
			b.WriteString(paragraph(b.String(), value, string(t[from:])))
		default:
			b.WriteString(value)
		}
	}
	return b.String() + string(t[from:])
}

// paragraph returns a value of several lines with what separates it from the text before and after it.
func paragraph(before, value, after string) string {
	start := strings.LastIndexByte(before, '\n') + 1
	indentation, text := safetext.Continuation(before[start:])
	value = strings.ReplaceAll(value, "\n", "\n"+indentation)
	if text {
		value = "\n\n" + indentation + value
	} else if before[start:] == "" && start > 1 && before[start-2] != '\n' {
		value = "\n" + value
	}
	rest, below, _ := strings.Cut(after, "\n")
	next, _, _ := strings.Cut(below, "\n")
	switch {
	case strings.TrimSpace(rest) != "":
		return value + "\n\n" + indentation
	case strings.TrimSpace(next) != "" && indentation == "":
		return value + "\n"
	}
	return value
}

// Uses reports whether the template contains a variable.
func (t Template) Uses(name string) bool {
	return slices.Contains(token().FindAllString(string(t), -1), "{"+name+"}")
}

// advice suggests the most similar known variable, or lists all of them if none is similar.
func advice(word string, known []string) string {
	best, near := "", max(1, (len(word)+1)/3)+1
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d < near {
			best, near = k, d
		}
	}
	if best != "" {
		return " (did you mean {" + best + "}? For a literal brace, write {{)"
	}
	return " (use {" + strings.Join(known, "}, {") + "}; for a literal brace, write {{)"
}

// distance counts the characters to insert, delete or replace to get from a to b.
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
