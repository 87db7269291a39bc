package document

import (
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	handoffflow "gitlab.com/prodctl/prodctl/internal/workflow/handoff"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// slack is what GitLab's clock may be ahead of ours.
const clockSkew = time.Hour

const noHandoffNote = "no note says where it was left off"

// HandoffList is the published form of what is ready to be taken.
func HandoffList(list []handoffflow.Marked, cfg config.Config, now time.Time) jsonv1.HandoffList {
	var rows []jsonv1.HandoffEntry
	for _, m := range list {
		row := markedEntry(m, time.Time{}, now.Add(clockSkew))
		if m.Mark.NoteID == 0 {
			row.Missing, row.Fix = jsonv1.List[string]{noHandoffNote}, markCommand(cfg, m.Issue.Ref)
		}
		rows = append(rows, row)
	}
	return jsonv1.NewHandoffList(rows)
}

// HandoffCheck is the published form of which issues lack a note of the shift, and which have one.
func HandoffCheck(list []handoffflow.Marked, shift oncall.Shift, cfg config.Config, now time.Time) jsonv1.HandoffCheck {
	var lacking, noted []jsonv1.HandoffEntry
	for _, m := range list {
		row := markedEntry(m, shift.From, shift.To)
		if m.Reason == "incident" {
			row = addIncident(row, incident.Of(m.Issue, cfg.IncidentLabels()))
		}
		if row.LastUpdate == nil {
			row.Missing = append(row.Missing,
				fmt.Sprintf("nobody has said anything in this shift, since %s UTC", shift.From.UTC().Format("2006-01-02 15:04")))
		}
		if m.Marked && m.Mark.NoteID == 0 {
			row.Missing = append(row.Missing, noHandoffNote)
		}
		if len(row.Missing) == 0 {
			noted = append(noted, row)
			continue
		}
		row.Fix = markCommand(cfg, m.Issue.Ref)
		lacking = append(lacking, row)
	}
	return jsonv1.NewHandoffCheck(Instant(now), Shift(shift, cfg.Oncall), lacking, noted)
}

// markedEntry is an issue with what stands of its hand-off, and what was said last from then on up to an instant.
func markedEntry(m handoffflow.Marked, from, to time.Time) jsonv1.HandoffEntry {
	i := m.Issue
	doc := jsonv1.HandoffEntry{Ref: i.Ref.String(), Title: i.Title, Kind: "issue", Assignees: i.Assignees, Confidential: i.Confidential,
		WebURL: i.WebURL, Since: Instant(i.CreatedAt), LeftOff: m.Mark.LeftOff, NextStep: m.Mark.Next, MarkedBy: m.Mark.By,
		MarkedAt: Instant(m.Mark.At), MarkInternal: m.Mark.Internal}
	switch m.Reason {
	case "incident", "outage":
		doc.Kind = m.Reason
	case "data loss":
		doc.DataLoss = true
	}
	if n, ok := m.LastUpdate(from, to); ok {
		doc.LastUpdate = &jsonv1.Update{At: Instant(n.CreatedAt), By: n.Author, Text: noteText(n), Internal: n.Internal}
	}
	return doc
}

// ofIncident adds what an incident's labels and record say.
func addIncident(doc jsonv1.HandoffEntry, inc incident.Incident) jsonv1.HandoffEntry {
	if inc.State != incident.UnknownState {
		doc.State = string(inc.State)
	}
	if inc.Severity != incident.UnknownSeverity {
		doc.Severity = string(inc.Severity)
	}
	doc.Services = inc.Services
	return doc
}

// noteText is what a comment says to people, on one line.
func noteText(n issue.Note) string {
	text := n.Body
	if e, ok := eventlog.Read(n); ok {
		text = e.Text
		if text == "" {
			text = e.Verb
		}
	}
	return strings.Join(strings.Fields(text), " ")
}

// markCommand is the command that says where an issue is left off.
func markCommand(cfg config.Config, ref issue.Ref) string {
	short := ref.String()
	for _, t := range cfg.Trackers {
		if t.Project.Path == ref.Project {
			short = fmt.Sprintf("%s#%d", t.Name, ref.IID)
		}
	}
	return "prodctl handoff mark " + short + ` --left-off "..." --next "..."`
}
