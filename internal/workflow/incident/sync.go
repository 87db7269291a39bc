package incident

import (
	"context"
	"errors"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// SyncStore reads and writes what GitLab's own incidents have besides.
type SyncStore interface {
	Timeline(context.Context, issue.Issue) ([]issue.TimelineEvent, error)
	UpdateIncident(context.Context, issue.Issue, issue.Severity, []issue.TimelineEvent) error
}

// Scope is what a run brings up to date in one of GitLab's own incidents.
type Scope struct {
	Created  bool                           // the run created the issue, so that nothing has to be looked up
	Severity bool                           // the run gives the severity; otherwise one that somebody set in GitLab stays
	Adds     func(issue.TimelineEvent) bool // which missing events it adds; nil: all
	Repairs  bool                           // the run wrote nothing: it reports no missing role
}

// settled is how long what follows a write may take, so that a missing event is not one that its own run is about to add. It is more than
// the runner allows, and the minute that an event is cut to.
const settled = 2 * time.Minute

// Sync gives one of GitLab's own incidents its severity and the events of the timeline in GitLab: what is missing, looking first. It does
// nothing for other issues.
func Sync(ctx context.Context, store SyncStore, i issue.Issue, labels incident.Labels, s Scope) error {
	if !i.Incident {
		return nil
	}
	severity := incident.Of(i, labels).Severity.GitLab()
	if severity == i.Severity || i.Severity != issue.UnknownSeverity && !s.Severity {
		severity = issue.UnknownSeverity
	}
	events := incident.GitLabTimeline(i.Description)
	if s.Adds != nil {
		events = slices.DeleteFunc(events, func(e issue.TimelineEvent) bool { return !s.Adds(e) })
	}
	var unread error
	if len(events) > 0 && !s.Created {
		var has []issue.TimelineEvent
		if has, unread = store.Timeline(ctx, i); unread == nil {
			events = incident.LackingTimeline(events, has)
		} else {
			events = nil
		}
	}
	if severity == issue.UnknownSeverity && len(events) == 0 {
		return unread
	}
	err := store.UpdateIncident(ctx, i, severity, events)
	if err == nil || ctx.Err() != nil {
		return errors.Join(unread, err)
	}
	return err
}

// SyncAfter returns the work that follows a run which wrote to one of GitLab's own incidents, or found it unfinished. scope is asked once,
// with all rounds; without any, the run wrote nothing.
func SyncAfter(store SyncStore, labels incident.Labels, scope func([]workflow.Round) (issue.Issue, Scope, bool)) func(
	[]workflow.Round) []workflow.After {
	return func(rounds []workflow.Round) []workflow.After {
		i, s, ok := scope(rounds)
		if !ok || !i.Incident {
			return nil
		}
		return []workflow.After{{NotDone: "GitLab's severity and timeline of " + i.Ref.String() + " may be out of date",
			Repeat: workflow.Command("incident adopt %s", i.Ref),
			Do: func(ctx context.Context) error {
				err := Sync(ctx, store, i, labels, s)
				if s.Repairs && (fault.KindOf(err) == fault.Auth || errors.Is(err, fault.NotFound)) {
					return nil
				}
				return err
			}}}
	}
}

// Scope is what follows the event of this run: its own lines of the timeline, and earlier ones that are missing. If another run recorded
// the event, that one adds them, unless it had the time and did not.
func (e *Event) Scope(now time.Time) func([]workflow.Round) (issue.Issue, Scope, bool) {
	return func(rounds []workflow.Round) (issue.Issue, Scope, bool) {
		i, wrote := written(rounds)
		if !wrote {
			i = e.observed
		}
		given, err := incident.ParseSeverity(e.Inputs.Fields[incident.KeySeverity])
		s := Scope{Repairs: !wrote, Severity: err == nil && incident.Of(i, e.Labels).Severity == given}
		before := incident.GitLabTimeline(e.observed.Description)
		s.Adds = func(t issue.TimelineEvent) bool {
			return incident.Describes(e.recorded, t) || slices.Contains(before, t) && left(t, e.observed, e.events, now)
		}
		return i, s, noted(rounds) || e.recorded.NoteID != 0 && !e.recorded.Posted.After(now.Add(-settled))
	}
}

// Scope is what follows the creation or the adoption of the incident. One that existed is completed if the run that opened it had the time
// to, and did not.
func (o *Open) Scope(now time.Time) func([]workflow.Round) (issue.Issue, Scope, bool) {
	return func(rounds []workflow.Round) (issue.Issue, Scope, bool) {
		if i, _, ours := o.Created(rounds); ours {
			return i, Scope{Created: true, Severity: true}, true
		}
		i, wrote := written(rounds)
		if noted(rounds) {
			return i, Scope{Severity: o.adopted}, wrote
		}
		if !wrote {
			i = o.found
		}
		s := Scope{Repairs: true, Adds: func(t issue.TimelineEvent) bool { return old(t, now) }}
		return i, s, o.found.ID != 0 && !o.over(i) && !i.CreatedAt.After(now.Add(-settled))
	}
}

// Scope is what follows a run of `incident open --from`: the lines of the opening and of the alerts that this run wrote, and those that
// other runs left out although they had the time.
func (a *Alert) Scope(now time.Time) func([]workflow.Round) (issue.Issue, Scope, bool) {
	return func(rounds []workflow.Round) (issue.Issue, Scope, bool) {
		i, wrote := written(rounds)
		if !wrote {
			i = a.found
		}
		_, created := workflow.DoneBy(rounds, func(step plan.Step) bool { return step.Key() == workflow.CreatedStep })
		added := noted(rounds)
		s := Scope{Severity: created, Repairs: !wrote}
		s.Adds = func(t issue.TimelineEvent) bool {
			own := incident.Describes(a.added, t)
			return own && added || !own && created && !described(t, a.events) || left(t, i, a.events, now)
		}
		return i, s, i.ID != 0 && (created || added || !i.CreatedAt.After(now.Add(-settled)))
	}
}

// left reports whether the run that wrote a line has had the time to add it to GitLab's timeline.
func left(t issue.TimelineEvent, i issue.Issue, events []eventlog.Event, now time.Time) bool {
	written := i.CreatedAt
	for _, e := range events {
		if incident.Describes(e, t) {
			written = calendar.Later(written, e.Posted)
		}
	}
	return old(t, now) && !written.After(now.Add(-settled))
}

// described reports whether a line is that of an event, and not of the opening.
func described(t issue.TimelineEvent, events []eventlog.Event) bool {
	return slices.ContainsFunc(events, func(e eventlog.Event) bool { return incident.Describes(e, t) })
}

// noted reports whether this run added a comment.
func noted(rounds []workflow.Round) bool {
	_, done := workflow.DoneBy(rounds, func(step plan.Step) bool { _, note := step.(plan.CreateNote); return note })
	return done
}

// Scope is what follows the adoption: all of it.
func (a *Adopt) Scope(rounds []workflow.Round) (issue.Issue, Scope, bool) {
	i, wrote := written(rounds)
	return i, Scope{Severity: true}, wrote
}

// old reports whether the run that recorded what happened has ended.
func old(t issue.TimelineEvent, now time.Time) bool { return !t.At.After(now.Add(-settled)) }

// written returns the issue as it was after the last write of these rounds. What was brought in line with the comments counts before links
// and assignees, which do not wait for it.
func written(rounds []workflow.Round) (i issue.Issue, ok bool) {
	reconciled := false
	for _, round := range rounds {
		for _, r := range round.Report.Results {
			ok = ok || r.Err == nil && r.Outcome == plan.Done
			_, link := r.Step.(plan.CreateLink) // of a link it may be the other one
			_, whole := r.Step.(plan.ReconcileIssue)
			if r.Err == nil && r.Issue.ID != 0 && !link && (whole || !reconciled) {
				i, reconciled = r.Issue, reconciled || whole
			}
		}
	}
	return i, ok && i.ID != 0
}
