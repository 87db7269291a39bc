package correlation

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/deployment"
	"gitlab.com/prodctl/prodctl/pkg/evidence"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// Source is where the time comes from at which an incident began.
type Source string

// The sources. The last two are used only if nobody recorded a start.
const (
	FromRecord   Source = "record"
	FromTimeline Source = "timeline"
	FromDetected Source = "detected"
	FromOpened   Source = "opened"
)

// BeganAt returns when an incident began by its record or timeline, or else when it was detected, or else when its issue was opened.
func BeganAt(i incident.Incident, l incident.Labels) (time.Time, Source) {
	e := evidence.Of(i, l, nil)
	switch {
	case e.Started.Known():
		return e.Started.At, Source(e.Started.From)
	case e.Detected.Known():
		return e.Detected.At, FromDetected
	}
	return i.Issue.CreatedAt.UTC(), FromOpened
}

// OfChange returns a change as an item. ok is false for one that was never carried out, nor planned for a known time.
//
// The record of a job that was retried has the times of its latest attempt. If that began after the incident, the first attempt counts: it
// had ended when its issue was created.
func OfChange(c change.Change, began time.Time) (i Item, ok bool) {
	r := c.Record
	i = Item{Kind: Change, Change: c, Services: r.Services, From: r.StartedAt, To: r.FinishedAt, Open: c.State == change.InProgress}
	if i.To.IsZero() {
		i.To = r.AbortedAt
	}
	if r.Attempts > 1 && minute(r.StartedAt).After(minute(began)) {
		i.From, i.To, i.Attempts = time.Time{}, c.Issue.CreatedAt.UTC(), r.Attempts
	}
	w := c.Window()
	switch {
	case c.State == change.Scheduled, c.State == change.Approved, c.State == change.UnknownState && i.From.IsZero() && i.To.IsZero():
		i.From, i.To, i.Planned = w.From, w.To, true
		return i, !w.From.IsZero()
	case c.State == change.Aborted && r.StartedAt.IsZero() && r.Type == "":
		return i, false
	}
	return i, true
}

// OfDeployment returns a deployment as an item. ok is false for one that did not start.
func OfDeployment(d deployment.Deployment, services []string) (i Item, ok bool) {
	return Item{Kind: Deployment, Deployment: d, Services: services, From: d.StartedAt, To: d.EndedAt, Open: !d.Status.Over()}, d.Began()
}

// ServicesOf returns the services that a project deploys: those of the configuration, or else the one that is named like the project,
// among the known ones.
func ServicesOf(of deployment.Source, known []string) []string {
	if len(of.Services) > 0 {
		return of.Services
	}
	name := of.Project[strings.LastIndex(of.Project, "/")+1:]
	if slices.ContainsFunc(known, func(s string) bool { return strings.EqualFold(s, name) }) {
		return []string{name}
	}
	return nil
}

// Joined returns the items without deployments that a change has recorded, because both come from the same job. The change keeps the
// deployment, and takes from it what it lacks.
func Joined(items []Item) []Item {
	byJob, services := map[string]deployment.Deployment{}, map[int64][]string{}
	for _, i := range items {
		if d := i.Deployment; i.Kind == Deployment && d.JobID != 0 {
			byJob[strconv.FormatInt(d.JobID, 10)], services[d.ID] = d, i.Services
		}
	}
	recorded := map[int64]bool{}
	var out []Item
	for _, i := range items {
		d, found := byJob[i.Change.Record.JobKey()]
		if i.Kind == Change && found && strings.HasPrefix(d.Commit, i.Change.Record.Commit) { // people record short hashes
			i.Deployment, recorded[d.ID] = d, true
			if len(i.Services) == 0 {
				i.Services = services[d.ID]
			}
			if i.From.IsZero() && i.Attempts == 0 && !i.Planned {
				i.From = d.StartedAt
			}
		}
		out = append(out, i)
	}
	return slices.DeleteFunc(out, func(i Item) bool { return i.Kind == Deployment && recorded[i.Deployment.ID] })
}
