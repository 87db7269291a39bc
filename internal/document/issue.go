package document

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/issue"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/request"
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

// PriorityMatrix returns the document of the matrix, with the cell of an urgency and an impact marked. labels are AP1 to AP3 under the
// team's names.
func PriorityMatrix(urgency issue.Urgency, impact issue.Impact, labels []string) jsonv1.PriorityMatrix {
	var urgencies, impacts []jsonv1.Scale
	var cells []jsonv1.PriorityCell
	for _, i := range issue.Impacts() {
		impacts = append(impacts, jsonv1.Scale{Value: string(i), Meaning: i.Meaning()})
	}
	for _, u := range issue.Urgencies() {
		urgencies = append(urgencies, jsonv1.Scale{Value: string(u), Meaning: u.Meaning()})
		for _, i := range issue.Impacts() {
			cells = append(cells, jsonv1.PriorityCell{Urgency: string(u), Impact: string(i), Priority: labels[issue.AvailabilityOf(u, i)-1],
				Chosen: u == urgency && i == impact})
		}
	}
	return jsonv1.NewPriorityMatrix(urgencies, impacts, cells)
}

// Issues returns the document of a list of issues.
func Issues(l flow.List, list []flow.Listed, cfg config.Config, now time.Time) jsonv1.Issues {
	var issues []issue.Issue
	var docs []jsonv1.WorkIssue
	for _, i := range list {
		doc := WorkIssue(i.Issue, cfg, now)
		doc.Carried = times(i.Carried)
		issues, docs = append(issues, i.Issue), append(docs, doc)
	}
	doc := jsonv1.NewIssues(l.In, l.Words(), docs)
	doc.Notes = Duplicates(workflow.Duplicates(issues), "")
	return doc
}

// IssueShow returns the document of one issue.
func IssueShow(s flow.Shown, cfg config.Config, now time.Time) jsonv1.IssueShow {
	doc := jsonv1.NewIssue(WorkIssue(s.Issue, cfg, now))
	doc.Carried = times(s.Carried)
	doc.Author, doc.CreatedAt, doc.ColumnSince, doc.ColumnDays = s.Author, Instant(s.CreatedAt), Instant(s.Since), days(s.Since, now)
	note := s.Mark.Shown()
	doc.Contingency = note.If
	doc.LeftOff, doc.NextStep, doc.MarkedBy, doc.MarkedAt = note.LeftOff, note.Next, s.Mark.By, Instant(s.Mark.At)
	doc.MarkInternal, doc.Gaps, doc.Notes = s.Mark.Internal != nil, s.Gaps, s.Notes()
	if asked, ok := request.Read(s.Description); ok {
		doc.Requester, doc.Team = asked.Requester, asked.Team
	}
	for _, g := range s.Goals {
		doc.Goals = append(doc.Goals, Related(g))
	}
	if doc.Handoff && s.Mark.NoteID == 0 {
		doc.Gaps = append(doc.Gaps, "Marked for hand-off without a note. To add one: "+fault.Command("handoff mark %s", doc.Ref))
	}
	return doc
}

// times returns a number of times; nil if it is 0, which can also mean that it was not read.
func times(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}
