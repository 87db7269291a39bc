package eventlog

import (
	"slices"
	"strings"
	"sync"
	"unicode"
)

// InternalText replaces the words of an internal comment wherever they must not be copied to. Everybody who may read the issue can read
// its description and its other comments, also a guest who wrote a confidential issue or is assigned to it; internal comments are for the
// roles Planner, Reporter and higher.
const InternalText = "internal event"

// Words are the message of an event and all its fields.
type Words struct {
	Text   string
	Fields map[string]string
}

// stateFields are the fields with the state of an incident or a change, and with its times. They count also in an internal comment. Their
// values are single words, such as a time; a value with a space is ignored.
var stateFields = sync.OnceValue(func() []string {
	return []string{
		"started_at", "detected_at", "mitigated_at", "resolved_at", "severity", "close",
		"finished_at", "aborted_at", "outcome", "executor", "criticality", "plan", "enough", "attempt", "same_job", "mark",
	}
})

// overrideField is the field with the reason for which checks were overridden. That they were is part of the state.
const overrideField = "override"

// sealed returns the event with its words set aside.
func (e Event) sealed() Event {
	e.Sealed = &Words{e.Text, e.Fields}
	var fields map[string]string
	for key, value := range e.Fields {
		if key == overrideField && value != "" {
			value = InternalText
		} else if !slices.Contains(stateFields(), key) || strings.ContainsFunc(value, unicode.IsSpace) {
			continue
		}
		if fields == nil {
			fields = map[string]string{}
		}
		fields[key] = value
	}
	e.Fields = fields
	if e.Text != "" {
		e.Text = InternalText
	}
	return e
}

// Opened returns the event with all its words, also if its comment is internal: for the token's user, or for another internal comment.
func (e Event) Opened() Event {
	if e.Sealed != nil {
		e.Text, e.Fields, e.Sealed = e.Sealed.Text, e.Sealed.Fields, nil
	}
	return e
}
