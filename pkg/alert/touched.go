package alert

import (
	"cmp"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// openingSpan is how long after an issue the labels and assignees may follow with which it was opened.
const openingSpan = time.Minute

// Touched says what a person did to an incident since it was opened from alerts: they commented, edited, relabelled, assigned, closed or
// reopened it. It is empty if nobody did. self is the token's user: what that account and other accounts that posted alerts do is not
// done by a person, as far as prodctl does it. Description edits of those accounts look like prodctl's own.
func Touched(i issue.Issue, notes []issue.Note, labels, states []issue.Event, self string) string {
	automatic := map[string]bool{self: true}
	for _, e := range eventlog.Events(notes, incident.Kind) {
		if e.Trusted && isPosted(e) {
			automatic[e.Author] = true
		}
	}
	person := func(user string) bool { return user == "" || account.IsPerson(user) && !automatic[user] }
	later := func(at time.Time) bool { return at.Sub(i.CreatedAt) > openingSpan }
	for _, n := range notes {
		e, isEvent := eventlog.Read(n)
		switch {
		case person(n.Author) && n.System:
			return "edited by " + name(n.Author)
		case person(n.Author):
			return "comment by " + name(n.Author)
		case !account.IsPerson(n.Author):
		case n.System && later(n.CreatedAt) && changesPeople(n.Body):
			return "edited by " + name(n.Author)
		case !n.System && !(isEvent && isPosted(e)):
			return "comment by " + name(n.Author)
		}
	}
	for _, e := range labels {
		if person(e.User) || account.IsPerson(e.User) && later(e.At) {
			return "relabelled by " + name(e.User)
		}
	}
	for _, e := range states {
		if person(e.User) || account.IsPerson(e.User) {
			return e.Action + " by " + name(e.User)
		}
	}
	return ""
}

// name is how people read a user name; empty is that of an account that was deleted.
func name(user string) string { return cmp.Or(account.Name(user), "a deleted user") }

// isPosted reports whether an event was posted for alerts.
func isPosted(e eventlog.Event) bool { return e.Opened().Fields[eventlog.AlertsField] != "" }

// changesPeople reports whether a system note is about a change that prodctl does not make after it opened an incident.
func changesPeople(body string) bool {
	for _, words := range []string{"assigned to", "unassigned", "changed title", "<p>changed title"} {
		if strings.HasPrefix(body, words) {
			return true
		}
	}
	return strings.Contains(body, " unassigned @")
}
