package render_test

import (
	"os"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// statusDocuments are the screens of production and the timebox.
func statusDocuments(f func(string) string) []document {
	busy, quiet, unknown := busyStatus(f), jsonv1.NewStatus("2018-08-24T16:00:00Z"), jsonv1.NewStatus("2018-08-24T16:00:00Z")
	part := func(command string) jsonv1.StatusPart { return jsonv1.StatusPart{Command: "prodctl " + command} }
	quiet.Oncall.Unknown, quiet.Gate.State = "no rotation is configured", "open"
	quiet.Timebox = jsonv1.StatusTimebox{StatusPart: part("milestone show"), Title: f("Current Milestone"), Start: "2018-08-27", Due: "2018-09-07", Days: 10}
	quiet.Budget = jsonv1.StatusBudget{FirstDay: "2018-07-28", LastDay: "2018-08-24",
		Accounts: []jsonv1.StatusAccount{{Name: "production", Allowed: "20.16", Spent: "0", Remaining: "20.16", Percent: "0"}}}
	const reason = "list issues of acme/production: 503 Service Unavailable"
	for _, p := range []*jsonv1.StatusPart{&unknown.Incidents.StatusPart, &unknown.Changes.StatusPart, &unknown.Gate.StatusPart,
		&unknown.Handoffs.StatusPart, &unknown.Timebox.StatusPart, &unknown.Budget.StatusPart} {
		p.Unknown, p.Command = f(reason), "prodctl incident list"
	}
	unknown.Oncall, unknown.Gate.State = busy.Oncall, "unknown"
	return []document{
		{"status", busy, func(v *render.View) error { return v.Status(busy) }},
		{"status_quiet", quiet, func(v *render.View) error { return v.Status(quiet) }},
		{"status_unknown", unknown, func(v *render.View) error { return v.Status(unknown) }},
	}
}

func busyStatus(f func(string) string) jsonv1.Status {
	doc := jsonv1.NewStatus("2018-08-22T16:00:00Z")
	part := func(command string, more bool) jsonv1.StatusPart {
		return jsonv1.StatusPart{Command: "prodctl " + command, AtLeast: more}
	}
	now := jsonv1.Duty{Shift: "2018-08-22T16:00Z/AMER", Region: "AMER", From: "2018-08-22T16:00:00Z", To: "2018-08-23T04:00:00Z", Person: &jsonv1.Person{User: "kim"}}
	next := jsonv1.Duty{Shift: "2018-08-23T04:00Z/EMEA", Region: "EMEA", From: "2018-08-23T04:00:00Z", To: "2018-08-23T16:00:00Z", Person: &jsonv1.Person{User: "ana"}}
	doc.Oncall = jsonv1.StatusOncall{StatusPart: part("oncall now", false), Now: &now, Next: &next}
	doc.Incidents = jsonv1.StatusIncidents{StatusPart: part("incident list", false), Active: 3, Mitigated: 4, Worst: []jsonv1.Incident{
		{Ref: "acme/production#8", Title: f("2018-08-22: Registry returns 500s for a third of all pulls"), State: "active", Severity: "S1", AgeMinutes: new(82), Open: true,
			LastComment: &jsonv1.Update{At: "2018-08-22T15:48:00Z", By: "ana", Text: f("Failed over to the second region, errors are falling")}},
		{Ref: "acme/production#9", Title: f("2018-08-22: Uploads fail for some customers"), State: "active", AgeMinutes: new(21), Open: true,
			LastComment: &jsonv1.Update{At: "2018-08-22T15:50:00Z", By: "bo", Internal: true}},
		{Ref: "acme/production#6", State: "active", Severity: "S3", Confidential: true, Withheld: true, Open: true},
		{Ref: "acme/production#5", Title: f("2018-08-17: Registry is slow"), State: "mitigated", Severity: "S3", AgeMinutes: new(7810), Open: true},
		{Ref: "acme/production#4", Title: f("2018-08-16: Mail is late"), State: "mitigated", Severity: "S4", AgeMinutes: new(9000), Open: true},
	}}
	doc.Changes = jsonv1.StatusChanges{StatusPart: part("change list", true), InProgress: 1, Planned: 99, First: []jsonv1.Change{
		{Ref: "acme/production#16", Title: f("Replace the disks of the log pipeline"), State: "in-progress", Criticality: "C3", Start: "2018-08-22T15:35:00Z", WindowEnd: "2018-08-22T17:35:00Z"},
		{Ref: "acme/production#7", Title: f("Fail over the main database"), State: "approved", Criticality: "C1", Start: "2018-08-28T10:00:00Z", WindowEnd: "2018-08-28T11:30:00Z"},
		{Ref: "acme/production#17", State: "scheduled", Criticality: "C2", Confidential: true, Withheld: true},
	}}
	weekend := jsonv1.Lock{Name: f("weekend"), Kind: "soft", Next: []jsonv1.Period{{From: "2018-08-25T01:00:00Z", To: "2018-08-26T21:00:00Z"}}}
	freeze := jsonv1.Lock{Name: f("release"), Kind: "hard", Active: true, Next: []jsonv1.Period{{From: "2018-08-22T12:00:00Z", To: "2018-08-22T18:00:00Z"}}}
	doc.Locks = jsonv1.StatusLocks{StatusPart: part("lock list", false), Active: []jsonv1.Lock{freeze}, Next: &weekend}
	doc.Gate = jsonv1.StatusGate{StatusPart: part("change gate --criticality C3", false), State: "closed", Reasons: []jsonv1.Reason{
		{Kind: "incident", Ref: "acme/production#8", Text: "active S1 incident", Title: f("Registry returns 500s")},
		{Kind: "lock", Text: `lock "release" (hard: all changes) until 2018-08-22 18:00 UTC`, Until: "2018-08-22T18:00:00Z", Hard: true},
	}}
	doc.Handoffs = jsonv1.StatusHandoffs{StatusPart: part("handoff list", false), Waiting: 2, Oldest: &jsonv1.Related{Ref: "acme/infrastructure#116", Title: f("Drain the last node")}}
	doc.Timebox = jsonv1.StatusTimebox{StatusPart: part("milestone show", false), Title: f("Current Milestone"), Start: "2018-08-06", Due: "2018-08-20", Day: 10, Days: 10,
		Done: 12, Total: 20, AtPace: new(12), RollDue: true, OverdueDays: new(2)}
	doc.Budget = jsonv1.StatusBudget{StatusPart: part("budget", false), FirstDay: "2018-07-26", LastDay: "2018-08-22", Missing: 1, Accounts: []jsonv1.StatusAccount{
		{Name: "production", Allowed: "20.16", Spent: "12.1", Remaining: "8.06", Percent: "60"},
		{Name: f("registry"), Allowed: "20.16", Spent: "22", Remaining: "-1.84", Percent: "109.1", IsSpent: true},
	}}
	doc.Notes = texts{f("The comments of acme/production#6 could not be read")}
	return doc
}

// The picture of the screen in the documentation is the screen.
func TestStatusPageHasTheScreen(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/status.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := busyStatus(same)
	var screen strings.Builder
	for line := range strings.Lines(written(t, document{show: func(v *render.View) error { return v.Status(doc) }}, render.Options{TTY: true, Width: 120})) {
		screen.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	if !strings.Contains(string(page), "$ prodctl status\n"+screen.String()+"```\n") {
		t.Errorf("docs/status.md does not have this screen:\n%s", screen.String())
	}
}
