package incident

import (
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Remark is a comment of a person on an incident.
type Remark struct {
	At       time.Time // UTC
	By       string    // user name
	Text     string    // its first line, as in a timeline; empty for an event without a message
	Internal bool      // an internal comment: the text is for the token's user only
	NoteID   int64
}

// LastRemark returns what a person wrote last, with prodctl or without: the newest comment that is not GitLab's own, of the account of an
// access token, about alerts, or a form that prodctl filled in. Of an event it has the message and not the verb, because whether the event
// counts depends on the role of its author.
func LastRemark(notes []issue.Note) (last Remark, ok bool) {
	for _, n := range notes {
		if n.System || !account.IsPerson(n.Author) || ok && (n.CreatedAt.Before(last.At) || n.CreatedAt.Equal(last.At) && n.ID < last.NoteID) {
			continue
		}
		text := n.Body
		if hasAlerts(n) {
			continue
		} else if e, isEvent := eventlog.Read(n); isEvent {
			text = e.Opened().Text
		} else if strings.Contains("\n"+n.Body, "\n<!-- prodctl:key=") {
			continue
		}
		last, ok = Remark{n.CreatedAt.UTC(), n.Author, firstLine(withoutHeading(withoutHidden(text))), n.Internal, n.ID}, true
	}
	return last, ok
}

// LastComment returns what a person wrote last, if it is not an event and newer than all events of people that count.
func LastComment(notes []issue.Note) (Remark, bool) {
	last, ok := LastRemark(notes)
	for _, e := range eventlog.Events(notes, Kind) {
		if e.Trusted && !e.Posted.Before(last.At) && Verb(e.Verb) != Alert {
			return Remark{}, false
		}
	}
	return last, ok
}
