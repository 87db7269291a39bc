package followup

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Kind is the kind of the events in the comments of a corrective action, and [Remind] their verb.
const (
	Kind   = "action"
	Remind = "remind"
)

// NoteKind is the kind of the key of a reminder's comment.
const NoteKind = "reminder"

// The fields of a reminder: the due date that it is about, and the comment with the reminder before it.
const (
	keyDue      = "due"
	keyPrevious = "previous"
)

// Every is how many days lie between two reminders.
const Every = 7

// Reminder is a comment that reminds the owners of an overdue action.
type Reminder struct {
	Event   eventlog.Event
	Heading string
	Name    string // in the key of the comment
}

// LastReminder returns the newest reminder among an action's comments. Comments of people who may not edit the issue do not count.
func LastReminder(notes []issue.Note) (last eventlog.Event, ok bool) {
	for _, e := range eventlog.Events(notes, Kind) {
		if e.Trusted && e.Verb == Remind && (!ok || e.Posted.After(last.Posted)) {
			last, ok = e, true
		}
	}
	return last, ok
}

// Again returns the first day of the next reminder after the last one. Days count and not hours, so that a daily job sends it on the
// same day of the week, whenever in the day it runs.
func Again(last eventlog.Event, c Calendar) calendar.Date {
	return calendar.DateOf(last.Posted.In(c.Zone)).AddDays(Every)
}

// Reminder returns the comment that reminds the owners of an overdue action, unless one was sent in the last days.
//
// Its key names the action, its due date and the reminder before it. So runs that see the same last reminder add the same comment, also
// when one of them runs just before midnight. Its words depend on nothing else, so a repeated run finds it.
func (a Action) Reminder(notes []issue.Note, c Calendar) (Reminder, bool) {
	last, reminded := LastReminder(notes)
	if a.State != Overdue || reminded && c.Today.Before(Again(last, c)) {
		return Reminder{}, false
	}
	due := a.Issue.Due.String()
	e := eventlog.Event{Kind: Kind, Verb: Remind, At: eventlog.Undated, Text: a.reminderText(),
		Fields: map[string]string{keyDue: due, keyPrevious: fmt.Sprint(last.NoteID)}}
	return Reminder{e, "Reminder: overdue since " + due, fmt.Sprintf("%d-%s-%d", a.Issue.ID, strings.ReplaceAll(due, "-", ""), last.NoteID)},
		true
}

// reminderText names the incident by its reference and severity only: more people may see the action.
func (a Action) reminderText() string {
	var text strings.Builder
	text.WriteString("This corrective action")
	if a.Incident != nil {
		text.WriteString(" of " + a.Incident.Issue.Ref.String())
		if a.Incident.Severity != incident.UnknownSeverity {
			text.WriteString(" (" + a.Incident.Severity.String() + ")")
		}
	}
	fmt.Fprintf(&text, " was due on %s.", a.Issue.Due)
	owners := a.mentions()
	if owners == "" {
		return text.String() + " Nobody is assigned. Assign somebody, set another due date, or close it if it is done."
	}
	return owners + " " + text.String() + " Close it if it is done, or set another due date and write why."
}

// username matches the names that GitLab allows.
var username = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`) })

// mentions are the owners who are people.
func (a Action) mentions() string {
	var list []string
	for _, name := range a.Issue.Assignees {
		if account.IsPerson(name) && username().MatchString(name) {
			list = append(list, "@"+name)
		}
	}
	return strings.Join(list, " ")
}
