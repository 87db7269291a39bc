package incident

import (
	"context"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// SyncStore reads and writes what GitLab's own incidents have besides.
type SyncStore interface {
	Timeline(context.Context, issue.Issue) ([]issue.TimelineEvent, error)
	UpdateIncident(context.Context, issue.Issue, issue.Severity, []issue.TimelineEvent) error
}

// Sync gives one of GitLab's own incidents its severity and the events of the timeline in GitLab: what is missing, looking first. It does
// nothing for other issues. created means that this run created the issue, so that nothing has to be looked up.
func Sync(ctx context.Context, store SyncStore, i issue.Issue, labels incident.Labels, created bool) error {
	if !i.Incident {
		return nil
	}
	severity := incident.Of(i, labels).Severity.GitLab()
	if severity == i.Severity {
		severity = issue.UnknownSeverity
	}
	events := incident.GitLabTimeline(i.Description)
	if len(events) > 0 && !created {
		has, err := store.Timeline(ctx, i)
		if err != nil {
			return err
		}
		events = incident.LackingTimeline(events, has)
	}
	if severity == issue.UnknownSeverity && len(events) == 0 {
		return nil
	}
	return store.UpdateIncident(ctx, i, severity, events)
}

// SyncAfter returns the work that follows a run which wrote to one of GitLab's own incidents.
func SyncAfter(store SyncStore, labels incident.Labels) func([]workflow.Round) []workflow.After {
	return func(rounds []workflow.Round) []workflow.After {
		i, created := written(rounds)
		if !i.Incident {
			return nil
		}
		return []workflow.After{{NotDone: "GitLab's severity and timeline of " + i.Ref.String() + " may be out of date",
			Repeat: workflow.Command("incident adopt %s", i.Ref),
			Do:     func(ctx context.Context) error { return Sync(ctx, store, i, labels, created) }}}
	}
}

// written returns the issue as it was after the last write of these rounds; created reports that one of them created it.
func written(rounds []workflow.Round) (i issue.Issue, created bool) {
	done := false
	for _, round := range rounds {
		for _, r := range round.Report.Results {
			done = done || r.Err == nil && r.Outcome == plan.Done
			_, link := r.Step.(plan.CreateLink) // its issue may be the other one
			if r.Err != nil || r.Issue.ID == 0 || link {
				continue
			}
			_, creates := r.Step.(plan.CreateIssue)
			created, i = created || creates && r.Outcome == plan.Done, r.Issue
		}
	}
	if !done {
		return issue.Issue{}, false
	}
	return i, created
}
