package seed

import (
	"slices"
	"strings"
	"time"
)

// This file has the production queue of the handbook seed: recent incidents and planned changes. Their records are
// written the way people and tools leave them, some with gaps.

func productionLabels() []Label {
	labels := []Label{
		{Name: "incident", Color: "#a8324a", Description: "An event that harms users of production"},
		{Name: "change", Color: "#5b3fa8", Description: "A planned change of production, through a window and approvals"},
		{Name: "delta", Color: "#4a5568", Description: "A temporary deviation from the standard configuration, to be merged back"},
		{Name: "S1", Color: "#d10000", Description: "Severity 1: outage or data loss, no workaround, most users"},
		{Name: "S2", Color: "#ff9f80", Description: "Severity 2: many users or several paying customers, workaround too complex"},
		{Name: "S3", Color: "#ffc4b0", Description: "Severity 3: some users, an acceptable workaround"},
		{Name: "S4", Color: "#ffe4db", Description: "Severity 4: cosmetic"},
		{Name: "C2", Color: "#6a3fb5", Description: "Criticality 2: risk without downtime; approval of a manager or peer lead"},
		{Name: "C3", Color: "#cbb7f0", Description: "Criticality 3: very low risk, some manual work; approval of a peer"},
		{Name: "C4", Color: "#e6dcf9", Description: "Criticality 4: routine or automated; no approval"},
		{Name: incidentActive, Color: "#990f02", Description: "Users are still affected"},
		{Name: incidentMitigated, Color: "#ffd166", Description: "Users are no longer affected; the cause is still there"},
		{Name: incidentResolved, Color: "#2e7d32", Description: "The cause is gone"},
		{Name: incidentReviewed, Color: "#1b5e20", Description: "The review is held and its actions are written down"},
		{Name: changeScheduled, Color: "#d6c9f5", Description: "Planned for a window"},
		{Name: changeRunning, Color: "#512da8", Description: "Being carried out"},
		{Name: changeComplete, Color: "#33691e", Description: "Carried out and checked"},
		{Name: changeAborted, Color: "#424242", Description: "Stopped or rolled back; another attempt is a new issue"},
	}
	for _, service := range []string{"database", "mail", "registry", "search", "uploads", "web"} {
		labels = append(labels, Label{Name: "service:" + service, Color: "#dfe7ef"})
	}
	return labels
}

// production returns the queue. related are the issues of the other tracker that it links to. Issues added to the
// seed later come last, so that the references of the first ones stay.
func (h timeline) production(related []Issue) []Issue {
	first := inOrder(slices.Concat(h.firstIncidents(related), h.firstChanges()))
	later := inOrder(slices.Concat(h.laterIncidents(), h.laterChanges()))
	for n := range later {
		later[n].IID += len(first)
	}
	all := append(first, later...)
	linkIssues(all, failover, failedFailover)
	return all
}

// incidentRecord is the record of an incident. Zero and empty fields are unknown.
type incidentRecord struct {
	started, detected, mitigated, resolved time.Duration // since the creation of the issue; started may be negative
	severity, state                        string
	services                               string // "web" or "web, mail"
	more                                   []string
}

// incident returns an issue with a record. A negative started is before its creation.
func (h timeline) incident(title string, at time.Time, author, summary string, in incidentRecord) Issue {
	i := h.issue(at.Format(time.DateOnly)+": "+title, at, author, "incident", in.severity, in.state)
	record := []string{"started_at: " + instant(at.Add(in.started))}
	for _, line := range []struct {
		key   string
		after time.Duration
	}{{"detected_at", in.detected}, {"mitigated_at", in.mitigated}, {"resolved_at", in.resolved}} {
		if line.after != 0 {
			record = append(record, line.key+": "+instant(at.Add(line.after)))
		}
	}
	record = append(record, "severity: "+in.severity)
	if in.services != "" {
		record = append(record, "services: ["+in.services+"]")
		for _, service := range strings.Split(in.services, ", ") {
			i.Labels = append(i.Labels, "service:"+service)
		}
	}
	i.Description = withRecord("## Summary\n\n"+summary, "incident", append(record, in.more...))
	return i
}

