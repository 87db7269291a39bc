// Package request holds the rules of asking the team for work (handbook, "Adding work to the Team Backlog"): what a request says, its
// record in the description, and which manager it mentions.
//
// Start with [Request]. Requests to GitLab and output do not belong here.
package request

import (
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/record"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Kind is the kind of the record: the fenced block begins with yaml prodctl/request.
const Kind = "request"

// The keys of the record of a request (docs/record.md).
const (
	keyRequester   = "requester"
	keyTeam        = "team"
	keyDue         = "due"
	keyUrgent      = "urgent"
	keyManager     = "manager"
	keyRequestedAt = "requested_at"
)

// Request is what somebody asks for. Zero values are unknown.
type Request struct {
	Requester string        // user name without @
	Team      string        // the team that waits for it; empty: our own
	Due       calendar.Date // when the requester has committed to it
	Urgent    bool
	Manager   string    // who was mentioned; user name without @
	At        time.Time // UTC
}

// Read parses the record in a description. exists is false if it has none.
func Read(description string) (r Request, exists bool) {
	block, _ := record.Find(description, Kind)
	text := func(key string) string {
		v, _ := block.Get(key)
		return v.Text
	}
	r = Request{Requester: strings.TrimPrefix(text(keyRequester), "@"), Team: text(keyTeam),
		Manager: strings.TrimPrefix(text(keyManager), "@"), Urgent: strings.EqualFold(text(keyUrgent), "true")}
	r.Due, _ = calendar.ParseDate(text(keyDue))
	r.At, _ = time.Parse(time.RFC3339, text(keyRequestedAt))
	return r, block.Exists()
}

// Record returns the block with what is known.
func (r Request) Record() string {
	var edits []record.Edit
	if r.Requester != "" {
		edits = append(edits, record.Set(keyRequester, r.Requester))
	}
	edits = append(edits, record.Set(keyTeam, r.Team))
	if !r.Due.IsZero() {
		edits = append(edits, record.Set(keyDue, r.Due.String()))
	}
	if r.Urgent {
		edits = append(edits, record.Set(keyUrgent, "true"))
	}
	if r.Manager != "" {
		edits = append(edits, record.Set(keyManager, r.Manager))
	}
	return record.New(Kind, append(edits, record.Set(keyRequestedAt, r.At.UTC().Format(time.RFC3339)))...)
}

// Description returns the description of the issue: the reason as it was entered, who asks whom for it, and the record. The names of users
// mention them; the other texts mention nobody.
func (r Request) Description(why string) string {
	return strings.TrimSpace(safetext.Passage(strings.TrimSpace(why)) + "\n\n" + r.sentence() + "\n\n" + r.Record())
}

func (r Request) sentence() string {
	s := issue.LeadRequest + "the author"
	if r.Requester != "" {
		s = issue.LeadRequest + account.Name(r.Requester)
	}
	if r.Team != "" {
		s += " for " + safetext.Line(r.Team)
	}
	if !r.Due.IsZero() {
		s += fmt.Sprintf(", wanted by %s", r.Due)
	}
	s += "."
	if r.Urgent {
		s += " It is urgent."
	}
	if account.IsPerson(r.Manager) && r.Manager != "" {
		s += " @" + r.Manager + ", please plan it."
	}
	return s
}

// InTurn returns the managers in the order in which they are asked on a day: each begins for one week (Monday to Sunday), also at the turn
// of a year.
func InTurn(managers []string, day calendar.Date) []string {
	if len(managers) == 0 {
		return nil
	}
	monday := calendar.NewDate(1970, time.January, 5)
	at := day.DaysSince(monday) / 7 % len(managers)
	return append(append([]string{}, managers[at:]...), managers[:at]...)
}
