package document

import (
	"time"

	flow "gitlab.com/prodctl/prodctl/internal/workflow/change"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Change returns the document of a change.
func Change(c change.Change) jsonv1.Change {
	r := c.Record
	w := c.Window()
	doc := jsonv1.Change{
		Ref: c.Issue.Ref.String(), Title: c.Issue.Title, State: jsonv1.ChangeState(c.State), Criticality: string(c.Criticality),
		Start: Instant(r.Start), WindowEnd: Instant(w.To),
		Services: r.Services, Environment: r.Environment, Executor: r.ExecutedBy(),
		StartedAt: Instant(r.StartedAt), FinishedAt: Instant(r.FinishedAt),
		AbortedAt: Instant(r.AbortedAt), Outcome: string(r.Outcome), Confidential: c.Issue.Confidential, Open: c.Issue.Open(),
		Gaps: c.Gaps, WebURL: c.Issue.WebURL,
	}
	if r.Duration > 0 {
		doc.DurationMinutes = new(int(r.Duration / time.Minute))
	}
	if r.Type != "" {
		doc.Automation = &jsonv1.Automation{Type: r.Type, Stage: r.Stage, User: r.User, Source: r.Source, Commit: r.Commit,
			Diff: r.Diff, Job: r.Job, Message: r.Message, RecordedBy: r.RecordedBy}
		if r.Pipeline > 0 {
			doc.Automation.Pipeline = new(int(r.Pipeline))
		}
		if r.Attempts > 0 {
			doc.Automation.Attempts = new(r.Attempts)
		}
	}
	return doc
}

// ShownChange returns the document of a change with its approvals, conflicts and related issues.
func ShownChange(f flow.Shown) jsonv1.ChangeShow {
	doc := jsonv1.NewChange(Change(f.Change))
	doc.Approvals = approvals(f.Verdict)
	doc.Digest, doc.Plan = f.Digest, f.Plan()
	doc.Overrides, doc.RetryOf, doc.Problems, doc.Notes = f.Record.Overrides, f.Record.RetryOf, Problems(f.Record.Problems), f.Gaps
	for _, c := range f.Conflicts {
		doc.Conflicts = append(doc.Conflicts, c.Issue.Ref.String())
	}
	for _, h := range f.Held {
		doc.Locks = append(doc.Locks, h.Lock.Name)
	}
	for _, link := range f.Links {
		doc.Related = append(doc.Related, Related(link.Issue))
	}
	doc.Related = append(doc.Related, Unlinked(f.Record.Related, f.Links)...)
	return doc
}

// approvals returns the approvals that count and those that do not.
func approvals(v change.Verdict) jsonv1.Approvals {
	doc := jsonv1.Approvals{Satisfied: v.Enough, Missing: v.Missing}
	for _, c := range v.Counted {
		doc.Counted = append(doc.Counted, jsonv1.Approver{By: c.By, Roles: c.Roles, At: Instant(c.At)})
	}
	for _, i := range v.Ignored {
		doc.Ignored = append(doc.Ignored, jsonv1.IgnoredApproval{By: i.By, Reason: i.Reason})
	}
	return doc
}
