package document

import (
	"cmp"
	"strings"
	"time"

	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/correlation"
	"gitlab.com/prodctl/prodctl/pkg/deployment"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// IncidentChanges returns the document of what changed before an incident.
func IncidentChanges(inc incident.Incident, c flow.Changed) jsonv1.IncidentChanges {
	doc := jsonv1.NewIncidentChanges(inc.Issue.Ref.String(), inc.Issue.Title)
	doc.Services, doc.Confidential, doc.WebURL = inc.Services, inc.Issue.Confidential, inc.Issue.WebURL
	doc.BeganAt, doc.BeganFrom, doc.From = Instant(c.Began), string(c.Source), Instant(c.From())
	doc.Changes, doc.Unread, doc.Notes = RankedChanges(c.Ranked), unread(c.Unread), c.Notes()
	return doc
}

func unread(list []flow.Unread) (docs []jsonv1.Unread) {
	for _, u := range list {
		docs = append(docs, jsonv1.Unread{Project: u.Project, What: strings.ToLower(u.What), Reason: u.Reason})
	}
	return docs
}

// firstChanges is how many of the changes before it are shown with an incident.
const firstChanges = 3

// ChangesBefore returns the first changes before an incident, for its page.
func ChangesBefore(c *flow.Changed) *jsonv1.ChangesBefore {
	if c == nil {
		return nil
	}
	top := c.Top(firstChanges)
	return &jsonv1.ChangesBefore{From: Instant(c.From()), Changes: RankedChanges(top), More: len(c.Ranked) - len(top),
		Unread: unread(c.Unread)}
}

// RankedChanges converts ranked changes and deployments.
func RankedChanges(list []correlation.Ranked) []jsonv1.RankedChange {
	var docs []jsonv1.RankedChange
	for n, r := range list {
		doc := jsonv1.RankedChange{
			Rank: n + 1, Kind: string(r.Kind), Ref: r.Ref(), Reason: r.Reason(), Match: string(r.Match), Timing: string(r.Timing),
			Services: r.Services, StartedAt: Instant(r.From), EndedAt: Instant(r.To),
		}
		if r.Timing != correlation.Undated {
			doc.MinutesBefore = new(int(r.Away / time.Minute))
		}
		if r.Kind == correlation.Change {
			rankedChange(&doc, r.Change)
			doc.JobURL = r.Deployment.WebURL
		} else {
			rankedDeployment(&doc, r.Deployment)
		}
		docs = append(docs, doc)
	}
	return docs
}

func rankedChange(doc *jsonv1.RankedChange, c change.Change) {
	doc.Title, doc.State, doc.Criticality = c.Issue.Title, string(c.State), string(c.Criticality)
	doc.Environment, doc.By, doc.Commit, doc.Outcome = c.Record.Environment, c.Record.ExecutedBy(), c.Record.Commit, string(c.Record.Outcome)
	if doc.By == "" {
		doc.By = c.Record.User
	}
	doc.Confidential, doc.WebURL = c.Issue.Confidential, c.Issue.WebURL
}

func rankedDeployment(doc *jsonv1.RankedChange, d deployment.Deployment) {
	doc.Title, doc.State = deploymentTitle(d), string(d.Status)
	doc.Environment, doc.By, doc.Commit, doc.WebURL = d.Environment, d.User, d.Commit, d.WebURL
	switch d.Status {
	case deployment.Success:
		doc.Outcome = string(change.Success)
	case deployment.Failed:
		doc.Outcome = string(change.Failure)
	}
	if d.JobID != 0 {
		doc.JobURL = d.WebURL
	}
}

// deploymentTitle says what was deployed where: "to production: main (6b1c9f0e)".
func deploymentTitle(d deployment.Deployment) string {
	title := "to " + cmp.Or(d.Environment, "an unknown environment")
	if d.Ref != "" {
		title += ": " + d.Ref
	}
	if d.Commit != "" {
		title += " (" + d.Commit[:min(len(d.Commit), 8)] + ")"
	}
	return title
}