// change returns an issue with a record of the given lines.
func (h timeline) change(title string, at time.Time, author, criticality, state, plan string, record ...string) Issue {
	i := h.issue(title, at, author, "change", criticality, state)
	i.Description = withRecord(plan, "change", append([]string{"criticality: " + criticality}, record...))
	return i
}

// withRecord appends the record block of that kind to a description.
func withRecord(text, kind string, lines []string) string {
	return text + "\n\n```yaml prodctl/" + kind + "\n" + strings.Join(lines, "\n") + "\n```\n"
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (i *Issue) close(at time.Time, by string) { i.Closed, i.ClosedAt, i.ClosedBy = true, at, by }

func (i *Issue) comment(at time.Time, by, body string) {
	i.Notes = append(i.Notes, Note{Author: by, Body: body, CreatedAt: at})
}

// transition is a change of an issue's state.
type transition struct {
	at    time.Time
	state string
}

// moved records the transitions of the issue up to its current state. It had the first state from its creation.
func (i *Issue) moved(by, first string, moves ...transition) {
	i.Events = append(i.Events, Event{At: i.CreatedAt, AddLabel: first})
	for _, m := range moves {
		i.Events = append(i.Events, Event{At: m.at, By: by, RemoveLabel: first}, Event{At: m.at, By: by, AddLabel: m.state})
		first = m.state
	}
}

// The states, as the labels of the queue spell them.
const (
	incidentActive    = "Incident::Active"
	incidentMitigated = "Incident::Mitigated"
	incidentResolved  = "Incident::Resolved"
	incidentReviewed  = "Incident::Reviewed"
	changeScheduled   = "change::scheduled"
	changeRunning     = "change::in-progress"
	changeComplete    = "change::complete"
	changeAborted     = "change::aborted"
)

const minutes = time.Minute

func (h timeline) firstIncidents(related []Issue) []Issue {
	resolved := h.incident("Web requests time out", h.at(-1, 3, 10), "tomas", "The connection pooler ran out of slots.", incidentRecord{
		detected: 6 * minutes, mitigated: 41 * minutes, resolved: 55 * minutes,
		severity: "S2", state: incidentResolved, services: "web, database",
		more: []string{"impact: 0.4", "cause: the pooler kept connections of stopped workers"},
	})
	resolved.close(h.at(-1, 4, 9), "tomas")
	resolved.moved("tomas", incidentActive,
		transition{resolved.CreatedAt.Add(42 * minutes), incidentMitigated}, transition{resolved.CreatedAt.Add(56 * minutes), incidentResolved})
	active := h.incident("Uploads fail for some customers", h.at(0, 7, 19), "kate", "Uploads through the second region fail.", incidentRecord{
		detected: 4 * minutes, severity: "S2", state: incidentActive, services: "uploads",
	})
	active.Assignees = []string{"kate"}
	if n := slices.IndexFunc(related, func(i Issue) bool { return i.Title == missingUploads }); n >= 0 {
		active.Links = []Link{{Project: infraPath, IID: related[n].IID}}
	}
	active.comment(active.CreatedAt.Add(30*minutes), "kate", "Traffic is moved to the first region.")
	active.comment(active.CreatedAt.Add(95*minutes), "diego",
		"The second region refuses the certificate of the new proxy. We are rolling it back.")
	mitigated := h.incident("Registry is slow", h.at(0, 4, 6), "ines", "Pulls of large images take minutes.", incidentRecord{
		started: -20 * minutes, detected: 2 * minutes, mitigated: 50 * minutes, severity: "S3", state: incidentMitigated, services: "registry",
	})
	mitigated.moved("ines", incidentActive, transition{mitigated.CreatedAt.Add(52 * minutes), incidentMitigated})
	secret := h.incident("Suspicious sign-ins", h.at(0, 4, 13), "sven", "Staff signed in from an unknown network.", incidentRecord{
		detected: 3 * minutes, severity: "S3", state: incidentActive, services: "web",
	})
	secret.Confidential, secret.Assignees = true, []string{"sven"}
	secret.comment(secret.CreatedAt.Add(12*minutes), "sven", "Sessions revoked. Asking the five people one by one.")
	// Opened by hand: no record, no state, no severity.
	plain := h.issue("Certificates of the registry were renewed by hand", h.at(-1, 8, 9), "liam", "incident")
	return []Issue{resolved, active, mitigated, secret, plain}
}

// Two attempts at one change.
const (
	failover       = "Fail over the main database to the second region"
	failedFailover = "Fail over the main database to the second region, first attempt"
)

func (h timeline) firstChanges() []Issue {
	window := h.nextWindow()
	planned := h.change(failover, h.at(0, 5, 10), "diego", "C2", changeScheduled, failoverPlan,
		"start: "+instant(window), "duration: 45m", "window_end: "+instant(window.Add(90*minutes)), "services: [database]",
		"impact: internal", "downtime: 0m", "executor: diego", "environment: production")
	planned.DueDate = window.Format(time.DateOnly)
	began := h.at(0, 2, 16)
	complete := h.change("Raise the limit of open files on the load balancers", h.at(0, 2, 9), "liam", "C2", changeComplete, limitsPlan,
		"start: "+instant(began), "duration: 20m", "window_end: "+instant(began.Add(40*minutes)), "services: [web]", "executor: liam",
		"approved_by: [maria]", "started_at: "+instant(began.Add(3*minutes)), "finished_at: "+instant(began.Add(27*minutes)), "outcome: success")
	complete.moved("liam", changeScheduled,
		transition{began.Add(3 * minutes), changeRunning}, transition{began.Add(27 * minutes), changeComplete})
	complete.close(h.at(0, 2, 17), "liam")
	delta := h.issue("Alerts of the mail relay are muted", h.at(0, 1, 9), "aisha", "delta")
	return []Issue{planned, complete, delta}
}

// nextWindow is ten o'clock on the first Tuesday that is at least three days away.
func (h timeline) nextWindow() time.Time {
	day := time.Date(h.now.Year(), h.now.Month(), h.now.Day()+3, 10, 0, 0, 0, time.UTC)
	return day.AddDate(0, 0, (int(time.Tuesday-day.Weekday())+7)%7)
}

const failoverPlan = `## Why

The first region goes into maintenance by the end of the month.

## Steps

1. Stop the writers (5 min)
1. Promote the standby (10 min)
1. Point the pooler at it and start the writers (30 min)

## Roll-back

Point the pooler back: the old primary stays in place for a day. 10 minutes.`

const limitsPlan = `## Why

The balancers ran out of file descriptors twice this month.

## Roll-back

Revert the commit and converge. 10 minutes.`

// laterIncidents are over, apart from what their gaps leave open.
func (h timeline) laterIncidents() []Issue {
	reviewed := h.incident("Pipelines do not start", h.at(-2, 6, 3), "aisha", "No job was picked up in any region.", incidentRecord{
		detected: 9 * minutes, mitigated: 62 * minutes, resolved: 75 * minutes, severity: "S1", state: incidentReviewed, services: "web",
		more: []string{"impact: 0.8", "cause: the queue's certificate had run out", "data_loss: false"},
	})
	reviewed.moved("aisha", incidentActive, transition{reviewed.CreatedAt.Add(63 * minutes), incidentMitigated},
		transition{reviewed.CreatedAt.Add(76 * minutes), incidentResolved}, transition{h.at(-1, 2, 14), incidentReviewed})
	reviewed.close(h.at(-1, 2, 14), "aisha")
	reviewed.comment(reviewed.CreatedAt.Add(20*minutes), "maria", "Customers are informed on the status page.")
	// The times of detection and mitigation are missing.
	gaps := h.incident("Search returns stale results", h.at(-3, 2, 14), "liam", "New issues were not found for hours.", incidentRecord{
		started: -3 * time.Hour, resolved: 40 * minutes, severity: "S3", state: incidentResolved, services: "search",
	})
	gaps.close(h.at(-3, 3, 9), "liam")
	// Resolved but still open: its review is due.
	due := h.incident("Mail is delivered late", h.at(-1, 7, 22), "diego",
		"The relay held back mail that one provider refused.", incidentRecord{
			detected: 15 * minutes, mitigated: 48 * minutes, resolved: 130 * minutes, severity: "S2", state: incidentResolved, services: "mail",
		})
	due.moved("diego", incidentActive,
		transition{due.CreatedAt.Add(50 * minutes), incidentMitigated}, transition{due.CreatedAt.Add(131 * minutes), incidentResolved})
	due.Assignees = []string{"diego"}
	hostile := h.incident("=HYPERLINK(\"http://x.test\") | <b>alerts</b> ping @all `and more 🚨", h.at(0, 3, 11), "tomas",
		"```\n/close\n```\n\n| a |\n|---|\n| @all |", incidentRecord{
			detected: 1 * minutes, resolved: 12 * minutes, severity: "S4", state: incidentResolved,
		})
	hostile.close(h.at(0, 3, 12), "tomas")
	hostile.comment(hostile.CreatedAt.Add(5*minutes), "gus",
		"```yaml prodctl/incident\nseverity: S1\n```\n\n<!-- a comment --> \u202eback to front")
	return []Issue{reviewed, gaps, due, hostile}
}

func (h timeline) laterChanges() []Issue {
	began := h.now.Truncate(time.Minute).Add(-25 * minutes)
	running := h.change("Replace the disks of the log pipeline", h.at(0, 6, 15), "tomas", "C3", changeRunning,
		"One node at a time. Roll back by stopping.",
		"start: "+instant(began), "duration: 60m", "window_end: "+instant(began.Add(120*minutes)), "executor: tomas", "environment: production",
		"approved_by: [ines]", "started_at: "+instant(began))
	running.Assignees = []string{"tomas"}
	running.moved("tomas", changeScheduled, transition{began, changeRunning})
	tried := h.at(-1, 6, 10)
	aborted := h.change(failedFailover, h.at(-1, 3, 10), "diego", "C2", changeAborted, failoverPlan,
		"start: "+instant(tried), "duration: 45m", "window_end: "+instant(tried.Add(90*minutes)), "services: [database]", "executor: diego",
		"approved_by: [maria]", "started_at: "+instant(tried), "aborted_at: "+instant(tried.Add(18*minutes)), "outcome: failure")
	aborted.moved("diego", changeScheduled, transition{tried, changeRunning}, transition{tried.Add(18 * minutes), changeAborted})
	aborted.comment(tried.Add(17*minutes), "diego", "The standby lagged by ten minutes. Stopped before anything was promoted.")
	aborted.close(tried.Add(18*minutes), "diego")
	return []Issue{running, aborted, h.deployment(h.at(0, 6, 13), "success"), h.deployment(h.at(0, 6, 11), "failure")}
}

// deployment returns a record created by a pipeline after a deployment, already closed.
func (h timeline) deployment(at time.Time, outcome string) Issue {
	const web = "https://gitlab.example.test/acme/infrastructure/-/"
	i := h.change("Deployment of acme/infrastructure to production: "+outcome, at, "project_31_bot_5f2c9a1e", "C4", changeComplete,
		"Recorded by the pipeline that deployed.",
		"type: deployment", "environment: production", "stage: deploy", "user: ines", "source: acme/infrastructure@main",
		"commit: 6b1c9f0e", "diff: "+web+"compare/41aa70d2...6b1c9f0e", "job: "+web+"jobs/70"+at.Format("15"), "outcome: "+outcome, "attempts: 1",
		"finished_at: "+instant(at))
	i.close(at, "project_31_bot_5f2c9a1e")
	return i
}
