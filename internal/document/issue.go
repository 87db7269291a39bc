package document

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/issue"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// IssueReady returns the document of issues with what they lack.
func IssueReady(list []flow.Checked, cfg config.Config, now time.Time) jsonv1.IssueReady {
	var issues []jsonv1.WorkIssue
	var notes []string
	for _, c := range list {
		issues = append(issues, WorkIssue(c.Issue, cfg, now))
		notes = append(notes, c.Notes()...)
		if !c.Open() {
			notes = append(notes, c.Ref.String()+" is closed")
		}
	}
	doc := jsonv1.NewIssueReady(issues)
	doc.Notes = notes
	return doc
}

// WorkIssue returns the document of an issue of the team's work.
func WorkIssue(i issue.Issue, cfg config.Config, now time.Time) jsonv1.WorkIssue {
	unready := board.Unready(i, cfg.Labels.Names.Of(label.Meta))
	doc := jsonv1.WorkIssue{
		Ref: i.Ref.String(), Title: i.Title, Open: i.Open(), Priority: cfg.Priorities().Of(i), Goal: string(cfg.GoalLabels().Of(i)),
		Ready: len(unready) == 0, Milestone: i.Milestone, Assignees: slices.Clone(i.Assignees), Labels: slices.Clone(i.Labels),
		AgeDays: days(i.CreatedAt, now), IdleDays: days(i.UpdatedAt, now), Handoff: i.Has(cfg.HandoffLabel()),
		Confidential: i.Confidential, WebURL: i.WebURL,
	}
	for _, c := range cfg.BoardLayout().Where(i) {
		doc.Columns = append(doc.Columns, c.Name)
	}
	for _, r := range unready {
		doc.Missing = append(doc.Missing, jsonv1.Unmet{ID: r.ID, Text: r.Text})
	}
	if weight := milestone.WeightOf(i); weight > 0 {
		doc.Weight = &weight
	}
	if !i.Due.IsZero() {
		doc.Due = i.Due.String()
	}
	return doc
}

// days returns the whole days since a time; nil if it is unknown.
func days(since, now time.Time) *int {
	if since.IsZero() {
		return nil
	}
	return new(max(0, int(now.Sub(since)/(24*time.Hour))))
}
